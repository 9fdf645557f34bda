"""The body, the safety questions: judgement without a database."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from plans.library.drawings import bodymap
from plans.library.rules import (
    AREAS,
    BODY_MAP,
    CONTENT_REGIONS,
    CONTENT_REGIONS_OF,
    CONTENT_REGIONS_OF_AREA,
    Equipment,
    FlagUrgency,
    Intensity,
    Side,
    Suits,
    TechniqueKind,
    UnknownRegion,
    content_regions_of,
    is_map_region,
    map_region_at,
    map_regions_of,
    on_one_side,
    red_flags_for,
    site_label,
    where_muscle_lies,
)

STARTER = Path(__file__).parents[2] / "plans" / "library" / "starter"


def starter(name: str):
    return json.loads((STARTER / f"{name}.json").read_text(encoding="utf-8"))


VOCAB = starter("vocab")


# The body.


def test_the_body_map_has_54_regions():
    assert len(BODY_MAP) == len({region.id for region in BODY_MAP}) == 54


def test_the_picture_has_the_same_regions_as_the_rules():
    assert set(bodymap.SHAPES) == {region.region for region in BODY_MAP}
    assert [region for view in bodymap.VIEWS for region in bodymap.regions(view)] == list(BODY_MAP)


@pytest.mark.parametrize("region", BODY_MAP, ids=lambda region: region.id)
def test_every_region_of_the_map_is_known_to_the_records(region):
    found = content_regions_of(region.id)
    assert found
    assert set(found) <= set(CONTENT_REGIONS)
    assert found == content_regions_of(region.region)


@pytest.mark.parametrize("content", CONTENT_REGIONS)
def test_every_region_of_the_records_lies_on_the_map(content):
    found = map_regions_of(content)
    assert found
    assert all(content in content_regions_of(region) for region in found)


@pytest.mark.parametrize("map_region", CONTENT_REGIONS_OF)
def test_the_two_ways_of_the_mapping_agree(map_region):
    assert all(map_region in map_regions_of(content) for content in content_regions_of(map_region))


def test_the_content_regions_are_those_of_the_starter_words():
    assert set(CONTENT_REGIONS) == set(VOCAB["body_regions"])
    assert set(AREAS) == set(CONTENT_REGIONS_OF_AREA) == set(VOCAB["muscle_regions"])


def test_every_content_region_belongs_to_an_area():
    assert {content for regions in CONTENT_REGIONS_OF_AREA.values() for content in regions} == set(CONTENT_REGIONS)


@pytest.mark.parametrize("unknown", ["", "buttock", "back-tail", "back-buttock-both", "BACK-BUTTOCK"])
def test_an_unknown_map_region_is_refused(unknown):
    with pytest.raises(UnknownRegion):
        content_regions_of(unknown)


def test_an_unknown_content_region_is_refused():
    with pytest.raises(UnknownRegion):
        map_regions_of("back-buttock")


@pytest.mark.parametrize(
    ("region", "side", "is_known"),
    [
        ("back-buttock", "left", True),
        ("back-buttock", "right", True),
        ("back-buttock", "none", False),
        ("back-buttock", "both", False),
        ("front-groin", "none", True),
        ("front-groin", "left", False),
        ("back-buttock-left", "left", False),
        ("buttock", "left", False),
        ("", "", False),
    ],
)
def test_a_site_is_a_region_with_the_side_it_has(region, side, is_known):
    assert is_map_region(region, side) is is_known


def test_a_site_is_found_by_region_and_side():
    assert map_region_at("back-buttock", "left").id == "back-buttock-left"


@pytest.mark.parametrize("side", ["both", "middle", ""])
def test_a_site_with_a_wrong_side_is_refused(side):
    with pytest.raises(UnknownRegion, match="back-buttock"):
        map_region_at("back-buttock", side)


@pytest.mark.parametrize(
    ("region", "side", "label"),
    [
        ("back-buttock", "right", "Right buttock"),
        ("front-shoulder", "left", "Left shoulder, front"),
        ("front-groin", "none", "Groin"),
    ],
)
def test_a_site_has_words_that_stand_alone(region, side, label):
    assert site_label(region, side) == label


@pytest.mark.parametrize("muscle", starter("muscles")["records"], ids=lambda muscle: muscle["slug"])
def test_every_starter_muscle_lies_on_the_map(muscle):
    found = where_muscle_lies(muscle["slug"], muscle["region"])
    assert found
    assert set(found) <= set(CONTENT_REGIONS_OF)


def test_a_muscle_the_clinic_added_lies_in_its_whole_area():
    assert where_muscle_lies("their-own", "chest") == ("front-chest",)


def test_one_side_is_painted_with_the_middle():
    assert on_one_side(["back-buttock", "front-groin"]) == ("front-groin", "back-buttock-right")
    assert on_one_side(["back-buttock"], Side.LEFT) == ("back-buttock-left",)


@pytest.mark.parametrize(
    ("words", "key"),
    [(TechniqueKind, "technique_kinds"), (Equipment, "equipment"), (Suits, "suits")],
)
def test_the_starter_words_are_the_words_of_the_rules(words, key):
    assert {word.value for word in words} == set(VOCAB[key])


def test_the_limits_of_the_intensities_are_those_of_the_starter():
    assert {row["slug"] for row in VOCAB["intensities"]} == {level.value for level in Intensity}


# The safety questions.


@dataclass
class Flag:
    slug: str
    group: str = "One"
    urgency: str = FlagUrgency.SAME_DAY
    ask_for_regions: list[str] = field(default_factory=list)
    position: int = 0


STARTER_FLAGS = [
    Flag(
        row["slug"],
        row["group"],
        row["urgency"],
        [] if "any" in row["ask_for_regions"] else row["ask_for_regions"],
        position,
    )
    for position, row in enumerate(starter("red_flags")["records"])
]


def asked(*regions: str) -> list[str]:
    return [flag.slug for flag in red_flags_for(STARTER_FLAGS, regions)]


def test_a_sore_buttock_is_asked_about_the_nerves_of_the_seat_first():
    assert asked("buttock", "sacroiliac", "pelvis")[:2] == ["ces-saddle", "ces-bladder"]


def test_a_sore_chest_is_asked_about_the_heart_first():
    assert asked("chest")[0] == "heart"


def test_a_sore_calf_is_asked_about_a_blood_clot():
    assert {"dvt-leg", "compartment", "cannot-bear-weight"} <= set(asked("calf"))


def test_a_sore_neck_is_asked_about_a_stroke():
    assert {"neck-stroke", "thunderclap"} <= set(asked("neck"))


@pytest.mark.parametrize("region", BODY_MAP, ids=lambda region: region.id)
def test_wherever_it_hurts_six_questions_come_emergencies_first(region):
    flags = {flag.slug: flag for flag in STARTER_FLAGS}
    found = [flags[slug] for slug in asked(*content_regions_of(region.id))]
    assert len(found) == 6
    urgencies = [flag.urgency for flag in found]
    assert urgencies == sorted(urgencies, key=list(FlagUrgency).index)
    assert FlagUrgency.EMERGENCY_NOW in urgencies
    assert FlagUrgency.WITHIN_DAYS not in urgencies


def test_no_site_is_asked_the_questions_for_every_site():
    assert asked() == asked("somewhere-else") != []


def test_a_group_does_not_crowd_out_the_others():
    flags = [Flag(f"nerve-{n}", "Nerve", position=n) for n in range(6)] + [Flag("bone", "Bone", position=9)]
    assert [flag.slug for flag in red_flags_for(flags, [])] == ["nerve-0", "nerve-1", "bone"]


def test_questions_about_the_site_come_before_those_about_every_site():
    flags = [Flag("general", "A"), Flag("knee", "B", ask_for_regions=["knee"], position=5)]
    assert [flag.slug for flag in red_flags_for(flags, ["knee"], limit=1)] == ["knee"]


@pytest.mark.parametrize("slug", ["inflammatory", "pregnancy-signs", "low-mood-crisis"])
def test_what_is_asked_elsewhere_is_not_asked_in_a_pain_log(slug):
    assert red_flags_for([Flag(slug, urgency=FlagUrgency.EMERGENCY_NOW)], []) == []


def test_a_clinic_without_questions_is_asked_none():
    assert red_flags_for([], ["buttock"]) == []
