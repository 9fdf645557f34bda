"""How do we name the days of a program? `{% load days %}`."""

from django import template
from django.utils.dates import WEEKDAYS_ABBR

register = template.Library()


@register.filter
def weekday_short(weekday: int) -> str:
    """“Mon” for 0."""
    return str(WEEKDAYS_ABBR[int(weekday)])
