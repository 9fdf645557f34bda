"""The whole loop as the two people see it: invited at a desk, followed on a phone, told, answered, on record."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from accounts.people.models import Client
from clinic.demo.stage import Stage, mail_server
from plans.followup.models import Escalation
from plans.library.actions import import_library
from plans.programs.actions import import_templates
from tests.conftest import Cast
from tests.factories.people import PASSWORD

GENTLE = "Gluteal release - gentle"


@pytest.fixture
def stage() -> Iterator[Stage]:
    with mail_server() as channel:
        yield Stage(channel)


@pytest.fixture
def shelved(transactional_db: None, cast: Cast) -> Cast:
    """Harbour with its library; the templates may be assigned as in a demo."""
    cast.harbour.is_demo = True
    cast.harbour.save(update_fields=["is_demo"])
    now = timezone.now()
    import_library(clinic=cast.harbour, by=cast.curator.user, now=now)
    import_templates(clinic=cast.harbour, by=cast.curator.user, now=now)
    return cast


def sign_in(visitor: Any, email: str) -> None:
    visitor.open("/account/login/")
    staff = visitor.page.locator("form", has=visitor.page.get_by_label("Password"))
    staff.get_by_label("Email").fill(email)
    staff.get_by_label("Password").fill(PASSWORD)
    staff.get_by_role("button", name="Sign in").click()


def score(visitor: Any, question: str, value: int) -> None:
    """Tap a number of the pain scale as a finger does: on its square."""
    scale = visitor.page.locator("fieldset.nrs", has=visitor.page.get_by_role("heading", name=question))
    scale.locator(f'label:has(input[value="{value}"])').click()


def invite(jo: Any, *, script: bool = True) -> str:
    """Fills the one page and answers with the link that the client is shown in the room."""
    jo.open("/clients/invite/")
    jo.page.get_by_label("Name", exact=True).fill("Hanna Berg")
    jo.page.get_by_label("Email or mobile").fill("hanna.berg@example.org")
    jo.page.locator("label", has_text=GENTLE).first.click()
    if not script:  # where there is script, choosing is enough
        jo.page.get_by_role("button", name="Use this template").click()
    jo.see("Safety questions")
    jo.page.locator("label", has_text="none of the others").click()
    jo.page.get_by_role("button", name="Send invite").click()
    jo.see("Hanna Berg is invited")
    return str(jo.page.locator("input[readonly]").first.input_value())


@pytest.mark.timeout(180)
def test_a_cry_for_help_reaches_a_person_and_the_client_sees_the_answer(
    visit: Any, shelved: Cast, stage: Stage
) -> None:
    jo = visit()
    sign_in(jo, shelved.bodyworker.user.email)
    link = invite(jo)
    stage.tick(timezone.now())

    hanna = visit(phone=True)
    hanna.open(re.sub(r"^https?://[^/]+", "", link))
    hanna.page.get_by_role("button", name="Agree and continue").click()
    hanna.see("Hanna")
    assert hanna.path().startswith("/today/")

    hanna.open("/hurts/")
    score(hanna, "How bad is it now?", 8)
    hanna.page.locator("label", has_text="It cannot wait").click()
    for question in hanna.page.locator("fieldset.yn").all():
        question.locator("label", has_text="No").click()
    hanna.page.get_by_role("button", name="Save and tell Jo").click()
    hanna.see("Thank you for telling us")

    stage.tick(timezone.now())
    case = Escalation.objects.live().get(client=Client.objects.get(name="Hanna Berg"))
    assert case.rule == "asked-for-help"
    hanna.open("/today/")
    hanna.see("Jo has been told")

    jo.open("/caseload/")
    jo.see("Hanna Berg")
    jo.page.get_by_role("button", name="Acknowledge").first.click()
    hanna.open("/today/")
    hanna.see("Jo has seen it")

    jo.open(f"/escalations/{case.uuid}/")
    jo.page.locator("label", has_text="Called").click()
    jo.page.get_by_role("button", name="Resolve").last.click()
    case.refresh_from_db()
    assert (case.state, case.outcome, case.resolved_by) == ("resolved", "called", shelved.bodyworker.user)


def test_a_log_on_the_phone_takes_four_taps(visit: Any, shelved: Cast) -> None:
    jo = visit()
    sign_in(jo, shelved.bodyworker.user.email)
    link = invite(jo)
    hanna = visit(phone=True)
    hanna.open(re.sub(r"^https?://[^/]+", "", link))
    hanna.page.get_by_role("button", name="Agree and continue").click()
    hanna.open("/log/")

    score(hanna, "How was your pain before?", 5)
    score(hanna, "How is your pain now?", 3)
    hanna.page.get_by_role("button", name="Save session").click()
    hanna.see("Saved")


def test_nothing_typed_is_lost_when_a_score_is_missing_and_there_is_no_script(visit: Any, shelved: Cast) -> None:
    jo = visit(script=False)
    sign_in(jo, shelved.bodyworker.user.email)
    link = invite(jo, script=False)
    hanna = visit(phone=True, script=False)
    hanna.open(re.sub(r"^https?://[^/]+", "", link))
    hanna.page.get_by_role("button", name="Agree and continue").click()
    hanna.open("/check-in/")
    hanna.page.get_by_role("button", name=re.compile("Save")).click()
    hanna.see("There is a problem")
