"""How do we say what a rule looks for, with the clinic's own numbers in it?"""

from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from plans.followup.forms import LABELS
from plans.followup.rules import BOUNDS, Amount, Numbers, Rule, Unit, Urgency, urgencies_of
from plans.followup.rules.urgency import ShareOfTarget, UrgencyTimes

register = template.Library()

Words = str | Promise

SENTENCES: dict[Rule, Words] = {
    Rule.RED_FLAG: _("Any safety question answered yes, at intake, weekly or in a log."),
    Rule.VERY_SEVERE: _(
        "Any score of %(very_severe_min)s or more, or %(sleepless_min)s or more with a night without sleep."
    ),
    Rule.ADVERSE_EVENT: _("The client reports a bruise, new numbness, a fall, a faint or an injury from a session."),
    Rule.ASKED_FOR_HELP: _(
        "A score of %(severe_min)s or more, and the client says it cannot wait until the next visit."
    ),
    Rule.SEVERE_14D: _(
        "%(severe_min)s or more on most logged days for %(medical_days)s days, with %(medical_contacts)s contacts"
        " or more."
    ),
    Rule.SEVERE_PERSISTENT: _(
        "The day’s usual pain is %(severe_min)s or more on %(days_in_row)s logged days in a row, or on %(alt_days)s of"
        " the last %(alt_of_last)s within %(alt_window_days)s days. Days of expected soreness do not count."
    ),
    Rule.WORSENING: _(
        "The average of the last %(worse_readings)s usual scores is %(worse_points)s or more above the client’s own"
        " start, %(worse_days_in_row)s logged days running, or the morning after is that much worse. From"
        " %(worse_raised_points)s points, or from %(severe_min)s, it is a case."
    ),
    Rule.IN_SESSION_STOP: _(
        "A technique was stopped for tingling, dizziness or a cold hand or foot: always a case. Stopped for pain"
        " %(stops)s times in %(stops_days)s days: a hint."
    ),
    Rule.SORENESS: _(
        "Up to %(sore_max_rise)s points above usual within %(sore_hours)s hours of something new, below %(sore_below)s:"
        " marked and not counted, at most %(sore_max_windows)s times in %(sore_windows_days)s days. Still there after"
        " %(still_sore_hours)s hours: a hint."
    ),
    Rule.NO_IMPROVEMENT_6: _(
        "After 6 weeks pain is down by less than %(week6_pct)s %% and less than %(week6_points)s of 10, the"
        " client does not say it is %(week6_global_change)s steps better, with"
        " %(adherence_pct)s %% or more of the sessions done."
    ),
    Rule.NO_IMPROVEMENT_4: _(
        "After 4 weeks pain is down by less than %(week4_pct)s %% and less than %(week4_points)s of 10, with"
        " %(adherence_pct)s %% or more of the sessions done."
    ),
    Rule.SILENT: _(
        "No log for %(silent_days_severe)s days after a usual score of %(severe_min)s or more: a case. No log for"
        " %(silent_days)s days at any level: a hint."
    ),
    Rule.NON_ADHERENCE: _(
        "Fewer than %(adherence_pct)s %% of the planned sessions logged in %(non_adherence_days)s days, and pain below"
        " %(severe_min)s."
    ),
    Rule.IMPROVEMENT: _(
        "The average of %(average_days)s days is %(better_pct)s %% or %(better_points)s points below the start, and"
        " mornings are back to usual."
    ),
    Rule.DISCHARGE: _(
        "The average of %(average_days)s days has been %(well_max)s or less for %(well_days)s days, and the client"
        " rates their own activities %(well_psfs)s points better."
    ),
}

# What a rule opens, and in which family; a rule that is in both columns opens a case only when it is raised.
OPENS: dict[Rule, Words] = {
    Rule.RED_FLAG: _("Case, safety"),
    Rule.VERY_SEVERE: _("Case, severe"),
    Rule.ADVERSE_EVENT: _("Case, safety"),
    Rule.ASKED_FOR_HELP: _("Case, severe"),
    Rule.SEVERE_14D: _("Case, severe"),
    Rule.SEVERE_PERSISTENT: _("Case, severe"),
    Rule.WORSENING: _("Hint, or case"),
    Rule.IN_SESSION_STOP: _("Case or hint"),
    Rule.SORENESS: _("Mark, or hint"),
    Rule.NO_IMPROVEMENT_6: _("Hint"),
    Rule.NO_IMPROVEMENT_4: _("Hint"),
    Rule.SILENT: _("Case or hint"),
    Rule.NON_ADHERENCE: _("Hint"),
    Rule.IMPROVEMENT: _("Offer"),
    Rule.DISCHARGE: _("Offer"),
}


@register.simple_tag
def rule_says(rule: Rule, numbers: Numbers) -> str:
    """What the rule looks for, with these numbers."""
    words = {name: getattr(numbers, name) for name in BOUNDS}
    return str(SENTENCES[rule]) % (words | {"well_psfs": number_format(numbers.well_psfs_tenths / 10, 1)})


@register.filter
def rule_opens(rule: Rule) -> Words:
    return OPENS[rule]


@register.filter
def amount_words(amount: Amount | ShareOfTarget) -> str:
    """“8 hours”, “2 working days”, “half a working day”, “50 % of the rule’s time”."""
    if isinstance(amount, ShareOfTarget):
        return _("%(n)s %% of the rule’s time") % {"n": round(amount.share * 100)}
    if amount.amount == 0:
        return str(_("At once"))
    if amount.unit is Unit.WORKING_DAYS and amount.amount % 1:
        return _half_days(amount.amount)
    n = round(amount.amount)
    if amount.unit is Unit.WORKING_DAYS:
        return ngettext("%(n)s working day", "%(n)s working days", n) % {"n": n}
    if amount.unit is Unit.HOURS:
        return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}
    return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}


def _half_days(days: float) -> str:
    if days < 1:
        return str(_("Half a working day"))
    return _("%(n)s working days") % {"n": number_format(days, 1)}


@register.simple_tag
def times_of(urgency: Urgency, numbers: Numbers) -> UrgencyTimes:
    return urgencies_of(numbers).of(urgency)


@register.filter
def number_label(name: str) -> Words:
    return LABELS.get(name, name)


@register.filter
def scores_words(readings: Any) -> str:
    """“6, 7 and 6”: the scores that prove a finding, oldest first, the last five of them."""
    scores = [str(reading.score) for reading in readings if reading.score is not None][-5:]
    if len(scores) < 2:
        return "".join(scores)
    return str(_("%(many)s and %(last)s")) % {"many": ", ".join(scores[:-1]), "last": scores[-1]}
