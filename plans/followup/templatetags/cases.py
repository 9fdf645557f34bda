"""How do we say why a case or a hint is there? One set of words for the list, the case and the caseload.

The rules return an id and parameters; the words are made here, when somebody reads them.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from plans.followup.rules import EscalationState, Family, Outcome, Urgency
from plans.journal.rules import Harm, Severity, StopReason, severity_of

register = template.Library()

Words = str | Promise


@dataclass(frozen=True)
class RuleWords:
    """A rule in words. `short` may name parameters; `plain` is said where one of them is unknown."""

    name: Words
    short: Words
    plain: Words
    sentence: Words


RULES: dict[str, RuleWords] = {
    "red-flag-immediate": RuleWords(
        _("red flag"),
        _("A safety question answered yes"),
        _("A safety question answered yes"),
        _("The client answered yes to a safety question."),
    ),
    "very-severe-same-day": RuleWords(
        _("very severe pain"),
        _("%(score)s/10 severe"),
        _("Very severe pain"),
        _("A score of 9 or 10, or 8 with a night without sleep."),
    ),
    "adverse-event": RuleWords(
        _("bruise or harm"),
        _("Bruise or harm after a session"),
        _("Bruise or harm after a session"),
        _("The client reported a bruise, a fall, numbness or another harm."),
    ),
    "asked-for-help": RuleWords(
        _("cannot wait"),
        _("%(score)s/10, says it cannot wait"),
        _("Says it cannot wait"),
        _("A score of 7 or more, and the client says it cannot wait until the next visit."),
    ),
    "severe-14d-medical": RuleWords(
        _("severe in spite of care"),
        _("Severe for 14 days in spite of care"),
        _("Severe for 14 days in spite of care"),
        _("Severe on most logs for 14 days, with two contacts or more. Recommend a doctor."),
    ),
    "severe-persistent": RuleWords(
        _("severe pain that stays"),
        _("%(least)s or more on %(days)s days"),
        _("Severe pain that stays"),
        _("The usual pain was 7 or more on 3 logged days in a row, or on 3 of the last 5."),
    ),
    "worsening": RuleWords(
        _("getting worse"),
        _("Rising, %(from)s to %(to)s"),
        _("Pain is rising"),
        _("The usual pain, or the morning after a session, is 2 points or more above where it was, twice running."),
    ),
    "in-session-stop": RuleWords(
        _("stop in the session"),
        _("Stopped: %(reason_words)s"),
        _("Stopped a technique"),
        _("A technique was stopped for a reason that always needs a person, or for pain twice in a week."),
    ),
    "silent-client": RuleWords(
        _("silent client"),
        _("Silent for %(days)s days"),
        _("Nothing heard for a while"),
        _("Nothing was logged for 7 days after severe pain, or for 14 days after any."),
    ),
    "soreness-window": RuleWords(
        _("expected soreness"),
        _("Still sore after three days"),
        _("Still sore after three days"),
        _("Soreness after something new has lasted longer than two days."),
    ),
    "no-improvement-week4": RuleWords(
        _("little change at 4 weeks"),
        _("Little change after 4 weeks, %(from)s to %(to)s"),
        _("Little change after 4 weeks"),
        _("Pain is down by less than a point after four weeks of the program."),
    ),
    "no-improvement-week6": RuleWords(
        _("no change at 6 weeks"),
        _("No meaningful change after 6 weeks, %(from)s to %(to)s"),
        _("No meaningful change after 6 weeks"),
        _(
            "Pain is down by less than two points after six weeks of the program, and the client’s own word for the"
            " change is under +2 or was not given."
        ),
    ),
    "non-adherence": RuleWords(
        _("few sessions"),
        _("%(done)s of %(planned)s sessions in %(days)s days"),
        _("Fewer than half of the sessions in 14 days"),
        _("Fewer than half of the planned sessions were logged in 14 days."),
    ),
    "improvement": RuleWords(
        _("improving"),
        _("Improving, %(from)s to %(to)s: ready for the next step"),
        _("Improving: ready for the next step"),
        _("Over the last week pain was 30 % or 2 points below its start."),
    ),
    "discharge": RuleWords(
        _("doing well"),
        _("Doing well for 14 days"),
        _("Doing well for 14 days"),
        _(
            "Pain has been 2 or less on average for 14 days, and the client’s own activities have become easier by"
            " 2.3 points or more."
        ),
    ),
    "stopped-nudging": RuleWords(
        _("reminders stopped"),
        _("Left %(n)s reminders unanswered"),
        _("Left four reminders unanswered"),
        _("Reminders have stopped, and the client was told that you will check in."),
    ),
    "pain-in-the-way": RuleWords(
        _("pain in the way"),
        _("Says that pain is in the way"),
        _("Says that pain is in the way"),
        _("Asked what is in the way, the client said: pain. No log has come since. Reminders rest meanwhile."),
    ),
    "unsure-how": RuleWords(
        _("unsure how"),
        _("Is unsure how to do it"),
        _("Is unsure how to do it"),
        _("Asked what is in the way, the client said: I am not sure how. Show it again, or send a note."),
    ),
}
UNKNOWN_RULE = RuleWords(_("rule"), _("Worth a look"), _("Worth a look"), _("A rule of the clinic found this."))

# What the client reads on their own pages while the case is open, where no text answered the log itself.
ADVICE: dict[str, Words] = {
    "severe-persistent": _(
        "Your pain has stayed high. Your bodyworker is being asked to contact you."
        " Leave out the strong moves until then."
    ),
    "severe-14d-medical": _(
        "We think a doctor should look at this now. Nothing here is an emergency unless a warning sign appears."
    ),
    "worsening": _("Go lighter next time and keep logging; your bodyworker will look."),
}

STOPS: dict[str, Words] = {
    StopReason.NERVE: _("tingling, numbness or weakness"),
    StopReason.DIZZY: _("dizzy or sick"),
    StopReason.CIRCULATION: _("a cold or pale hand or foot"),
    StopReason.TOO_PAINFUL: _("it hurt too much"),
    StopReason.SHARP: _("sharp pain"),
    StopReason.NO_TIME: _("no time"),
    StopReason.OTHER: _("another reason"),
}
HARMS: dict[str, Words] = {
    Harm.BRUISE: _("a bruise"),
    Harm.NUMBNESS: _("new numbness"),
    Harm.FALL: _("a fall"),
    Harm.FAINT: _("a faint"),
    Harm.INJURY: _("an injury"),
}
FAMILIES: dict[str, Words] = {
    Family.SAFETY: _("Safety"),
    Family.SEVERE: _("Severe pain"),
    Family.CONTACT: _("Contact"),
}
URGENCIES: dict[str, Words] = {
    Urgency.EMERGENCY_NOW: _("Emergency"),
    Urgency.SAME_DAY: _("Same day"),
    Urgency.URGENT: _("Urgent"),
    Urgency.ROUTINE: _("Routine"),
}
OUTCOMES: dict[str, Words] = {
    Outcome.CALLED: _("Called"),
    Outcome.MESSAGED: _("Messaged"),
    Outcome.SEEN: _("Seen"),
    Outcome.PROGRAM_CHANGED: _("Program changed"),
    Outcome.REFERRED: _("Referred"),
    Outcome.NO_ANSWER: _("No answer"),
    Outcome.NOT_A_CONCERN: _("Not a concern"),
}
STATES: dict[str, Words] = {
    EscalationState.OPEN: _("Open"),
    EscalationState.NOTIFIED: _("Open"),
    EscalationState.ACKNOWLEDGED: _("Acknowledged"),
    EscalationState.RESOLVED: _("Resolved"),
}


def words_of(rule: str) -> RuleWords:
    return RULES.get(rule, UNKNOWN_RULE)


@register.simple_tag
def case_title(rule: str, params: Mapping[str, Any] | None) -> str:
    """`{% case_title case.rule case.params %}`: “8/10, says it cannot wait”."""
    words = words_of(rule)
    # What was stored before a case said from which score pain counted as severe was always 7.
    known = {"least": 7} | dict(params or {})
    if known.get("reasons"):
        known["reason_words"] = stop_words(str(known["reasons"][0]))
    if known.get("how") == "in_row":
        said = ngettext("%(least)s or more, %(n)s day", "%(least)s or more, %(n)s days in a row", known["days"])
        return said % {"n": known["days"], "least": known["least"]}
    if known.get("harm"):
        return ", ".join(str(harm_words(harm)) for harm in known["harm"]).capitalize()
    try:
        return str(words.short) % known
    except (KeyError, TypeError, ValueError):
        return str(words.plain)


@register.simple_tag
def case_severity(rule: str, params: Mapping[str, Any] | None) -> str:
    """The mark a case carries: severe for all families but a rise that is still below 7."""
    highest = (params or {}).get("to") if rule == "worsening" else None
    if rule == "worsening" and not (isinstance(highest, int) and severity_of(highest) is Severity.SEVERE):
        return str(Severity.MODERATE)
    return str(Severity.SEVERE)


@register.filter
def rule_name(rule: str) -> Words:
    """“cannot wait”: the rule's name as it stands inside a sentence."""
    return words_of(rule).name


