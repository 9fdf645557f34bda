"""Every technique is drawn from its poses, and every drawing may stand in a page under a strict policy."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from plans.library.drawings import poses
from plans.library.drawings.figure import Figure

ROOT = Path(__file__).parents[2]
TECHNIQUES = json.loads((ROOT / "plans/library/starter/techniques.json").read_text(encoding="utf-8"))["records"]
SLUGS = [technique["slug"] for technique in TECHNIQUES]
PICTURES = [(slug, step.number) for slug in SLUGS for step in poses.steps_of(slug)]
CSS = (ROOT / "clinic/static/clinic/pose.css").read_text(encoding="utf-8")
FURNITURE = {"bed", "bench", "stool", "chair", "step"}  # carries a body off the floor

every_picture = pytest.mark.parametrize(("slug", "number"), PICTURES, ids=lambda part: str(part))


def test_every_technique_of_the_starter_library_is_drawn():
    assert len(SLUGS) == 58
    assert len(PICTURES) == 98
    assert set(poses.poses()["techniques"]) == set(SLUGS)
    assert all(1 <= len(poses.steps_of(slug)) <= 3 for slug in SLUGS)


@every_picture
def test_a_drawing_is_whole_and_says_what_it_shows(slug, number):
    root = ET.fromstring(poses.drawing(slug, number))
    assert root.get("viewBox") == "0 0 320 240"
    assert root.get("role") == "img"
    assert root.findtext("title")
    assert root.findtext("desc") == poses.steps_of(slug)[number - 1].alt
    assert {element.tag for element in root.iter()} <= {"svg", "title", "desc", "g", "path"}


@every_picture
def test_a_drawing_carries_no_style_no_id_and_no_colour_of_its_own(slug, number):
    root = ET.fromstring(poses.drawing(slug, number))
    for element in root.iter():
        assert not {"style", "id"} & set(element.attrib)
        painted = {element.get("fill"), element.get("stroke")}
        assert painted <= {None, "none", "currentColor", "Canvas"}
        assert not re.search(r"nan|inf", element.get("d", ""))


@every_picture
def test_every_part_of_a_drawing_has_its_colour_in_the_style_sheet(slug, number):
    root = ET.fromstring(poses.drawing(slug, number))
    classes = {name for element in root.iter() for name in element.get("class", "").split()} - {"pose"}
    assert [name for name in classes if not re.search(rf"\.{name}[ ,{{]", CSS)] == []


@every_picture
def test_a_drawing_bends_the_body_as_people_bend(slug, number):
    assert poses.misfits(slug, number) == []


@every_picture
def test_a_body_stands_on_something(slug, number):
    frame = poses.frames_of(slug)[number - 1]
    lowest = min(point[1] - radius for point, radius in Figure(frame["figure"]).at.values())
    assert lowest <= 4 or FURNITURE & {prop["type"] for prop in frame.get("props", [])}


def test_the_other_side_is_the_same_picture_mirrored_by_its_class():
    one, other = poses.drawing("pigeon-single", 1), poses.drawing("pigeon-single", 1, is_other_side=True)
    assert 'class="pose pose--other-side"' in other
    assert other.replace(" pose--other-side", "") == one
    assert ".pose--other-side" in CSS


def test_a_picture_beside_its_words_is_hidden_from_screen_readers():
    drawing = poses.drawing("cat-cow", 1, is_hidden=True)
    assert 'aria-hidden="true"' in drawing
    assert "<title>" not in drawing
    assert "role=" not in drawing


def test_a_drawing_is_written_once():
    assert poses.drawing("cat-cow", 2) is poses.drawing("cat-cow", 2)


def test_a_technique_the_clinic_made_itself_has_no_drawing_and_breaks_nothing():
    assert not poses.is_drawn("their-own")
    assert poses.steps_of("their-own") == []


@pytest.mark.parametrize("frame", [0, 3, -1])
def test_a_frame_that_is_not_there_is_refused(frame):
    with pytest.raises(KeyError, match="cat-cow has 2 frames"):
        poses.drawing("cat-cow", frame)


def test_a_pose_no_body_can_take_is_told():
    bent = Figure({"legR": [-90, 80], "legL": [-90, -90]}, "try")
    assert any(warning.startswith("try: kneeR is") for warning in bent.warn)


def test_a_hand_that_falls_short_is_told():
    assert any("short of its target" in warning for warning in Figure({"armR": {"to": [300, 300, 0]}}, "try").warn)


def test_a_limb_that_reaches_for_nothing_is_refused():
    with pytest.raises(ValueError, match="nowhere"):
        Figure({"armR": {"to": "tail"}}, "try")
