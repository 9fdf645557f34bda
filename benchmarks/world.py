"""The people that are measured: clinics of any size, with a month of programs and logs behind them."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db.models import Model, OuterRef, Subquery

from accounts.people.actions import create_token
from accounts.people.models import CareRelationship, Client, Clinic, Membership, User
from benchmarks.control.models import Entry, Token
from plans.journal.models import PainReport, ReportSite, Session, SessionItem
from plans.library.models import Technique, TechniqueRevision
from plans.programs.models import Phase, PlannedSession, Prescription, Program, ProgramVersion

BATCH = 2000
DAY = dt.timedelta(days=1)
NAMED = 20
"""So many clients' days name their prescriptions; a caseload does not ask for them."""


@dataclass
class Practice:
    """A clinic with one bodyworker and so many clients."""

    clinic: Clinic
    bodyworker: Membership
    clients: list[Client]
    programs: list[Program]
    prescriptions: list[UUID]
    """Of the first client's program."""


def made(rows: list[Any]) -> list[Any]:
    """Written in batches, with their ids."""
    model: type[Model] = type(rows[0])
    return list(model._default_manager.bulk_create(rows, batch_size=BATCH))


def practice(size: int, now: dt.datetime, *, logs: int = 5) -> Practice:
    """Clients with a running program each, two planned sessions a week for four weeks, and `logs` logs."""
    word = secrets.token_hex(4)
    clinic = Clinic.objects.create(slug=f"clinic-{word}", name="Harbour Bodywork", phone="020 7946 0018")
    bodyworker = Membership.objects.create(
        clinic=clinic, user=person(f"jo-{word}", "Jo Marsh"), is_bodyworker=True, email_verified_at=now
    )
    users = made([User(email=f"c{n}-{word}@example.org", name=f"Client {n:05}", password="!") for n in range(size)])
    clients = made(
        [
            Client(
                clinic=clinic,
                user=user,
                name=user.name,
                email=user.email,
                zone="Europe/London",
                invited_at=now - 40 * DAY,
                accepted_at=now - 39 * DAY,
            )
            for user in users
        ]
    )
    made([CareRelationship(clinic=clinic, client=c, bodyworker=bodyworker, began_on=on(now, -40)) for c in clients])
    programs, phases = running_programs(clinic, bodyworker.user, clients, now)
    lines = prescribed(clinic, phases, now)
    plan(clients, programs, phases, lines, now)
    journal(clients, programs, lines, now, logs)
    return Practice(clinic, bodyworker, clients, programs, [line.uuid for line in lines[:4]])


def on(now: dt.datetime, days: int) -> dt.date:
    return now.date() + days * DAY


def person(word: str, name: str) -> User:
    return User.objects.create_user(f"{word}@example.org", None, name=name)


def running_programs(
    clinic: Clinic, by: User, clients: list[Client], now: dt.datetime
) -> tuple[list[Program], list[Phase]]:
    programs = made(
        [
            Program(
                clinic=clinic,
                client=client,
                name="Hip release",
                state="running",
                state_at=now,
                starts_on=on(now, -28),
                ends_on=on(now, 13),
                assigned_by=by,
                assigned_at=now,
            )
            for client in clients
        ]
    )
    versions = made(
        [ProgramVersion(program=p, number=1, from_on=p.starts_on, made_at=now, made_by=by) for p in programs]
    )
    phases = made([Phase(version=v, position=1, title="Settle", week_from=1, week_to=6) for v in versions])
    return programs, phases


def prescribed(clinic: Clinic, phases: list[Phase], now: dt.datetime) -> list[Prescription]:
    """The same four techniques for everyone."""
    texts = library(clinic, 4, now)
    return made(
        [
            Prescription(
                phase=phase,
                position=place,
                revision=text,
                side="both",
                sets=2,
                hold_s=30,
                per_side=True,
                rest_s=15,
                sessions_per_week=3,
            )
            for phase in phases
            for place, text in enumerate(texts)
        ]
    )


