"""What probes and people on call are told."""

import datetime as dt

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from accounts.people.models import Membership
from accounts.post.models import Heartbeat
from clinic.health import late_parts
from tests.clock import NOW


def test_live_asks_the_database_nothing(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert client.get("/health/live").json() == {"status": "live"}


def test_ready_when_every_migration_is_there(client, db):
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready"}


def test_not_ready_names_the_migration_that_is_missing(client, db):
    [newest] = MigrationLoader(connection).graph.leaf_nodes("followup")
    MigrationRecorder(connection).record_unapplied(*newest)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["migrations"] == [".".join(newest)]


def test_an_engine_that_never_ran_is_late(client, db):
    answer = client.get("/health/engine")
    assert answer.status_code == 503
    assert answer.json() == {"status": "no round yet"}


def test_an_engine_that_just_ended_a_round_runs(client, db):
    Heartbeat.objects.create(part="letters", ended_at=timezone.now())
    answer = client.get("/health/engine")
    assert answer.status_code == 200
    assert answer.json() == {"status": "running"}


def test_a_clinic_whose_owner_has_no_confirmed_address_is_counted(client, cast):
    Heartbeat.objects.create(part="letters", ended_at=timezone.now())
    assert client.get("/health/engine").json() == {"status": "running"}
    Membership.objects.filter(pk=cast.owner.pk).update(email_verified_at=None)
    answer = client.get("/health/engine")
    assert (answer.status_code, answer.json()) == (200, {"status": "running", "clinics_without_owner": 1})
    [told] = [one for one in run_checks(include_deployment_checks=True) if one.id == "unknot.W002"]
    assert "no owner, as none has a confirmed address: Harbour Bodywork." in told.msg


def test_an_engine_that_stopped_is_late_and_names_the_part(client, db):
    Heartbeat.objects.create(part="letters", ended_at=timezone.now())
    Heartbeat.objects.create(part="looks", ended_at=timezone.now() - dt.timedelta(minutes=4))
    answer = client.get("/health/engine")
    assert answer.status_code == 503
    assert answer.json() == {"status": "late", "late": ["looks"]}


@pytest.mark.parametrize(("seconds", "late"), [(0, []), (180, []), (181, ["letters"]), (86_400, ["letters"])])
def test_three_minutes_is_the_limit(seconds, late):
    assert late_parts([("letters", NOW - dt.timedelta(seconds=seconds))], now=NOW) == late


def test_a_round_that_began_and_never_ended_is_late():
    assert late_parts([("letters", None)], now=NOW) == ["letters"]


@pytest.mark.parametrize("page", ["live", "ready", "engine"])
def test_health_is_never_kept_by_a_cache_and_only_read(client, db, page):
    assert "no-cache" in client.get(f"/health/{page}").headers["Cache-Control"]
    assert client.post(f"/health/{page}").status_code == 405
