"""Search understands what people call things, and forgives a slip of the keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.library.rules.search import Entry, distance, is_slip, ranked, stem, words_of

ROLL = Entry(1, "Foam roll: buttock", "foam-roller", "moderate", equipment=["foam-roller"], muscles=["Gluteus maximus"])
WALL = Entry(
    2, "Ball at the wall: buttock", "ball", "gentle", equipment=["massage-ball", "wall"], muscles=["Piriformis"]
)
CALF = Entry(3, "Calf stretch", "stretch", "gentle", muscles=["Gastrocnemius"], places=["Calf"])
HANDS = Entry(4, "Buttock by hand", "manual", "moderate", "bodyworker", muscles=["Gluteus maximus", "Piriformis"])
SHELF = [ROLL, WALL, CALF, HANDS]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("buttock ball", WALL),
        ("ball buttock", WALL),
        ("BUTTOCK BALLS", WALL),
        ("bum ball", WALL),
        ("tennis ball for my bottom", WALL),
        ("piriformis knot", WALL),
        ("pirifromis", WALL),
        ("foam roller", ROLL),
        ("rolling", None),
        ("calves", CALF),
        ("calf's stretch", CALF),
        ("strech calf", CALF),
        ("cálf", CALF),
        ("bodyworker", HANDS),
        ("massage bum", HANDS),
        ("hand buttock", HANDS),
        ("elephant", None),
        ("buttock elephant", None),
        ("", None),
        ("   ", None),
        ("!?", None),
    ],
)
def test_the_technique_meant_comes_first(typed, first):
    assert ranked(typed, SHELF)[:1] == ([first.key] if first else [])


def test_a_word_in_the_name_counts_more_than_a_muscle():
    named = Entry(9, "Piriformis stretch", "stretch")
    assert ranked("piriformis", [WALL, named]) == [9, 2]


def test_the_muscle_a_technique_is_mainly_for_counts_more():
    assert ranked("piriformis", [HANDS, WALL]) == [2, 4]


def test_of_two_as_likely_the_gentler_comes_first():
    strong, soft = Entry(1, "Press A", "ball", "vigorous"), Entry(2, "Press B", "ball", "gentle")
    assert ranked("press", [strong, soft]) == [2, 1]


def test_idle_words_alone_are_searched_for_all_the_same():
    assert ranked("pain release", [Entry(1, "Pain release", "ball")]) == [1]


def test_a_word_found_as_typed_is_not_taken_for_a_slip():
    assert ranked("wall", [Entry(1, "Walk", "aerobic"), WALL]) == [2]


def test_the_order_of_the_shelf_changes_nothing():
    assert ranked("buttock", SHELF) == ranked("buttock", SHELF[::-1])


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        ("knot", "knot", 0),
        ("knot", "knt", 1),
        ("knot", "konts", 2),
        ("knot", "okno", 2),
        ("ab", "ba", 1),
        ("", "abc", 3),
    ],
)
def test_slips_are_counted(a, b, apart):
    assert distance(a, b) == distance(b, a) == apart


@pytest.mark.parametrize(
    ("typed", "meant", "is_one"),
    [("cal", "calf", False), ("claf", "calf", True), ("half", "calf", False), ("hamstirng", "hamstring", True)],
)
def test_a_slip_keeps_the_first_letter_and_needs_four(typed, meant, is_one):
    assert is_slip(typed, meant) is is_one


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("balls", "ball"),
        ("gluteus", "gluteus"),
        ("biceps", "biceps"),
        ("press", "press"),
        ("arches", "arch"),
        ("is", "is"),
    ],
)
def test_one_and_many_are_the_same_word(word, one):
    assert stem(word) == one


@given(st.text(max_size=200))
def test_whatever_is_typed_gets_an_answer(typed):
    found = ranked(typed, SHELF)
    assert len(found) == len(set(found))
    assert set(found) <= {entry.key for entry in SHELF}
    assert all(word.isascii() for word in words_of(typed))
