"""Everything we lean on has a reason, a pin and a hash, and comes from nowhere in particular."""

import re
import tomllib

import pytest

from .tree import ROOT, modules

PROJECT = (ROOT / "pyproject.toml").read_text()
TABLE = tomllib.loads(PROJECT)["project"]
RUNTIME = TABLE["dependencies"]
DEV = TABLE["optional-dependencies"]["dev"]
LOCKS = ["requirements.lock", "requirements-dev.lock"]
NAME = re.compile(r"[A-Za-z0-9_.-]+")

# Used by name in settings, on a command line or by another package, and so in no import of ours.
NOT_IMPORTED = {"psycopg", "redis", "granian", "whitenoise", "argon2-cffi", "tzdata"}
IMPORTED_AS = {
    "django-environ": "environ",
    "django-csp": "csp",
    "django-allauth": "allauth",
    "djangorestframework": "rest_framework",
    "drf-spectacular": "drf_spectacular",
    "celery": "celery",
}


def bare(requirement: str) -> str:
    match = NAME.match(requirement)
    assert match
    return match.group().lower()


@pytest.mark.parametrize("requirement", [*RUNTIME, *DEV])
def test_a_dependency_says_why_it_is_here(requirement):
    line = next(line for line in PROJECT.splitlines() if line.strip().startswith(f'"{requirement}"'))
    _, _, reason = line.partition(f'"{requirement}",')
    assert len(reason.partition("#")[2].split()) >= 2


@pytest.mark.parametrize("requirement", RUNTIME)
def test_a_dependency_of_the_site_is_used(requirement):
    name = bare(requirement)
    if name in NOT_IMPORTED:
        return
    word = IMPORTED_AS.get(name, name.replace("-", "_"))
    used = re.compile(rf"""(^\s*(from|import)\s+{word}\b|["']{word}\b)""", re.MULTILINE)
    assert any(used.search(module.text) for module in modules())


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_and_hashes_everything(lock):
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text())
    assert len(entries) > 40
    assert [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock):
    assert "://" not in (ROOT / lock).read_text()


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", (ROOT / lock).read_text(), re.MULTILINE))


def test_the_tests_run_on_what_the_site_runs_on():
    site, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: (pin, dev.get(name)) for name, pin in site.items() if dev.get(name) != pin} == {}


def test_every_dependency_is_locked():
    assert {bare(r) for r in RUNTIME} <= set(pins("requirements.lock"))
    assert {bare(r) for r in DEV} <= set(pins("requirements-dev.lock"))
