"""A rule's numbers, the times of telling, and one client's own numbers: each within its bounds."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plans.followup.rules import BOUNDS, Numbers, NumberUnit, problems_of

LABELS: dict[str, Promise] = {
    "severe_min": _("Pain counts as severe from"),
    "very_severe_min": _("Very severe from"),
    "sleepless_min": _("With no sleep, from"),
    "days_in_row": _("Days in a row"),
    "alt_days": _("Or so many days"),
    "alt_of_last": _("Of the last logged days"),
    "alt_window_days": _("Within so many days"),
    "medical_days": _("For so many days"),
    "medical_contacts": _("Contacts at least"),
    "worse_points": _("Points above their own start"),
    "worse_raised_points": _("Points that make it a case"),
    "worse_readings": _("Scores that are averaged"),
    "worse_days_in_row": _("Logged days running"),
    "stops": _("Stops for pain"),
    "stops_days": _("Within so many days"),
    "sore_hours": _("Hours in which soreness is expected"),
    "sore_max_rise": _("Points above usual at most"),
    "sore_below": _("Only below a score of"),
    "sore_max_windows": _("Times at most"),
    "sore_windows_days": _("Within so many days"),
    "still_sore_hours": _("Hours until it should be over"),
    "still_sore_until_hours": _("Hours until a first word says nothing about soreness"),
    "week4_pct": _("Percent better at least"),
    "week4_points": _("Points better at least"),
    "week6_pct": _("Percent better at least"),
    "week6_points": _("Points better at least"),
    "week6_global_change": _("Change they say themselves at least"),
    "adherence_pct": _("Percent of the sessions done"),
    "adherence_days": _("Sessions counted over so many days"),
    "average_days": _("Days that are averaged"),
    "average_at_least": _("Scores an average needs"),
    "silent_days_severe": _("Days without a log after severe pain"),
    "silent_days": _("Days without a log at any level"),
    "non_adherence_days": _("Over so many days"),
    "better_pct": _("Percent better"),
    "better_points": _("Points better"),
    "well_max": _("Average at most"),
    "well_psfs_tenths": _("Their own activities better by, in tenths of a point"),
    "well_days": _("For so many days"),
    "judged_days": _("Hints are about the last days"),
    "same_day_answer_hours": _("Answer a same-day question within hours"),
    "within_days_answer_halves": _("Answer a question that can wait within half working days"),
    "very_severe_answer_hours": _("Answer within hours"),
    "harm_answer_halves": _("Answer within half working days"),
    "help_answer_halves": _("Answer within half working days"),
    "stop_answer_halves": _("Answer within half working days"),
    "medical_answer_halves": _("Answer within half working days"),
    "stays_answer_halves": _("Answer within half working days"),
    "worse_answer_halves": _("Answer within half working days"),
    "silent_answer_halves": _("Answer within half working days"),
    "emergency_remind_minutes": _("Emergency: remind everybody every so many minutes"),
    "emergency_look_minutes": _("Emergency: look again after minutes"),
    "same_day_tier_2_minutes": _("Same day: tell the cover after minutes"),
    "same_day_tier_3_minutes": _("Same day: tell the owner after minutes"),
    "same_day_remind_minutes": _("Same day: remind everybody every so many minutes"),
    "same_day_look_minutes": _("Same day: look again after minutes"),
    "urgent_tier_2_minutes": _("Urgent: tell the cover after minutes"),
    "urgent_tier_3_minutes": _("Urgent: tell the owner after minutes"),
    "urgent_remind_minutes": _("Urgent: remind everybody every so many minutes"),
    "urgent_look_halves": _("Urgent: look again after half working days"),
    "routine_tier_2_pct": _("Routine: tell the cover after percent of the rule’s time"),
    "routine_tier_3_pct": _("Routine: tell the owner after percent of the rule’s time"),
    "routine_remind_halves": _("Routine: remind everybody every so many half working days"),
    "routine_look_halves": _("Routine: look again after half working days"),
}


def span_of(name: str) -> str:
    """“4 to 7”, with the unit: what a number may be."""
    bound = BOUNDS[name]
    units: dict[NumberUnit, Promise] = {
        NumberUnit.SCORE: _("of 10"),
        NumberUnit.POINTS: _("points"),
        NumberUnit.PERCENT: _("percent"),
        NumberUnit.DAYS: _("days"),
        NumberUnit.HOURS: _("hours"),
        NumberUnit.TIMES: _("times"),
        NumberUnit.READINGS: _("scores"),
        NumberUnit.TENTHS: _("tenths of a point"),
        NumberUnit.MINUTES: _("minutes"),
        NumberUnit.HALF_DAYS: _("half working days"),
    }
    return gettext("%(low)s to %(high)s %(unit)s") % {
        "low": bound.lowest,
        "high": bound.highest,
        "unit": units[bound.unit],
    }


class NumbersForm(forms.Form):
    """One whole number for each that is named, within its bounds; `base` is what is in force."""

    def __init__(self, *args: Any, names: Sequence[str], base: Numbers, also: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names, self.base = list(names), base
        for name in reversed(self.names):
            self.fields[name] = _number_field(name, getattr(base, name), also.get(name, ""))
        self.order_fields(self.names)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not self.errors:
            for problem in problems_of(self.changed_numbers, base=self.base):
                words = gettext("Choose a number that is not above “%(other)s”.") % {"other": LABELS[problem.other]}
                self.add_error(problem.name if problem.name in self.fields else None, words)
        return said

    @property
    def typed(self) -> list[tuple[str, object]]:
        """Every number as it was typed."""
        return [(name, self.cleaned_data.get(name)) for name in self.names]

    @property
    def changed_numbers(self) -> dict[str, object]:
        """Only what differs from what is in force."""
        said = self.cleaned_data
        return {name: said[name] for name in self.names if said.get(name) != getattr(self.base, name)}


class RuleForm(NumbersForm):
    """A rule's numbers with the reason, and the version that the person was looking at."""

    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=300,
        help_text=_("Kept with the version. Name no client here."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class OwnNumbersForm(NumbersForm):
    """One client's own numbers, with the reason, and the last day on which they count."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Staff who see the client can read it."),
        error_messages={"required": _("Say in a few words why this client needs own numbers.")},
    )
    until = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until somebody ends them."),
        error_messages={"invalid": _("Write the day as 2026-03-14.")},
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["until"].widget.attrs["min"] = today.isoformat()

    def clean_until(self) -> dt.date | None:
        until: dt.date | None = self.cleaned_data["until"]
        if until and until < self.today:
            raise forms.ValidationError(gettext("This day is over. Choose today or a later one."))
        return until

    @property
    def until_at(self) -> dt.datetime | None:
        """The end of the last day, in the active zone."""
        until: dt.date | None = self.cleaned_data["until"]
        if until is None:
            return None
        return dt.datetime.combine(until + dt.timedelta(days=1), dt.time(0), tzinfo=timezone.get_current_timezone())


def _number_field(name: str, now: int, also: str) -> forms.IntegerField:
    bound = BOUNDS[name]
    hint = [gettext("%(span)s, now %(now)s.") % {"span": span_of(name), "now": now}]
    if bound.is_safety:
        hint.append(gettext("For safety it can only become stricter than our default."))
    if also:
        hint.append(gettext("Also read by: %(rules)s.") % {"rules": also})
    span = gettext("Choose a whole number, %(span)s.") % {"span": span_of(name)}
    return forms.IntegerField(
        label=capfirst(str(LABELS[name])),
        initial=now,
        min_value=bound.lowest,
        max_value=bound.highest,
        help_text=" ".join(hint),
        error_messages={"required": span, "invalid": span, "min_value": span, "max_value": span},
    )
