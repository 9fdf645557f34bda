"""How soon must a case be answered, and who is told when? A clinic's own times, in its numbers."""

from .numbers import DEFAULT_NUMBERS, Numbers
from .rulebook import Rule
from .states import Urgency
from .urgency import Amount, ShareOfTarget, Unit, UrgencyTable, UrgencyTimes, clock_of, working_days


def urgencies_of(numbers: Numbers) -> UrgencyTable:
    """The table of the starter library (rules.json, `urgencies`), with these numbers in it.

    An emergency is told to everybody at once, whatever a clinic chooses; routine cases count in shares of
    their rule's own time.
    """
    n, at_once = numbers, _minutes(0)
    rows: dict[Urgency, tuple[Amount | ShareOfTarget, Amount | ShareOfTarget, Amount, Amount]] = {
        Urgency.EMERGENCY_NOW: (
            at_once,
            at_once,
            _minutes(n.emergency_remind_minutes),
            _minutes(n.emergency_look_minutes),
        ),
        Urgency.SAME_DAY: (
            _minutes(n.same_day_tier_2_minutes),
            _minutes(n.same_day_tier_3_minutes),
            _minutes(n.same_day_remind_minutes),
            _minutes(n.same_day_look_minutes),
        ),
        Urgency.URGENT: (
            _minutes(n.urgent_tier_2_minutes),
            _minutes(n.urgent_tier_3_minutes),
            _minutes(n.urgent_remind_minutes),
            _halves(n.urgent_look_halves),
        ),
        Urgency.ROUTINE: (
            ShareOfTarget(n.routine_tier_2_pct / 100),
            ShareOfTarget(n.routine_tier_3_pct / 100),
            _halves(n.routine_remind_halves),
            _halves(n.routine_look_halves),
        ),
    }
    times = {urgency: UrgencyTimes(*row, clock_of(urgency)) for urgency, row in rows.items()}
    return UrgencyTable(times=times, version=numbers.version)


def target_of_rule(rule: Rule, numbers: Numbers) -> Amount | None:
    """How soon somebody should have answered a case of this rule; None where it opens none, and for a red
    flag, whose own urgency says it."""
    if rule is Rule.VERY_SEVERE:
        return Amount(numbers.very_severe_answer_hours, Unit.HOURS)
    name = HALF_DAYS_OF.get(rule)
    return _halves(getattr(numbers, name)) if name else None


def target_of(rule: str, urgency: Urgency, numbers: Numbers) -> Amount:
    """How soon somebody should have answered a case; a red flag's own urgency says it."""
    own = target_of_rule(Rule(rule), numbers) if rule in set(Rule) else None
    return own or target_of_flag(urgency, numbers)


def target_of_flag(urgency: Urgency, numbers: Numbers) -> Amount:
    """How soon a red flag of this urgency should have been answered: an emergency at once, by phone."""
    if urgency is Urgency.EMERGENCY_NOW:
        return Amount(0, Unit.HOURS)
    if urgency is Urgency.SAME_DAY:
        return Amount(numbers.same_day_answer_hours, Unit.HOURS)
    return _halves(numbers.within_days_answer_halves)


HALF_DAYS_OF: dict[Rule, str] = {
    Rule.ADVERSE_EVENT: "harm_answer_halves",
    Rule.ASKED_FOR_HELP: "help_answer_halves",
    Rule.SEVERE_14D: "medical_answer_halves",
    Rule.SEVERE_PERSISTENT: "stays_answer_halves",
    Rule.WORSENING: "worse_answer_halves",
    Rule.IN_SESSION_STOP: "stop_answer_halves",
    Rule.SILENT: "silent_answer_halves",
}
"""The number of half working days in which a case of the rule should be answered."""


def _minutes(amount: int) -> Amount:
    """Whole hours are said in hours."""
    return Amount(amount / 60, Unit.HOURS) if amount % 60 == 0 else Amount(amount, Unit.MINUTES)


def _halves(amount: int) -> Amount:
    return working_days(amount / 2)


URGENCIES = urgencies_of(DEFAULT_NUMBERS)
