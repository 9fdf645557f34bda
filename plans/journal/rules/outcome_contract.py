"""What may the answer to one measure say? The one contract for form and API.

A measure is answered whole: the PEG all three of its items, the PSFS three to five activities that the
client names once and rates again each time, the GROC its one number.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from .outcomes import MEASURES, Measure, MeasureSlug
from .problems import Fault, LogRefused, Problem
from .reading import Reader

LONGEST_LABEL = 80

BODY = frozenset({"measure", "answered_at", "sent_at", "answers"})
ANSWER = frozenset({"item", "value", "label"})


@dataclass(frozen=True)
class Given:
    """The answer to one item, counted from 1; `label` is the client's own activity."""

    item: int
    value: int
    label: str = ""


@dataclass(frozen=True)
class OutcomeBody:
    """One measure answered. `answered_at` is None for “just now”; both times are the phone's, with their offset."""

    measure: Measure
    answers: tuple[Given, ...]
    answered_at: dt.datetime | None = None
    sent_at: dt.datetime | None = None


def read_outcome(data: Mapping[str, object]) -> OutcomeBody:
    """The answers that a body says.

    Raises:
        LogRefused: with every fault and its field.
    """
    problems: list[Problem] = []
    reader = Reader(data, BODY, "", problems)
    slug = reader.word("measure", MeasureSlug)
    if slug is None and not problems:
        reader.fault("measure", Fault.REQUIRED)
    answered_at, sent_at = reader.moment("answered_at"), reader.moment("sent_at")
    if slug is None:
        raise LogRefused(*problems)
    measure = MEASURES[slug]
    rows = [_given(row, path, measure, problems) for path, row in reader.rows("answers")]
    answers = tuple(sorted((each for each in rows if each), key=lambda each: each.item))
    reader.once("answers", [each.item for each in answers])
    reader.once("answers", [each.label.casefold() for each in answers if each.label])
    if not problems:
        problems += _faults_together(measure, answers)
    if problems:
        raise LogRefused(*problems)
    return OutcomeBody(measure, answers, answered_at, sent_at)


def _given(row: object, path: str, measure: Measure, problems: list[Problem]) -> Given | None:
    reader = Reader(row, ANSWER, path, problems)
    item = reader.between("item", 1, measure.most)
    value = reader.between("value", measure.lowest, measure.highest)
    label = reader.text("label", longest=LONGEST_LABEL)
    if label and not measure.is_named_by_client:
        reader.fault("label", Fault.UNKNOWN_FIELD)
    return Given(item, value, label) if item is not None and value is not None else None


def _faults_together(measure: Measure, answers: tuple[Given, ...]) -> list[Problem]:
    """A measure with a hole in it is not scored, so it is not taken either."""
    given = {each.item for each in answers}
    needed = range(1, max([measure.fewest, *given]) + 1)
    missing = [str(item) for item in needed if item not in given]
    return [Problem("answers", Fault.ITEM_MISSING, {"missing": ", ".join(missing)})] if missing else []
