"""How do we say a day, an age or a length of time? The same words on every page."""

from datetime import date, datetime, timedelta

from django import template
from django.forms import BoundField, Field
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

register = template.Library()

MINUTE = 60
NEAR = {0: gettext_noop("Today"), -1: gettext_noop("Yesterday"), 1: gettext_noop("Tomorrow")}


@register.filter
def day(value: date | datetime | None) -> str:
    """“Friday 14 March”; with the year when it is not this one. Local to the active zone."""
    on = local_date(value)
    if on is None:
        return ""
    return date_format(on, "l j F" if on.year == timezone.localdate().year else "l j F Y")


@register.filter
def short_day(value: date | datetime | None) -> str:
    """“14 March”; with the year when it is not this one."""
    on = local_date(value)
    if on is None:
        return ""
    return date_format(on, "j F" if on.year == timezone.localdate().year else "j F Y")


@register.filter
def near_day(value: date | datetime | None) -> str:
    """“Today”, “Yesterday”, “Tomorrow”, a weekday within the last week, else “8 March”."""
    on = local_date(value)
    if on is None:
        return ""
    days = (on - timezone.localdate()).days
    if days in NEAR:
        return _(NEAR[days])
    return date_format(on, "l") if -7 < days < 0 else short_day(on)


@register.filter
def near_day_inside(value: date | datetime | None) -> str:
    """The same inside a sentence: “today”, “yesterday”, “Saturday”, “8 March”."""
    on = local_date(value)
    words = near_day(on)
    return words.lower() if on and abs((on - timezone.localdate()).days) <= 1 else words


@register.filter
def near_time(value: datetime | None) -> str:
    """“Today, 07:58” or “8 March, 17:00”."""
    if value is None:
        return ""
    return f"{near_day(value)}, {clock(value)}"


@register.filter
def clock(value: datetime | None) -> str:
    """“07:58” in the active zone."""
    return timezone.localtime(value).strftime("%H:%M") if value else ""


@register.filter
def clock_seconds(value: datetime | None) -> str:
    """“07:57:38”: for the record of a case, where the order of seconds matters."""
    return timezone.localtime(value).strftime("%H:%M:%S") if value else ""


@register.filter
def ago(value: datetime | None) -> str:
    """“2 hours ago” within the day, then “Yesterday”, a weekday, a date."""
    if value is None:
        return ""
    age = timezone.now() - value
    if age < timedelta(minutes=1):
        return _("Just now")
    if age < timedelta(hours=1):
        minutes = int(age.total_seconds() // 60)
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    if local_date(value) == timezone.localdate():
        hours = int(age.total_seconds() // 3600)
        return ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}
    return near_day(value)


@register.filter
def length_words(seconds: int | None) -> str:
    """“45 sec”, “90 sec”, “2 min”, “2 min 30 sec” from a number of seconds."""
    if seconds is None:
        return ""
    if seconds < 2 * MINUTE:
        return _("%(n)s sec") % {"n": seconds}
    minutes, rest = divmod(seconds, MINUTE)
    words = _("%(n)s min") % {"n": minutes}
    return f"{words} {_('%(n)s sec') % {'n': rest}}" if rest else words


@register.filter
def wait(value: datetime | None) -> str:
    """“1 day 6 h” or “3 h 02 min” until a moment, “now” when it has come."""
    if value is None:
        return ""
    minutes = int((value - timezone.now()).total_seconds() // 60)
    if minutes <= 0:
        return _("now")
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        words = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
        return f"{words} {_('%(n)s h') % {'n': hours}}" if hours else words
    if hours:
        return _("%(hours)s h %(minutes)02d min") % {"hours": hours, "minutes": minutes}
    return _("%(n)s min") % {"n": minutes}


@register.filter
def initials(name: str) -> str:
    """“ML” for Maya Lindqvist: the first letters of the first and the last word."""
    words = str(name).split()
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


@register.filter
def first_name(name: str) -> str:
    """“Maya” for Maya Lindqvist."""
    return str(name).split()[0] if str(name).split() else ""


@register.filter
def about(error: str, field: BoundField) -> str:
    """An error that names what is missing; our own errors say it already, Django's stock one does not."""
    if str(error) != str(Field.default_error_messages["required"]):
        return str(error)
    return _("%(label)s: fill this in") % {"label": field.label}


def local_date(value: date | datetime | None) -> date | None:
    """The day of a moment in the active zone; a date stays what it is."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value
