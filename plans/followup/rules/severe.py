"""Which reports must a person answer? The rules that open a case, each with the readings that prove it.

Only what the log collects is read. Numbers are the starter library's (rules.json) and need a
clinician's review; which score a rule reads is fixed in its section "readings".
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from plans.journal.rules import Moment, Scored, StopReason, usual_readings
from plans.library.rules import FlagUrgency

from .numbers import Numbers
from .rulebook import Rule
from .states import Family, Urgency, rank
from .times import target_of
from .urgency import Amount


@dataclass(frozen=True)
class Score:
    """One score 0-10; several sites count as their highest."""

    moment: Moment
    score: int


@dataclass(frozen=True)
class FlagYes:
    """A safety question answered yes."""

    slug: str
    urgency: FlagUrgency


@dataclass(frozen=True)
class Log:
    """What one log or safety answer says, as plain data.

    `evidence` names it for ever ("session:12"); `trigger` names this revision of it.
    """

    evidence: str
    trigger: str
    performed_at: dt.datetime
    on: dt.date
    scores: tuple[Score, ...] = ()
    can_wait: bool | None = None
    slept_badly: bool | None = None
    harm: tuple[str, ...] = ()
    stops: tuple[StopReason, ...] = ()
    flags: tuple[FlagYes, ...] = ()

    @property
    def highest(self) -> int | None:
        return max((score.score for score in self.scores), default=None)


@dataclass(frozen=True)
class Reading:
    """One proof: the day in the client's own calendar, the score, and the log it stands in."""

    on: dt.date
    score: int | None
    evidence: str

    def as_json(self) -> dict[str, object]:
        """{on, score, session}; session is the row's id, or None where a safety answer stands alone."""
        kind, _, number = self.evidence.partition(":")
        return {"on": self.on.isoformat(), "score": self.score, "session": int(number) if kind == "session" else None}


