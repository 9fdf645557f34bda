"""What a letter may say: the library's words for letters, and never anything about anybody's health."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from accounts.post.delivery import write
from accounts.post.models import Letter
from tests.factories.journal import PainReportFactory, ReportSiteFactory, SessionFactory
from tests.factories.post import LetterFactory
from tests.factories.programs import PhaseFactory, PlannedSessionFactory

KINDS = sorted(path.name for path in (Path(settings.BASE_DIR) / "templates" / "mail").iterdir() if path.is_dir())
STARTER = Path(settings.BASE_DIR) / "plans" / "library" / "starter" / "messages.json"
# The test of a device is asked for by its owner and is about nobody: no words of the library.
OURS = {"device-test": {"audience": "client", "shown": "letter"}}
RECORDS = OURS | {record["slug"]: record for record in json.loads(STARTER.read_text())["records"]}
WORDS = {"sessions_done": 3, "is_as_told": True, "count": 2}
UNSAID = ("pain", "buttock", "hip", "glute", "severe", "score", "diagnosis", "zqcanary")


@pytest.fixture
def suffering(cast):
    """Maya's record is full of what no letter may hold."""
    cast.client.name = "Zqcanary Maya"
    cast.client.save()
    phase = PhaseFactory(
        title="Zqcanary hip", version__program__client=cast.client, version__program__name="Zqcanary buttock"
    )
    PlannedSessionFactory(phase=phase)
    session = SessionFactory(client=cast.client, note="zqcanary severe pain")
    ReportSiteFactory(report=PainReportFactory(session=session, score=9), region="zqcanary")
    return cast


def test_every_letter_is_one_that_the_library_lets_go_out():
    known = {slug for slug, record in RECORDS.items() if record["shown"] == "letter"}
    assert set(KINDS) - known == set()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("subject", ["nudge", "test", "escalation"])
def test_no_letter_speaks_of_health(suffering, kind, subject):
    if RECORDS[kind]["audience"] == "client":
        letter = LetterFactory(client=suffering.client, kind=kind, subject_kind=subject)
    else:
        letter = LetterFactory(
            client=None, clinic=suffering.harbour, membership=suffering.bodyworker, audience="staff", kind=kind
        )
    letter.params = {"path": "/today/", "why": "/why/", "words": WORDS}
    words = write(letter)
    said = f"{words.subject}\n{words.text}\n{words.html}".lower()
    assert [word for word in UNSAID if word in said] == []


def test_a_test_says_that_it_is_one(cast):
    words = write(LetterFactory(client=cast.client, subject_kind="test"))
    assert words.subject == "Test: Your session is ready"
    assert "This is a test. It is about nobody" in words.text
    assert "This is a test. It is about nobody" in words.html


@pytest.mark.parametrize(("done", "said"), [(1, "1 session this week."), (4, "4 sessions this week.")])
def test_the_few_words_of_a_letter_are_its_own(cast, done, said):
    first = Letter(clinic=cast.harbour, client=cast.client, kind="good-week", subject_kind="nudge", audience="client")
    first.params = {"words": {"sessions_done": done}}
    assert write(first).subject == said
