"""People for the tests."""

import datetime as dt

import factory

from accounts.people import models
from tests.clock import NOW, TODAY

PASSWORD = "quiet-harbour-morning"


class UserFactory(factory.django.DjangoModelFactory[models.User]):
    class Meta:
        model = models.User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password(PASSWORD)


class ClinicFactory(factory.django.DjangoModelFactory[models.Clinic]):
    class Meta:
        model = models.Clinic

    slug = factory.Sequence(lambda n: f"clinic-{n}")
    name = factory.Sequence(lambda n: f"Clinic {n}")
    zone = "Europe/London"
    phone = "020 7946 0018"
    emergency_number = "112"
    urgent_care_number = "111"
    opening_hours = {str(day): [["09:00", "17:00"]] for day in range(5)}


class ClinicClosureFactory(factory.django.DjangoModelFactory[models.ClinicClosure]):
    class Meta:
        model = models.ClinicClosure

    clinic = factory.SubFactory(ClinicFactory)
    on = dt.date(2026, 12, 25)


class MembershipFactory(factory.django.DjangoModelFactory[models.Membership]):
    class Meta:
        model = models.Membership

    clinic = factory.SubFactory(ClinicFactory)
    user = factory.SubFactory(UserFactory)
    is_bodyworker = True
    email_verified_at = NOW - dt.timedelta(days=300)


class ClientFactory(factory.django.DjangoModelFactory[models.Client]):
    class Meta:
        model = models.Client

    clinic = factory.SubFactory(ClinicFactory)
    user = factory.SubFactory(UserFactory)
    name = factory.SelfAttribute("user.name")
    email = factory.SelfAttribute("user.email")
    zone = "Europe/London"
    invited_at = NOW - dt.timedelta(days=40)
    accepted_at = NOW - dt.timedelta(days=39)


class CareRelationshipFactory(factory.django.DjangoModelFactory[models.CareRelationship]):
    class Meta:
        model = models.CareRelationship

    client = factory.SubFactory(ClientFactory)
    clinic = factory.SelfAttribute("client.clinic")
    bodyworker = factory.SubFactory(MembershipFactory, clinic=factory.SelfAttribute("..clinic"))
    began_on = TODAY - dt.timedelta(days=40)


class AbsenceFactory(factory.django.DjangoModelFactory[models.Absence]):
    class Meta:
        model = models.Absence

    bodyworker = factory.SubFactory(MembershipFactory)
    clinic = factory.SelfAttribute("bodyworker.clinic")
    from_at = NOW
    until_at = factory.LazyAttribute(lambda absence: max(absence.from_at, NOW) + dt.timedelta(days=7))


class ContactFactory(factory.django.DjangoModelFactory[models.Contact]):
    class Meta:
        model = models.Contact

    client = factory.SubFactory(ClientFactory)
    clinic = factory.SelfAttribute("client.clinic")
    kind = "call"
    at = NOW
    by = factory.SubFactory(UserFactory)


class InvitationFactory(factory.django.DjangoModelFactory[models.Invitation]):
    class Meta:
        model = models.Invitation

    client = factory.SubFactory(
        ClientFactory, user=None, name="Hanna Berg", email="hanna@example.org", accepted_at=None
    )
    clinic = factory.SelfAttribute("client.clinic")
    invited_by = factory.SubFactory(UserFactory)
    sent_at = NOW
    expires_at = NOW + dt.timedelta(hours=72)


class ConsentFactory(factory.django.DjangoModelFactory[models.Consent]):
    class Meta:
        model = models.Consent

    client = factory.SubFactory(ClientFactory)
    clinic = factory.SelfAttribute("client.clinic")
    purpose = "care_record"
    version = 1
    given_at = NOW
    given_by = factory.SubFactory(UserFactory)


class ApiTokenFactory(factory.django.DjangoModelFactory[models.ApiToken]):
    class Meta:
        model = models.ApiToken

    user = factory.SubFactory(UserFactory)
    name = "phone"
    digest = factory.Sequence(lambda n: f"{n:064x}")
    created_at = NOW
    expires_at = NOW + dt.timedelta(days=90)


class AuditEventFactory(factory.django.DjangoModelFactory[models.AuditEvent]):
    class Meta:
        model = models.AuditEvent

    clinic = factory.SubFactory(ClinicFactory)
    at = NOW
    verb = "client_invited"
    subject_kind = "client"


class SignInAttemptFactory(factory.django.DjangoModelFactory[models.SignInAttempt]):
    class Meta:
        model = models.SignInAttempt

    what = "password"
    counted = "account"
    key = factory.Sequence(lambda n: f"{n:064x}")
    at = NOW
