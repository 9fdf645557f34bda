"""What can a template put on a page with one word? Icons, severity marks, links that may not exist yet."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.base import FilterExpression, Node, Parser, Token
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from plans.journal.rules import severity_of
from plans.library.drawings import bodymap

register = template.Library()

STATIC_DIR = Path(__file__).parents[1] / "static" / "clinic"
SHEETS = re.findall(r'@import url\("([\w-]+\.css)"\)', (STATIC_DIR / "app.css").read_text())
# Drawn inline: an external file would cost a request and could not take the text colour.
SHAPES = {
    path.stem: re.sub(r"\s*\n\s*", "", path.read_text().partition(">")[2].rpartition("</svg>")[0])
    for path in STATIC_DIR.glob("icons/*.svg")
}
PIES = {
    "none": "",
    "mild": '<path class="mark__fill" d="M8 8V2.5A5.5 5.5 0 0 1 13.5 8Z"/>',
    "moderate": '<path class="mark__fill" d="M8 2.5A5.5 5.5 0 0 1 8 13.5Z"/>',
    "severe": '<circle class="mark__fill" cx="8" cy="8" r="6"/>',
}
DAY_MARKS = {
    "done": (
        '<circle cx="15" cy="15" r="13" fill="currentColor"/><path class="daymark__tick" d="m9.5 15.5 4 4 7.5-8.5"'
        ' fill="none" stroke-width="2.8" stroke-linecap="round" stroke-linejoin="round"/>'
    ),
    "today": (
        '<circle class="daymark__paper" cx="15" cy="15" r="12.5" stroke="currentColor" stroke-width="2.8"/>'
        '<circle cx="15" cy="15" r="4" fill="currentColor"/>'
    ),
    "todo": (
        '<circle cx="15" cy="15" r="12.5" fill="none" stroke="currentColor" stroke-width="1.8"'
        ' stroke-dasharray="3 3.5"/>'
    ),
    "rest": '<path d="M11 15h8" stroke="currentColor" stroke-width="2.5" stroke-linecap="round"/>',
}
SCORES = range(11)


@register.simple_tag
def stylesheets() -> SafeString:
    """A link to each stylesheet, or to the one they are joined to in production."""
    names = ["app.css"] if getattr(staticfiles_storage, "serves_one_sheet", False) else SHEETS
    return format_html_join(
        "\n  ", '<link rel="stylesheet" href="{}">', ((staticfiles_storage.url(f"clinic/{name}"),) for name in names)
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """`{% icon "flag" %}`: an inline picture that carries no meaning of its own (aria-hidden)."""
    return mark_safe(  # noqa: S308 - our own files, read once at start
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{SHAPES[name]}</svg>'
    )


@register.simple_tag
def logo() -> SafeString:
    """The mark of the clinic: two crossing strands, loosening."""
    return mark_safe(  # noqa: S308 - our own file
        f'<svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">{SHAPES["logo"]}</svg>'
    )


@register.simple_tag
def mark(severity: str) -> SafeString:
    """`{% mark "severe" %}`: the empty, quarter, half or full circle. A word must stand beside it."""
    return mark_safe(  # noqa: S308 - our own shapes
        '<svg class="mark" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        f'<circle class="mark__ring" cx="8" cy="8" r="6.5"/>{PIES[str(severity)]}</svg>'
    )


@register.simple_tag
def sev(score: int, word: str = "") -> SafeString:
    """`{% sev 8 %}`: “● 8/10 severe”."""
    severity = severity_of_score(score)
    return severity_words(severity, f"{score}/10 {word or severity_word(severity)}")


@register.simple_tag
def severity_words(severity: str, words: str) -> SafeString:
    """`{% severity_words "moderate" "Rising, 3 to 6" %}`: the mark with any words."""
    return format_html(
        '<span class="sev" data-severity="{}">{}<span>{}</span></span>', str(severity), mark(severity), words
    )


@register.filter
def severity_word(severity: str) -> str:
    """The word for a severity, as it stands inside a sentence."""
    return {
        "none": _("no pain"),
        "mild": _("mild"),
        "moderate": _("moderate"),
        "severe": _("severe"),
    }[str(severity)]


@register.filter
def severity_of_score(score: int) -> str:
    """`{{ 8|severity_of_score }}`: the band of a score, by the default bands."""
    return severity_of(score).value


@register.simple_tag
def pain_steps() -> list[dict[str, str]]:
    """The eleven answers of the pain scale, each with what a screen reader hears."""
    spoken = {0: _("0, no pain"), 10: _("10, worst pain imaginable")}
    return [
        {
            "value": str(score),
            "severity": severity_of_score(score),
            "spoken": spoken.get(score, f"{score}, {severity_word(severity_of_score(score))}"),
        }
        for score in SCORES
    ]


@register.simple_tag
def body_map(picked: Iterable[str] | None, uid: str) -> list[dict[str, Any]]:
    """The two figures with the regions a client can tick, for components/body_map.html."""
    chosen = frozenset(picked or ())
    return [
        {
            "words": _(words),
            "drawing": bodymap.figure(view, picked=chosen, uid=uid, say=_),
            "regions": [
                {"id": region.id, "words": _(region.label), "is_picked": region.id in chosen}
                for region in bodymap.regions(view)
            ],
        }
        for view, words in bodymap.VIEWS.items()
    ]


@register.simple_tag
def day_mark(state: str) -> SafeString:
    """`{% day_mark "done" %}`: done, today, todo or rest, as a round mark; the word stands beside it."""
    return mark_safe(  # noqa: S308 - our own shapes
        f'<svg viewBox="0 0 30 30" aria-hidden="true" focusable="false">{DAY_MARKS[str(state)]}</svg>'
    )


@register.simple_tag(takes_context=True)
def current(context: template.Context, address: str, section: bool = False, also: str = "") -> SafeString:
    """` aria-current="page"` when the page is `address`; with `section=True` when it lies below it or below `also`."""
    path = getattr(context.get("request"), "path", "")
    below = tuple(start for start in (address, also) if start)
    here = path == address or (section and bool(below) and path.startswith(below))
    return SafeString(' aria-current="page"' if here else "")


@register.tag
def nav_url(parser: Parser, token: Token) -> Node:
    """`{% nav_url "desk:caseload" as address %}`: empty when no such page exists yet."""
    _tag, name, *target = token.split_contents()
    if len(target) != 2 or target[0] != "as":
        raise template.TemplateSyntaxError('nav_url is written {% nav_url "name" as variable %}')
    return NavUrlNode(parser.compile_filter(name), target[1])


class NavUrlNode(Node):
    def __init__(self, name: FilterExpression, variable: str) -> None:
        self.name = name
        self.variable = variable

    def render(self, context: template.Context) -> str:
        try:
            address = reverse(self.name.resolve(context))
        except NoReverseMatch:
            address = ""
        context[self.variable] = address
        return ""
