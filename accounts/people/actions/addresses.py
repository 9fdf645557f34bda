"""Where a person is written to: proved by following a letter, or put right by hand."""

import datetime as dt

from django.db import transaction

from accounts.people.models import Client, Membership, User

from .audit import record_audit


@transaction.atomic
def verify_address(*, user: User, now: dt.datetime) -> int:
    """They have followed a link that only their mailbox had; answers at how many clinics that was news."""
    places = Membership.objects.live().filter(user=user, email_verified_at__isnull=True).select_related("clinic")
    found = list(places)
    for place in found:
        Membership.objects.filter(pk=place.pk).update(email_verified_at=now)
        record_audit(
            clinic=place.clinic,
            verb="address_verified",
            subject_kind="membership",
            subject_id=place.pk,
            by=user,
            now=now,
        )
    return len(found)


@transaction.atomic
def correct_email(*, client: Client, email: str, by: User, now: dt.datetime) -> None:
    """Letters go to this address from now on. How the client signs in is theirs, and stays as it is."""
    client.email, client.email_failed_at = email.strip().lower(), None
    client.save(update_fields=["email", "email_failed_at"])
    record_audit(
        clinic=client.clinic,
        verb="email_corrected",
        subject_kind="client",
        subject_id=client.pk,
        by=by,
        now=now,
        client=client,
    )
