"""How much, and how long it takes."""

import json
from pathlib import Path

import pytest

from plans.programs.rules.dosage import DOSE_FIELDS, Dose, minutes_of, resolve_dose, seconds_of

OWN = Dose(sets=2, hold_s=30, per_side=True, rest_s=15)


def test_a_line_without_a_word_of_its_own_takes_the_techniques_dosage():
    assert resolve_dose(OWN) == OWN


def test_sets_of_the_line_replace_those_of_the_technique():
    assert resolve_dose(OWN, sets=1).sets == 1


def test_an_override_wins_over_sets():
    assert resolve_dose(OWN, sets=2, override={"sets": 3, "reps": 12}) == Dose(3, 12, 30, None, True, 15)


def test_an_override_can_empty_a_field():
    assert resolve_dose(OWN, override={"hold_s": None, "duration_s": 60}).hold_s is None


def test_an_override_of_an_unknown_field_is_refused():
    with pytest.raises(ValueError, match="speed"):
        resolve_dose(OWN, override={"speed": 3})


@pytest.mark.parametrize(
    ("dose", "seconds"),
    [
        (Dose(2, duration_s=45, per_side=True, rest_s=15), 225),
        (Dose(1, hold_s=45, per_side=True, rest_s=15), 105),
        (Dose(2, reps=10, per_side=True, rest_s=15), 245),
        (Dose(2, reps=4, hold_s=20, per_side=True, rest_s=15), 365),
        (Dose(1, duration_s=600, rest_s=15), 600),
        (Dose(1), 0),
    ],
)
def test_seconds_count_sides_sets_and_rests(dose, seconds):
    assert seconds_of(dose) == seconds


def test_a_session_takes_at_least_a_minute():
    assert minutes_of([Dose(1, hold_s=10)]) == 1


def test_no_techniques_take_no_time():
    assert minutes_of([]) == 0


def test_minutes_agree_with_the_library_to_a_minute():
    path = Path(__file__).parents[2] / "plans" / "library" / "starter" / "techniques.json"
    for record in json.loads(path.read_text())["records"]:
        fields = {name: value for name, value in record["dosage"].items() if name in DOSE_FIELDS}
        assert abs(minutes_of([Dose(**fields)]) - record["estimated_minutes"]) <= 1, record["slug"]
