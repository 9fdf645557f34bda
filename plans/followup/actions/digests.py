"""The morning's letter to a bodyworker: how many clients are worth a look. A hint waits for it; a case never does."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from accounts.people.models import Absence, CareRelationship, Clinic, ClinicClosure, Membership
from accounts.post.actions import queue_letter
from accounts.post.models import Letter
from accounts.post.rules import Audience, resolve, zone_of
from plans.followup.models import Review
from plans.followup.rules import DIGEST_UNTIL, is_bundled, is_digest_time

KIND = "reviews-digest"
SUBJECT = "digest"
# The page of another slice; a test holds the two together.
CASELOAD_PAGE = "/caseload/"
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclass
class Hints:
    """What is on one bodyworker's list."""

    clients: set[int] = field(default_factory=set)
    newest_at: dt.datetime = LONG_AGO


def sweep_digests(*, now: dt.datetime) -> int:
    """Write the morning's letters that are due; answers how many. A list that is empty makes none."""
    closures: dict[int, set[dt.date]] = defaultdict(set)
    for clinic_id, on in ClinicClosure.objects.filter(on__range=_around(now)).values_list("clinic_id", "on"):
        closures[clinic_id].add(on)
    clinics = Clinic.objects.filter(pk__in=Review.objects.open().values("clinic"))
    return sum(
        _write(clinic, now)
        for clinic in clinics
        if is_digest_time(now, zone_of(clinic.zone), frozenset(closures[clinic.pk]))
    )


def _around(now: dt.datetime) -> tuple[dt.date, dt.date]:
    return now.date() - dt.timedelta(days=1), now.date() + dt.timedelta(days=1)


def _write(clinic: Clinic, now: dt.datetime) -> int:
    zone, written = zone_of(clinic.zone), 0
    today = now.astimezone(zone).date()
    lists = _lists(clinic, now)
    keys = {f"digest:{pk}:{today.isoformat()}": pk for pk in lists}
    told = set(Letter.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    members = Membership.objects.bodyworkers().filter(pk__in=lists, email_verified_at__isnull=False, wants_digest=True)
    readers = members.in_bulk()
    for key, pk in keys.items():
        if key in told or pk not in readers or not is_bundled(now, zone, lists[pk].newest_at):
            continue
        queue_letter(
            clinic=clinic,
            kind=KIND,
            audience=Audience.STAFF,
            membership=readers[pk],
            subject_kind=SUBJECT,
            subject_id=pk,
            params={"path": CASELOAD_PAGE, "words": {"count": len(lists[pk].clients)}},
            due_at=now,
            expires_at=resolve(today, DIGEST_UNTIL, zone),
            dedupe_key=key,
            now=now,
        )
        written += 1
    return written


def _lists(clinic: Clinic, now: dt.datetime) -> dict[int, Hints]:
    """Open hints by the bodyworker whose client it is, or by who covers while they are away."""
    away = dict(
        Absence.objects.filter(clinic=clinic, from_at__lte=now, until_at__gt=now)
        .order_by("pk")
        .values_list("bodyworker_id", "cover_id")
    )
    carers = dict(CareRelationship.objects.primary().filter(clinic=clinic).values_list("client_id", "bodyworker_id"))
    found: dict[int, Hints] = defaultdict(Hints)
    hints = Review.objects.open().filter(clinic=clinic, client__discharged_at__isnull=True)
    for client_id, opened_at in hints.values_list("client_id", "opened_at"):
        carer = carers.get(client_id)
        reader = away.get(carer, carer) if carer is not None else None
        if reader is not None:
            found[reader].clients.add(client_id)
            found[reader].newest_at = max(found[reader].newest_at, opened_at)
    return dict(found)
