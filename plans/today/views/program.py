"""The whole program, one day of it with every step, and one technique as this client was given it."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.people.adapters import clients_only
from plans.library.rules import Side
from plans.programs.models import Prescription
from plans.programs.rules import ProgramState, minutes_of
from plans.today.querysets.day import Course, Logged, courses_of, given_to, logs_of
from plans.today.querysets.standing import Card, card_of, dose_of
from plans.today.rules import Day, first_day_of, week_days
from plans.today.views.sitting import ClientRequest
from plans.today.views.today import whose


@clients_only
@require_safe
def program(request: ClientRequest) -> HttpResponse:
    """GET: every program, each with its phases, this week and what it asks."""
    on = timezone.localdate()
    courses = courses_of(request.acting_client, today=on)
    logs = logs_of(request.acting_client, today=on)
    context = {
        "client": request.acting_client,
        "plans": [plan_of(course, logs, on) for course in courses],
        "today": on,
    } | whose(request)
    return render(request, "today/program.html", context)


def plan_of(course: Course, logs: list[Logged], on: dt.date) -> dict[str, Any]:
    """One program for the page of programs."""
    monday = on - dt.timedelta(days=on.weekday())
    own = [log for log in logs if log.program == course.program.pk and log.on >= monday]
    done = {log.on: log for log in own}
    states = week_days(on, planned=frozenset(course.days), done=frozenset(done))
    return {
        "course": course,
        "card": card_of(course, logs, on),
        "phases": phases_of(course),
        "days": [day_line(course, day, state, done.get(day)) for day, state in states if state is not Day.REST],
        "done": len(done),
        "asked": sum(state is not Day.REST for _day, state in states),
    }


def day_line(course: Course, day: dt.date, state: Day, log: Logged | None) -> dict[str, Any]:
    lines = course.lines_on(day)
    return {
        "on": day,
        "state": state,
        "log": log,
        "techniques": len(lines),
        "minutes": minutes_of([dose_of(line) for line in lines]),
    }


def phases_of(course: Course) -> list[dict[str, Any]]:
    """The phases with where they stand: done, now or to come."""
    now_in = course.phase
    first_day = first_day_of(course.weeks, course.program.ends_on)
    return [
        {
            "phase": phase,
            "state": phase_state(phase.position, now_in.position if now_in else 0),
            "from_on": first_day + dt.timedelta(weeks=phase.week_from - 1),
        }
        for phase in course.phases
    ]


def phase_state(position: int, now_in: int) -> str:
    if position < now_in:
        return "done"
    return "now" if position == now_in else "next"


@clients_only
@require_safe
def day(request: ClientRequest, program: UUID) -> HttpResponse:
    """GET: today's session of one program, technique by technique. Not there while the program is held."""
    on = timezone.localdate()
    courses = courses_of(request.acting_client, today=on)
    course = next((course for course in courses if course.program.uuid == program), None)
    if course is None or course.program.state != ProgramState.RUNNING:
        raise Http404
    card: Card = card_of(course, logs_of(request.acting_client, today=on), on)
    return render(request, "today/day.html", {"card": card, "course": course, "client": request.acting_client})


@clients_only
@require_safe
def technique(request: ClientRequest, uuid: UUID) -> HttpResponse:
    """GET: a technique in the words, dosage and side that this client was given."""
    line: Prescription = get_object_or_404(given_to(request.acting_client), uuid=uuid)
    context = {
        "line": line,
        "text": line.revision,
        "program": line.phase.version.program,
        "client": request.acting_client,
        "muscles": list(line.revision.muscles.all()),
        "shown_side": Side.LEFT if line.side == Side.LEFT else Side.RIGHT,
        "review": line.revision.reviews.select_related("reviewed_by").order_by("-reviewed_at").first(),
    }
    return render(request, "today/technique.html", context)
