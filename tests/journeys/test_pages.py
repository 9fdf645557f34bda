"""The pages people work on every day: read by all, fitting every screen, in both themes, without a script error."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from tests.factories.followup import EscalationEventFactory, EscalationFactory
from tests.factories.journal import ReportSiteFactory
from tests.today.courses import give, log

NARROW = {"width": 320, "height": 640}


def signed_in(visitor: Any, user: Any) -> Any:
    browser = Browser()
    browser.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    visitor.context.add_cookies([{"name": name, "value": browser.cookies[name].value, "url": visitor.address}])
    return visitor


@pytest.fixture
def story(cast: Any) -> dict[str, list[str]]:
    """Maya has a program, a log with a place, and an open case; the pages of Jo and of Maya about it."""
    today = timezone.localdate()
    course = give(cast.client, by=cast.bodyworker.user, starts_on=today, planned=(today,))
    session = log(course, on=today, before=4, after=8, at=timezone.now(), note="Sharp under the ball.")
    ReportSiteFactory(report=session.reports.get(moment="after"))
    readings = [{"on": today.isoformat(), "score": 8, "session": session.pk}]
    case = EscalationFactory(client=cast.client, rule="asked-for-help", params={"score": 8}, readings=readings)
    EscalationEventFactory(escalation=case, sequence=1)
    record = reverse("desk:client", args=[cast.client.uuid])
    return {
        "jo": ["/caseload/", record, f"{record}handout/", "/escalations/", reverse("followup:case", args=[case.uuid])],
        "maya": [
            "/today/",
            "/program/",
            reverse("today:day", args=[course.program.uuid]),
            reverse("today:technique", args=[course.lines[0].uuid]),
            "/me/",
        ],
    }


@pytest.mark.parametrize("person", ["jo", "maya"])
def test_the_daily_pages_are_accessible_on_every_screen_in_both_themes(
    visit: Any, cast: Any, story: dict[str, list[str]], person: str
) -> None:
    user = {"jo": cast.bodyworker.user, "maya": cast.client.user}[person]
    visitor = signed_in(visit(), user)
    assert [fault for path in story[person] for fault in visitor.look_over(path)] == []


def test_no_daily_page_scrolls_sideways_on_the_narrowest_screen(
    visit: Any, cast: Any, story: dict[str, list[str]]
) -> None:
    for person, user in (("jo", cast.bodyworker.user), ("maya", cast.client.user)):
        visitor = signed_in(visit(phone=True), user)
        visitor.page.set_viewport_size(NARROW)
        for path in story[person]:
            visitor.open(path)
            assert (path, visitor.sideways()) == (path, 0)


def test_a_case_is_taken_and_closed_without_a_script(visit: Any, cast: Any, story: dict[str, list[str]]) -> None:
    jo = signed_in(visit(script=False), cast.bodyworker.user)
    jo.open("/caseload/")
    jo.page.get_by_role("button", name="Acknowledge Maya Lindqvist").click()
    jo.see("Nobody needs you now.")
    jo.open(story["jo"][-1])
    jo.page.get_by_label("No answer").check()
    jo.page.get_by_role("button", name="Resolve").click()
    jo.see("Say in a few words why the case can be closed.")
    jo.troubles.clear()  # the browser writes down that the form was refused
    jo.page.get_by_label("Note").fill("Rang twice, left a message.")
    jo.page.get_by_role("button", name="Resolve").click()
    jo.see("The case of Maya Lindqvist is closed.")
    assert "Rang twice, left a message." in jo.page.content()
