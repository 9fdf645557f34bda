"""What is there to log for a client today: which program, which planned session, which moves?"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists

from accounts.people.models import CareRelationship, Client
from plans.journal.models import ReportSite, Session
from plans.journal.rules import Moment
from plans.library.models import RedFlag
from plans.library.rules import BODY_MAP, MAP_REGION, DeliveredBy, content_regions_of, map_region_at, red_flags_for
from plans.programs.models import PlannedSession, Prescription, Program


@dataclass(frozen=True)
class AskedSession:
    """The program to log for and its moves, those left out for now not among them."""

    program: Program
    items: tuple[Prescription, ...]

    @property
    def minutes(self) -> int:
        return sum(item.revision.estimated_minutes for item in self.items)


def asked_session(*, client: Client, today: dt.date, planned: UUID | None = None) -> AskedSession | None:
    """The planned session asked for, else today's, else the newest of a live program; None without a program."""
    sessions = PlannedSession.objects.standing().filter(client=client).select_related("program")
    if planned is not None:
        found = sessions.filter(uuid=planned).first()
    else:
        live = sessions.filter(program__in=Program.objects.filter(client=client).live(), on__lte=today)
        found = live.order_by("-on", "pk").first()
    if found is not None:
        return AskedSession(found.program, moves_of(found))
    program = Program.objects.filter(client=client).live().order_by("-pk").first()
    return AskedSession(program, newest_moves_of(program)) if program else None


def asked_again(*, client: Client, program: UUID, moves: Iterable[UUID]) -> AskedSession | None:
    """What a page asked when it was opened, though a move was left out since: sent twice it says the same."""
    found = Program.objects.filter(client=client, uuid=program).first()
    if found is None:
        return None
    asked = Prescription.objects.filter(phase__version__program=found, uuid__in=list(moves))
    return AskedSession(found, tuple(asked.select_related("revision").order_by("position", "pk")))


def moves_of(planned: PlannedSession) -> tuple[Prescription, ...]:
    return _for_the_client(planned.prescriptions.all())


def newest_moves_of(program: Program) -> tuple[Prescription, ...]:
    """The moves of the first phase of the newest version, for a program without a planned session so far."""
    version = program.versions.order_by("-number").first()
    phase = version.phases.order_by("position").first() if version else None
    return _for_the_client(Prescription.objects.filter(phase=phase)) if phase else ()


def _for_the_client(prescriptions: Iterable[Prescription]) -> tuple[Prescription, ...]:
    shown = prescriptions.shown().filter(revision__delivered_by=DeliveredBy.CLIENT)  # type: ignore[attr-defined]
    return tuple(shown.select_related("revision").order_by("position", "pk"))


def last_sites(*, client: Client) -> list[str]:
    """The regions of the newest report that named any, as the body map's ids."""
    newest = ReportSite.objects.filter(report__client=client, report__session__removed_at__isnull=True)
    report = newest.order_by("-report__performed_at", "-report_id").values("report")[:1]
    rows = ReportSite.objects.filter(report__in=report).values_list("region", "side")
    return sorted(map_region_at(region, side).id for region, side in rows)


def questions_at(flags: Iterable[RedFlag], places: Iterable[str]) -> list[RedFlag]:
    """The few safety questions that fit these regions of the body map."""
    regions = {region for place in places if place in MAP_REGION for region in content_regions_of(place)}
    return red_flags_for(list(flags), regions)


def site_choices() -> list[tuple[str, str]]:
    return [(region.id, region.label) for region in BODY_MAP]


def bodyworker_of(client: Client) -> CareRelationship | None:
    """The client's own bodyworker, with the next visit."""
    found: CareRelationship | None = (
        CareRelationship.objects.primary().filter(client=client).select_related("bodyworker__user").first()
    )
    return found


def session_of_yesterday(*, client: Client, today: dt.date) -> Session | None:
    """The last session of the day before, while the morning after it was not told yet; with its scores."""
    mine = Session.objects.of(client).standing()
    told = mine.filter(local_on=today, program__isnull=True, reports__moment=Moment.NEXT_MORNING)
    sessions = mine.filter(local_on=today - dt.timedelta(days=1), program__isnull=False)
    found: Session | None = (
        sessions.exclude(reports__moment=Moment.NEXT_MORNING)
        .filter(~Exists(told))
        .select_related("program")
        .prefetch_related("reports")
        .order_by("-performed_at")
        .first()
    )
    return found
