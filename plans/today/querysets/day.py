"""What is asked of a client today and how it went: a handful of queries for the whole first page."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import FilteredRelation, OuterRef, Q, QuerySet, Subquery

from accounts.people.models import Client, User
from accounts.post.models import Letter
from accounts.post.rules import Audience
from plans.followup.models import Escalation
from plans.followup.rules import LIVE, Family
from plans.journal.models import PainReport, RedFlagAnswer, Session
from plans.journal.rules import Moment
from plans.library.rules import DeliveredBy
from plans.programs.models import Phase, PlannedSession, Prescription, Program, ProgramVersion
from plans.programs.rules import ProgramState
from plans.today.rules import SHOWN_AFTER_CLOSING, Span, first_day_of, phase_at, week_at

TREND_DAYS = 35
AHEAD_DAYS = 21
FINISHED_DAYS = 30


@dataclass
class Course:
    """One program as its client sees it: the newest version, and what is asked when."""

    program: Program
    version: ProgramVersion
    phases: list[Phase] = field(default_factory=list)
    lines: dict[int, list[Prescription]] = field(default_factory=dict)
    today: dt.date = dt.date.min
    days: dict[dt.date, "PlannedDay"] = field(default_factory=dict)

    @property
    def weeks(self) -> int:
        return max((phase.week_to for phase in self.phases), default=1)

    @property
    def week(self) -> int:
        return week_at(self.weeks, self.program.ends_on, today=self.today)

    @property
    def phase(self) -> Phase | None:
        spans = [Span(phase.position, phase.week_from, phase.week_to) for phase in self.phases]
        now_in = phase_at(spans, self.week)
        return next((phase for phase in self.phases if now_in and phase.position == now_in.position), None)

    @property
    def first_day(self) -> dt.date:
        return first_day_of(self.weeks, self.program.ends_on)

    @property
    def phase_lines(self) -> list[Prescription]:
        """What the phase of today asks, techniques that are left out included."""
        return self.lines.get(self.phase.pk, []) if self.phase else []

    def lines_on(self, day: dt.date) -> list[Prescription]:
        """What one day asks; on a day without a plan what the phase asks. Left-out techniques are left out."""
        asked = self.days[day].asks if day in self.days else None
        return [line for line in self.phase_lines if line.hidden_at is None and (not asked or line.pk in asked)]

    @property
    def left_out(self) -> list[Prescription]:
        return [line for line in self.phase_lines if line.hidden_at is not None]

    def next_on(self, after: dt.date) -> dt.date | None:
        return min((day for day in self.days if day > after), default=None)


@dataclass
class PlannedDay:
    uuid: UUID
    asks: set[int] = field(default_factory=set)


def courses_of(client: Client, *, today: dt.date) -> list[Course]:
    """The programs of a client that are not long over, in two queries: what they ask, and on which days."""
    newest = ProgramVersion.objects.filter(program=OuterRef("phase__version__program")).order_by("-number")
    recent = Q(phase__version__program__finished_on__gte=today - dt.timedelta(days=FINISHED_DAYS))
    lines = (
        Prescription.objects.filter(
            ~Q(phase__version__program__state=ProgramState.FINISHED) | recent,
            phase__version__program__client=client,
            phase__version=Subquery(newest.values("pk")[:1]),
            revision__delivered_by=DeliveredBy.CLIENT,
        )
        .select_related("phase__version__program", "revision__technique")
        .order_by("phase__version__program__starts_on", "phase__position", "position")
    )
    courses: dict[int, Course] = {}
    for line in lines:
        version = line.phase.version
        course = courses.setdefault(version.program_id, Course(version.program, version, today=today))
        if line.phase_id not in course.lines:
            course.phases.append(line.phase)
        course.lines.setdefault(line.phase_id, []).append(line)
    shown = {pk: course for pk, course in courses.items() if not is_followed(course, courses.values())}
    add_days(shown, today)
    return list(shown.values())


def is_followed(course: Course, courses: Iterable[Course]) -> bool:
    """Is it over, and was another begun since? Then “ask what is next” is answered, and it leaves the page."""
    program = course.program
    if program.state != ProgramState.FINISHED or program.finished_on is None:
        return False
    over = min(program.ends_on, program.finished_on)
    return any(other.program.starts_on >= over for other in courses if other is not course)


def add_days(courses: dict[int, Course], today: dt.date) -> None:
    """The planned days of this week and the next three, each with the prescriptions it asks."""
    monday = today - dt.timedelta(days=today.weekday())
    planned = PlannedSession.objects.standing().filter(
        program__in=courses, on__range=(monday, today + dt.timedelta(days=AHEAD_DAYS))
    )
    for program, on, uuid, ask in planned.values_list("program_id", "on", "uuid", "prescriptions"):
        day = courses[program].days.setdefault(on, PlannedDay(uuid))
        if ask is not None:
            day.asks.add(ask)


@dataclass
class Logged:
    """One log of the last weeks; scores are 0-10."""

    uuid: UUID
    program: int | None
    on: dt.date
    at: dt.datetime
    scores: dict[str, int] = field(default_factory=dict)


def logs_of(client: Client, *, today: dt.date) -> list[Logged]:
    """Every log of five weeks, oldest first, in one query."""
    reports = PainReport.objects.standing().filter(client=client, local_on__gt=today - dt.timedelta(days=TREND_DAYS))
    rows = reports.order_by("performed_at").values_list(
        "session_id", "session__uuid", "session__program_id", "local_on", "performed_at", "moment", "score"
    )
    found: dict[int, Logged] = {}
    for pk, uuid, program, on, at, moment, score in rows:
        found.setdefault(pk, Logged(uuid, program, on, at)).scores[moment] = score
    return list(found.values())


def scores_before(logs: Sequence[Logged]) -> list[tuple[dt.date, int]]:
    """Scores before sessions with their days."""
    return [(log.on, log.scores[Moment.BEFORE]) for log in logs if Moment.BEFORE in log.scores]


def cases_for(client: Client, *, now: dt.datetime) -> list[Escalation]:
    """Live cases, and those closed within three days, newest first.

    Not the ones about silence: the client has sent nothing that somebody could have seen.
    """
    shown = Q(state__in=sorted(LIVE)) | Q(resolved_at__gte=now - SHOWN_AFTER_CLOSING)
    cases = Escalation.objects.filter(shown, client=client).exclude(family=Family.CONTACT)
    return list(cases.select_related("acked_by").order_by("-opened_at"))


def staff_letters(cases: Collection[Escalation]) -> dict[int, list[Letter]]:
    """Letters of each case's running generation to its staff."""
    generation = {case.pk: case.generation for case in cases}
    found: dict[int, list[Letter]] = defaultdict(list)
    letters = Letter.objects.about("escalation", list(generation)).filter(audience=Audience.STAFF)
    for letter in letters.select_related("membership__user").order_by("created_at"):
        if letter.generation == generation[letter.subject_id]:
            found[letter.subject_id].append(letter)
    return found


