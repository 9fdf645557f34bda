"""Telling a colleague that they cover, and that they need not any more."""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from accounts.people.actions import end_absence, plan_absence
from accounts.people.models import Absence, Membership, User
from accounts.people.rules import zone_of

from ..rules import Audience
from .queueing import cancel_letters, queue_letter

ABSENCE = "absence"
# A cover that begins so soon is told of at once; a later one on the day, when it is not forgotten yet.
SOON = dt.timedelta(days=1)


@transaction.atomic
def announce_absence(
    *,
    bodyworker: Membership,
    cover: Membership | None,
    from_at: dt.datetime,
    until_at: dt.datetime,
    by: User,
    now: dt.datetime,
) -> Absence:
    """Write an absence down and tell who covers, when it begins; raises what `plan_absence` raises."""
    absence = plan_absence(bodyworker=bodyworker, cover=cover, from_at=from_at, until_at=until_at, by=by, now=now)
    if cover is not None:
        queue_letter(
            clinic=absence.clinic,
            kind="away-cover",
            audience=Audience.STAFF,
            membership=cover,
            subject_kind=ABSENCE,
            subject_id=absence.pk,
            params={"path": reverse("post:away"), "words": _days(absence)},
            due_at=now if from_at - now <= SOON else from_at,
            expires_at=until_at,
            dedupe_key=f"away:{absence.pk}",
            now=now,
        )
    return absence


@transaction.atomic
def call_off_absence(*, absence: Absence, by: User, now: dt.datetime) -> None:
    """Back early; a letter to the cover that has not left is taken back. Raises what `end_absence` raises."""
    pk = absence.pk
    end_absence(absence=absence, by=by, now=now)
    cancel_letters(subject_kind=ABSENCE, subject_ids=[pk], reason="back already", now=now)


def _days(absence: Absence) -> dict[str, str]:
    """First and last day in words of the clinic's language."""
    zone = zone_of(absence.clinic.zone)
    last = absence.until_at.astimezone(zone) - dt.timedelta(seconds=1)
    with translation.override(absence.clinic.locale):
        return {
            "begins": date_format(absence.from_at.astimezone(zone), "l j F"),
            "until": date_format(last, "l j F"),
        }
