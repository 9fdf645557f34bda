"""Words and pictures that every slice's templates may use."""

import re

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string

from plans.library.rules import (
    AREAS,
    BODY_MAP,
    CONTENT_REGIONS,
    DeliveredBy,
    Equipment,
    Intensity,
    RevisionState,
    Side,
    TechniqueKind,
)
from plans.library.templatetags import library
from tests.factories.library import MuscleFactory, TechniqueRevisionFactory


def written(template, **context):
    return Template("{% load library %}" + template).render(Context(context))


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (library.KINDS, TechniqueKind),
        (library.INTENSITIES, Intensity),
        (library.EQUIPMENT, Equipment),
        (library.STATES, RevisionState),
        (library.WHO, DeliveredBy),
        (library.SIDES, Side),
    ],
)
def test_every_state_and_kind_has_words(words, keys):
    assert set(words) == {key.value for key in keys}


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{{ 'foam-roller'|kind_word }}", "Foam roller"),
        ("{{ 'massage-ball'|tool_word }}", "ball"),
        ("{{ 'gentle'|intensity_word }}", "Gentle"),
        ("{{ 'in_review'|state_word }}", "In review"),
        ("{{ 'bodyworker'|who_word }}", "By the bodyworker"),
        ("{{ 'hip-buttock'|area_word }}", "Hip and buttock"),
        ("{{ 'lateral-hip'|region_word }}", "Outer hip"),
        ("{{ 'both'|side_word }}", "both sides"),
        ("{{ 'whole text'|read_word }}", "Read whole"),
        ("{% site_words 'back-buttock' 'left' %}", "Left buttock"),
        ("{% site_words 'back-tail' 'left' %}", "back tail"),
        ("{{ 'their-own-kind'|kind_word }}", "their own kind"),
        ("{{ 'their-area'|area_word }}", "their area"),
    ],
)
def test_a_key_becomes_words(template, says):
    assert written(template) == says


def test_every_part_of_the_body_has_words():
    for key in (*AREAS, *CONTENT_REGIONS):
        assert library.area_word(key) or library.region_word(key)
    for region in BODY_MAP:
        assert library.site_words(region.region, region.side)


def test_a_level_has_bars_and_a_word():
    found = written("{% level 'moderate' %}")
    assert 'data-level="2"' in found
    assert "Moderate" in found


def test_the_left_side_is_mirrored_and_the_right_is_not():
    assert "pose--other-side" in written("{% drawing 'pigeon-single' side='left' %}")
    for side in ("right", "both", "none", ""):
        assert "pose--other-side" not in written("{% drawing 'pigeon-single' side=side %}", side=side)


@pytest.mark.parametrize("tag", ["{% drawing 'their-own' %}", "{% drawing 'cat-cow' frame=9 %}", "{% drawing '' %}"])
def test_a_drawing_that_is_not_there_leaves_no_trace(tag):
    assert written(tag) == ""


def test_a_drawing_beside_its_words_is_passed_over():
    assert "aria-hidden" in written("{% drawing 'cat-cow' beside_words=True %}")
    assert "aria-hidden" not in written("{% drawing 'cat-cow' %}")


@pytest.mark.django_db
def test_a_map_shows_where_muscles_lie_on_the_side_that_is_done():
    calf = MuscleFactory(slug="soleus", region="lower-leg-foot")
    found = written(
        "{% muscle_map muscles side='left' as views %}{% for v in views %}{{ v.drawing }}{{ v.words }}{% endfor %}",
        muscles=[calf],
    )
    painted = re.findall(r'data-region="([\w-]+)" data-severity="picked"', found)
    assert painted == ["back-calf-left", "back-heel-left"]
    assert "Back, left side shown" in found


@pytest.mark.django_db
def test_the_body_of_a_technique_can_stand_on_a_clients_page():
    text = TechniqueRevisionFactory(technique__slug="cat-cow", stop_when=["Sharp <pain>"], max_discomfort=0)
    page = render_to_string(
        "library/_technique_body.html",
        {"slug": "cat-cow", "text": text, "muscles": [], "side": "left", "stop_url": "/x/", "stop_words": "It hurts"},
    )
    assert page.count("pose--other-side") == 2
    assert "It should not hurt at all." in page
    assert "Sharp &lt;pain&gt;" in page
    assert "It hurts" in page
    assert "Needs clinician review" in page
