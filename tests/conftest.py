"""One cast of characters for every test: two clinics, and people who may and may not see each other."""

import datetime as dt
import gc
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings as site
from django.db import connection
from hypothesis import HealthCheck, settings

from accounts.people.models import CareRelationship, Client, Clinic, Membership
from clinic import delay
from plans.followup.models import Escalation
from tests.clock import NOW, TODAY
from tests.factories.people import CareRelationshipFactory, ClientFactory, ClinicFactory, MembershipFactory, UserFactory

# A loaded machine is no finding. Before a change lands the examples are the same each time; at home they vary.
settings.register_profile(
    "unknot", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("unknot")


def pytest_collection_finish() -> None:
    """Five thousand collected tests live to the end: the collector of garbage need not walk them each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def calm_engine():
    """No test's page asks whether the engine runs, unless it wants to: what one process keeps is every test's."""
    delay.keep(None, seconds=math.inf)


@pytest.fixture(autouse=True)
def _cases_go_before_their_events(request: pytest.FixtureRequest) -> Iterator[None]:
    """SQLite empties its tables row by row, in any order, and an event is only let go with its case."""
    mark = request.node.get_closest_marker("django_db")
    is_emptied = (mark and mark.kwargs.get("transaction")) or "live_server" in request.fixturenames
    if connection.vendor != "sqlite" or not is_emptied:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    Escalation.objects.all().delete()


@dataclass
class Cast:
    """Harbour is the clinic of most tests; Meadow is the other one."""

    harbour: Clinic
    owner: Membership
    bodyworker: Membership
    colleague: Membership
    curator: Membership
    client: Client
    colleagues_client: Client
    care: CareRelationship
    meadow: Clinic
    meadow_owner: Membership
    meadow_bodyworker: Membership
    meadow_client: Client


def make_cast() -> Cast:
    """Ruth owns, Jo cares for Maya, Ana cares for Tomasz, Nadia curates; at Meadow, Otto owns and Pia cares for Lea."""
    harbour = ClinicFactory(slug="harbour", name="Harbour Bodywork")
    meadow = ClinicFactory(slug="meadow", name="Meadow Hands")

    def staff(clinic: Clinic, name: str, **roles: bool) -> Membership:
        user = UserFactory(name=name, email=f"{name.split()[0].lower()}@{clinic.slug}.example.org")
        return MembershipFactory(clinic=clinic, user=user, **{"is_bodyworker": False, **roles})

    def client(clinic: Clinic, name: str, bodyworker: Membership) -> Client:
        user = UserFactory(name=name, email=f"{name.split()[0].lower()}@home.example.org", password=None)
        record = ClientFactory(clinic=clinic, user=user)
        CareRelationshipFactory(client=record, bodyworker=bodyworker)
        return record

    jo, ana = staff(harbour, "Jo Marsh", is_bodyworker=True), staff(harbour, "Ana Ruiz", is_bodyworker=True)
    pia = staff(meadow, "Pia Lund", is_bodyworker=True)
    maya, tomasz = client(harbour, "Maya Lindqvist", jo), client(harbour, "Tomasz Nowak", ana)
    return Cast(
        harbour=harbour,
        owner=staff(harbour, "Ruth Ekwall", is_owner=True),
        bodyworker=jo,
        colleague=ana,
        curator=staff(harbour, "Nadia Roy", is_curator=True),
        client=maya,
        colleagues_client=tomasz,
        care=maya.care.get(),
        meadow=meadow,
        meadow_owner=staff(meadow, "Otto Frey", is_owner=True),
        meadow_bodyworker=pia,
        meadow_client=client(meadow, "Lea Brandt", pia),
    )


@pytest.fixture(autouse=True, scope="session")
def no_letter_reaches_a_demo() -> None:
    """The usual mail port may be a running demo's own: what a test does not catch itself goes nowhere."""
    site.EMAIL_PORT = 1


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def now() -> dt.datetime:
    return NOW


@pytest.fixture
def today() -> dt.date:
    return TODAY
