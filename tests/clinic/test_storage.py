"""The stylesheets as they are served in production."""

import json
import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from clinic.storage import joined


def test_an_imported_sheet_stands_where_it_was_named():
    sheets = {"a.css": "a {}\n", "b.css": "b {}\n"}
    assert joined('@layer x;\n@import url("a.css");\n@import url("b.css");\n', sheets.__getitem__) == (
        "@layer x;\na {}\nb {}\n"
    )


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("static")
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "clinic.storage.OneSheetStorage"}}
    with override_settings(STATIC_ROOT=str(folder), STORAGES=storages):
        call_command("collectstatic", "--noinput", verbosity=0, ignore_patterns=["rest_framework", "mfa", "account"])
        yield folder


def test_a_page_links_that_one_sheet(collected, client, db):
    page = client.get("/account/login/").content.decode()
    assert page.count('rel="stylesheet"') == 1


def test_production_serves_one_sheet_with_the_names_of_its_fonts(collected):
    names = json.loads((collected / "staticfiles.json").read_text())["paths"]
    sheet = (collected / names["clinic/app.css"]).read_text()
    assert "@import" not in sheet
    assert names["clinic/fonts/atkinson-next.woff2"].rpartition("/")[2] in sheet
    assert ".nrs" in sheet


def test_the_home_screen_finds_its_icons(collected, client, db):
    page = client.get("/account/login/").content.decode()
    named = re.search(r'rel="manifest" href="/static/([^"]+)"', page)
    assert named is not None
    manifest = json.loads((collected / named[1]).read_text())
    icons = [(collected / named[1]).parent / icon["src"] for icon in manifest["icons"]]
    assert [icon.read_bytes()[:8] for icon in icons] == [b"\x89PNG\r\n\x1a\n"] * 2
