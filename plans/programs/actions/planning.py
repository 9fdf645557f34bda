"""Which sessions follow from a version of a program?"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.people.models import Client
from accounts.post.models import ContactPreferences
from plans.library.models import TechniqueRevision
from plans.library.rules import DeliveredBy
from plans.programs.models import Phase, PlannedSession, Prescription, Program, ProgramVersion, TemplateItem
from plans.programs.rules import Ask, Cadence, Dose, PlannedDay, PlannedState, WeekSpan, minutes_of, plan_days

from .safety import Shelf


def own_days_of(*, client: Client) -> tuple[int, ...]:
    """The weekdays (0 is Monday) the client chose; empty where they left it to us."""
    days = ContactPreferences.objects.filter(client=client).values_list("session_days", flat=True).first()
    return tuple(days or ())


def current_version(*, program: Program) -> ProgramVersion:
    """What the program asks for now."""
    return program.versions.order_by("-number")[0]


def spans_of(*, version: ProgramVersion) -> list[WeekSpan]:
    """The phases of a version with what the client does alone; hands-on items are no session of theirs."""
    phases = Phase.objects.filter(version=version).order_by("position")
    lines = Prescription.objects.filter(phase__version=version, revision__delivered_by=DeliveredBy.CLIENT)
    asks: dict[int, list[Ask]] = {}
    for line in lines.order_by("position"):
        asks.setdefault(line.phase_id, []).append(Ask(line.pk, line.sessions_per_week, line.is_optional))
    return [WeekSpan(phase.pk, phase.week_from, phase.week_to, tuple(asks.get(phase.pk, ()))) for phase in phases]


def first_day_of(*, program: Program, spans: list[WeekSpan]) -> dt.date:
    """Where week 1 begins for what is still to come: a hold moves it on with the end."""
    weeks = max((span.week_to for span in spans), default=1)
    return program.ends_on - dt.timedelta(weeks=weeks) + dt.timedelta(days=1)


def plan_sessions(*, program: Program, version: ProgramVersion, since: dt.date, state: PlannedState) -> int:
    """Write the version's sessions on or after `since`; returns their number. Six queries for any length."""
    spans = spans_of(version=version)
    days = plan_days(
        spans,
        first_day_of(program=program, spans=spans),
        own_days_of(client=program.client),
        since,
    )
    rows = PlannedSession.objects.bulk_create(
        PlannedSession(
            clinic_id=program.clinic_id,
            client_id=program.client_id,
            program=program,
            phase_id=day.phase,
            on=day.on,
            state=state,
        )
        for day in days
    )
    write_asks(rows=list(zip(rows, days, strict=True)))
    return len(rows)


def write_asks(*, rows: list[tuple[PlannedSession, PlannedDay]]) -> None:
    """Tie each session to the prescriptions asked on that day."""
    through = PlannedSession.prescriptions.through
    through.objects.bulk_create(
        through(plannedsession_id=session.pk, prescription_id=ask) for session, day in rows for ask in day.asks
    )


@dataclass(frozen=True)
class FirstSession:
    """What a template would ask of a client on the fullest day of its first phase."""

    techniques: int
    minutes: int
    days: tuple[int, ...]


def first_session_of(
    *, lines: Sequence[tuple[TemplateItem, str]], shelf: Shelf, own_days: Sequence[int] = ()
) -> FirstSession | None:
    """None where the first phase asks the client for nothing, or the line's technique is not here."""
    theirs = [
        (item, shelf.revisions[slug])
        for item, slug in lines
        if slug in shelf.revisions and shelf.revisions[slug].delivered_by == DeliveredBy.CLIENT
    ]
    if not theirs:
        return None
    position = min(item.phase.position for item, _ in theirs)
    first = [(item, text) for item, text in theirs if item.phase.position == position]
    span = WeekSpan(0, 1, 1, tuple(Ask(item.pk, item.sessions_per_week, item.is_optional) for item, _ in first))
    doses = [dose_of(item if text.technique_id == item.technique_id else text) for item, text in first]
    return FirstSession(len(first), minutes_of(doses), Cadence(span.per_week, tuple(own_days)).days)


def dose_of(row: TemplateItem | Prescription | TechniqueRevision) -> Dose:
    """The dosage a row carries, as the rules see it."""
    return Dose(row.sets or 1, row.reps, row.hold_s, row.duration_s, row.per_side, row.rest_s)
