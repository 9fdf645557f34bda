"""What is known of one client, for the page that shows all of it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Avg, Q

from accounts.people.models import Absence, AuditEvent, CareRelationship, Client, Contact, Membership
from plans.followup.models import Escalation, PolicyOverride, Review
from plans.journal.models import PainReport, ReportSite, Session
from plans.journal.rules import Moment
from plans.programs.models import Phase, PlannedSession, Prescription, Program, ProgramVersion
from plans.programs.rules import PlannedState

FIRST_AND_LAST = 3
HEAT_DAYS = 7
COUNTED_DAYS = 14
SHOWN_CONTACTS = 30


@dataclass
class Asked:
    """A program as it is now: its newest version, its phases and what they ask."""

    program: Program
    version: ProgramVersion | None
    phases: list[Phase] = field(default_factory=list)
    lines: dict[int, list[Prescription]] = field(default_factory=dict)

    @property
    def weeks(self) -> int:
        return max((phase.week_to for phase in self.phases), default=1)


def programs_of(client: Client) -> list[Asked]:
    """Every program of the client, live ones first, with phases and prescriptions of the newest version."""
    programs = list(Program.objects.filter(client=client).select_related("template"))
    programs.sort(key=lambda program: (program.finished_on is not None, -program.starts_on.toordinal()))
    newest: dict[int, ProgramVersion] = {}
    for version in ProgramVersion.objects.filter(program__in=programs).order_by("number"):
        newest[version.program_id] = version
    asked = {program.pk: Asked(program, newest.get(program.pk)) for program in programs}
    of_phase: dict[int, Asked] = {}
    for phase in Phase.objects.filter(version__in=newest.values()).select_related("version").order_by("position"):
        of_phase[phase.pk] = asked[phase.version.program_id]
        asked[phase.version.program_id].phases.append(phase)
    lines = Prescription.objects.filter(phase__in=of_phase).select_related("revision__technique").order_by("position")
    for line in lines:
        of_phase[line.phase_id].lines.setdefault(line.phase_id, []).append(line)
    return list(asked.values())


def care_of(client: Client) -> CareRelationship | None:
    return CareRelationship.objects.primary().filter(client=client).select_related("bodyworker__user").first()


def co_treaters(client: Client) -> list[CareRelationship]:
    """Who treats the client beside their own bodyworker, the first of them first."""
    beside = CareRelationship.objects.live().filter(client=client, is_primary=False)
    return list(beside.select_related("bodyworker__user").order_by("began_on", "pk"))


def away_now(care: CareRelationship | None, now: dt.datetime) -> Absence | None:
    """The absence under way of who cares for this client."""
    if care is None:
        return None
    absences = Absence.objects.at(now).filter(bodyworker=care.bodyworker_id)
    return absences.select_related("bodyworker__user", "cover__user").first()


def live_cases(client: Client) -> list[Escalation]:
    cases = Escalation.objects.filter(client=client).live().select_related("acked_by")
    return list(cases.order_by("opened_at"))


def open_hints(client: Client) -> list[Review]:
    return list(Review.objects.open().filter(client=client).order_by("opened_at"))


def first_and_now(client: Client) -> tuple[int | None, int | None]:
    """The mean of the first and of the last three scores before sessions, rounded, 0-10."""
    before = PainReport.objects.standing().filter(client=client, moment=Moment.BEFORE)
    first = before.order_by("performed_at")[:FIRST_AND_LAST]
    last = before.order_by("-performed_at")[:FIRST_AND_LAST]
    means = [PainReport.objects.filter(pk__in=list(part.values_list("pk", flat=True))) for part in (first, last)]
    return tuple(rounded(part.aggregate(mean=Avg("score"))["mean"]) for part in means)  # type: ignore[return-value]


def rounded(mean: float | None) -> int | None:
    """Half a point counts up, as a person would say it."""
    return None if mean is None else int(mean + 0.5)


def kept_sessions(client: Client, *, today: dt.date) -> tuple[int, int, list[dt.date]]:
    """Sessions done and planned in the last 14 days, and the planned days without one (today may still come)."""
    since = today - dt.timedelta(days=COUNTED_DAYS - 1)
    logged = set(
        Session.objects.of(client)
        .standing()
        .filter(program__isnull=False, local_on__range=(since, today))
        .values_list("local_on", flat=True)
    )
    planned = set(
        PlannedSession.objects.standing().filter(client=client, on__range=(since, today)).values_list("on", flat=True)
    )
    waiting = sorted(day for day in planned - logged if day < today)
    asked = len(waiting) + len(planned & logged)
    return len(logged), max(asked, len(logged)), waiting


def planned_without_log(client: Client, *, first: dt.date, today: dt.date) -> list[dt.date]:
    logged = Session.objects.of(client).standing().filter(local_on__gte=first).values_list("local_on", flat=True)
    planned = PlannedSession.objects.standing().filter(client=client, on__gte=first, on__lt=today)
    return sorted(set(planned.values_list("on", flat=True)) - set(logged))


def sore_places(client: Client, *, today: dt.date) -> dict[tuple[str, str], int]:
    """The highest score of the last seven days by region and side; a site without its own score has its report's."""
    sites = ReportSite.objects.filter(
        report__client=client,
        report__session__removed_at__isnull=True,
        report__local_on__gt=today - dt.timedelta(days=HEAT_DAYS),
    )
    heat: dict[tuple[str, str], int] = defaultdict(int)
    for region, side, own, whole in sites.values_list("region", "side", "score", "report__score"):
        heat[(region, side)] = max(heat[(region, side)], whole if own is None else own)
    return dict(sorted(heat.items(), key=lambda place: -place[1]))


