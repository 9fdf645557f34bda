"""A red flag's own words as a card: the first sentence large, the others below, and whom to call."""

from dataclasses import dataclass

from django.forms import BoundField

from plans.library.models import RedFlag
from plans.library.rules import FlagUrgency

CRISIS = "low-mood-crisis"
# The card's own headline says this already, in the same words.
HEADLINE = "This can be an emergency."


@dataclass(frozen=True)
class Care:
    slug: str
    title: str
    points: tuple[str, ...]
    question: str
    is_now: bool
    is_today: bool
    is_crisis: bool


def care_card(flag: RedFlag, text: str) -> Care:
    """The card for a yes to this question, in the words that were shown."""
    first, *others = [f"{sentence.strip('.')}." for sentence in text.split(". ")]
    return Care(
        slug=flag.slug,
        title=first,
        points=tuple(point for point in others if point != HEADLINE),
        question=flag.question,
        is_now=flag.urgency == FlagUrgency.EMERGENCY_NOW,
        is_today=flag.urgency == FlagUrgency.SAME_DAY,
        is_crisis=flag.slug == CRISIS,
    )


@dataclass(frozen=True)
class Question:
    """One safety question on a page, with the card that a yes unfolds before anything is sent."""

    field: BoundField
    care: Care


def question_of(field: BoundField, flag: RedFlag) -> Question:
    return Question(field, care_card(flag, flag.client_message))
