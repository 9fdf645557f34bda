"""Everything about one client: what is open, how pain goes, what is asked, what was agreed."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.people.actions import record_read
from accounts.people.adapters import staff_only
from accounts.people.models import CareRelationship, Client
from accounts.people.rules import Permission
from plans.desk.forms.record import ContactForm, EmailForm, NextVisitForm, PauseForm, UnlockForm
from plans.desk.querysets.record import (
    Asked,
    away_now,
    care_of,
    changes_and_contacts,
    co_treaters,
    first_and_now,
    has_own_numbers,
    kept_sessions,
    live_cases,
    open_hints,
    planned_without_log,
    programs_of,
    sore_places,
)
from plans.desk.rules import Span, phase_at, week_at
from plans.desk.views.sitting import StaffRequest
from plans.followup.views.logs import Log, logs_of, place_words, readings_of
from plans.journal.drawings import PHONE, Change, pain_chart
from plans.journal.forms import measured
from plans.journal.models import Session
from plans.journal.rules import direction_of, severity_of
from plans.library.drawings.bodymap import Heat, figure
from plans.library.rules import UnknownRegion, map_region_at
from plans.programs.models import Phase
from plans.programs.rules import ProgramState

PERIODS = {"2": 14, "5": 35, "all": 730}
SHOWN_LOGS = 5
SHOWN_NOTES = 8
MANY = 200


def visible_client(request: StaffRequest, uuid: UUID) -> Client:
    """The client, if this person may see the record; else there is no such page."""
    clients = Client.objects.visible_to(request.user).filter(clinic=request.clinic)
    return get_object_or_404(clients.select_related("clinic", "invitation"), uuid=uuid)


def may_change_care(request: StaffRequest, found: Client, care: CareRelationship | None) -> bool:
    """An owner, or the client's own bodyworker, says who cares for the client."""
    if found.discharged_at is not None:
        return False
    return request.membership.is_owner or (care is not None and care.bodyworker_id == request.membership.pk)


