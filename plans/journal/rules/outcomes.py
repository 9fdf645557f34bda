"""Which short questions are asked beside pain, when, and what does a change in the answers mean?

The measures of the starter library (outcome_measures.json), asked in our own wording; numbers need a
clinician's review. PEG: krebs-2009, reed-2024. PSFS: stratford-1995, rehabmeasures-psfs, abbott-2014.
GROC: kamper-2009, bobos-2020; it is recall-biased (groc-recall) and never asked alone.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

DAY = dt.timedelta(days=1)
# Averages are made of whole scores; this much less than a threshold is rounding.
ROUNDING = 1e-9


class MeasureSlug(StrEnum):
    PEG = "peg-3"
    PSFS = "psfs"
    GROC = "groc"


class Change(StrEnum):
    """What a difference between two scores of one measure amounts to, in words a reader gets."""

    MUCH_BETTER = "much_better"
    BETTER = "better"
    A_LITTLE_BETTER = "a_little_better"
    SAME = "same"
    WORSE = "worse"


@dataclass(frozen=True)
class Measure:
    """One questionnaire: its scale, how many items make it whole, and which change matters.

    `steps` are the smallest changes called a little better, better, much better, in points of the scale.
    A measure is scored as the mean of its items, and with an item missing not at all.
    """

    slug: MeasureSlug
    lowest: int
    highest: int
    fewest: int
    most: int
    is_higher_better: bool
    is_named_by_client: bool = False
    steps: tuple[float, float, float] = (1, 1, 1)


MEASURES = {
    MeasureSlug.PEG: Measure(MeasureSlug.PEG, 0, 10, 3, 3, is_higher_better=False, steps=(1, 1, 1.75)),
    MeasureSlug.PSFS: Measure(
        MeasureSlug.PSFS, 0, 10, 3, 5, is_higher_better=True, is_named_by_client=True, steps=(1.3, 2.3, 2.7)
    ),
    MeasureSlug.GROC: Measure(MeasureSlug.GROC, -5, 5, 1, 1, is_higher_better=True, steps=(1, 2, 4)),
}


@dataclass(frozen=True)
class OutcomeScore:
    """The score of a whole measure on one of the client's own days; items by number, as they were answered."""

    on: dt.date
    score: float
    items: Mapping[int, int]


def score_of(measure: Measure, items: Mapping[int, int]) -> float | None:
    """The mean of the items; None with one missing."""
    if not measure.fewest <= len(items) <= measure.most or set(items) != set(range(1, len(items) + 1)):
        return None
    return fmean(items.values())


def course_of(measure: Measure, answers: Iterable[tuple[dt.date, int, int]]) -> list[OutcomeScore]:
    """The scores of one client in one measure, oldest first, from (day, item, value)."""
    days: dict[dt.date, dict[int, int]] = {}
    for on, item, value in answers:
        days.setdefault(on, {})[item] = value
    scores = [(on, score_of(measure, days[on]), days[on]) for on in sorted(days)]
    return [OutcomeScore(on, score, items) for on, score, items in scores if score is not None]


def risen_by(course: Sequence[OutcomeScore]) -> float | None:
    """How far the newest score lies above the first; None without two that asked the same number of items."""
    if len(course) < 2 or len(course[-1].items) != len(course[0].items):
        return None
    return course[-1].score - course[0].score


def change_of(measure: Measure, course: Sequence[OutcomeScore]) -> Change | None:
    """What the way from the first to the newest score amounts to; a measure of change speaks for itself."""
    if measure.slug is MeasureSlug.GROC:
        risen = course[-1].score if course else None
    else:
        risen = risen_by(course)
    if risen is None:
        return None
    better = risen if measure.is_higher_better else -risen
    little, medium, much = measure.steps
    reached = [
        (much, Change.MUCH_BETTER),
        (medium, Change.BETTER),
        (little, Change.A_LITTLE_BETTER),
    ]
    if better - ROUNDING <= -little:
        return Change.WORSE
    return next((change for step, change in reached if better + ROUNDING >= step), Change.SAME)


class Occasion(StrEnum):
    """When the short questions are asked."""

    BASELINE = "baseline"
    WEEK_2 = "week2"
    WEEK_4 = "week4"
    WEEK_6 = "week6"
    END = "end"


ALWAYS = (MeasureSlug.PEG, MeasureSlug.PSFS)
ASKED = {
    Occasion.BASELINE: ALWAYS,
    Occasion.WEEK_2: ALWAYS,
    Occasion.WEEK_4: (*ALWAYS, MeasureSlug.GROC),
    Occasion.WEEK_6: (*ALWAYS, MeasureSlug.GROC),
    Occasion.END: (*ALWAYS, MeasureSlug.GROC),
}
"""Schedule of the starter library: PEG and PSFS at baseline, weeks 2, 4, 6 and discharge; GROC from week 4 on."""

# Days from the program's start; the baseline is the first week's, a week's questions come around its end (design).
OPEN_FROM_TO = {
    Occasion.BASELINE: (0, 6),
    Occasion.WEEK_2: (11, 17),
    Occasion.WEEK_4: (25, 31),
    Occasion.WEEK_6: (39, 45),
}
# Days around the program's last one (design).
END_FROM_TO = (-2, 13)


@dataclass(frozen=True)
class Span:
    """A program from its first to its last day; `ends_on` is the day it was finished, where that came first."""

    program: int
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True)
class Due:
    """The questions that are open for one program, and from when until when they are asked."""

    program: int
    occasion: Occasion
    measures: tuple[MeasureSlug, ...]
    since: dt.date
    until: dt.date


def windows_of(span: Span) -> dict[Occasion, tuple[dt.date, dt.date]]:
    """The days on which each occasion's questions are open, both included."""
    weeks = {
        occasion: (span.starts_on + first * DAY, min(span.starts_on + last * DAY, span.ends_on))
        for occasion, (first, last) in OPEN_FROM_TO.items()
    }
    return weeks | {Occasion.END: (span.ends_on + END_FROM_TO[0] * DAY, span.ends_on + END_FROM_TO[1] * DAY)}


def due_of(
    spans: Iterable[Span],
    answered: Mapping[MeasureSlug, Collection[dt.date]],
    skipped: Collection[tuple[int, Occasion]],
    *,
    today: dt.date,
) -> Due | None:
    """What is open today: asked once an occasion, not again when it was answered or laid aside.

    With several programs the answers count for each. The last occasion goes before the weeks.
    """
    for span in spans:
        windows = windows_of(span)
        for occasion in reversed(Occasion):
            first, last = windows[occasion]
            if not first <= today <= last:
                continue
            if (span.program, occasion) in skipped:
                break
            left = tuple(
                slug for slug in ASKED[occasion] if not any(first <= day <= today for day in answered.get(slug, ()))
            )
            # Asked alone, the global change says how today is and not how it has gone.
            if left and left != (MeasureSlug.GROC,):
                return Due(span.program, occasion, left, first, last)
            break
    return None
