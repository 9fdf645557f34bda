"""One cast of characters for every test: two clinics, and people who may and may not see each other."""

import copy
import datetime as dt
import gc
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import pytest_django
from django.conf import settings as site
from django.db import connection, transaction
from django.db.models.signals import post_migrate
from hypothesis import HealthCheck, settings

from accounts.people.models import CareRelationship, Client, Clinic, Membership, User
from clinic import delay
from plans.followup.models import Escalation
from plans.library.actions import Imported, import_library
from tests.clock import NOW, TODAY
from tests.factories.people import CareRelationshipFactory, ClientFactory, ClinicFactory, MembershipFactory, UserFactory

# A loaded machine is no finding. Before a change lands the examples are the same each time; at home they vary.
settings.register_profile(
    "unknot",
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
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
    """Ruth owns, Jo cares for Maya, Ana cares for Tomasz, Nadia curates; at Meadow, Otto owns and Pia cares for Lea.

    One statement a table: almost every test begins with it.
    """
    harbour, meadow = Clinic.objects.bulk_create(
        [
            ClinicFactory.build(slug="harbour", name="Harbour Bodywork"),
            ClinicFactory.build(slug="meadow", name="Meadow Hands"),
        ]
    )

    def staff(clinic: Clinic, name: str, **roles: bool) -> Membership:
        user = UserFactory.build(name=name, email=f"{name.split()[0].lower()}@{clinic.slug}.example.org")
        return MembershipFactory.build(clinic=clinic, user=user, **{"is_bodyworker": False, **roles})

    def client(clinic: Clinic, name: str) -> Client:
        user = UserFactory.build(name=name, email=f"{name.split()[0].lower()}@home.example.org", password=None)
        return ClientFactory.build(clinic=clinic, user=user)

    jo, ana = staff(harbour, "Jo Marsh", is_bodyworker=True), staff(harbour, "Ana Ruiz", is_bodyworker=True)
    pia = staff(meadow, "Pia Lund", is_bodyworker=True)
    maya, tomasz, lea = client(harbour, "Maya Lindqvist"), client(harbour, "Tomasz Nowak"), client(meadow, "Lea Brandt")
    ruth, nadia = staff(harbour, "Ruth Ekwall", is_owner=True), staff(harbour, "Nadia Roy", is_curator=True)
    otto = staff(meadow, "Otto Frey", is_owner=True)
    places, clients = [jo, ana, pia, ruth, nadia, otto], [maya, tomasz, lea]
    User.objects.bulk_create(row.user for row in [jo, ana, pia, maya, tomasz, ruth, nadia, otto, lea])
    Membership.objects.bulk_create(places)
    Client.objects.bulk_create(clients)
    care, _, _ = CareRelationship.objects.bulk_create(
        CareRelationshipFactory.build(client=client, bodyworker=bodyworker)
        for client, bodyworker in zip(clients, [jo, ana, pia], strict=True)
    )
    return Cast(
        harbour=harbour,
        owner=ruth,
        bodyworker=jo,
        colleague=ana,
        curator=nadia,
        client=maya,
        colleagues_client=tomasz,
        care=care,
        meadow=meadow,
        meadow_owner=otto,
        meadow_bodyworker=pia,
        meadow_client=lea,
    )


@pytest.fixture(autouse=True, scope="session")
def _no_permissions_of_django() -> None:
    """Nothing asks for them: they need not be written again each time that the tables are emptied."""
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")


@pytest.fixture(autouse=True, scope="session")
def no_letter_reaches_a_demo() -> None:
    """The usual mail port may be a running demo's own: what a test does not catch itself goes nowhere."""
    site.EMAIL_PORT = 1


@dataclass
class Stocked:
    """The cast with the starter library at Harbour, and what its import told."""

    cast: Cast
    report: Imported


@pytest.fixture(scope="module")
def stocked(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[Stocked]:
    """The starter library takes a while to bring in: once for a module that asks for it with `pytestmark`."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = make_cast()
        yield Stocked(cast, import_library(clinic=cast.harbour, by=cast.curator.user, now=NOW))
        transaction.set_rollback(True)


@pytest.fixture
def cast(request: pytest.FixtureRequest, db: None) -> Cast:
    """What one test does to the people is not seen by the next: each has its own copy of them."""
    if "stocked" in request.fixturenames:
        return copy.deepcopy(request.getfixturevalue("stocked").cast)
    return make_cast()


@pytest.fixture
def now() -> dt.datetime:
    return NOW


@pytest.fixture
def today() -> dt.date:
    return TODAY
