"""Getting in, in a real browser."""

from typing import Any


def test_a_wrong_password_says_what_to_do_and_keeps_the_address(visit: Any, cast: Any) -> None:
    jo = visit()
    jo.open("/account/login/")
    jo.page.get_by_label("Email").last.fill(cast.bodyworker.user.email)
    jo.page.get_by_label("Password").fill("not-the-password-at-all")
    jo.page.get_by_role("button", name="Sign in").click()
    jo.see("There is a problem")
    assert jo.page.get_by_label("Email").last.input_value() == cast.bodyworker.user.email


def test_the_sign_in_page_fits_a_small_phone_without_sideways_scroll(visit: Any, cast: Any) -> None:
    maya = visit(phone=True)
    maya.page.set_viewport_size({"width": 320, "height": 700})
    maya.open("/account/login/")
    assert maya.sideways() == 0
    assert maya.refused() == []
