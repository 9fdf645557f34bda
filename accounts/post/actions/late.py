"""A letter about a case that is not out in time takes a second way."""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.people.models import Membership

from ..models import Incident, KillSwitch, Letter
from ..rules import CASE, Audience, Channel, IncidentKind, LetterState
from .backing import tell_backup
from .incidents import raise_incident
from .queueing import copy_to_devices, queue_letter

LATE_AFTER = dt.timedelta(minutes=10)
SECOND = ":second"
MOST_AT_ONCE = 200
# Words that are true for their first reader alone.
UNHELD = {"case-follow-up": "case-unanswered"}


def take_second_ways(*, now: dt.datetime) -> int:
    """Find the late ones, once each, and try another way: a device, else an owner, else the backup contact.

    An owner may see every case of the clinic, and the backup contact was named for when nobody answers,
    so nobody learns what they might not. Each is an incident: somebody may have to pick up a phone.
    """
    known = Incident.objects.filter(kind=IncidentKind.LETTER_LATE, letter=OuterRef("pk"))
    stopped = KillSwitch.objects.on_at(now).filter(scope="all").values("clinic")
    late = (
        Letter.objects.filter(subject_kind=CASE, channel=Channel.EMAIL, due_at__lte=now - LATE_AFTER)
        .filter(state__in=[LetterState.PENDING, LetterState.RETRY, LetterState.CLAIMED])
        .exclude(clinic__in=stopped)
        .exclude(dedupe_key__endswith=SECOND)
        .exclude(expires_at__lte=now)
        .filter(~Exists(known))
    )
    found = list(late.select_related("clinic", "client", "membership")[:MOST_AT_ONCE])
    for letter in found:
        _take_second_way(letter, now)
    return len(found)


@transaction.atomic
def _take_second_way(letter: Letter, now: dt.datetime) -> None:
    copy_to_devices(letter)
    by_device = Letter.objects.filter(dedupe_key__startswith=f"{letter.dedupe_key}:push:").exists()
    way = "device" if by_device else _another_person(letter, now)
    raise_incident(
        clinic=letter.clinic,
        kind=IncidentKind.LETTER_LATE,
        dedupe_key=f"late:{letter.pk}",
        letter=letter,
        now=now,
        details={"way": way},
        tell=False,
    )


def _another_person(letter: Letter, now: dt.datetime) -> str:
    """Who else is written to; a client's letter goes to nobody else: somebody calls them."""
    if letter.audience != Audience.STAFF:
        return "none"
    asked = Letter.objects.about(CASE, [letter.subject_id]).filter(generation=letter.generation)
    owners = Membership.objects.owners().filter(clinic=letter.clinic, email_verified_at__isnull=False)
    owner = owners.exclude(pk__in=asked.filter(membership__isnull=False).values("membership")).order_by("pk").first()
    if owner is None and (not letter.clinic.has_backup or asked.filter(audience=Audience.BACKUP).exists()):
        return "none"
    key = f"{letter.dedupe_key[:190]}{SECOND}"
    if owner is None:
        tell_backup(
            clinic=letter.clinic,
            subject_id=letter.subject_id,
            generation=letter.generation,
            tier=letter.tier,
            dedupe_key=key,
            now=now,
        )
        return "backup"
    queue_letter(
        clinic=letter.clinic,
        kind=UNHELD.get(letter.kind, letter.kind),
        audience=Audience.STAFF,
        membership=owner,
        subject_kind=letter.subject_kind,
        subject_id=letter.subject_id,
        generation=letter.generation,
        tier=letter.tier,
        params=letter.params,
        due_at=now,
        dedupe_key=key,
        now=now,
    )
    return "owner"
