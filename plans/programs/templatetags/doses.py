"""How do we say how much of a technique is asked? “2 times 45 sec each side”, “3 days a week”."""

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

MINUTE = 60


@register.filter
def dose_words(dose: Any) -> str:
    """What one session asks: a prescription, or anything with sets, reps, seconds and sides."""
    amount = amount_words(dose)
    if dose.sets and dose.sets > 1:
        amount = _("%(sets)s times %(amount)s") % {"sets": dose.sets, "amount": amount}
    is_one_side = getattr(dose, "side", "") in {"left", "right"}
    return _("%(amount)s each side") % {"amount": amount} if dose.per_side and not is_one_side else amount


def amount_words(dose: Any) -> str:
    if dose.duration_s:
        return seconds_words(dose.duration_s)
    if dose.hold_s and (dose.reps or 1) > 1:
        return _("%(reps)s, hold %(time)s") % {"reps": dose.reps, "time": seconds_words(dose.hold_s)}
    if dose.hold_s:
        return seconds_words(dose.hold_s)
    if dose.reps:
        return str(dose.reps) if dose.sets and dose.sets > 1 else _("%(reps)s times") % {"reps": dose.reps}
    return _("once")


def seconds_words(seconds: int) -> str:
    """“45 sec”, “90 sec”, “2 min”."""
    if seconds < 2 * MINUTE or seconds % MINUTE:
        return _("%(n)s sec") % {"n": seconds}
    return _("%(n)s min") % {"n": seconds // MINUTE}


@register.filter
def week_words(dose: Any) -> str:
    """How often it is asked."""
    days = dose.sessions_per_week
    return ngettext("%(n)s day a week", "%(n)s days a week", days) % {"n": days}
