"""The body map: every region can be tapped, and the picture agrees with the list beside it."""

import re
from xml.etree import ElementTree

import pytest

from plans.library.drawings import bodymap
from plans.library.drawings.bodymap import Heat, figure
from plans.library.drawings.markup import Drawing, element
from plans.library.rules import BODY_MAP, MAP_REGION

SVG_OF_A_MIRROR = "matrix(-1 0 0 1 200 0)"


def drawn(view: str, **given: object) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(figure(view, **given)).iter())


def region_paths(view: str, **given: object) -> dict[str, ElementTree.Element]:
    return {path.get("data-region", ""): path for path in drawn(view, **given) if path.get("data-region")}


@pytest.mark.parametrize("view", bodymap.VIEWS)
def test_every_region_of_a_view_is_drawn_once(view):
    assert list(region_paths(view)) == [region.id for region in BODY_MAP if region.view == view]


def test_every_shape_belongs_to_a_region():
    assert set(bodymap.SHAPES) == {region.region for region in BODY_MAP}


@pytest.mark.parametrize(
    ("region", "is_mirrored"),
    [
        ("front-knee-right", True),
        ("front-knee-left", False),
        ("back-calf-left", True),
        ("back-calf-right", False),
        ("front-groin", False),
    ],
)
def test_sides_are_the_persons_own(region, is_mirrored):
    path = region_paths(MAP_REGION[region].view)[region]
    assert (path.get("transform") == SVG_OF_A_MIRROR) is is_mirrored


@pytest.mark.parametrize(("view", "words"), [("front", ["Right", "Left"]), ("back", ["Left", "Right"])])
def test_the_hands_say_whose_left_it_is(view, words):
    assert [part.text for part in drawn(view) if part.get("class") == "bodymap__lr"] == words


def test_a_picked_region_is_marked_and_the_others_are_not():
    paths = region_paths("back", picked=["back-buttock-right", "front-knee-left"])
    assert {name for name, path in paths.items() if path.get("data-severity")} == {"back-buttock-right"}


def test_heat_stands_as_colour_and_as_number():
    parts = drawn("back", heat={"back-buttock-right": Heat("severe", 8)})
    pins = [part for part in parts if part.get("class") == "bodymap__pin"]
    assert [text.text for text in pins[0].iter("text")] == ["8"]
    assert pins[0].get("data-severity") == "severe"


def test_a_number_lies_on_its_own_side():
    left, right = (bodymap.pin_of(MAP_REGION[f"back-buttock-{side}"]) for side in ("left", "right"))
    assert left[0] < bodymap.MIDLINE < right[0]
    assert left[1] == right[1]


@pytest.mark.parametrize("region", BODY_MAP, ids=lambda region: region.id)
def test_close_up_the_region_is_in_the_picture(region):
    x, y, wide, high = bodymap.frame_round([region])
    left, top = bodymap.pin_of(region)
    assert x < left < x + wide
    assert y < top < y + high
    assert x >= 0
    assert x + wide <= bodymap.WIDTH
    assert y >= 0
    assert y + high <= bodymap.HEIGHT


def test_close_up_of_nothing_is_the_whole_figure():
    assert figure("front", is_close=True) == figure("front")


def test_close_up_names_no_hands_that_are_out_of_sight():
    close = figure("back", picked=["back-buttock-right"], is_close=True)
    assert "bodymap__lr" not in close
    assert "bodymap__svg--zoom" in close


def test_two_figures_of_one_page_do_not_share_ids():
    ids = re.findall(r' id="([^"]+)"', figure("front", uid="a") + figure("back", uid="a") + figure("front", uid="b"))
    assert len(ids) == len(set(ids)) == 3


def test_the_picture_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in figure("front")


def test_a_drawing_carries_no_style_of_its_own():
    assert " style=" not in figure("back", heat={"back-neck": Heat("mild", 2)})


def test_words_come_in_the_readers_language():
    assert "<title>GROIN</title>" in figure("front", say=str.upper)


def test_text_and_attributes_are_escaped():
    written = element("text", "<b>", title='"', x=1.0, y=None)
    assert written == '<text title="&quot;" x="1">&lt;b&gt;</text>'


def test_a_drawing_inside_a_drawing_is_kept():
    assert element("g", element("path", d="M0 0"), class_="a") == '<g class="a"><path d="M0 0"/></g>'


def test_a_template_prints_a_drawing_as_it_is():
    assert Drawing("<svg/>").__html__() == "<svg/>"
