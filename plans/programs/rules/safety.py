"""May this client be given this technique? Judged from the answers to the safety questions.

What the technique lists decides. An answer of yes to a question under the technique's
contraindications blocks it, only at the named areas where the question's own action is a local
block; one under its cautions needs a bodyworker's sign-off. The question's default action counts
only where the technique lists it under neither, but the question applies to its kind or a tag.
"Not sure" counts as yes until somebody knows.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from plans.library.rules import (
    CONTENT_REGIONS_OF_AREA,
    ContraindicationEffect,
    content_regions_of,
    where_muscle_lies,
)

from .states import IntakeReply

UNDER_18 = "under-18"
ADULT_AGE = 18
ANY = "any"
STRENGTHS = ("gentle", "moderate", "vigorous")


class Verdict(StrEnum):
    """What an answer does to a technique, the strictest first."""

    BLOCKED = "blocked"
    LOCALLY_BLOCKED = "locally_blocked"
    SIGN_OFF = "sign_off"


@dataclass(frozen=True)
class Question:
    """One safety question and what it touches by default."""

    slug: str
    name: str
    default_action: ContraindicationEffect
    applies_to: frozenset[str] = frozenset()
    text: str = ""
    client_text: str = ""
    bodyworker_text: str = ""


@dataclass(frozen=True)
class Answer:
    """A reply to a question; `regions` are content regions, empty for everywhere."""

    question: str
    reply: IntakeReply
    regions: frozenset[str] = frozenset()

    @property
    def counts(self) -> bool:
        return self.reply is not IntakeReply.NO


@dataclass(frozen=True)
class Move:
    """A technique as the safety check sees it; all the sets hold slugs, `regions` content regions."""

    slug: str
    name: str
    kind: str = ""
    intensity: str = "gentle"
    tags: frozenset[str] = frozenset()
    contraindications: frozenset[str] = frozenset()
    cautions: frozenset[str] = frozenset()
    muscles: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    regressions: tuple[str, ...] = ()
    for_client: bool = True


@dataclass(frozen=True)
class Finding:
    """One technique and the rule that speaks against it."""

    move: Move
    question: Question
    verdict: Verdict
    regions: frozenset[str] = frozenset()
    substitutes: tuple[Move, ...] = field(default=(), compare=False)

    @property
    def is_block(self) -> bool:
        """No sign-off lifts it; the technique is replaced or left out."""
        return self.verdict is not Verdict.SIGN_OFF

    @property
    def key(self) -> tuple[str, str]:
        return self.move.slug, self.question.slug


@dataclass(frozen=True)
class SignedOff:
    """A bodyworker's word that a technique is right for this client in spite of a caution; the slugs of both."""

    technique: str
    question: str
    reason: str

    @property
    def key(self) -> tuple[str, str]:
        return self.technique, self.question


@dataclass(frozen=True)
class Swap:
    """Give another technique in the place of one, or none: `instead` is empty when it is left out."""

    technique: str
    instead: str = ""


@dataclass(frozen=True)
class SafetyFindings:
    """What speaks against a program for one client, and which of its questions nobody has answered."""

    findings: tuple[Finding, ...] = ()
    unanswered: tuple[Question, ...] = ()

    @property
    def blocks(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.is_block)

    def left_open(self, signed: Iterable[SignedOff] = ()) -> tuple[Finding, ...]:
        """What still stands in the way: every block, and every caution without a sign-off that gives a reason."""
        settled = {word.key for word in signed if word.reason.strip()}
        return tuple(finding for finding in self.findings if finding.is_block or finding.key not in settled)


def areas_of_muscle(slug: str, area: str) -> frozenset[str]:
    """The content regions a muscle lies in or near, drawn wide: better not to press than to press on a wound."""
    near = {region for place in where_muscle_lies(slug, area) for region in content_regions_of(place)}
    return frozenset(near | set(CONTENT_REGIONS_OF_AREA.get(area, ())))


def is_under_18(birth_on: dt.date | None, today: dt.date) -> bool | None:
    """None where no birth date is known: then the question is asked. Born on 29 February: of age on 1 March."""
    if birth_on is None:
        return None
    age = today.year - birth_on.year - ((today.month, today.day) < (birth_on.month, birth_on.day))
    return age < ADULT_AGE


def verdict_on(move: Move, question: Question, answer: Answer) -> Verdict | None:
    """What this answer does to this technique; None where it does nothing."""
    if not answer.counts:
        return None
    effect = _effect(move, question)
    if effect is ContraindicationEffect.SIGN_OFF:
        return Verdict.SIGN_OFF
    if effect is ContraindicationEffect.LOCAL_BLOCK:
        return Verdict.LOCALLY_BLOCKED if _touches(move, answer.regions) else None
    return Verdict.BLOCKED if effect is ContraindicationEffect.BLOCK else None


def _effect(move: Move, question: Question) -> ContraindicationEffect | None:
    if question.slug in move.contraindications:
        is_local = question.default_action is ContraindicationEffect.LOCAL_BLOCK
        return ContraindicationEffect.LOCAL_BLOCK if is_local else ContraindicationEffect.BLOCK
    if question.slug in move.cautions:
        return ContraindicationEffect.SIGN_OFF
    if ANY in question.applies_to or question.applies_to & (move.tags | {move.kind}):
        return question.default_action
    return None


def _touches(move: Move, regions: frozenset[str]) -> bool:
    """Whether the technique works on one of the areas; a side that is not known counts as touched."""
    return not regions or not move.regions or bool(regions & move.regions)


def check(moves: Iterable[Move], questions: Sequence[Question], answers: Iterable[Answer]) -> list[Finding]:
    """Every rule that speaks against one of the techniques; blocks first, then in the order given."""
    by_question = {answer.question: answer for answer in answers if answer.counts}
    found = [
        Finding(move, question, verdict, by_question[question.slug].regions)
        for move in moves
        for question in questions
        if question.slug in by_question
        for verdict in [verdict_on(move, question, by_question[question.slug])]
        if verdict is not None
    ]
    return sorted(found, key=lambda finding: list(Verdict).index(finding.verdict))


def substitutes_for(
    move: Move, library: Sequence[Move], questions: Sequence[Question], answers: Sequence[Answer], limit: int = 3
) -> tuple[Move, ...]:
    """Techniques that no answer speaks against: the gentler forms first, then those for the same muscles.

    Never a stronger one than the technique it stands for, and never one that needs a bodyworker's hands
    where the client was to do it.
    """
    gentler = {slug: place for place, slug in enumerate(move.regressions)}
    fitting = [
        other
        for other in library
        if other.slug != move.slug
        and (other.slug in gentler or other.muscles & move.muscles)
        and other.for_client == move.for_client
        and _strength(other) <= _strength(move)
        and not check([other], questions, answers)
    ]

    def nearness(other: Move) -> tuple[int, bool, int, str]:
        shared = len(other.muscles & move.muscles)
        return gentler.get(other.slug, len(gentler)), other.kind != move.kind, -shared, other.slug

    return tuple(sorted(fitting, key=nearness)[:limit])


def _strength(move: Move) -> int:
    return STRENGTHS.index(move.intensity) if move.intensity in STRENGTHS else len(STRENGTHS)
