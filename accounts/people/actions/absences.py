"""Somebody is away: who covers, and from when until when."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from accounts.people.models import Absence, Client, Membership, User

from .audit import mark_needs_look, record_audit


class AwayAlready(Exception):
    """There is an absence of this person in that time: `absence` is it."""

    def __init__(self, absence: Absence) -> None:
        super().__init__(f"{absence} overlaps")
        self.absence = absence


class CoverAway(Exception):
    """Who should cover is away in that time: `absence` says when."""

    def __init__(self, absence: Absence) -> None:
        super().__init__(f"{absence} leaves no cover")
        self.absence = absence


class CoverOwesCover(Exception):
    """This person covers for a colleague in that time: `absence` is the colleague's."""

    def __init__(self, absence: Absence) -> None:
        super().__init__(f"{absence} counts on this person")
        self.absence = absence


class AbsenceOver(Exception):
    """It has ended: there is nothing left to change."""


@transaction.atomic
def plan_absence(
    *,
    bodyworker: Membership,
    cover: Membership | None,
    from_at: dt.datetime,
    until_at: dt.datetime,
    by: User,
    now: dt.datetime,
) -> Absence:
    """Write down that a bodyworker is away. Their clients are looked at again, and the cover sees them.

    Raises:
        AwayAlready: they are away in a part of that time by another row.
        CoverAway: the cover is away in a part of it.
        CoverOwesCover: somebody else counts on this bodyworker in that time.
    """
    # One absence at a time is planned in a clinic's staff: two at once could cover for each other.
    list(Membership.objects.select_for_update(no_key=True).filter(clinic=bodyworker.clinic_id).order_by("pk"))
    known = Absence.objects.filter(clinic=bodyworker.clinic_id).overlapping(from_at, until_at)
    _refuse(AwayAlready, known.filter(bodyworker=bodyworker))
    _refuse(CoverOwesCover, known.filter(cover=bodyworker))
    if cover is not None:
        _refuse(CoverAway, known.filter(bodyworker=cover))
    absence = Absence.objects.create(
        clinic_id=bodyworker.clinic_id, bodyworker=bodyworker, cover=cover, from_at=from_at, until_at=until_at
    )
    _note(absence, "absence_planned", by, now)
    return absence


def _refuse(refusal: type[Exception], rows: QuerySet[Absence]) -> None:
    absence = rows.select_related("bodyworker__user", "cover__user").order_by("from_at").first()
    if absence is not None:
        raise refusal(absence)


@transaction.atomic
def end_absence(*, absence: Absence, by: User, now: dt.datetime) -> None:
    """Back early, or not away at all: one that has not begun is taken back.

    Raises:
        AbsenceOver: it ended by itself.
    """
    row = Absence.objects.select_for_update(of=("self",)).filter(pk=absence.pk, until_at__gt=now).first()
    if row is None:
        raise AbsenceOver
    _note(row, "absence_ended", by, now)
    if row.from_at >= now:
        row.delete()
        return
    row.until_at = now
    row.save(update_fields=["until_at"])


def _note(absence: Absence, verb: str, by: User, now: dt.datetime) -> None:
    record_audit(
        clinic=absence.clinic,
        verb=verb,
        subject_kind="absence",
        subject_id=absence.pk,
        by=by,
        now=now,
        details={"bodyworker": absence.bodyworker_id, "cover": absence.cover_id},
    )
    for client in Client.objects.in_care_of(absence.bodyworker).in_care():
        mark_needs_look(client=client, now=now)
