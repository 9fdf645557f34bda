"""The small clinic of the simulation: its people, and everything that they do, told to engine and reference alike."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction

from accounts.people.actions import end_membership
from accounts.people.models import CareRelationship, Client, Clinic, Membership, User
from accounts.post.actions import lift_stop, resubscribe, stop_letters, unsubscribe
from accounts.post.rules import zone_of
from plans.followup.actions import acknowledge_escalation, resolve_escalation, snooze_escalation
from plans.followup.models import Escalation
from plans.journal.actions import log_session
from plans.journal.rules import Harm, LogBody, LogSource, Moment, Report
from plans.programs.models import Phase, PlannedSession, Program, ProgramVersion

from .reference import Case, Reference
from .server import Server

BEGINS = dt.datetime(2026, 3, 24, 6, 0, tzinfo=dt.UTC)
"""Five days before the clocks change in London, twelve before they do in Auckland and on Lord Howe."""
LENGTH = 40
ZONES = {
    "ada": "Europe/London",
    "bo": "America/New_York",
    "cy": "Pacific/Auckland",
    "di": "Australia/Lord_Howe",
    "ed": "Asia/Kathmandu",
    "flo": "UTC",
}
NAMESPACE = uuid.UUID("0d0d7c3a-2f43-4a56-9a3e-6f5a3b1c2d10")


@dataclass
class People:
    """Everybody by a short name."""

    clinic: Clinic
    staff: dict[str, Membership]
    clients: dict[str, Client]

    def address(self, name: str) -> str:
        return self.clients[name].email if name in self.clients else self.staff[name].user.email


@transaction.atomic
def open_surgery() -> None:
    """Rows of a clinic that never closes: an owner, two bodyworkers, six clients in six zones with daily sessions."""
    hours = {str(day): [["00:00", "24:00"]] for day in range(7)}
    clinic = Clinic.objects.create(slug="simulated", name="Simulated", zone="UTC", opening_hours=hours)
    staff = {}
    for name in ("jo", "kim", "owner"):
        user = User.objects.create(email=f"{name}@simulated.example.org", name=name.title(), password="!")  # noqa: S106
        roles = {"is_owner": name == "owner", "is_bodyworker": name != "owner"}
        staff[name] = Membership.objects.create(clinic=clinic, user=user, email_verified_at=BEGINS, **roles)
    for n, (name, zone) in enumerate(ZONES.items()):
        _add_client(clinic, name, zone, staff["jo" if n % 2 == 0 else "kim"])


def _add_client(clinic: Clinic, name: str, zone: str, carer: Membership) -> None:
    email = f"{name}@home.example.org"
    user = User.objects.create(email=email, name=name.title(), password="!")  # noqa: S106
    times = {"invited_at": BEGINS, "accepted_at": BEGINS}
    client = Client.objects.create(clinic=clinic, user=user, name=name.title(), email=email, zone=zone, **times)
    first = BEGINS.astimezone(zone_of(zone)).date()
    CareRelationship.objects.create(clinic=clinic, client=client, bodyworker=carer, began_on=first)
    program = Program.objects.create(
        clinic=clinic,
        client=client,
        name="Release",
        state="running",
        state_at=BEGINS,
        starts_on=first,
        ends_on=first + dt.timedelta(days=LENGTH),
        assigned_by=carer.user,
        assigned_at=BEGINS,
    )
    version = ProgramVersion.objects.create(
        program=program, number=1, from_on=first, made_at=BEGINS, made_by=carer.user
    )
    phase = Phase.objects.create(version=version, position=1, title="Settle", week_from=1, week_to=6)
    PlannedSession.objects.bulk_create(
        PlannedSession(clinic=clinic, client=client, program=program, phase=phase, on=first + dt.timedelta(days=n))
        for n in range(LENGTH)
    )


def who_is_here() -> People:
    clinic = Clinic.objects.get(slug="simulated")
    staff = {m.user.email.partition("@")[0]: m for m in Membership.objects.filter(clinic=clinic).select_related("user")}
    clients = {
        c.email.partition("@")[0]: c for c in Client.objects.filter(clinic=clinic).select_related("user", "clinic")
    }
    return People(clinic, staff, clients)


class Surgery:
    """What people do, one method each; the reference hears of it in the same breath."""

    def __init__(self) -> None:
        self.people, self.server = who_is_here(), Server()
        names = list(self.people.clients)
        carer = {name: "jo" if n % 2 == 0 else "kim" for n, name in enumerate(ZONES) if name in names}
        self.reference = Reference(carer, ["jo", "kim"], ["owner"])
        self.bodies: list[tuple[str, LogBody]] = []
        self.logged_on: dict[str, list[tuple[dt.date, dt.datetime]]] = {name: [] for name in names}
        self.silent_since: dict[str, dt.datetime] = {}
        self.stopped: list[tuple[dt.datetime, dt.datetime]] = []

    def log(
        self, name: str, score: int, *, now: dt.datetime, ago: dt.timedelta = dt.timedelta(0), **said: bool
    ) -> None:
        """A check-in, perhaps of some hours ago. `said`: harm, cannot_wait."""
        at = now - ago
        harm, cannot_wait = said.get("harm", False), said.get("cannot_wait", False)
        body = LogBody(
            uuid=uuid.uuid5(NAMESPACE, f"log {len(self.bodies)}"),
            program=None,
            performed_at=at,
            sent_at=now,
            reports=(Report(Moment.CHECK_IN, score),),
            can_wait=not cannot_wait if score >= 7 else None,
            harm=(Harm.BRUISE,) if harm else (),
        )
        self.send(name, body, now)
        self.bodies.append((name, body))
        on = at.astimezone(zone_of(ZONES[name])).date()
        self.logged_on[name].append((on, now))
        self.reference.log(name, on, at, score, harm=harm, cannot_wait=cannot_wait)

    def send_again(self, number: int, *, now: dt.datetime) -> None:
        """The phone did not hear the answer, so it sends the same log once more: nothing may change."""
        self.send(*self.bodies[number % len(self.bodies)], now)

    def send(self, name: str, body: LogBody, now: dt.datetime) -> None:
        client = self.people.clients[name]
        log_session(client=client, body=body, by=client.user, now=now, source=LogSource.API)  # type: ignore[arg-type]

    def case_row(self, case: Case) -> Escalation:
        return Escalation.objects.order_by("number")[case.place]

    def acknowledge(self, case: Case, by: str, *, now: dt.datetime) -> None:
        acknowledge_escalation(escalation=self.case_row(case), by=self.people.staff[by].user, now=now)
        self.reference.acknowledge(case, by, now)

    def resolve(self, case: Case, by: str, *, now: dt.datetime) -> None:
        row, user = self.case_row(case), self.people.staff[by].user
        resolve_escalation(escalation=row, outcome="called", note="", by=user, now=now)
        self.reference.resolve(case, by, now)

    def snooze(self, case: Case, *, now: dt.datetime) -> None:
        until = now + dt.timedelta(hours=6)
        by = self.people.staff[case.acked_by].user
        snooze_escalation(escalation=self.case_row(case), until=until, by=by, now=now)
        self.reference.snooze(case, until, now)

    def unsubscribe(self, name: str, *, now: dt.datetime) -> None:
        unsubscribe(client=self.people.clients[name], by=None, now=now)
        self.silent_since.setdefault(name, now)

    def resubscribe(self, name: str, *, now: dt.datetime) -> None:
        client = self.people.clients[name]
        resubscribe(client=client, by=client.user, now=now)  # type: ignore[arg-type]
        self.silent_since.pop(name, None)

    def stop_reminders(self, *, now: dt.datetime) -> None:
        until = now + dt.timedelta(hours=5)
        owner = self.people.staff["owner"].user
        stop_letters(clinic=self.people.clinic, scope="nudges", reason="moving", until_at=until, by=owner, now=now)
        self.stopped.append((now, until))

    def lift_stop(self, *, now: dt.datetime) -> None:
        lift_stop(clinic=self.people.clinic, by=self.people.staff["owner"].user, now=now)
        self.stopped = [(begins, min(ends, max(begins, now))) for begins, ends in self.stopped]

    def dismiss(self, *, now: dt.datetime) -> None:
        """Kim leaves the clinic; Jo takes Kim's clients and whatever Kim had in hand is told anew."""
        staff, owner = self.people.staff, self.people.staff["owner"].user
        end_membership(membership=staff["kim"], by=owner, now=now, heir=staff["jo"])
        self.reference.leave("kim", "jo")
