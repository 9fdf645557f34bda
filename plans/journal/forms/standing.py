"""A stored log as a form again, so that it can be put right."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.people.models import Client
from plans.journal.models import Session
from plans.journal.rules import Moment
from plans.library.rules import map_region_at, site_label
from plans.programs.models import PlannedSession, Prescription, Program

from .alone import CheckInForm, MorningForm
from .log import EASED, PEAK, STOP, LogForm, SessionForm


def form_for(session: Session, data: Any, **more: Any) -> LogForm:
    """The form a stored log belongs to, filled with what it says."""
    words = standing_words(session)
    if session.program is None:
        kind = CheckInForm if words["now_score"] is not None else MorningForm
        return kind(data, initial=words, **more)
    moves = Prescription.objects.filter(pk__in=[item.prescription_id for item in session.items.all()])
    return SessionForm(
        data,
        initial=words,
        program=session.program,
        moves=list(moves.select_related("revision").order_by("position", "pk")),
        **more,
    )


def standing_words(session: Session) -> dict[str, Any]:
    """What a stored log says, by the fields of the forms."""
    scores = {Moment(report.moment): str(report.score) for report in session.reports.all()}
    return {
        "log": session.uuid,
        "before": scores.get(Moment.BEFORE),
        "after": scores.get(Moment.AFTER),
        "now_score": scores.get(Moment.CHECK_IN),
        "morning": scores.get(Moment.NEXT_MORNING),
        "sites": [map_region_at(s.region, s.side).id for report in session.reports.all() for s in report.sites.all()],
        "items": [str(item.prescription.uuid) for item in session.items.all() if item.is_done],
        "felt": session.felt,
        "harm": session.harm,
        "note": session.note,
        "slept_badly": bool(session.slept_badly),
        **_stops(session),
        "can_wait": {True: "yes", False: "no"}.get(session.can_wait) if session.can_wait is not None else None,
    }


def _stops(session: Session) -> dict[str, Any]:
    words: dict[str, Any] = {}
    for item in session.items.all():
        uuid = item.prescription.uuid
        words[f"{STOP}{uuid}"] = item.stop_reason
        words[f"{PEAK}{uuid}"] = None if item.peak is None else str(item.peak)
        words[f"{EASED}{uuid}"] = {True: "yes", False: "no"}.get(item.eased) if item.eased is not None else None
    return words


def in_words(said: Mapping[str, Any]) -> str:
    """A log in one line, from the contract's words: “Before 3, after 8, right buttock, cannot wait”."""
    words = {
        Moment.BEFORE: _("pain before %(score)s"),
        Moment.AFTER: _("after %(score)s"),
        Moment.NEXT_MORNING: _("in the morning %(score)s"),
        Moment.CHECK_IN: _("pain %(score)s"),
    }
    parts = [words[Moment(report["moment"])] % {"score": report["score"]} for report in said["reports"]]
    places = [site_label(site["region"], site["side"]) for r in said["reports"] for site in r.get("sites", [])]
    parts += list(dict.fromkeys(place.lower() for place in places))
    if said.get("can_wait") is False:
        parts.append(_("cannot wait"))
    line = ", ".join(parts)
    return line[:1].upper() + line[1:]


@dataclass(frozen=True)
class Week:
    """Sessions logged and planned in the client's own week, Monday to Sunday, and the next planned day."""

    done: int
    planned: int
    next_on: dt.date | None


def week_of(client: Client, today: dt.date) -> Week:
    monday = today - dt.timedelta(days=today.weekday())
    sunday = monday + dt.timedelta(days=6)
    live = PlannedSession.objects.standing().filter(program__in=Program.objects.filter(client=client).running())
    logs = Session.objects.of(client).standing().filter(program__isnull=False, local_on__range=(monday, sunday))
    return Week(
        done=logs.values("program", "local_on").distinct().count(),
        planned=live.filter(on__range=(monday, sunday)).count(),
        next_on=live.filter(on__gt=today).order_by("on").values_list("on", flat=True).first(),
    )