def sessions_behind(cases: Collection[Escalation]) -> dict[int, Session]:
    """The last log that proves each case, by the case; one log may prove several."""
    proofs = {case.pk: {reading.get("session") for reading in case.readings} for case in cases}
    wanted = set().union(*proofs.values()) - {None}
    found = list(Session.objects.filter(pk__in=wanted).prefetch_related("reports__sites").order_by("performed_at"))
    return {case: session for case, logs in proofs.items() for session in found if session.pk in logs}


def latest_yes(client: Client) -> RedFlagAnswer | None:
    """The newest safety question answered yes, with the exact words that were shown."""
    answers = RedFlagAnswer.objects.filter(client=client, answer=True)
    return answers.select_related("red_flag").order_by("-answered_at").first()


@dataclass(frozen=True)
class Record:
    """One of the records a person may act for, with who cares for it."""

    pk: int
    uuid: UUID
    name: str
    clinic: str
    bodyworker: str
    next_visit_on: dt.date | None


def records_of(user: User) -> list[Record]:
    """Every record this person may act for: the own one, a ward's, one in another clinic. One query."""
    primary = Q(care__is_primary=True, care__ended_on__isnull=True)
    rows = (
        Client.objects.own(user)
        .annotate(now=FilteredRelation("care", condition=primary))
        .order_by("pk")
        .values_list("pk", "uuid", "name", "clinic__name", "now__bodyworker__user__name", "now__next_visit_on")
    )
    return [Record(pk, uuid, name, clinic, worker or "", visit) for pk, uuid, name, clinic, worker, visit in rows]


def given_to(client: Client) -> QuerySet[Prescription]:
    """Every technique the client was ever given, in the text they were given."""
    return Prescription.objects.filter(phase__version__program__client=client).select_related(
        "revision__technique", "phase__version__program"
    )
