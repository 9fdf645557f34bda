"""Changes to people and the relations between them."""

from .attempts import TooManyAttempts, Tried, forget_attempt, try_door
from .audit import mark_clinic_needs_look, mark_needs_look, record_audit, record_read, record_reads
from .care import CareRelationshipOver, hand_over_client, record_contact, set_next_visit
from .invitations import (
    FoundInvitation,
    InvitationExpired,
    InvitationRefused,
    InvitationRevoked,
    InvitationUsed,
    NeedsPassword,
    accept_invitation,
    find_by_code,
    find_invitation,
    invitation_link,
    invitation_token,
    invite_client,
    record_opening,
    resend_invitation,
    revoke_invitation,
    short_code,
)
from .sittings import Place, place_of
from .staff import HeirNeeded, LastOwner, add_staff, create_clinic, end_membership
from .tokens import create_token, digest_of, find_token, revoke_token

__all__ = [
    "CareRelationshipOver",
    "FoundInvitation",
    "HeirNeeded",
    "InvitationExpired",
    "InvitationRefused",
    "InvitationRevoked",
    "InvitationUsed",
    "LastOwner",
    "NeedsPassword",
    "Place",
    "TooManyAttempts",
    "Tried",
    "accept_invitation",
    "add_staff",
    "create_clinic",
    "create_token",
    "digest_of",
    "end_membership",
    "find_by_code",
    "find_invitation",
    "find_token",
    "forget_attempt",
    "hand_over_client",
    "invitation_link",
    "invitation_token",
    "invite_client",
    "mark_clinic_needs_look",
    "mark_needs_look",
    "place_of",
    "record_audit",
    "record_contact",
    "record_opening",
    "record_read",
    "record_reads",
    "resend_invitation",
    "revoke_invitation",
    "revoke_token",
    "set_next_visit",
    "short_code",
    "try_door",
]