@register.filter
def rule_sentence(rule: str) -> Words:
    return words_of(rule).sentence


@register.filter
def rule_advice(rule: str) -> Words:
    """What the client reads while a case of this rule is open; empty where the log was answered at once."""
    return ADVICE.get(rule, "")


@register.filter
def family_word(family: str) -> Words:
    return FAMILIES[family]


@register.filter
def urgency_word(urgency: str) -> Words:
    return URGENCIES[urgency]


@register.filter
def outcome_word(outcome: str) -> Words:
    return OUTCOMES[outcome]


@register.filter
def state_word(state: str) -> Words:
    return STATES[state]


@register.filter
def stop_words(reason: str) -> Words:
    return STOPS.get(reason, STOPS[StopReason.OTHER])


@register.filter
def harm_words(harm: str) -> Words:
    return HARMS.get(harm, HARMS[Harm.INJURY])


@register.filter
def told_names(letters: Iterable[Any], reader: Any) -> str:
    """“You, Ana Ruiz, Ruth Ekwall”: who was told; the reader is “You”."""
    people = [letter.membership.user for letter in letters]
    return ", ".join(gettext("You") if person == reader else person.name for person in people)


@register.filter
def span_words(span: dt.timedelta | None) -> str:
    """“38 seconds”, “22 minutes”, “3 hours”, “1 day”: how long something took."""
    if span is None:
        return ""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 2 * 60:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    if seconds < 2 * 3600:
        return ngettext("%(n)s minute", "%(n)s minutes", seconds // 60) % {"n": seconds // 60}
    if seconds < 2 * 86400:
        return ngettext("%(n)s hour", "%(n)s hours", seconds // 3600) % {"n": seconds // 3600}
    return ngettext("%(n)s day", "%(n)s days", seconds // 86400) % {"n": seconds // 86400}
