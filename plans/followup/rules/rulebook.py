"""Which rules are there, which goes before which, and what may one of them do?"""

from enum import StrEnum


class Rule(StrEnum):
    """The rules that are run, in their order of precedence (rules.json, `precedence`)."""

    RED_FLAG = "red-flag-immediate"
    VERY_SEVERE = "very-severe-same-day"
    ADVERSE_EVENT = "adverse-event"
    ASKED_FOR_HELP = "asked-for-help"
    SEVERE_14D = "severe-14d-medical"
    SEVERE_PERSISTENT = "severe-persistent"
    WORSENING = "worsening"
    IN_SESSION_STOP = "in-session-stop"
    SORENESS = "soreness-window"
    NO_IMPROVEMENT_6 = "no-improvement-week6"
    NO_IMPROVEMENT_4 = "no-improvement-week4"
    SILENT = "silent-client"
    NON_ADHERENCE = "non-adherence"
    IMPROVEMENT = "improvement"
    DISCHARGE = "discharge"


class Opens(StrEnum):
    """What a rule that opens no case does: a hint on the list, a proposal to accept or leave, a mark on a log."""

    REVIEW = "review"
    OFFER = "offer"
    MARK = "mark"


PRECEDENCE = list(Rule)

OFFERS = frozenset({Rule.IMPROVEMENT, Rule.DISCHARGE})
"""Rules whose review is a proposal to the bodyworker: something to offer the client, or to leave."""


class Signal(StrEnum):
    """What a client's silence or one tap puts on the bodyworker's list, where no rule has judged anything."""

    REMINDERS_STOPPED = "stopped-nudging"
    UNSURE_HOW = "unsure-how"
    PAIN_IN_THE_WAY = "pain-in-the-way"


STOP_REMINDERS = frozenset({Rule.WORSENING, Rule.SILENT, Signal.PAIN_IN_THE_WAY})
"""While a review of these is open nobody is reminded to exercise: a person is asked instead."""

UNTIL_A_LOG = frozenset({Signal.REMINDERS_STOPPED, Signal.PAIN_IN_THE_WAY})
"""Signals that the client's own next log answers."""
