"""What an owner may say to the post."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .rules import IncidentKind


class StopForm(forms.Form):
    """Stop letters for some hours, with a reason that everybody on the staff can read."""

    scope = forms.ChoiceField(
        label=_("What to stop"),
        choices=[("nudges", _("Reminders to clients")), ("all", _("All letters, cases too"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Why"), max_length=200)
    hours = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        choices=[("1", _("1 hour")), ("4", _("4 hours")), ("24", _("1 day")), ("168", _("7 days"))],
    )

    def until(self, now: dt.datetime) -> dt.datetime:
        hours: int = self.cleaned_data["hours"]
        return now + dt.timedelta(hours=hours)


INCIDENT_WORDS: dict[str, Any] = {
    IncidentKind.LETTER_DEAD: _("A letter could not be sent"),
    IncidentKind.LETTER_UNCERTAIN: _("A letter may or may not have arrived"),
    IncidentKind.NOBODY_REACHABLE: _("Nobody could be reached for a case"),
    IncidentKind.ADDRESS_FAILED: _("An address does not work"),
    IncidentKind.INVARIANT_BROKEN: _("The engine found something that must not be"),
    IncidentKind.ENGINE_STOOD_STILL: _("The engine stood still"),
}