@staff_only(Permission.SEE_CASELOAD)
@require_safe
def client(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """GET ?weeks=2|5|all&sessions=all&changes=all."""
    return client_page(request, visible_client(request, uuid))


def client_page(request: StaffRequest, found: Client, **forms: Any) -> HttpResponse:
    """The page of a client, with a form that was filled in wrongly put back as it was."""
    now = timezone.now()
    today = timezone.localdate(now)
    record_read(client=found, by=request.user, now=now)
    care = care_of(found)
    people = {"care": care, "beside": co_treaters(found), "away": away_now(care, now)}
    context = {
        "client": found,
        "today": today,
        "may_change_care": may_change_care(request, found, care),
        **people,
        **forms_of(found, today),
        **forms,
    }
    if found.accepted_at:
        context |= record_of(request, found, today)
    else:
        context["programs"] = [program_card(asked, today) for asked in programs_of(found)]
    invalid = any(form.is_bound and form.errors for form in forms.values())
    return render(request, "desk/client.html", context, status=422 if invalid else 200)


def forms_of(found: Client, today: dt.date) -> dict[str, Any]:
    care = care_of(found)
    return {
        "contact_form": ContactForm(today=today, auto_id="contact_%s"),
        "visit_form": NextVisitForm(
            today=today, auto_id="visit_%s", initial={"on": care.next_visit_on if care else None}
        ),
        "email_form": EmailForm(auto_id="email_%s", initial={"email": found.email}),
        "pause_form": PauseForm(auto_id="pause_%s"),
        "unlock_form": UnlockForm(auto_id="unlock_%s"),
    }


def record_of(request: StaffRequest, found: Client, today: dt.date) -> dict[str, Any]:
    asked = programs_of(found)
    cards = [program_card(one, today) for one in asked if one.program.state != ProgramState.FINISHED]
    done, planned, waiting = kept_sessions(found, today=today)
    first, last = first_and_now(found)
    sessions = Session.objects.of(found).standing().order_by("-performed_at")
    notes = changes_and_contacts(found)
    weeks = request.GET.get("weeks", "5")
    return {
        "cases": live_cases(found),
        "hints": open_hints(found),
        "own_numbers": has_own_numbers(found, now=timezone.now()),
        "programs": cards,
        "past": [one.program for one in asked if one.program.state == ProgramState.FINISHED],
        "first_score": first,
        "last_score": last,
        "direction": None if first is None or last is None else direction_of(first, last),
        "done": done,
        "planned": planned,
        "waiting": waiting,
        "logs": logs_of(sessions[: MANY if request.GET.get("sessions") == "all" else SHOWN_LOGS]),
        "logs_total": sessions.count(),
        "chart": chart_of(found, asked, weeks if weeks in PERIODS else "5", today),
        "periods": periods_of(weeks),
        "places": places_of(found, today),
        "outcomes": measured(found),
        "notes": notes if request.GET.get("changes") == "all" else notes[:SHOWN_NOTES],
        "notes_total": len(notes),
    }


def program_card(asked: Asked, today: dt.date) -> dict[str, Any]:
    """A program with the phase and week of today."""
    spans = [Span(phase.position, phase.week_to) for phase in asked.phases]
    now_in = phase_at(spans, asked.program.ends_on, today=today)
    phase: Phase | None = next((each for each in asked.phases if now_in and each.position == now_in.position), None)
    return {
        "program": asked.program,
        "version": asked.version,
        "phase": phase,
        "phases": asked.phases,
        "lines": asked.lines.get(phase.pk, []) if phase else [],
        "weeks": asked.weeks,
        "week": week_at(asked.weeks, asked.program.ends_on, today=today),
    }


def chart_of(found: Client, asked: list[Asked], weeks: str, today: dt.date) -> dict[str, Any]:
    """Every log of the period, with the days the program changed."""
    logs = logs_of(Session.objects.of(found).standing().order_by("-performed_at")[:MANY])[::-1]
    first = today - dt.timedelta(days=PERIODS[weeks] - 1)
    if weeks == "all" and logs:
        first = logs[0].session.local_on
    seen = [log for log in logs if log.session.local_on >= first]
    waiting = planned_without_log(found, first=first, today=today)
    common: dict[str, Any] = {
        "first": first,
        "last": today,
        "waiting": waiting,
        "changes": changes_of(asked),
        "title": _("Pain before and after sessions"),
        "summary": _("From %(day)s until today. The table below has every score.") % {"day": axis_day(first)},
        "say": _,
        "day_words": axis_day,
    }
    readings = readings_of(logs)
    return {
        "logs": seen,
        "waiting": bool(waiting),
        "check_in": any(log.check_in is not None for log in seen),
        "wide": pain_chart(readings, uid="pain", **common),
        "phone": pain_chart(readings, uid="painp", frame=PHONE, **common),
        "weeks": weeks,
        "worst": worst_today(seen, today),
    }


def worst_today(logs: list[Log], today: dt.date) -> Log | None:
    """Today's log with a severe score after it, if there is one: the sentence must not hide it."""
    late = [log for log in logs if log.session.local_on == today and log.after is not None]
    return next((log for log in late if severity_of(log.after or 0) == "severe"), None)


def changes_of(asked: list[Asked]) -> list[Change]:
    """The days on which a program began or a new version took over."""
    marks = []
    for one in asked:
        marks.append(Change(on=one.program.starts_on, title=_("Started"), detail=one.program.name[:28]))
        if one.version and one.version.number > 1:
            marks.append(Change(on=one.version.from_on, title=_("Changed"), detail=one.version.note[:28]))
    return marks


def periods_of(weeks: str) -> list[dict[str, Any]]:
    names = {"2": _("2 weeks"), "5": _("5 weeks"), "all": _("All")}
    return [{"url": f"?weeks={key}", "label": name, "current": key == weeks} for key, name in names.items()]


def places_of(found: Client, today: dt.date) -> dict[str, Any]:
    """Where it hurt in the last seven days: on the figures, and as a list that says the same."""
    heat: dict[str, Heat] = {}
    listed = []
    for (region, side), score in sore_places(found, today=today).items():
        listed.append({"words": place_words(region, side), "score": score})
        try:
            heat[map_region_at(region, side).id] = Heat(severity_of(score).value, score)
        except UnknownRegion:
            continue
    figures = [(_("Front"), figure("front", heat=heat, say=_)), (_("Back"), figure("back", heat=heat, say=_))]
    return {"figures": figures, "listed": listed}


def axis_day(on: dt.date) -> str:
    return date_format(on, "j M")
