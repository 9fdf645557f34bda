"""Which answer speaks against which technique."""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.library.rules import ContraindicationEffect as Effect
from plans.programs.rules import (
    Answer,
    IntakeReply,
    Move,
    Question,
    Verdict,
    areas_of_muscle,
    check,
    is_under_18,
    substitutes_for,
    verdict_on,
)

STARTER = Path(__file__).parents[2] / "plans" / "library" / "starter"
HEATED = Move(
    "heated-yoga",
    "Heated yoga",
    kind="yoga",
    intensity="vigorous",
    tags=frozenset({"heated"}),
    contraindications=frozenset({"pregnancy"}),
    cautions=frozenset({"osteoporosis"}),
    muscles=frozenset({"hamstrings"}),
    regions=frozenset({"posterior-thigh"}),
    regressions=("cool-yoga",),
)
COOL = Move("cool-yoga", "Cool yoga", kind="yoga", muscles=frozenset({"gluteus-maximus"}))
STRAP = Move("strap", "Strap stretch", kind="stretch", muscles=frozenset({"hamstrings"}))
PREGNANCY = Question("pregnancy", "Pregnant", Effect.SIGN_OFF, frozenset({"yoga", "heated"}))
BONES = Question("osteoporosis", "Fragile bones", Effect.SIGN_OFF)
HEAT = Question("heat-intolerance", "Ill from heat", Effect.BLOCK, frozenset({"heated"}))
WOUND = Question("open-wound", "Open wound", Effect.LOCAL_BLOCK, frozenset({"yoga"}))
CHILD = Question("under-18", "Under 18", Effect.SIGN_OFF, frozenset({"any"}))


def yes(question: Question, *regions: str) -> Answer:
    return Answer(question.slug, IntakeReply.YES, frozenset(regions))


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [
        (PREGNANCY, yes(PREGNANCY), Verdict.BLOCKED),
        (BONES, yes(BONES), Verdict.SIGN_OFF),
        (HEAT, yes(HEAT), Verdict.BLOCKED),
        (CHILD, yes(CHILD), Verdict.SIGN_OFF),
        (WOUND, yes(WOUND), Verdict.LOCALLY_BLOCKED),
        (WOUND, yes(WOUND, "posterior-thigh"), Verdict.LOCALLY_BLOCKED),
        (WOUND, yes(WOUND, "neck"), None),
        (HEAT, Answer("heat-intolerance", IntakeReply.NO), None),
        (HEAT, Answer("heat-intolerance", IntakeReply.UNSURE), Verdict.BLOCKED),
        (Question("neck", "Neck", Effect.BLOCK, frozenset({"neck"})), Answer("neck", IntakeReply.YES), None),
    ],
    ids=[
        "what the technique lists wins over the default",
        "a caution needs a sign-off",
        "an unlisted question acts by kind and tag",
        "any is every technique",
        "a local block without areas is everywhere",
        "a local block on its area",
        "a local block elsewhere",
        "no is no",
        "not sure counts as yes",
        "a question that does not fit",
    ],
)
def test_what_the_technique_lists_decides(question, answer, verdict):
    assert verdict_on(HEATED, question, answer) is verdict


def test_a_listed_local_block_stays_local():
    move = Move("ball", "Ball", contraindications=frozenset({"open-wound"}), regions=frozenset({"buttock"}))
    assert verdict_on(move, WOUND, yes(WOUND, "neck")) is None


def test_a_caution_with_a_blocking_default_asks_for_a_sign_off_alone():
    move = Move("walk", "Walk", tags=frozenset({"heated"}), cautions=frozenset({"heat-intolerance"}))
    assert verdict_on(move, HEAT, yes(HEAT)) is Verdict.SIGN_OFF


def test_a_technique_of_unknown_area_is_blocked_by_a_local_block():
    assert verdict_on(Move("x", "X", kind="yoga"), WOUND, yes(WOUND, "neck")) is Verdict.LOCALLY_BLOCKED


def test_blocks_come_before_sign_offs():
    found = check([HEATED], [BONES, HEAT], [yes(BONES), yes(HEAT)])
    assert [finding.question.slug for finding in found] == ["heat-intolerance", "osteoporosis"]


def test_a_finding_names_its_rule():
    (finding,) = check([HEATED], [HEAT], [yes(HEAT)])
    assert (finding.key, finding.question.name, finding.is_block) == (
        ("heated-yoga", "heat-intolerance"),
        "Ill from heat",
        True,
    )