def library(clinic: Clinic, size: int, now: dt.datetime) -> list[TechniqueRevision]:
    """Techniques with a text each, as the list of the API shows them."""
    word = secrets.token_hex(4)
    techniques = made([Technique(clinic=clinic, slug=f"technique-{word}-{n}") for n in range(size)])
    texts = made(
        [
            TechniqueRevision(
                technique=technique,
                clinic=clinic,
                number=1,
                name=f"Technique {n}",
                kind="stretch",
                delivered_by="client",
                steps=["Stand.", "Lean."],
                intensity="gentle",
                equipment=["wall"],
                sets=2,
                hold_s=30,
                per_side=True,
                rest_s=15,
                sessions_per_week_min=3,
                sessions_per_week_max=5,
                max_discomfort=3,
                stop_when=["Sharp pain"],
                estimated_minutes=3,
                made_at=now,
            )
            for n, technique in enumerate(techniques)
        ]
    )
    own = TechniqueRevision.objects.filter(technique=OuterRef("pk")).values("pk")[:1]
    Technique.objects.filter(clinic=clinic, current=None).update(current=Subquery(own))
    return texts


def plan(
    clients: list[Client], programs: list[Program], phases: list[Phase], lines: list[Prescription], now: dt.datetime
) -> None:
    """Every other day, from four weeks ago to a fortnight from now."""
    days = [on(now, shift) for shift in range(-28, 14, 3)]
    planned = made(
        [
            PlannedSession(clinic_id=client.clinic_id, client=client, program=program, phase=phase, on=day)
            for client, program, phase in zip(clients, programs, phases, strict=True)
            for day in days
        ]
    )
    through: Any = PlannedSession.prescriptions.through
    each = len(lines) // len(phases)
    made(
        [
            through(plannedsession=session, prescription=line)
            for index, session in enumerate(planned[: NAMED * len(days)])
            for line in lines[index // len(days) * each :][:each]
        ]
    )


def journal(
    clients: list[Client], programs: list[Program], lines: list[Prescription], now: dt.datetime, logs: int
) -> None:
    """Sessions of the last days, the newest yesterday, each with four items, two reports and a site."""
    each = len(lines) // len(clients)
    versions = dict(
        ProgramVersion.objects.filter(program__client__clinic=clients[0].clinic).values_list("program", "pk")
    )
    sessions = made(
        [
            logged(client, program, versions[program.pk], now - (1 + n % 60) * DAY - n // 60 * dt.timedelta(minutes=5))
            for client, program in zip(clients, programs, strict=True)
            for n in range(logs)
        ]
    )
    made(
        [
            SessionItem(session=session, prescription=line, is_done=True)
            for index, session in enumerate(sessions)
            for line in lines[index // logs * each :][:each]
        ]
    )
    reports = made(
        [
            PainReport(
                clinic_id=session.clinic_id,
                client_id=session.client_id,
                session=session,
                moment=moment,
                score=score,
                performed_at=session.performed_at,
                local_on=session.local_on,
            )
            for session in sessions
            for moment, score in (("before", 5), ("after", 3))
        ]
    )
    made([ReportSite(report=report, region="back-buttock", side="right") for report in reports[1::2]])


def logged(client: Client, program: Program, version: int, at: dt.datetime) -> Session:
    return Session(
        clinic_id=client.clinic_id,
        client=client,
        program=program,
        version_id=version,
        performed_at=at,
        local_on=at.date(),
        zone="Europe/London",
        recorded_at=at,
        received_at=at,
        logged_by=client.user,
        source="api",
        first_digest=hashlib.sha256(uuid4().bytes).hexdigest(),
    )


def sitting(user: User, now: dt.datetime) -> dict[str, str]:
    """The cookie of a browser in which this person is signed in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["sitting_began"] = int(now.timestamp())
    store.save()
    return {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={store.session_key}"}


def token(user: User, now: dt.datetime) -> dict[str, str]:
    """A key to the site's API."""
    _, plain = create_token(user=user, name="bench", expires_at=now + 30 * DAY, by=user, now=now)
    return {"HTTP_AUTHORIZATION": f"Token {plain}"}


def control_token(user: User) -> dict[str, str]:
    key = secrets.token_hex(20)
    Token.objects.create(key=key, user=user)
    return {"HTTP_AUTHORIZATION": f"Token {key}"}


def entries(user: User, size: int, now: dt.datetime) -> None:
    """Rows of the control."""
    made([Entry(user=user, at=now - n * dt.timedelta(minutes=1), score=n % 11, note="as usual") for n in range(size)])
