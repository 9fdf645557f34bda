"""An installation that would lose or leak something is told before it starts."""

import pytest
from django.conf import settings as site
from django.core.checks import run_checks

from clinic.checks import durability_problems

pytestmark = pytest.mark.django_db  # one check asks whom a case would reach

SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
SAFE = {
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}


def ids(**arguments):
    return {message.id for message in run_checks(**arguments) if message.id.startswith("unknot.")}


def test_the_default_is_sound(db):
    assert durability_problems({**SQLITE, "OPTIONS": SAFE}) == []
    assert ids(databases=["default"]) == set()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"}, "unknot.E001"),
        ({"init_command": "PRAGMA synchronous=FULL;"}, "unknot.E001"),
        ({"transaction_mode": None}, "unknot.E002"),
    ],
)
def test_a_database_that_loses_commits_is_refused(change, told):
    found = durability_problems({**SQLITE, "OPTIONS": {**SAFE, **change}})
    assert [problem.id for problem in found] == [told]


def test_postgresql_is_durable_as_it_comes():
    assert durability_problems({"ENGINE": "django.db.backends.postgresql", "NAME": "unknot"}) == []


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CELERY_BROKER_URL", "filesystem://", "unknot.E003"),
        ("CELERY_BROKER_URL", "memory://", "unknot.E003"),
        ("CELERY_TASK_ALWAYS_EAGER", True, "unknot.E004"),
        ("CELERY_TASK_ACKS_LATE", False, "unknot.E005"),
        ("CELERY_TASK_REJECT_ON_WORKER_LOST", False, "unknot.E005"),
    ],
)
def test_a_bell_that_nobody_hears_is_refused(settings, name, value, told):
    setattr(settings, name, value)
    assert told in ids()


@pytest.mark.parametrize("source", ["'unsafe-inline'", "'unsafe-eval'", "*", "https:"])
def test_a_loose_policy_is_refused(settings, source):
    directives = {**site.CONTENT_SECURITY_POLICY["DIRECTIVES"], "script-src": ["'self'", source]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives}
    assert "unknot.E006" in ids()


def in_production(settings):
    settings.DEMO = False
    settings.SECRET_KEY = "k" * 60
    settings.SECURE_SITE = True
    settings.EMAIL_HOST = "mail.example.org"


def test_a_whole_production_site_is_sound(settings):
    in_production(settings)
    assert ids(include_deployment_checks=True) == set()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SECRET_KEY", "short", "unknot.E007"),
        ("SECRET_KEY", site.DEMO_SECRET, "unknot.E007"),
        ("SECURE_SITE", False, "unknot.E008"),
        ("EMAIL_HOST", "127.0.0.1", "unknot.W001"),
    ],
)
def test_a_production_site_with_the_demos_settings_is_told(settings, name, value, told):
    in_production(settings)
    settings.EMAIL_PORT = 2525
    setattr(settings, name, value)
    assert told in ids(include_deployment_checks=True)


def test_every_message_says_what_to_do(settings):
    in_production(settings)
    settings.SECRET_KEY = "short"
    settings.CELERY_BROKER_URL = "memory://"
    found = [m for m in run_checks(include_deployment_checks=True) if m.id.startswith("unknot.")]
    assert len(found) == 2
    assert all(message.hint for message in found)
