"""What the content security policy would refuse in a browser, refused before it gets there."""

import re

import pytest
from django.conf import settings

from .tree import ROOT, name_of

INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script without a file": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
}
FOREIGN = re.compile(r"""(?:src|href|action)\s*=\s*['"](?:https?:)?//""", re.IGNORECASE)


def pages():
    mail = ROOT / "templates" / "mail"
    return [path for path in (ROOT / "templates").rglob("*.html") if mail not in path.parents]


@pytest.mark.parametrize("what", INLINE)
def test_no_page_carries(what):
    assert [name_of(path) for path in pages() if INLINE[what].search(path.read_text())] == []


def test_no_page_asks_another_site_for_anything():
    assert [name_of(path) for path in pages() if FOREIGN.search(path.read_text())] == []


def test_no_style_sheet_or_script_asks_another_site_for_anything():
    foreign = re.compile(r"""(?:url\(|@import|from|fetch\()\s*['"]?(?:https?:)?//""")
    files = [*(ROOT / "clinic" / "static").rglob("*.css"), *(ROOT / "clinic" / "static").rglob("*.js")]
    assert files
    assert [name_of(path) for path in files if foreign.search(path.read_text())] == []


def test_the_policy_starts_from_nothing():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["default-src"] == ["'none'"]
    assert directives["frame-ancestors"] == ["'none'"]
    assert directives["base-uri"] == ["'none'"]
    for name in ("script-src", "style-src", "form-action", "connect-src", "font-src", "worker-src", "manifest-src"):
        assert directives[name] == ["'self'"]
    assert directives["img-src"] == ["'self'", "data:", "blob:"]
