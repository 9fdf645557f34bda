"""docker-compose.yml, the Dockerfile and the Procfile name only what exists."""

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands
from django.urls import resolve

from clinic.running.stack import processes_of
from tests.architecture.tree import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("image") == "unknot"}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
SETTINGS = (ROOT / "clinic" / "settings.py").read_text()
# `docker-compose` takes these itself and hands them on inside other values.
INSIDE_OTHERS = {"SITE_HOST", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}


def image_command():
    line = next(line for line in DOCKERFILE.splitlines() if line.startswith("CMD "))
    return yaml.safe_load(line.removeprefix("CMD "))


def commands():
    """Every command line of ours: who starts it and its words."""
    lines = [("Dockerfile", image_command())]
    lines += [(name, service["command"]) for name, service in OURS.items() if "command" in service]
    lines += [(f"{n} health", s["healthcheck"]["test"][1:]) for n, s in OURS.items() if "healthcheck" in s]
    lines += [
        (f"Procfile {name}", shlex.split(line.removeprefix("exec ")))
        for name, line in processes_of(ROOT / "Procfile").items()
    ]
    return lines


@pytest.mark.parametrize(("who", "words"), commands())
def test_a_command_exists(who, words):
    program = words[0]
    if program == "python" and words[1] == "-m":
        assert (ROOT / words[2].replace(".", "/")).with_suffix(".py").is_file()
    elif program == "python":
        assert (ROOT / words[1]).is_file()
        assert words[2] in get_commands()
    else:
        assert shutil.which(program, path=str(Path(sys.executable).parent))
        assert "clinic" in words or "clinic.wsgi:application" in words


@pytest.mark.parametrize("path", [w for _, words in commands() for w in words if w.startswith("/health/")])
def test_a_health_path_exists(path):
    assert resolve(path).func.__module__ == "clinic.health"


def test_health_is_asked_at_three_places_at_least():
    assert {"web", "worker", "postgres", "redis"} <= {n for n, s in SERVICES.items() if "healthcheck" in s}


@pytest.mark.parametrize("name", COMPOSE["x-unknot"]["environment"])
def test_a_variable_is_one_that_the_settings_read(name):
    assert re.search(rf'(?:env\.\w+|flag|whole|address)\(\s*["\']{name}["\']', SETTINGS)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))))
def test_a_variable_without_a_value_stops_the_start(name):
    assert set(re.findall(rf"\${{{name}(.?.?)", (ROOT / "docker-compose.yml").read_text())) == {":?"}
    assert re.search(rf"^{name}=$", EXAMPLE, re.MULTILINE)


def test_the_example_names_nothing_that_nobody_reads():
    named = set(re.findall(r"^(\w+)=", EXAMPLE, re.MULTILINE))
    assert named == set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    assert named >= INSIDE_OTHERS


def test_every_part_waits_for_what_it_needs():
    for name, service in SERVICES.items():
        for needed in service.get("depends_on", {}):
            assert needed in SERVICES, f"{name} waits for {needed}"


def test_every_volume_is_declared():
    used = {v.partition(":")[0] for s in SERVICES.values() for v in s.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])


def test_the_database_is_the_only_one_that_must_not_be_lost_and_has_a_volume():
    assert "database:/var/lib/postgresql/data" in SERVICES["postgres"]["volumes"]


def test_only_the_proxy_is_reachable_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_the_image_runs_as_a_plain_user():
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER unknot$", last_stage, re.MULTILINE)


def test_what_the_image_copies_is_let_in():
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert [name for name in sorted(let_in) if name != "locale" and not (ROOT / name).exists()] == []
    assert {"clinic", "accounts", "plans", "templates", "manage.py", "requirements.lock"} <= let_in


@pytest.mark.parametrize("name", ["DEMO", "DEBUG"])
def test_production_never_runs_the_demo(name):
    assert all(name not in service.get("environment", {}) for service in SERVICES.values())
    assert not re.search(rf"\b{name}=", DOCKERFILE)
