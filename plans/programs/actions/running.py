"""A program starts, is held, goes on, and ends."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.people.actions import mark_needs_look, record_audit
from accounts.people.models import Client, User
from accounts.post.actions import cancel_letters
from accounts.post.rules import NUDGE
from plans.programs.models import PlannedSession, Program, ProgramVersion
from plans.programs.rules import (
    Answer,
    Cadence,
    PlannedState,
    ProgramEvent,
    ProgramState,
    SafetyFindings,
    TransitionNotAllowed,
    after,
    moved_past_hold,
)

from .intake import record_intake
from .planning import current_version, own_days_of, plan_sessions, spans_of
from .safety import AssignmentBlocked, IntakeUnanswered, local_day
from .standing import check_program, left_open

HOLDS = {ProgramState.PAUSED: ProgramEvent.PAUSE, ProgramState.LOCKED: ProgramEvent.LOCK}
# The reason of a program that an answer at intake holds back, for whoever reads `state_reason`.
HELD_BY_INTAKE = "intake"


@transaction.atomic
def start_program(*, program: Program, by: User, now: dt.datetime) -> Program:
    """The client has accepted: sessions are planned from the first day, or from today where that has passed.

    Raises:
        IntakeUnanswered, AssignmentBlocked: the program stays as it is.
        TransitionNotAllowed: it is not on offer any more.
    """
    program = _locked(program)
    state = after(ProgramState(program.state), ProgramEvent.START)
    _refuse_unsafe(program, now, asks_all=True)
    _set_first_day(program, max(program.starts_on, local_day(client=program.client, now=now)))
    _move(program, state, "", by, now, "program_started")
    plan_sessions(
        program=program,
        version=current_version(program=program),
        since=program.starts_on,
        state=PlannedState.PLANNED,
    )
    return program


@transaction.atomic
def hold_program(*, program: Program, state: ProgramState, reason: str, by: User | None, now: dt.datetime) -> Program:
    """Pause or lock a program until a person answers; `reason` is a rule, a red flag or "client".

    Sessions after today are withdrawn and come back, every one, when it is resumed. Holding what is
    held already is welcome: a lock stays a lock and the first reason stays.

    Raises:
        ProgramAlreadyFinished.
    """
    program = _locked(program)
    new = after(ProgramState(program.state), HOLDS[state])
    if new != program.state:
        _move(program, new, reason, by, now, "program_held")
        # A reminder that is on its way would ask for what is held.
        cancel_letters(subject_kind=NUDGE, subject_ids=[program.client_id], reason="the program is held", now=now)
        _withdraw_after(program, local_day(client=program.client, now=now))
    return program


@transaction.atomic
def resume_program(*, program: Program, by: User, now: dt.datetime) -> Program:
    """Go on with a held program: as many sessions as were held back, from the next day that fits.

    Raises:
        AssignmentBlocked: what the client has said meanwhile stands in the way.
        IntakeUnanswered: it was held before it ever began, and questions are open.
        TransitionNotAllowed: the program is not held.
    """
    program = _locked(program)
    state = after(ProgramState(program.state), ProgramEvent.RESUME)
    has_begun = program.planned_sessions.exists()
    _refuse_unsafe(program, now, asks_all=not has_begun)
    version = current_version(program=program)
    today = local_day(client=program.client, now=now)
    if has_begun:
        _bring_back(program, version, today)
    else:
        _set_first_day(program, max(program.starts_on, today))
        plan_sessions(program=program, version=version, since=program.starts_on, state=PlannedState.PLANNED)
    _move(program, state, "", by, now, "program_resumed")
    return program


@transaction.atomic
def finish_program(*, program: Program, by: User | None, now: dt.datetime, reason: str = "") -> Program:
    """End a program for good; what was done stays, what was still to come is withdrawn.

    Raises:
        ProgramAlreadyFinished.
    """
    program = _locked(program)
    state = after(ProgramState(program.state), ProgramEvent.FINISH)
    program.finished_on = local_day(client=program.client, now=now)
    _move(program, state, reason, by, now, "program_finished")
    cancel_letters(subject_kind=NUDGE, subject_ids=[program.client_id], reason="the program has ended", now=now)
    _withdraw_after(program, program.finished_on)
    return program


@dataclass(frozen=True)
class IntakeOutcome:
    """What a client's answers did to their programs."""

    started: tuple[Program, ...] = ()
    held: tuple[tuple[Program, SafetyFindings], ...] = ()