def test_the_gentler_form_is_offered_first():
    assert substitutes_for(HEATED, [STRAP, COOL, HEATED], [HEAT], [yes(HEAT)]) == (COOL, STRAP)


def test_what_is_blocked_itself_is_not_offered():
    assert substitutes_for(HEATED, [STRAP, COOL], [WOUND], [yes(WOUND)]) == (STRAP,)


def test_a_stronger_technique_is_not_offered():
    assert substitutes_for(STRAP, [HEATED], [], []) == ()


def test_a_bodyworkers_technique_is_not_offered_to_do_at_home():
    hands = Move("hands", "Hands", muscles=frozenset({"hamstrings"}), for_client=False)
    assert substitutes_for(STRAP, [hands], [], []) == ()


@pytest.mark.parametrize(
    ("birth_on", "today", "answer"),
    [
        (None, dt.date(2026, 3, 10), None),
        (dt.date(2008, 3, 10), dt.date(2026, 3, 10), False),
        (dt.date(2008, 3, 11), dt.date(2026, 3, 10), True),
        (dt.date(2008, 2, 29), dt.date(2026, 2, 28), True),
        (dt.date(2008, 2, 29), dt.date(2026, 3, 1), False),
    ],
)
def test_age_is_counted_from_the_birth_date(birth_on, today, answer):
    assert is_under_18(birth_on, today) is answer


def test_the_muscles_of_the_starter_library_reach_every_area_that_can_be_named():
    vocabulary = json.loads((STARTER / "vocab.json").read_text())
    muscles = json.loads((STARTER / "muscles.json").read_text())["records"]
    reached = {region for muscle in muscles for region in areas_of_muscle(muscle["slug"], muscle["region"])}
    assert reached == set(vocabulary["body_regions"])


@pytest.mark.parametrize(
    ("slug", "area", "region"),
    [
        ("gluteus-maximus", "hip-buttock", "buttock"),
        ("gluteus-maximus", "hip-buttock", "sacroiliac"),
        ("own-muscle", "thigh", "posterior-thigh"),
    ],
)
def test_a_muscle_reaches_the_areas_it_lies_in(slug, area, region):
    assert region in areas_of_muscle(slug, area)


def starter() -> tuple[list[Move], list[Question]]:
    moves = [
        Move(
            record["slug"],
            record["name"],
            record["kind"],
            record["intensity"],
            frozenset(record["tags"]),
            frozenset(record["contraindications"]),
            frozenset(record["cautions"]),
            frozenset(record["target_muscles"]),
            regressions=tuple(record["regressions"]),
            for_client=record["delivered_by"] == "client",
        )
        for record in json.loads((STARTER / "techniques.json").read_text())["records"]
    ]
    questions = [
        Question(record["slug"], record["name"], Effect(record["default_action"]), frozenset(record["applies_to"]))
        for record in json.loads((STARTER / "contraindications.json").read_text())["records"]
    ]
    return moves, questions


MOVES, QUESTIONS = starter()


@pytest.mark.parametrize("slug", ["heated-yoga-session", "double-pigeon"])
def test_pregnancy_blocks_in_the_starter_library_though_its_default_is_a_sign_off(slug):
    (move,) = [move for move in MOVES if move.slug == slug]
    (question,) = [question for question in QUESTIONS if question.slug == "pregnancy"]
    assert question.default_action is Effect.SIGN_OFF
    assert verdict_on(move, question, Answer("pregnancy", IntakeReply.YES)) is Verdict.BLOCKED


def test_heated_yoga_gives_way_to_the_same_poses_without_heat():
    (move,) = [move for move in MOVES if move.slug == "heated-yoga-session"]
    answers = [Answer("heat-intolerance", IntakeReply.YES)]
    assert substitutes_for(move, MOVES, QUESTIONS, answers)[0].slug == "yoga-hips-unheated"


@given(st.sets(st.sampled_from([question.slug for question in QUESTIONS])))
def test_another_yes_never_makes_a_technique_safer(slugs):
    answers = [Answer(slug, IntakeReply.YES) for slug in slugs]
    every = {finding.key for finding in check(MOVES, QUESTIONS, answers)}
    for dropped in slugs:
        fewer = [answer for answer in answers if answer.question != dropped]
        assert {finding.key for finding in check(MOVES, QUESTIONS, fewer)} <= every
