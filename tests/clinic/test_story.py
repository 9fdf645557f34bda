"""The loop end to end in virtual time, and the demo that the same actions make."""

import datetime as dt
import re
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client as WebBrowser

from accounts.people.models import Client
from accounts.post.models import Letter
from accounts.post.rules import LetterState
from clinic.demo.characters import CHARACTERS, CLIENT, Course, scores
from clinic.demo.playing import play_demo
from clinic.demo.stage import Kept, Stage, mail_server
from clinic.demo.story import Line, Step, missing
from clinic.management.commands.demo import fill_the_letter_box
from plans.followup.models import Escalation
from plans.journal.models import Session
from plans.programs.models import PlannedSession
from tests.clock import NOW, TODAY
from tests.factories.people import ClinicFactory

ROOT = Path(__file__).resolve().parents[2]


def test_a_step_that_no_row_tells_of_is_named() -> None:
    assert missing([Line(NOW, step, "") for step in Step if step is not Step.RESOLVED]) == [Step.RESOLVED]


@pytest.mark.processes
def test_the_command_tells_the_story_and_leaves_no_database_behind(tmp_path: Path) -> None:
    scratch = tmp_path / "untouched.sqlite3"
    environment = {"DEMO": "1", "PATH": "/usr/bin:/bin", "DATABASE_URL": f"sqlite:///{scratch}"}
    told = subprocess.run(
        [sys.executable, "manage.py", "story"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=110
    )
    assert told.returncode == 0, told.stderr
    order = [Step.INVITED, Step.ACCEPTED, Step.ESCALATED, Step.TOLD, Step.SECOND_TOLD, Step.ACKNOWLEDGED, Step.RESOLVED]
    first = [told.stdout.index(f"  {step.value:<19} ") for step in order]
    assert first == sorted(first)
    assert not scratch.exists() or scratch.stat().st_size == 0


@pytest.fixture
def small_demo(db: None) -> dt.datetime:
    """A month of three: one calm, one whose pain stays severe, one invited and not started."""
    chosen = {"nora", "tomasz", "hanna"}
    with mail_server() as channel:
        play_demo(stage=Stage(channel), now=NOW, cast=[who for who in CHARACTERS if who.local in chosen])
    return NOW


def test_the_demo_has_its_shapes_and_the_first_live_tick_sends_nothing_about_the_past(small_demo: dt.datetime) -> None:
    assert Escalation.objects.live().get().client.name == "Tomasz Nowak"
    assert Session.objects.filter(client__name="Nora Quinn").count() > 10
    assert Client.objects.get(name="Hanna Berg").accepted_at is None

    before = set(Letter.objects.values_list("pk", "state"))
    with mail_server() as channel:
        Stage(channel).tick(small_demo + dt.timedelta(seconds=30))
    assert set(Letter.objects.values_list("pk", "state")) == before
    assert not Letter.objects.exclude(state__in=[LetterState.SENT, LetterState.CANCELLED]).exists()


def test_whoever_opens_the_demo_as_its_client_finds_a_session_to_start_and_a_letter(
    db: None, settings: Any, tmp_path: Path
) -> None:
    settings.MAIL_SINK_DIR = tmp_path / "mail"
    kept = Kept()
    with mail_server(kept) as channel:
        maya = next(who for who in CHARACTERS if who.email == CLIENT)
        play_demo(stage=Stage(channel), now=NOW, cast=[replace(maya, began=3)])
    client = Client.objects.get(email=CLIENT)
    assert PlannedSession.objects.filter(client=client, on=TODAY).exists()
    fill_the_letter_box(kept)
    letters = [letter.read_text() for letter in (tmp_path / "mail").iterdir()]
    assert any("has set up a space for you" in letter for letter in letters)


def test_most_of_the_demos_people_can_be_called_at_a_number_kept_for_stories() -> None:
    numbers = [who.phone() for who in CHARACTERS]
    assert 15 < sum(map(bool, numbers)) < 30
    assert all(re.fullmatch(r"07700 900\d{3}", number) for number in numbers if number)


def test_one_seed_gives_one_course_and_every_shape_occurs() -> None:
    assert [list(scores(who)) for who in CHARACTERS] == [list(scores(who)) for who in CHARACTERS]
    assert {who.course for who in CHARACTERS} == set(Course)
    assert len(CHARACTERS) == 30


def test_whoever_comes_in_first_is_not_told_that_follow_up_never_ran(db: None, settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.STATIC_ROOT, settings.VAPID_KEY_FILE = True, tmp_path / "static", tmp_path / "vapid.key"
    ClinicFactory(is_demo=True)
    assert WebBrowser().get("/health/engine").status_code == 503
    call_command("prepare", verbosity=1, stdout=StringIO())
    assert WebBrowser().get("/health/engine").status_code == 200
