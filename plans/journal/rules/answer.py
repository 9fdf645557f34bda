"""What is the client told at once, and what happens to the program before anyone has read the log?

The immediate part of the rules `red-flag-immediate`, `very-severe-same-day`, `adverse-event`,
`asked-for-help` and `in-session-stop` of the library (3-clinical, section 4.2); cases are follow-up's.
A rule may lock or pause a program or hide an item; it never edits one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

from plans.library.rules import FlagUrgency, ProgramAction

from .body import ItemLog, LogBody
from .lines import DEFAULT_LINES, Lines
from .terms import NEEDS_A_PERSON, STOPPED_BY_THE_BODY

HURT_BY_PEAK_FROM = 7


class Level(IntEnum):
    """How much of an answer a log needs, from none to an ambulance."""

    NOTED = 0
    STOPPED = 1
    CANNOT_WAIT = 2
    HARMED = 3
    VERY_SEVERE = 4
    FLAG_WITHIN_DAYS = 5
    FLAG_SAME_DAY = 6
    FLAG_EMERGENCY = 7


class Effect(IntEnum):
    """What happens to the client's running programs, the stronger the higher."""

    NONE = 0
    PAUSE = 1
    LOCK = 2


@dataclass(frozen=True)
class Flag:
    """A safety question as the clinic's library has it."""

    slug: str
    urgency: FlagUrgency
    program_action: ProgramAction
    message: str


@dataclass(frozen=True)
class Message:
    """A text to show: its id and, for a red flag, which one and the flag's own words."""

    id: str
    flag: str = ""
    text: str = ""


@dataclass(frozen=True)
class Answer:
    """`reason` names the rule or flag behind `effect`.

    `hidden` are prescriptions left out until a person answers, `hidden_by` the rule that hides them.
    """

    level: Level
    messages: tuple[Message, ...]
    effect: Effect = Effect.NONE
    reason: str = ""
    hidden: tuple[UUID, ...] = ()
    hidden_by: str = ""


LEVEL_OF = {
    FlagUrgency.WITHIN_DAYS: Level.FLAG_WITHIN_DAYS,
    FlagUrgency.SAME_DAY: Level.FLAG_SAME_DAY,
    FlagUrgency.EMERGENCY_NOW: Level.FLAG_EMERGENCY,
}
EFFECT_OF = {
    ProgramAction.CONTINUE_GENTLE: Effect.NONE,
    ProgramAction.PAUSE_UNTIL_CLEARED: Effect.PAUSE,
    ProgramAction.STOP_AND_LOCK: Effect.LOCK,
}


def is_very_severe(body: LogBody, lines: Lines = DEFAULT_LINES) -> bool:
    """9 or 10 at any moment, or 8 when pain kept the client from sleeping."""
    return body.highest >= lines.very_severe or (bool(body.slept_badly) and body.highest >= lines.sleepless)


def cannot_wait(body: LogBody, lines: Lines = DEFAULT_LINES) -> bool:
    return body.can_wait is False and body.highest >= lines.severe


def asks_safety_questions(body: LogBody, lines: Lines = DEFAULT_LINES) -> bool:
    """At 9 and over, at “cannot wait”, after harm and after a stop."""
    return is_very_severe(body, lines) or cannot_wait(body, lines) or body.is_stopped or bool(body.harm)


def tells_someone(body: LogBody, lines: Lines = DEFAULT_LINES) -> bool:
    """Whether follow-up opens a case about this log whatever came before, so that a page may promise it.

    A stop for pain alone is looked at when it happens twice in a week: nobody is told of the first.
    """
    return (
        is_very_severe(body, lines)
        or cannot_wait(body, lines)
        or bool(body.harm)
        or any(given.answer for given in body.red_flags)
        or any(item.stop_reason in NEEDS_A_PERSON for item in body.items)
    )


def items_that_hurt(body: LogBody) -> tuple[UUID, ...]:
    """The items to blame: stopped by the body, else the highest peak from 7 on, else the only one done."""
    stopped = [item for item in body.items if item.stop_reason in STOPPED_BY_THE_BODY]
    if stopped:
        return _ids(stopped)
    highest = max((item.peak or 0 for item in body.items), default=0)
    if highest >= HURT_BY_PEAK_FROM:
        return _ids([item for item in body.items if item.peak == highest])
    done = [item for item in body.items if item.is_done]
    return _ids(done) if len(done) == 1 else ()


def answer_to(body: LogBody, flags: Mapping[str, Flag], lines: Lines = DEFAULT_LINES) -> Answer:
    """The answer to one log. `flags` are the asked questions by slug, `lines` the client's.

    A red flag speaks alone: its own message and no other text, the most urgent first. More pain is never
    answered less severely, and never with a lighter effect.

    Raises:
        KeyError: a yes to a question that `flags` does not have.
    """
    findings = [*_flag_findings(body, flags), *_pain_findings(body, lines)]
    if not findings:
        return Answer(Level.NOTED, (Message("saved"),))
    findings.sort(key=lambda finding: finding.level, reverse=True)
    worst = max(findings, key=lambda finding: finding.effect)
    spoken = [f for f in findings if f.level >= Level.FLAG_WITHIN_DAYS] or findings
    return Answer(
        level=findings[0].level,
        messages=tuple(_each_text_once(message for finding in spoken for message in finding.messages)),
        effect=worst.effect,
        reason=worst.reason if worst.effect else "",
        hidden=tuple(dict.fromkeys(item for finding in findings for item in finding.hidden)),
        hidden_by=next((finding.hidden_by for finding in findings if finding.hidden), ""),
    )


def _flag_findings(body: LogBody, flags: Mapping[str, Flag]) -> list[Answer]:
    said_yes = [flags[given.slug] for given in body.red_flags if given.answer]
    return [
        Answer(
            LEVEL_OF[flag.urgency],
            (Message("red-flag", flag.slug, flag.message),),
            EFFECT_OF[flag.program_action],
            flag.slug,
        )
        for flag in said_yes
    ]


def _pain_findings(body: LogBody, lines: Lines) -> list[Answer]:
    found = []
    is_worst = is_very_severe(body, lines)
    if is_worst:
        rule = "very-severe-same-day"
        # Who has answered the safety questions already is not sent to look for them.
        words = "very-severe-answered" if body.red_flags else rule
        found.append(Answer(Level.VERY_SEVERE, (Message(words),), Effect.PAUSE, rule))
    if body.harm:
        found.append(_hiding(Level.HARMED, "adverse-event", body))
    if cannot_wait(body, lines):
        found.append(_hiding(Level.CANNOT_WAIT, "asked-for-help", body, is_said=not is_worst))
    if body.is_stopped:
        found.append(Answer(Level.STOPPED, (Message("in-session-stop"),)))
    return found


def _hiding(level: Level, rule: str, body: LogBody, *, is_said: bool = True) -> Answer:
    """`is_said` False: the move is left out, and a stronger text says who will call and what to do."""
    return Answer(level, (Message(rule),) if is_said else (), hidden=items_that_hurt(body), hidden_by=rule)


def _each_text_once(messages: Iterable[Message]) -> list[Message]:
    kept: dict[tuple[str, str], Message] = {}
    for message in messages:
        kept.setdefault((message.text or message.id, message.text), message)
    return list(kept.values())


def _ids(items: list[ItemLog]) -> tuple[UUID, ...]:
    return tuple(item.prescription for item in items)