@dataclass(frozen=True)
class Finding:
    """A rule has fired. `key` names the occasion, so that the same one is never acted on twice."""

    rule: Rule
    family: Family
    urgency: Urgency
    target: Amount
    key: str
    evidence: str
    readings: tuple[Reading, ...]
    params: dict[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The id of the words; they are made when somebody reads them."""
        return self.rule.value


FLAG_URGENCIES: dict[FlagUrgency, Urgency] = {
    FlagUrgency.EMERGENCY_NOW: Urgency.EMERGENCY_NOW,
    FlagUrgency.SAME_DAY: Urgency.SAME_DAY,
    FlagUrgency.WITHIN_DAYS: Urgency.ROUTINE,
}
NEEDS_A_PERSON = frozenset({StopReason.NERVE, StopReason.DIZZY, StopReason.CIRCULATION})


def red_flag(log: Log, numbers: Numbers) -> Finding | None:
    """Any red flag answered yes, at its own urgency; with several, the most urgent leads."""
    if not log.flags:
        return None
    urgency = max((FLAG_URGENCIES[flag.urgency] for flag in log.flags), key=rank)
    slugs = sorted(flag.slug for flag in log.flags)
    found = _found(Rule.RED_FLAG, Family.SAFETY, urgency, numbers, log, {"flags": slugs})
    return replace(found, key=f"{found.key}:{','.join(slugs)}")


def very_severe(log: Log, numbers: Numbers) -> Finding | None:
    """Any log of 9 or 10, or kept from sleep by pain with 8 or more."""
    highest = log.highest
    if highest is None:
        return None
    sleepless = log.slept_badly is True and highest >= numbers.sleepless_min
    if highest < numbers.very_severe_min and not sleepless:
        return None
    params: dict[str, object] = {"score": highest, "sleepless": sleepless}
    return _found(Rule.VERY_SEVERE, Family.SEVERE, Urgency.URGENT, numbers, log, params)


def adverse_event(log: Log, numbers: Numbers) -> Finding | None:
    """The client reports a bruise, new numbness, a fall, a faint or an injury from a session."""
    if not log.harm:
        return None
    return _found(Rule.ADVERSE_EVENT, Family.SAFETY, Urgency.URGENT, numbers, log, {"harm": sorted(log.harm)})


def asked_for_help(log: Log, numbers: Numbers) -> Finding | None:
    """A score of 7 or more at any moment, and the client says it cannot wait until the next visit."""
    highest = log.highest
    if log.can_wait is not False or highest is None or highest < numbers.severe_min:
        return None
    return _found(Rule.ASKED_FOR_HELP, Family.SEVERE, Urgency.ROUTINE, numbers, log, {"score": highest})


def stop_of(reason: StopReason | None, *, peak: int | None, limit: int, eased: bool | None) -> StopReason | None:
    """Why one item was stopped, for the rules: a reason given, or pain above its limit that did not ease.

    `peak` and `limit` are 0-10. Too much pain that eased within 30 seconds of easing off is no stop: easing
    off is what was asked. Nothing said about easing counts as not eased where the client stopped for it.
    """
    if reason is StopReason.TOO_PAINFUL and eased is True:
        return None
    if reason is None and eased is False and peak is not None and peak > limit:
        return StopReason.TOO_PAINFUL
    return reason


def in_session_stop(log: Log, numbers: Numbers) -> Finding | None:
    """An item was stopped for a nerve, dizzy or circulation reason."""
    reasons = sorted(set(log.stops) & NEEDS_A_PERSON)
    if not reasons:
        return None
    params: dict[str, object] = {
        "reason": reasons[0].value,
        "reasons": [reason.value for reason in reasons],
    }
    return _found(Rule.IN_SESSION_STOP, Family.SAFETY, Urgency.URGENT, numbers, log, params)


def _found(
    rule: Rule, family: Family, urgency: Urgency, numbers: Numbers, log: Log, params: dict[str, object]
) -> Finding:
    reading = Reading(log.on, log.highest, log.evidence)
    target = target_of(rule, urgency, numbers)
    return Finding(rule, family, urgency, target, f"{rule}:{log.evidence}", log.evidence, (reading,), params)


def usual_of(logs: Iterable[Log]) -> list[Reading]:
    """The usual reading of every local day that has one (journal.rules says which), with the log it stands in."""
    stands_in: dict[tuple[dt.date, int], str] = {}
    scored = []
    for log in sorted(logs, key=in_order):
        for score in log.scores:
            scored.append(Scored(log.on, log.performed_at, score.moment, score.score))
            if score.moment in {Moment.CHECK_IN, Moment.BEFORE}:
                stands_in.setdefault((log.on, score.score), log.evidence)
    return [Reading(day.on, day.score, stands_in[day.on, day.score]) for day in usual_readings(scored)]


def severe_persistent(
    usual: Sequence[Reading], numbers: Numbers, *, sore_days: frozenset[dt.date] = frozenset()
) -> Finding | None:
    """The usual reading was 7 or more on 3 logged days in a row, or on 3 of the last 5 logged days within 7 days.

    Judged as of the last reading in `usual`, which must itself be severe: a day that got better
    opens nothing. Days inside an expected-soreness window do not count as logged.
    """
    days = [reading for reading in usual if reading.on not in sore_days]
    if not days or not _is_severe(days[-1], numbers):
        return None
    in_row = days[-numbers.days_in_row :]
    if len(in_row) == numbers.days_in_row and all(_is_severe(day, numbers) for day in in_row):
        return _persistent(in_row, "in_row", numbers)
    oldest = days[-1].on - dt.timedelta(days=numbers.alt_window_days - 1)
    recent = [day for day in days[-numbers.alt_of_last :] if day.on >= oldest]
    severe = [day for day in recent if _is_severe(day, numbers)]
    if len(severe) >= numbers.alt_days:
        return _persistent(severe, "of_last", numbers)
    return None


def _is_severe(reading: Reading, numbers: Numbers) -> bool:
    return reading.score is not None and reading.score >= numbers.severe_min


def _persistent(readings: Sequence[Reading], how: str, numbers: Numbers) -> Finding:
    last = readings[-1]
    rule = Rule.SEVERE_PERSISTENT
    params: dict[str, object] = {
        "days": len(readings),
        "score": max(r.score or 0 for r in readings),
        "least": numbers.severe_min,
        "how": how,
    }
    return Finding(
        rule,
        Family.SEVERE,
        Urgency.ROUTINE,
        target_of(rule, Urgency.ROUTINE, numbers),
        f"{rule}:{last.on.isoformat()}",
        last.evidence,
        tuple(readings),
        params,
    )


def in_order(log: Log) -> tuple[dt.datetime, str]:
    """The order in which things happened; two of the same instant by name."""
    return (log.performed_at, log.evidence)
