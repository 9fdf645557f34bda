"""How a client wants to be reminded, and how the pages should look."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.post.models import ContactPreferences
from accounts.post.rules import QUIET_FROM, QUIET_UNTIL, REMINDER_TIME
from plans.followup.rules import UNLESS_WANTED, NudgeKind

WEEK = [
    ("0", _("Monday")),
    ("1", _("Tuesday")),
    ("2", _("Wednesday")),
    ("3", _("Thursday")),
    ("4", _("Friday")),
    ("5", _("Saturday")),
    ("6", _("Sunday")),
]
PAUSES = [("none", _("Not paused")), ("week", _("For a week")), ("until", _("Until a date"))]
THEMES = [("", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))]
A_WEEK = dt.timedelta(days=7)
# One row on the page each; that reminders have stopped is told whatever is chosen.
KINDS = [
    (NudgeKind.SESSION_READY, _("Session reminder"), _("At your time, if nothing is logged")),
    (NudgeKind.SESSION_SHORT, _("Something smaller"), _("When the last session is still waiting, or time is short")),
    (NudgeKind.ONCE_MORE, _("Once more, next day"), _("Only if still nothing is logged")),
    (NudgeKind.CHECK_IN, _("Is anything in the way?"), _("After three days, answered with one tap")),
    (NudgeKind.NEXT_MORNING, _("How was the morning?"), _("The day after a session, when none is planned")),
    (
        NudgeKind.OUTCOME_WEEK,
        _("Four short questions"),
        _("In weeks 2, 4 and 6, if nothing else is sent that day"),
    ),
    (NudgeKind.GOOD_WEEK, _("Good week"), _("On Sundays, at most once a week")),
    (NudgeKind.PHASE_CHANGE, _("New phase"), _("On its first day, in place of the reminder")),
    (NudgeKind.VISIT, _("Visit tomorrow"), _("The day before a visit that is noted here")),
]


class ReminderForm(forms.Form):
    reminders_on = forms.BooleanField(label=_("Remind me"), required=False)
    days = forms.MultipleChoiceField(
        label=_("My days"), choices=WEEK, required=False, widget=forms.CheckboxSelectMultiple
    )
    time = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": _("Choose a time."), "invalid": _("Write the time as 18:30.")},
    )
    kinds = forms.MultipleChoiceField(
        label=_("Which ones"),
        choices=[(kind.value, name) for kind, name, _when in KINDS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    pause = forms.ChoiceField(label=_("Pause"), choices=PAUSES, widget=forms.RadioSelect)
    until = forms.DateField(
        label=_("Paused until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 2026-03-14.")},
    )
    quiet_from = forms.TimeField(label=_("Quiet from"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    quiet_until = forms.TimeField(label=_("until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("pause") == "until":
            until = said.get("until")
            if until is None and "until" not in self.errors:
                self.add_error("until", _("Choose the day until which it is paused."))
            elif until is not None and until < self.today:
                self.add_error("until", _("This day has passed. Choose a later one."))
        return said

    @property
    def kind_rows(self) -> list[dict[str, Any]]:
        """Each kind as the page's list shows it."""
        chosen = self["kinds"].value() or []
        return [
            {"value": kind.value, "name": name, "when": when, "is_on": kind.value in chosen}
            for kind, name, when in KINDS
        ]

    @property
    def paused_until_on(self) -> dt.date | None:
        pause = self.cleaned_data["pause"]
        if pause == "week":
            return self.today + A_WEEK
        until: dt.date | None = self.cleaned_data["until"]
        return until if pause == "until" else None


def is_on(preferences: ContactPreferences, kind: NudgeKind) -> bool:
    if kind in UNLESS_WANTED:
        return kind.value in preferences.kinds_wanted
    return kind.value not in preferences.kinds_off


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(label=_("Colours"), choices=THEMES, required=False, widget=forms.RadioSelect)


def words_of(preferences: ContactPreferences | None, today: dt.date) -> dict[str, Any]:
    """What the form holds before anyone types: the client's choices, or the clinic's defaults."""
    known = preferences or ContactPreferences()
    paused = known.paused_until_on if known.paused_until_on and known.paused_until_on >= today else None
    return {
        "reminders_on": known.reminders_on and known.unsubscribed_at is None,
        "days": [str(day) for day in known.session_days],
        "time": known.reminder_time or REMINDER_TIME,
        "kinds": [kind.value for kind, _name, _when in KINDS if is_on(known, kind)],
        "pause": "until" if paused else "none",
        "until": paused,
        "quiet_from": known.quiet_from or QUIET_FROM,
        "quiet_until": known.quiet_until or QUIET_UNTIL,
    }
