"""How long a sitting lasts, whose place it has, and the demo's one tap."""

import datetime as dt

import pytest
import time_machine

from accounts.people.actions import place_of
from accounts.people.models import AuditEvent
from tests.clock import NOW
from tests.factories.people import ClientFactory, ClinicFactory, MembershipFactory, UserFactory

ACTING = "/acting-for/"


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def is_in(client):
    """Does the next request still belong to somebody? Sign-in sends those who are in away."""
    return client.get("/account/login/").status_code == 302


def test_staff_sit_half_an_hour_without_a_request(cast, client, morning):
    client.force_login(cast.bodyworker.user)
    assert is_in(client)
    morning.shift(dt.timedelta(minutes=29))
    assert is_in(client)
    morning.shift(dt.timedelta(minutes=31))
    assert not is_in(client)


def test_staff_sit_twelve_hours_at_most(cast, client, morning):
    client.force_login(cast.bodyworker.user)
    for _quarter in range(12 * 4 - 1):
        assert is_in(client)
        morning.shift(dt.timedelta(minutes=15))
    assert is_in(client)
    morning.shift(dt.timedelta(minutes=15))
    assert not is_in(client)


def test_a_client_sits_ninety_days(cast, client, morning):
    client.force_login(cast.client.user)
    assert is_in(client)
    morning.shift(dt.timedelta(days=89))
    assert is_in(client)
    morning.shift(dt.timedelta(days=1))
    assert not is_in(client)


@pytest.mark.parametrize("how", ["inactive", "membership"])
def test_a_sitting_ends_when_its_person_leaves(cast, client, how):
    client.force_login(cast.bodyworker.user)
    assert is_in(client)
    if how == "inactive":
        cast.bodyworker.user.is_active = False
        cast.bodyworker.user.save()
    else:
        cast.bodyworker.ended_at = NOW
        cast.bodyworker.save()
    assert not is_in(client)


def test_a_sitting_ends_when_a_client_is_discharged(cast, client):
    client.force_login(cast.client.user)
    cast.client.discharged_at = NOW
    cast.client.save()
    assert not is_in(client)


def test_a_quiet_minute_writes_nothing(cast, client, django_assert_max_num_queries, morning):
    client.force_login(cast.bodyworker.user)
    is_in(client)
    before = dict(client.session.items())
    morning.shift(dt.timedelta(seconds=30))
    is_in(client)
    assert dict(client.session.items()) == before


def test_staff_of_a_clinic_work_as_staff_there(cast):
    ClientFactory(clinic=cast.meadow, user=cast.bodyworker.user)
    assert place_of(user=cast.bodyworker.user).membership == cast.bodyworker


def test_staff_may_choose_to_act_as_the_client_they_are(cast, client):
    own = ClientFactory(clinic=cast.meadow, user=cast.bodyworker.user)
    client.force_login(cast.bodyworker.user)
    client.post(ACTING, {"client": str(own.uuid)})
    assert client.session["client"] == own.pk
    client.post(ACTING, {"clinic": str(cast.harbour.uuid)})
    assert "client" not in client.session


def test_a_person_of_two_clinics_chooses_one(cast, client):
    MembershipFactory(clinic=cast.meadow, user=cast.bodyworker.user)
    client.force_login(cast.bodyworker.user)
    client.post(ACTING, {"clinic": str(cast.meadow.uuid)})
    assert client.session["clinic"] == cast.meadow.pk


def test_nobody_works_in_a_clinic_that_is_not_theirs(cast, client):
    client.force_login(cast.bodyworker.user)
    assert client.post(ACTING, {"clinic": str(cast.meadow.uuid)}).status_code == 404


@pytest.mark.parametrize("body", [{}, {"client": "x"}, {"client": "", "clinic": ""}])
def test_a_choice_of_nothing_changes_nothing(cast, client, body):
    client.force_login(cast.client.user)
    assert client.post(ACTING, body).headers["Location"] == "/"


def test_a_guardian_acts_until_the_day_it_ends(cast):
    guardian = UserFactory()
    cast.client.guardian, cast.client.guardian_basis = guardian, "parent"
    cast.client.guardian_until_on = dt.date(2999, 1, 1)
    cast.client.save()
    assert place_of(user=guardian).acting_client == cast.client
    cast.client.guardian_until_on = dt.date(2001, 1, 1)
    cast.client.save()
    assert place_of(user=guardian).clinic is None


@pytest.fixture
def demo(db, settings):
    settings.DEMO = True
    clinic = ClinicFactory(is_demo=True, name="Harbour Bodywork")
    for role, flag in (("owner", "is_owner"), ("bodyworker", "is_bodyworker"), ("curator", "is_curator")):
        user = UserFactory(email=f"{role}@demo.unknot.test", name=f"Demo {role}")
        MembershipFactory(clinic=clinic, user=user, **{"is_bodyworker": False, flag: True})
    ClientFactory(clinic=clinic, user=UserFactory(email="client@demo.unknot.test", name="Demo client"))
    return clinic


@pytest.mark.parametrize("role", ["owner", "bodyworker", "curator", "client"])
def test_one_tap_is_enough_in_the_demo(demo, client, role):
    answer = client.post(f"/demo/enter/{role}/")
    assert answer.status_code == 302
    assert is_in(client)
    event = AuditEvent.objects.get()
    assert (event.verb, event.clinic, event.details) == ("signed_in", demo, {"way": "demo"})


def test_the_sign_in_page_of_the_demo_offers_the_four(demo, client):
    page = client.get("/account/login/").content.decode()
    for role in ("owner", "bodyworker", "curator", "client"):
        assert f'action="/demo/enter/{role}/"' in page


def test_nobody_enters_the_demo_by_a_link(demo, client):
    assert client.get("/demo/enter/owner/").status_code == 405


def test_nobody_enters_the_demo_from_another_machine(demo, client):
    assert client.post("/demo/enter/owner/", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert b"/demo/enter/" not in client.get("/account/login/", REMOTE_ADDR="192.0.2.7").content


def test_without_the_demo_there_is_no_such_door(demo, client, settings):
    settings.DEMO = False
    assert client.post("/demo/enter/owner/").status_code == 404


@pytest.mark.parametrize("role", ["installer", "superuser", "0"])
def test_the_demo_lets_in_no_one_else(demo, client, role):
    assert client.post(f"/demo/enter/{role}/").status_code == 404


def test_people_of_a_real_clinic_are_no_demo(demo, client):
    demo.is_demo = False
    demo.save()
    assert client.post("/demo/enter/owner/").status_code == 404
