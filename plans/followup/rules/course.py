"""Where is this client's pain going: up, nowhere, down, or has it stayed severe in spite of care?

All of it is read from usual readings (journal.rules says which), oldest first and judged as of the last
one, against the client's own baseline: the median of the first 7 days' usual readings. Doing well also asks
for the client's own activities (PSFS): pain that is gone is not yet being back to what matters.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from plans.journal.rules import Moment, OutcomeScore, StopReason, risen_by

from .hints import ROUNDING, Hint, is_better, is_severe, mean_of, whole
from .numbers import Numbers
from .rulebook import Opens, Rule
from .severe import Finding, Log, Reading
from .soreness import Window, is_sore
from .states import Family, Urgency
from .times import target_of

FOR_PAIN = frozenset({StopReason.TOO_PAINFUL, StopReason.SHARP})
NO_DAYS: frozenset[dt.date] = frozenset()


def readings_between(usual: Sequence[Reading], first: dt.date, last: dt.date) -> list[Reading]:
    """The usual readings of these days, both included."""
    return [reading for reading in usual if first <= reading.on <= last]


def average_at(usual: Sequence[Reading], day: dt.date, numbers: Numbers) -> float | None:
    """The 7-day average up to and with `day`, 0-10; None with fewer than two readings, for one is no average."""
    week = readings_between(usual, day - dt.timedelta(days=numbers.average_days - 1), day)
    return mean_of(week) if len(week) >= numbers.average_at_least else None


# Severe in spite of care


def severe_in_care(usual: Sequence[Reading], contacts: Sequence[dt.date], numbers: Numbers) -> Finding | None:
    """Severe on most logged days of each of the last two weeks, the last one too, with two contacts or more.

    Most of each week, and logged since 14 days or longer, so that “for 14 days” is not said of a few bad
    days at the end. `contacts` are the days of visits, calls and messages.
    """
    if not usual or not is_severe(usual[-1], numbers):
        return None
    last = usual[-1].on
    first = last - dt.timedelta(days=numbers.medical_days - 1)
    if usual[0].on > first:
        return None
    half = first + dt.timedelta(days=numbers.medical_days // 2)
    weeks = [readings_between(usual, first, half - dt.timedelta(days=1)), readings_between(usual, half, last)]
    severe = [[reading for reading in week if is_severe(reading, numbers)] for week in weeks]
    if any(len(bad) * 2 <= len(week) for bad, week in zip(severe, weeks, strict=True)):
        return None
    seen = sum(first <= day <= last for day in contacts)
    if seen < numbers.medical_contacts:
        return None
    proof = tuple(reading for week in severe for reading in week)
    rule, score = Rule.SEVERE_14D, max(reading.score or 0 for reading in proof)
    params: dict[str, object] = {"days": numbers.medical_days, "contacts": seen, "score": score}
    target = target_of(rule, Urgency.ROUTINE, numbers)
    return Finding(rule, Family.SEVERE, Urgency.ROUTINE, target, f"{rule}:{last}", proof[-1].evidence, proof, params)


# Getting worse


def worsening(
    usual: Sequence[Reading], baseline: float | None, numbers: Numbers, *, sore_days: frozenset[dt.date] = NO_DAYS
) -> Finding | Hint | None:
    """The mean of the last 3 usual readings is 2 or more above baseline, on two logged days in a row.

    Days of expected soreness are no logged days here. Three points or more, or a last reading in the severe
    band that the baseline is not in, is a case of the severe family; else a review.
    """
    days = [reading for reading in usual if reading.on not in sore_days]
    if baseline is None or not days or days[-1] != usual[-1]:
        return None
    needed = numbers.worse_readings + numbers.worse_days_in_row - 1
    if len(days) < needed:
        return None
    ends = range(len(days) - numbers.worse_days_in_row, len(days))
    rises = [mean_of(days[end - numbers.worse_readings + 1 : end + 1]) - baseline for end in ends]
    if min(rises) + ROUNDING < numbers.worse_points:
        return None
    proof, last = tuple(days[-needed:]), days[-1]
    is_raised = rises[-1] + ROUNDING >= numbers.worse_raised_points
    enters = is_severe(last, numbers) and baseline < numbers.severe_min
    return _worse(
        proof, {"from": whole(baseline), "to": last.score, "by": "usual"}, numbers, is_case=is_raised or enters
    )


@dataclass(frozen=True)
class Morning:
    """The score of a morning after a session, and the one ahead of that session (0-10), with where each stands."""

    ahead: Reading
    after: Reading

    @property
    def rise(self) -> int:
        return (self.after.score or 0) - (self.ahead.score or 0)


def mornings_of(logs: Sequence[Log], windows: Sequence[Window], numbers: Numbers) -> list[Morning]:
    """Every next-morning score with the score before the session it followed, without expected soreness.

    A session's own log may be given its next morning later; a check-in speaks of the last session of the
    day before, whatever was done since.
    """
    found: list[Morning] = []
    ahead: dict[dt.date, Reading] = {}
    for log in logs:
        scores = {each.moment: each.score for each in log.scores}
        if Moment.BEFORE in scores:
            ahead[log.on] = Reading(log.on, scores[Moment.BEFORE], log.evidence)
        morning = scores.get(Moment.NEXT_MORNING)
        follows = ahead.get(log.on if Moment.BEFORE in scores else log.on - dt.timedelta(days=1))
        if morning is None or follows is None:
            continue
        if not any(is_sore(log, window, numbers) for window in windows):
            found.append(Morning(follows, Reading(log.on, morning, log.evidence)))
    return found


def worse_mornings(mornings: Sequence[Morning], numbers: Numbers) -> Finding | Hint | None:
    """The morning after is 2 or more above the score before the session, twice running; judged as of the last."""
    twice = mornings[-numbers.worse_days_in_row :]
    if len(twice) < numbers.worse_days_in_row or min(pair.rise for pair in twice) < numbers.worse_points:
        return None
    last = twice[-1]
    enters = is_severe(last.after, numbers) and not is_severe(last.ahead, numbers)
    is_case = last.rise >= numbers.worse_raised_points or enters
    proof = tuple(dict.fromkeys(reading for pair in twice for reading in (pair.ahead, pair.after)))
    return _worse(proof, {"from": last.ahead.score, "to": last.after.score, "by": "morning"}, numbers, is_case=is_case)


def _worse(proof: tuple[Reading, ...], params: dict[str, object], numbers: Numbers, *, is_case: bool) -> Finding | Hint:
    rule, last = Rule.WORSENING, proof[-1]
    key = f"{rule}:{last.on}"
    if not is_case:
        return Hint(rule, Opens.REVIEW, key, last.evidence, proof, params)
    # A case of the same day as a review is news of its own.
    target = target_of(rule, Urgency.ROUTINE, numbers)
    return Finding(rule, Family.SEVERE, Urgency.ROUTINE, target, f"{key}:raised", last.evidence, proof, params)


# Stopped for pain, again


def stopped_again(logs: Sequence[Log], numbers: Numbers) -> Hint | None:
    """A technique was stopped for pain in two logs or more within a week; judged as of the last one.

    Once is what easing off is for. Reasons that always need a person open a case the first time.
    """
    if not logs or not FOR_PAIN & set(logs[-1].stops):
        return None
    last = logs[-1].on
    since = last - dt.timedelta(days=numbers.stops_days - 1)
    stopped = [log for log in logs if since <= log.on <= last and FOR_PAIN & set(log.stops)]
    if len(stopped) < numbers.stops:
        return None
    rule, reasons = Rule.IN_SESSION_STOP, sorted(FOR_PAIN & {reason for log in stopped for reason in log.stops})
    params: dict[str, object] = {"reasons": [reason.value for reason in reasons], "times": len(stopped)}
    proof = tuple(Reading(log.on, log.highest, log.evidence) for log in stopped)
    return Hint(rule, Opens.REVIEW, f"{rule}:{last}:again", logs[-1].evidence, proof, params)


# Better


def improvement(
    usual: Sequence[Reading],
    mornings: Sequence[Morning],
    baseline: float | None,
    numbers: Numbers,
    *,
    program: int,
) -> Hint | None:
    """The 7-day average is 30% or 2 points below baseline, and no morning of those days is above its usual pain.

    A morning that was not asked about speaks neither for nor against. One offer for a program.
    """
    if baseline is None or not usual:
        return None
    last = usual[-1].on
    now = average_at(usual, last, numbers)
    if now is None or not is_better(now, baseline, pct=numbers.better_pct, points=numbers.better_points):
        return None
    first = last - dt.timedelta(days=numbers.average_days - 1)
    if any(first <= morning.after.on <= last and morning.rise > 0 for morning in mornings):
        return None
    rule = Rule.IMPROVEMENT
    params: dict[str, object] = {
        "from": whole(baseline),
        "to": whole(now),
        "improvement_pct": round((baseline - now) * 100 / baseline),
    }
    proof = tuple(readings_between(usual, first, last))
    return Hint(rule, Opens.OFFER, f"{rule}:{program}", usual[-1].evidence, proof, params)


def is_back_to_what_matters(psfs: Sequence[OutcomeScore], last: dt.date, numbers: Numbers) -> bool:
    """Whether the client's own activities have risen by 2.3 or more since they were first rated.

    As of `last`; who never rated them, or only once, has not said so.
    """
    risen = risen_by([given for given in psfs if given.on <= last])
    return risen is not None and risen * 10 + ROUNDING >= numbers.well_psfs_tenths


def discharge(
    usual: Sequence[Reading], numbers: Numbers, *, program: int, psfs: Sequence[OutcomeScore] = ()
) -> Hint | None:
    """The 7-day average has been 2 or less on each of the last 14 days, and the client's own activities rose.

    One offer for a program.
    """
    if not usual:
        return None
    last = usual[-1].on
    if not is_back_to_what_matters(psfs, last, numbers):
        return None
    for day in (last - dt.timedelta(days=n) for n in range(numbers.well_days)):
        average = average_at(usual, day, numbers)
        if average is None or average > numbers.well_max + ROUNDING:
            return None
    first = last - dt.timedelta(days=numbers.well_days - 1)
    proof = tuple(readings_between(usual, first, last))
    rule = Rule.DISCHARGE
    params: dict[str, object] = {
        "days": numbers.well_days,
        "score": max(reading.score or 0 for reading in proof),
        "risen": round(risen_by([given for given in psfs if given.on <= last]) or 0, 1),
    }
    return Hint(rule, Opens.OFFER, f"{rule}:{program}", usual[-1].evidence, proof, params)
