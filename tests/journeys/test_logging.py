"""A client logs on a phone: what a score unfolds, what works without script, and what is never lost."""

from typing import Any

import pytest
from django.test import Client as Browser

from plans.journal.models import Session
from tests.factories.library import RedFlagFactory
from tests.journal.conftest import Running, run_program


@pytest.fixture
def running(cast: Any) -> Running:
    return run_program(cast.client, cast.bodyworker.user)


@pytest.fixture
def maya(visit: Any, cast: Any) -> Any:
    """Opens Maya's phone, signed in already."""

    def come(**how: bool) -> Any:
        sitting = Browser()
        sitting.force_login(cast.client.user)
        visitor = visit(phone=True, **how)
        cookie = sitting.cookies["sessionid"].value
        visitor.context.add_cookies([{"name": "sessionid", "value": cookie, "url": visitor.address}])
        return visitor

    return come


def score(page: Any, name: str, value: int) -> None:
    page.locator(f"input[name={name}][value='{value}']").check(force=True)


def save(page: Any) -> None:
    page.get_by_role("button", name="Save").click()


def test_a_calm_session_is_two_numbers_and_save(maya: Any, running: Running) -> None:
    phone = maya()
    page = phone.open("/log/")
    assert not page.get_by_text("Can it wait until your visit?").first.is_visible()
    score(page, "before", 5)
    score(page, "after", 3)
    phone.see("2 lower")
    save(page)
    phone.see("Saved")
    assert Session.objects.get().items.filter(is_done=True).count() == 2


def test_a_high_score_unfolds_its_questions_at_once(maya: Any, running: Running, cast: Any) -> None:
    flag = RedFlagFactory(clinic=cast.harbour, question="New numbness?", client_message="Stop now. Call for help.")
    phone = maya()
    page = phone.open("/log/")
    score(page, "before", 5)
    score(page, "after", 7)
    phone.see("Can it wait until your visit?")
    assert not page.get_by_text(flag.question).first.is_visible()
    score(page, "after", 9)
    phone.see(flag.question)
    assert not page.get_by_text("Stop now.").first.is_visible()
    page.locator(f"input[name=flag_{flag.slug}][value=yes]").check(force=True)
    phone.see("Stop now.")
    assert Session.objects.count() == 0
    save(page)
    phone.see("Your report")
    phone.see("Stop now.")
    phone.see("Call for help.")


def test_without_script_the_page_asks_on_the_second_try(maya: Any, running: Running, cast: Any) -> None:
    flag = RedFlagFactory(clinic=cast.harbour, question="New numbness?")
    phone = maya(script=False)
    page = phone.open("/log/")
    score(page, "before", 5)
    score(page, "after", 9)
    save(page)
    phone.see("There is a problem")
    phone.see(flag.question)
    page.locator("input[name=can_wait][value=yes]").check(force=True)
    page.locator(f"input[name=flag_{flag.slug}][value=no]").check(force=True)
    save(page)
    phone.see("Thank you for telling us")


def test_what_was_typed_outlives_a_page_that_was_open_too_long(maya: Any, running: Running) -> None:
    phone = maya()
    page = phone.open("/log/")
    score(page, "before", 4)
    page.get_by_text("Add a note").click()
    page.locator("textarea").fill("worse on the stairs")
    page = phone.open("/log/")
    assert page.locator("textarea").input_value() == "worse on the stairs"
    assert page.locator("input[name=before][value='4']").is_checked()
    score(page, "after", 4)
    save(page)
    phone.see("Saved")
    page = phone.open("/log/")
    assert page.locator("textarea").input_value() == ""


@pytest.mark.parametrize("page", ["/log/", "/check-in/", "/hurts/", "/progress/"])
def test_the_pages_fit_a_small_phone(maya: Any, running: Running, page: str) -> None:
    phone = maya()
    phone.page.set_viewport_size({"width": 320, "height": 700})
    phone.open(page)
    assert phone.sideways() == 0
    assert phone.refused() == []
