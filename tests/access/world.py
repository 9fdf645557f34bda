"""Two clinics with something of everything in them, and a signed-in browser for each persona."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client as Browser

from accounts.people.actions import backup_token, invitation_token
from accounts.people.adapters import BEGAN, SEEN
from accounts.people.models import User
from accounts.post.delivery.wording import unsubscribe_token
from tests.access.personas import PERSONAS
from tests.clock import NOW, TODAY
from tests.factories.followup import (
    EscalationEventFactory,
    EscalationFactory,
    NudgeFactory,
    ReviewFactory,
    WatchFactory,
)
from tests.factories.journal import PainReportFactory, ReportSiteFactory, SessionFactory, SessionItemFactory
from tests.factories.library import MuscleFactory, TechniqueRevisionFactory, TriggerPointFactory
from tests.factories.people import (
    AbsenceFactory,
    CareRelationshipFactory,
    ClientFactory,
    ClinicFactory,
    InvitationFactory,
    MembershipFactory,
    UserFactory,
)
from tests.factories.post import IncidentFactory, LetterFactory, PushSubscriptionFactory
from tests.factories.programs import (
    PhaseFactory,
    PlannedSessionFactory,
    PrescriptionFactory,
    ProgramFactory,
    ProgramTemplateFactory,
    ProgramVersionFactory,
    TemplateItemFactory,
    TemplatePhaseFactory,
)

# Sittings change with every request; they are the browser's, not the clinic's.
UNWATCHED = {"django_session", "django_migrations"}


@dataclass
class World:
    """`values` are what addresses and bodies are made of; `browsers` are signed in and kept fresh."""

    values: dict[str, Any] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    untouched: dict[str, str] = field(default_factory=dict)

    def browser(self, persona: str) -> Browser:
        """As if the persona had just signed in, whatever the last answer did to the cookies."""
        browser = self.browsers[persona]
        browser.cookies.clear()
        if self.cookies[persona]:
            browser.cookies["sessionid"] = self.cookies[persona]
        return browser


def table_digests() -> dict[str, str]:
    """What every watched table holds, as one digest a table."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - UNWATCHED)
        digests = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = sorted(repr(row) for row in cursor.fetchall())
            digests[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return digests


def make_world() -> World:
    world = World()
    harbour = _clinic(world, "harbour")
    meadow = _clinic(world, "meadow")
    people = _people(harbour, meadow)
    world.values |= {
        "harbour.absence": AbsenceFactory(bodyworker=people["bodyworker"], from_at=NOW + dt.timedelta(days=30)),
        "meadow.absence": AbsenceFactory(bodyworker=people["foreign_bodyworker"], from_at=NOW + dt.timedelta(days=30)),
    }
    world.values |= {"harbour.curator": people["curator"], "meadow.curator": people["foreign_bodyworker"]}
    _records_of(world, people["client"], people["bodyworker"], "maya")
    _records_of(world, people["foreign_client"], people["foreign_bodyworker"], "lea")
    for persona in PERSONAS:
        person = people.get(persona)
        browser = Browser(raise_request_exception=False)
        if person is not None:
            world.people[persona] = person if isinstance(person, User) else person.user
            browser.force_login(world.people[persona])
            _keep_the_sitting(browser)
        world.browsers[persona] = browser
        world.cookies[persona] = browser.cookies["sessionid"].value if person is not None else ""
    world.untouched = table_digests()
    return world


def _keep_the_sitting(browser: Browser) -> None:
    """As after the first request: later ones have nothing to write about the sitting, so a write is the door's."""
    session = browser.session
    session[BEGAN] = session[SEEN] = int(NOW.timestamp())
    session.save()


def _clinic(world: World, slug: str) -> Any:
    """A clinic with a bit of library, an incident and a template; its canary stands in every name."""
    clinic = ClinicFactory(
        slug=slug, name=f"{slug.title()} zq{slug}", backup_email=f"backup@{slug}.example.org", backup_asked_at=NOW
    )
    muscle = MuscleFactory(clinic=clinic, slug=f"muscle-{slug}", name=f"Gluteus zq{slug}")
    point = TriggerPointFactory(clinic=clinic, muscle=muscle, slug=f"point-{slug}", name=f"Point zq{slug}")
    text = TechniqueRevisionFactory(
        technique__clinic=clinic, technique__slug=f"technique-{slug}", name=f"Pigeon zq{slug}"
    )
    template = ProgramTemplateFactory(clinic=clinic, slug=f"template-{slug}", name=f"Settle zq{slug}")
    TemplateItemFactory(phase=TemplatePhaseFactory(template=template), technique=text.technique)
    world.values |= {
        f"{slug}.clinic": clinic,
        f"{slug}.backup": backup_token(clinic.pk, clinic.backup_generation),
        f"{slug}.muscle": muscle,
        f"{slug}.point": point,
        f"{slug}.technique": text.technique,
        f"{slug}.template": template,
        f"{slug}.incident": IncidentFactory(clinic=clinic),
    }
    return clinic


def _people(harbour: Any, meadow: Any) -> dict[str, Any]:
    def staff(clinic: Any, name: str, **roles: Any) -> Any:
        user = UserFactory(name=f"{name} zq{clinic.slug}", email=f"{name.lower()}@{clinic.slug}.example.org")
        return MembershipFactory(clinic=clinic, user=user, **{"is_bodyworker": False, **roles})

    def client(clinic: Any, name: str, bodyworker: Any, **more: Any) -> Any:
        user = UserFactory(name=name, email=f"{name.split()[0].lower()}@home.example.org")
        record = ClientFactory(clinic=clinic, user=user, **more)
        CareRelationshipFactory(client=record, bodyworker=bodyworker)
        WatchFactory(client=record)
        return record

    jo, ana = staff(harbour, "Jo", is_bodyworker=True), staff(harbour, "Ana", is_bodyworker=True)
    pia = staff(meadow, "Pia", is_bodyworker=True)
    return {
        "client": client(harbour, "Maya zqmaya", jo),
        "other_client": client(harbour, "Tomasz Nowak", ana),
        "foreign_client": client(meadow, "Lea zqmeadow", pia),
        "bodyworker": jo,
        "unassigned": ana,
        "foreign_bodyworker": pia,
        "curator": staff(harbour, "Nadia", is_curator=True),
        "owner": staff(harbour, "Ruth", is_owner=True),
        "foreign_owner": staff(meadow, "Otto", is_owner=True),
        "deactivated": staff(harbour, "Dana", is_bodyworker=True, ended_at=NOW),
        "former_client": client(harbour, "Finn Holt", jo, discharged_at=NOW),
        "installer": UserFactory(name="Ines", email="ines@example.org", is_superuser=True),
    }


def _records_of(world: World, record: Any, bodyworker: Any, who: str) -> None:
    """A program under way, a session with pain, a live case, a letter, and a second client who is invited."""
    canary = "zqmaya" if who == "maya" else "zqmeadow"
    program = ProgramFactory(client=record, name=f"Hip {canary}", assigned_by=bodyworker.user)
    phase = PhaseFactory(version=ProgramVersionFactory(program=program))
    text = TechniqueRevisionFactory(
        technique__clinic=record.clinic, technique__slug=f"own-{who}", name=f"Bridge zq{record.clinic.slug}"
    )
    prescription = PrescriptionFactory(phase=phase, revision=text)
    planned = PlannedSessionFactory(phase=phase)
    planned.prescriptions.add(prescription)
    session = SessionFactory(client=record, note=f"sore {canary}")
    ReportSiteFactory(report=PainReportFactory(session=session, score=8))
    case = EscalationFactory(client=record)
    EscalationEventFactory(escalation=case)
    invited = ClientFactory(
        clinic=record.clinic, user=None, name=f"Hanna {canary}", email=f"hanna.{who}@home.example.org", accepted_at=None
    )
    CareRelationshipFactory(client=invited, bodyworker=bodyworker)
    invitation = InvitationFactory(client=invited, invited_by=bodyworker.user, expires_at=NOW + dt.timedelta(hours=72))
    letter = LetterFactory(client=record, params={"path": "/today/"})
    NudgeFactory(client=record, letter=letter)
    world.values |= {
        f"{who}.client": record,
        f"{who}.user": record.user,
        f"{who}.bodyworker": bodyworker,
        f"{who}.program": program,
        f"{who}.prescription": prescription,
        f"{who}.technique": text.technique,
        f"{who}.planned": planned,
        f"{who}.session": session,
        f"{who}.case": case,
        f"{who}.review": ReviewFactory(client=record),
        f"{who}.invited": invited,
        f"{who}.invitation": invitation,
        f"{who}.token": invitation_token(invitation),
        f"{who}.letter": letter,
        f"{who}.device": PushSubscriptionFactory(user=record.user),
        f"{who}.unsubscribe": unsubscribe_token(record.pk, 1),
        f"{who}.day": TODAY,
    }
    SessionItemFactory(session=session, prescription=prescription)
