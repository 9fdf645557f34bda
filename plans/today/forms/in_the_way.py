"""One tap: what is in the way?"""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.followup.rules import InTheWay

A_WEEK = dt.timedelta(days=7)
LONGEST = dt.timedelta(days=180)


class InTheWayForm(forms.Form):
    reason = forms.ChoiceField(
        choices=[(reason.value, reason.value) for reason in InTheWay],
        error_messages={"required": _("Tap one of the four."), "invalid_choice": _("Tap one of the four.")},
    )
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 2026-03-14.")},
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("until", today + A_WEEK)
        self.today = today

    def clean_reason(self) -> InTheWay:
        return InTheWay(self.cleaned_data["reason"])

    def clean(self) -> dict[str, Any]:
        """The day counts only for somebody who is away; whoever names none is away for a week."""
        said = super().clean() or self.cleaned_data
        if said.get("reason") is not InTheWay.AWAY:
            self.errors.pop("until", None)
            said["until"] = None
        elif "until" not in self.errors:
            said["until"] = until = said.get("until") or self.today + A_WEEK
            if until < self.today:
                self.add_error("until", _("This day has passed. Choose a later one."))
            elif until > self.today + LONGEST:
                self.add_error("until", _("That is more than half a year. Choose an earlier day."))
        return said