@transaction.atomic
def answer_intake(*, client: Client, answers: Sequence[Answer], by: User, now: dt.datetime) -> IntakeOutcome:
    """Keep a client's own answers and let them act: what is on offer starts, what has become unsafe is held.

    A held program waits for the bodyworker, who sees it with its reason.
    """
    record_intake(client=client, answers=answers, by=by, now=now)
    outcome = start_offered(client=client, by=by, now=now)
    newly_held = []
    for program in Program.objects.filter(client=client).running():
        found = check_program(program=program, now=now)
        if left_open(program=program, found=found):
            hold_program(program=program, state=ProgramState.PAUSED, reason=HELD_BY_INTAKE, by=by, now=now)
            newly_held.append((program, found))
    return IntakeOutcome(outcome.started, (*outcome.held, *newly_held))


@transaction.atomic
def start_offered(*, client: Client, by: User, now: dt.datetime) -> IntakeOutcome:
    """Start every program on offer whose questions are answered; one that is not safe is held instead."""
    started, held = [], []
    for program in Program.objects.filter(client=client, state=ProgramState.OFFERED).order_by("pk"):
        try:
            started.append(start_program(program=program, by=by, now=now))
        except (IntakeUnanswered, TransitionNotAllowed):
            # Not answered yet, or started by another request in this very moment.
            continue
        except AssignmentBlocked:
            hold_program(program=program, state=ProgramState.PAUSED, reason=HELD_BY_INTAKE, by=by, now=now)
            held.append((program, check_program(program=program, now=now)))
    return IntakeOutcome(tuple(started), tuple(held))


def _locked(program: Program) -> Program:
    """The program as it is now, its row held until the transaction ends."""
    return Program.objects.select_for_update(of=("self",)).select_related("client", "clinic").get(pk=program.pk)


def _refuse_unsafe(program: Program, now: dt.datetime, *, asks_all: bool) -> None:
    """A program that begins wants every answer fresh; one that goes on is judged by those there are."""
    found = check_program(program=program, now=now)
    if asks_all and found.unanswered:
        raise IntakeUnanswered(found.unanswered)
    still_open = left_open(program=program, found=found)
    if still_open:
        raise AssignmentBlocked(still_open)


def _set_first_day(program: Program, day: dt.date) -> None:
    program.ends_on += day - program.starts_on
    program.starts_on = day


def _move(program: Program, state: ProgramState, reason: str, by: User | None, now: dt.datetime, verb: str) -> None:
    program.state = state
    program.state_reason = reason
    program.state_at = now
    program.save(update_fields=["state", "state_reason", "state_at", "starts_on", "ends_on", "finished_on"])
    record_audit(
        clinic=program.clinic,
        verb=verb,
        subject_kind="program",
        subject_id=program.pk,
        client=program.client,
        by=by,
        now=now,
        details={"state": state.value},
    )
    mark_needs_look(client=program.client, now=now)


def _withdraw_after(program: Program, day: dt.date) -> None:
    PlannedSession.objects.standing().filter(program=program, on__gt=day).update(state=PlannedState.WITHDRAWN)


def _bring_back(program: Program, version: ProgramVersion, today: dt.date) -> None:
    """Give every session that a hold withdrew a new day, in its old order; today counts unless it has one."""
    held = list(
        PlannedSession.objects.filter(program=program, phase__version=version, state=PlannedState.WITHDRAWN).order_by(
            "on", "pk"
        )
    )
    if not held:
        return
    is_taken = PlannedSession.objects.on_day(today).filter(program=program).exists()
    own_days = own_days_of(client=program.client)
    days = {span.key: Cadence(span.per_week, own_days).days for span in spans_of(version=version) if span.per_week}
    dates = moved_past_hold(
        [session.phase_id for session in held], days, today + dt.timedelta(days=1 if is_taken else 0)
    )
    program.ends_on += max(dt.timedelta(), dates[-1] - held[-1].on)
    for session, on in zip(held, dates, strict=True):
        session.on = on
        session.state = PlannedState.PLANNED
    PlannedSession.objects.bulk_update(held, ["on", "state"])