@dataclass(frozen=True)
class Note:
    """One line of “changes and contact”: `what` chooses the words."""

    at: dt.datetime
    what: str
    thing: Any


PROGRAM_DEEDS = ("program_held", "program_resumed", "program_finished", "prescription_hidden", "prescription_shown")
CARE_DEEDS = ("client_handed_over", "care_began", "co_treating_began", "co_treating_ended")


def changes_and_contacts(client: Client) -> list[Note]:
    """Cases, contacts, versions and holds, newest first."""
    versions = ProgramVersion.objects.filter(program__client=client).select_related("program", "made_by")
    contacts = Contact.objects.filter(client=client).select_related("by").order_by("-at")
    cases = Escalation.objects.filter(client=client).order_by("-opened_at")[:SHOWN_CONTACTS]
    deeds = (
        AuditEvent.objects.about(client)
        .filter(verb__in=PROGRAM_DEEDS + CARE_DEEDS)
        .select_related("by")
        .order_by("-at")
    )
    notes = [Note(case.opened_at, "case", case) for case in cases]
    notes += [Note(case.resolved_at, "resolved", case) for case in cases if case.resolved_at]
    notes += [Note(contact.at, "contact", contact) for contact in contacts[:SHOWN_CONTACTS]]
    notes += [Note(version.made_at, "version", version) for version in versions.order_by("-made_at")[:SHOWN_CONTACTS]]
    notes += [Note(deed.at, deed.verb, deed) for deed in with_colleagues(deeds[:SHOWN_CONTACTS])]
    return sorted(notes, key=lambda note: note.at, reverse=True)[:SHOWN_CONTACTS]


def with_colleagues(deeds: Iterable[AuditEvent]) -> list[AuditEvent]:
    """Each deed about care with the colleague it names as `colleague`."""
    found = list(deeds)
    ids = {deed.details["to"] for deed in found if deed.verb in CARE_DEEDS}
    people = Membership.objects.select_related("user").in_bulk(ids) if ids else {}
    for deed in found:
        deed.colleague = people.get(deed.details.get("to"))  # type: ignore[attr-defined]
    return found


def next_planned_on(client: Client, *, today: dt.date) -> dt.date | None:
    planned = PlannedSession.objects.exclude(state=PlannedState.WITHDRAWN)
    return planned.filter(Q(client=client), on__gte=today).order_by("on").values_list("on", flat=True).first()


def has_own_numbers(client: Client, *, now: dt.datetime) -> bool:
    """Whether rules judge this client by other numbers than the clinic's."""
    return bool(PolicyOverride.objects.in_force(now).filter(client=client).exists())
