"""What every page must do before it is good at anything: be read by all, move the cursor, fit, obey the theme."""

from typing import Any

import pytest

PAGES = ["/account/login/", "/account/login/code/", "/account/password/reset/", "/help/urgent/", "/api/v1/"]


def test_the_open_pages_are_accessible_on_every_screen_in_both_themes(visit: Any, cast: Any) -> None:
    visitor = visit()
    assert [fault for path in PAGES for fault in visitor.look_over(path)] == []


def test_a_refused_form_puts_the_cursor_on_the_problem_and_its_link_on_the_field(visit: Any, cast: Any) -> None:
    ruth = visit()
    ruth.open("/account/password/reset/")
    ruth.page.get_by_role("button", name="Send me a link").click()
    ruth.see("There is a problem")
    assert ruth.page.evaluate("document.activeElement.className") == "errsum"
    assert ruth.page.title().startswith("Error: ")
    ruth.page.locator(".errsum a").click()
    assert ruth.page.evaluate("document.activeElement.name") == "email"


def test_the_first_tab_skips_to_the_content(visit: Any, cast: Any) -> None:
    ruth = visit()
    ruth.open("/help/urgent/")
    ruth.page.keyboard.press("Tab")
    ruth.page.keyboard.press("Enter")
    assert ruth.page.evaluate("document.activeElement.id") == "main"


PAPER = {"light": "rgb(242, 245, 246)", "dark": "rgb(11, 22, 27)"}


@pytest.mark.parametrize("dark", [False, True], ids=["a light device", "a dark device"])
def test_a_chosen_theme_wins_over_the_device(visit: Any, cast: Any, dark: bool) -> None:
    visitor = visit(dark=dark)
    visitor.open("/help/urgent/")
    for chosen, paper in PAPER.items():
        visitor.page.evaluate("theme => document.documentElement.dataset.theme = theme", chosen)
        assert visitor.page.evaluate("getComputedStyle(document.body).backgroundColor") == paper


def test_digits_have_plain_zeros(visit: Any, cast: Any) -> None:
    """The text face slashes its zero, which can be misread on a pain scale; digits come from another file."""
    visitor = visit()
    visitor.open("/help/urgent/")
    faces = "document.fonts.ready.then(() => [...document.fonts].filter(f => f.status === 'loaded').length)"
    assert visitor.page.evaluate(faces) == 2
