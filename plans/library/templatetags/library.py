"""What can a template say and draw about a technique? `{% load library %}`."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from plans.library.drawings import bodymap, poses
from plans.library.drawings.markup import Drawing
from plans.library.rules import (
    AREAS,
    CONTENT_REGIONS,
    Intensity,
    Side,
    UnknownRegion,
    on_one_side,
    site_label,
    where_muscle_lies,
)

register = template.Library()

Words = Mapping[str, str | Promise]
KINDS: Words = {
    "aerobic": _("Walking"),
    "ball": _("Ball"),
    "breathing": _("Breathing"),
    "foam-roller": _("Foam roller"),
    "heat": _("Heat"),
    "manual": _("By hand"),
    "mobility": _("Mobility"),
    "strength": _("Strength"),
    "stretch": _("Stretch"),
    "yoga": _("Yoga"),
}
INTENSITIES: Words = {"gentle": _("Gentle"), "moderate": _("Moderate"), "vigorous": _("Vigorous")}
LEVELS = {Intensity.GENTLE: 1, Intensity.MODERATE: 2, Intensity.VIGOROUS: 3}
EQUIPMENT: Words = {
    "bed": _("bed"),
    "chair": _("chair"),
    "cushion": _("cushion"),
    "doorway": _("doorway"),
    "foam-roller": _("foam roller"),
    "heat-pack": _("warm pack"),
    "heated-studio": _("heated room"),
    "light-weight": _("light weight"),
    "massage-ball": _("ball"),
    "mat": _("mat"),
    "resistance-band": _("stretchy band"),
    "shoes": _("shoes"),
    "sock": _("sock"),
    "step": _("step"),
    "strap": _("strap"),
    "table": _("table"),
    "towel": _("towel"),
    "treatment-table": _("treatment table"),
    "two-small-balls": _("two small balls"),
    "wall": _("wall"),
    "water": _("water"),
    "yoga-block": _("yoga block"),
}
STATES: Words = {
    "draft": _("Draft"),
    "in_review": _("In review"),
    "published": _("Published"),
    "retired": _("Retired"),
}
WHO: Words = {"client": _("By the client"), "bodyworker": _("By the bodyworker")}
SIDES: Words = {"left": _("left"), "right": _("right"), "both": _("both sides"), "none": _("in the middle")}
READ: Words = {
    "whole text": _("Read whole"),
    "abstract or extract": _("Extract read"),
    "not opened; cited from general knowledge": _("Not opened"),
}


def word(words: Words, key: object) -> str:
    """The word in the reader's language; a key the clinic invented is shown as it is."""
    return str(words.get(str(key), str(key).replace("-", " ").replace("_", " ")))


@register.filter
def kind_word(kind: str) -> str:
    """“Foam roller” for foam-roller."""
    return word(KINDS, kind)


@register.filter
def tool_word(tool: str) -> str:
    """“ball” for massage-ball, as it stands inside a list."""
    return word(EQUIPMENT, tool)


@register.filter
def way_words(text: Any) -> str:
    """“Ball, wall” or “Stretch, mat”: how a revision is done and with what, each thing once."""
    words = [word(KINDS, text.kind), *(word(EQUIPMENT, tool) for tool in text.equipment)]
    first_said = {each.casefold(): each for each in reversed(words)}
    return ", ".join(first_said[each] for each in dict.fromkeys(each.casefold() for each in words))


@register.filter
def intensity_word(intensity: str) -> str:
    return word(INTENSITIES, intensity)


@register.filter
def state_word(state: str) -> str:
    """“In review” for a revision's state."""
    return word(STATES, state)


@register.filter
def who_word(who: str) -> str:
    """“By the client” for who delivers a technique."""
    return word(WHO, who)


@register.filter
def read_word(read: str) -> str:
    """How much of a source was read, in two words."""
    return word(READ, read)


@register.filter
def area_word(area: str) -> str:
    """“Hip and buttock” for one of the eight areas."""
    return say(AREAS[area]) if area in AREAS else word({}, area)


@register.filter
def region_word(region: str) -> str:
    """“Outer hip” for one of the 23 regions that records are about."""
    return say(CONTENT_REGIONS[region]) if region in CONTENT_REGIONS else word({}, region)


@register.filter
def side_word(side: str) -> str:
    """“left”, “right”, “both sides”."""
    return word(SIDES, side)


@register.simple_tag
def site_words(region: str, side: str) -> str:
    """`{% site_words "back-buttock" "left" %}`: “Left buttock”; a site nobody knows any more stays as stored."""
    try:
        return say(site_label(region, side))
    except UnknownRegion:
        return word({}, region)


@register.simple_tag
def level(intensity: str) -> SafeString:
    """`{% level "gentle" %}`: one, two or three bars with the word."""
    number = LEVELS.get(Intensity(intensity), 1) if intensity in LEVELS else 1
    return format_html(
        '<span class="level"><span class="level__bars" data-level="{}" aria-hidden="true"><i></i><i></i><i></i></span>'
        "{}</span>",
        number,
        intensity_word(intensity),
    )


@register.simple_tag
def drawing(slug: str, frame: int = 1, side: str = "", beside_words: bool = False) -> Drawing | str:
    """`{% drawing technique.slug frame=2 side="left" %}`: one picture of a technique.

    The left side is the right one mirrored. `beside_words=True` where a text next to it says the same:
    screen readers then pass it over. Nothing for a technique without a drawing.
    """
    if not 1 <= frame <= len(poses.steps_of(slug)):
        return ""
    return poses.drawing(slug, frame, is_other_side=side == Side.LEFT, is_hidden=beside_words)


@register.simple_tag
def drawing_steps(slug: str) -> list[poses.Step]:
    """`{% drawing_steps technique.slug as pictures %}`: number, caption and alt of each picture."""
    return poses.steps_of(slug)


@register.simple_tag
def muscle_map(muscles: Iterable[Any], side: str = "", uid: str = "where") -> list[dict[str, Any]]:
    """`{% muscle_map text.muscles.all side="left" as views %}`: the figures that show where these muscles lie."""
    regions = [
        region for muscle in muscles for region in where_muscle_lies(muscle.origin_slug or muscle.slug, muscle.region)
    ]
    return figures_of(regions, side, uid)


@register.simple_tag
def region_map(regions: Iterable[str], side: str = "", uid: str = "felt") -> list[dict[str, Any]]:
    """The same for body-map regions without sides."""
    return figures_of(regions, side, uid)


@register.simple_tag
def felt_map(regions: Iterable[str], side: str = "", uid: str = "felt") -> dict[str, Any]:
    """`{% felt_map regions uid=point.slug as view %}`: the figure, front or back, that shows most of it, close up."""
    return max(figures_of(regions, side, uid, is_close=True), key=lambda view: view["count"], default={})


def figures_of(regions: Iterable[str], side: str, uid: str, *, is_close: bool = False) -> list[dict[str, Any]]:
    """One figure for each view with something to show: its drawing and its words."""
    shown = Side.LEFT if side == Side.LEFT else Side.RIGHT
    ids = on_one_side(regions, shown)
    captions = {
        ("front", Side.RIGHT): _("Front, right side shown"),
        ("front", Side.LEFT): _("Front, left side shown"),
        ("back", Side.RIGHT): _("Back, right side shown"),
        ("back", Side.LEFT): _("Back, left side shown"),
    }
    return [
        {
            "words": captions[(view, shown)],
            "drawing": bodymap.figure(view, picked=ids, is_close=is_close, uid=uid, say=say),
            "count": count,
        }
        for view in bodymap.VIEWS
        if (count := sum(region.startswith(f"{view}-") for region in ids))
    ]
