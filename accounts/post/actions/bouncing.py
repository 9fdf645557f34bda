"""An address that does not work: nothing goes there any more, and the clinic is told until somebody mends it."""

import datetime as dt

from django.db import transaction

from accounts.people.actions import record_audit
from accounts.people.models import Client, Clinic, Membership

from ..models import Incident, Letter
from ..rules import Audience, Bounce, Channel, IncidentKind
from .incidents import raise_incident


@transaction.atomic
def record_bounce(*, bounce: Bounce, now: dt.datetime) -> bool:
    """A letter came back. Answers whether it told us anything new.

    A Message-ID is an HMAC, so whoever names one has seen the letter; one that we never wrote changes
    nothing. The same report again changes nothing either.
    """
    letter = (
        Letter.objects.filter(message_id=bounce.message_id, channel=Channel.EMAIL)
        .select_related("clinic", "client__user", "membership__user")
        .first()
    )
    key = f"bounce:{letter.pk}" if letter is not None else ""
    if letter is None or Incident.objects.filter(dedupe_key=key).exists():
        return False
    if bounce.is_about_the_address:
        fail_address(letter, now=now)
    raise_incident(
        clinic=letter.clinic,
        kind=IncidentKind.ADDRESS_FAILED if bounce.is_about_the_address else IncidentKind.LETTER_RETURNED,
        dedupe_key=key,
        letter=letter,
        now=now,
        details={"status": bounce.status},
    )
    return True


def fail_address(letter: Letter, *, now: dt.datetime) -> None:
    """Send nothing more to where this letter went; an address that was mended meanwhile is another one.

    A colleague whose address fails is no longer one who can be reached: cases go on to the next person.
    A backup contact is asked anew.
    """
    if letter.audience == Audience.CLIENT and letter.client is not None:
        record = letter.client
        own = record.email or (record.user.email if record.user else "")
        if own.lower() != letter.address.lower() or record.email_failed_at is not None:
            return
        Client.objects.filter(pk=record.pk).update(email_failed_at=now)
        _record(letter, "client", record.pk, now, record)
    elif letter.audience == Audience.STAFF and letter.membership is not None:
        place = Membership.objects.filter(
            pk=letter.membership.pk, user__email__iexact=letter.address, email_verified_at__isnull=False
        )
        if place.update(email_verified_at=None):
            _record(letter, "membership", letter.membership.pk, now, None)
    elif letter.audience == Audience.BACKUP:
        clinic = Clinic.objects.filter(
            pk=letter.clinic_id, backup_email__iexact=letter.address, backup_confirmed_at__isnull=False
        )
        if clinic.update(backup_confirmed_at=None):
            _record(letter, "clinic", letter.clinic_id, now, None)


def _record(letter: Letter, kind: str, pk: int, now: dt.datetime, client: Client | None) -> None:
    record_audit(
        clinic=letter.clinic,
        verb="address_failed",
        subject_kind=kind,
        subject_id=pk,
        by=None,
        now=now,
        client=client,
        details={"letter": letter.pk},
    )
