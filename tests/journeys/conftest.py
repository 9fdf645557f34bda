"""A real browser on a real server: Debian's chromium through Playwright, at a phone's and a desk's width.

Each page that a journey opens is watched: a line in the console, a refused resource or a request to
anywhere but the site fails the story.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from clinic.storage import SHEET, joined

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
Theme = Literal["light", "dark"]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
LOOKS: list[tuple[ViewportSize, Theme]] = [(DESK, "light"), (PHONE, "dark")]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A renderer that waits for a next page costs as much as one that shows a page.
    "--disable-features=SpareRendererForSitePerProcess,HttpsUpgrades,PaintHolding,MediaRouter,OptimizationHints",
]
TO_LISTEN = """
window.__refused = [];
document.addEventListener('securitypolicyviolation', e => {
  window.__refused.push(e.violatedDirective + ' ' + e.blockedURI);
});
"""
TO_LOOK = "axe.run({resultTypes: ['violations']}).then(found => found.violations.map(each => each.id))"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no chromium here: install it to run the journeys"))


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    # The database is there before the live server, so that it goes after it: a server's last connection would hold it.
    # Playwright's own loop is no reason for Django to refuse the database in this thread.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()
    if before is None:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture(scope="session", autouse=True)
def _one_sheet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The style of every page comes in one request, as it does in production, and not in twenty."""
    folder = tmp_path_factory.mktemp("sheets")
    written = Path(str(find(SHEET))).parent
    (folder / SHEET).parent.mkdir()
    (folder / SHEET).write_text(joined((written / "app.css").read_text(), lambda name: (written / name).read_text()))
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "tests.journeys.sheets.JoinedStorage"}}
    with override_settings(STATICFILES_DIRS=[folder], STORAGES=storages):
        yield


@dataclass
class Visitor:
    """One person's browser. `troubles` collects what no page may do; `leave` proves there was none."""

    address: str
    context: BrowserContext
    page: Page
    troubles: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.address + path)
        return self.page

    def see(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for(state="visible", timeout=30_000)

    def path(self) -> str:
        return self.page.url.removeprefix(self.address)

    def refused(self) -> list[str]:
        return list(self.page.evaluate("window.__refused || []"))

    def sideways(self) -> int:
        """Pixels that the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def look_over(self, path: str) -> list[tuple[str, ...]]:
        """What is wrong with a page on a desk by day and on a phone by night: axe's rules, and what is refused.

        Every width and every colour is looked at once; the colours of a theme are the same at each width.
        """
        self.open(path)
        found = [(path, "refused", each) for each in self.refused()]
        self.page.evaluate(Axe().axe_script)
        for size, theme in LOOKS:
            self.page.set_viewport_size(size)
            self.page.emulate_media(color_scheme=theme)
            if self.sideways():
                found.append((path, f"{size['width']} px", "scrolls sideways"))
            found += [(path, f"{size['width']} px", theme, name) for name in self.page.evaluate(TO_LOOK)]
        return found

    def leave(self) -> None:
        self.context.close()
        assert self.troubles == []


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Any]:
    """Opens a browser for one person: `visit()` at a desk, `visit(phone=True)` on a phone, `dark=True` at night."""
    visitors: list[Visitor] = []

    def come(*, phone: bool = False, dark: bool = False, script: bool = True) -> Visitor:
        context = browser.new_context(
            viewport=PHONE if phone else DESK,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        context.set_default_timeout(30_000)
        context.add_init_script(TO_LISTEN)
        page = context.new_page()
        visitor = Visitor(address=live_server.url, context=context, page=page)
        page.on("console", lambda line: visitor.troubles.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: visitor.troubles.append(str(error)))
        page.on(
            "request",
            lambda request: (
                visitor.troubles.append(f"a request to {request.url}")
                if not request.url.startswith((live_server.url, "data:", "blob:"))
                else None
            ),
        )
        visitors.append(visitor)
        return visitor

    yield come
    for visitor in visitors:
        visitor.leave()
