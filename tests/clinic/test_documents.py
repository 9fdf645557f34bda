"""The pages about running it say what the code does."""

import re

import pytest

from clinic import checks
from tests.architecture.tree import ROOT

SETTINGS = (ROOT / "clinic" / "settings.py").read_text()
SETTINGS_PAGE = (ROOT / "docs" / "settings.md").read_text()
OPERATIONS_PAGE = (ROOT / "docs" / "operations.md").read_text()
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def test_every_variable_is_on_the_page_of_settings():
    read = set(re.findall(r'(?:env\.\w+|flag|whole|address)\(\s*["\'](\w+)["\']', SETTINGS))
    written = set(re.findall(r"^\| `(\w+)` \|", SETTINGS_PAGE, re.MULTILINE))
    assert written == read


def test_every_check_is_on_the_page_of_operations():
    source = (ROOT / "clinic" / "checks.py").read_text()
    assert checks.__doc__
    assert set(re.findall(r"unknot\.[EW]\d+", OPERATIONS_PAGE)) == set(re.findall(r"unknot\.[EW]\d+", source))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_link_to_a_file_of_ours_leads_somewhere(page):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_a_decision_fits_on_a_page():
    assert {
        p.name: n for p in (ROOT / "docs" / "adr").glob("*.md") if (n := len(p.read_text().splitlines())) > 40
    } == {}


def test_every_make_target_that_a_page_names_exists():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"`(?:[A-Z_]+=\S+ )*make (\w+)", page.read_text())}
    assert named <= targets
