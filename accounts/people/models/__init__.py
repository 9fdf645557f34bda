"""Who exists in a clinic, who cares for whom, and how private words are kept."""

from .doors import SignInAttempt
from .encrypted import EncryptedTextField
from .records import (
    Absence,
    ApiToken,
    AuditEvent,
    CareRelationship,
    Client,
    Clinic,
    ClinicClosure,
    Consent,
    Contact,
    Invitation,
    Membership,
    User,
)

__all__ = [
    "Absence",
    "ApiToken",
    "AuditEvent",
    "CareRelationship",
    "Client",
    "Clinic",
    "ClinicClosure",
    "Consent",
    "Contact",
    "EncryptedTextField",
    "Invitation",
    "Membership",
    "SignInAttempt",
    "User",
]
