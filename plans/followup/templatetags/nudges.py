"""How do we say which reminder it was, why it came, and why one did not?"""

from dataclasses import dataclass

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plans.followup.rules import NudgeKind

register = template.Library()

Words = str | Promise


@dataclass(frozen=True)
class KindWords:
    """A kind by its name, and the rule that brings it, as said to the client."""

    name: Words
    because: Words


KINDS: dict[str, KindWords] = {
    NudgeKind.SESSION_READY: KindWords(
        _("Session reminder"), _("A session was planned for this day, and nothing was logged yet at your time.")
    ),
    NudgeKind.SESSION_SHORT: KindWords(
        _("Something smaller"), _("A session was planned, and the one before is still waiting or time was short.")
    ),
    NudgeKind.ONCE_MORE: KindWords(
        _("Once more, next day"), _("We reminded you the day before, and nothing was logged since.")
    ),
    NudgeKind.CHECK_IN: KindWords(
        _("Is anything in the way?"),
        _("Three days or more after a planned session, nothing was logged since."),
    ),
    NudgeKind.NEXT_MORNING: KindWords(
        _("How was the morning?"), _("You asked for it, and did a session the day before.")
    ),
    NudgeKind.GOOD_WEEK: KindWords(_("Good week"), _("You did four in five of the week’s sessions, or more.")),
    NudgeKind.PHASE_CHANGE: KindWords(_("New phase"), _("It was the first session of a new phase of your program.")),
    NudgeKind.VISIT: KindWords(_("Visit tomorrow"), _("A visit is noted for the day after.")),
    NudgeKind.STOPPED: KindWords(
        _("Reminders have stopped"), _("Four in a row had no answer, so we stopped and told your bodyworker.")
    ),
}
UNKNOWN = KindWords(_("Reminder"), _("One of your reminders."))

REASONS: dict[str, Words] = {
    "its time had passed": _("Its time had passed"),
    "its time has passed": _("Its time had passed"),
    "one a day is enough": _("One a day is enough"),
    "enough for this week": _("Enough for this week"),
    "four were left unanswered": _("Four had no answer"),
    "quiet hours leave no time for it": _("Quiet hours left no time for it"),
    "the chosen time is in quiet hours": _("Quiet hours left no time for it"),
    "no address to send to": _("No address to send to"),
    "the address does not work": _("The address does not work"),
    "the letter did not leave": _("The letter did not leave"),
    "logged": _("A log came first"),
    "answered": _("An answer came first"),
    "a case is open": _("A case is open"),
    "a review is open": _("A person is looking after it"),
    "the program is held": _("The program is held"),
    "the program has ended": _("The program has ended"),
    "client's choice": _("The client’s own choice"),
    "unsubscribed": _("Reminders were turned off by link"),
}


@register.filter
def nudge_name(kind: str) -> Words:
    return KINDS.get(kind, UNKNOWN).name


@register.filter
def nudge_because(kind: str) -> Words:
    return KINDS.get(kind, UNKNOWN).because


@register.filter
def not_sent_words(reason: str) -> Words:
    """Why one was not sent; what a mail server said stays as it is."""
    return REASONS.get(reason, reason)
