"""What an owner may say to the post."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .rules import Channel, IncidentKind


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


INVARIANT_WORDS: dict[str, Any] = {
    "I1": _("A log that was accepted is gone or empty"),
    "I2": _("A log is there twice, or a correction is missing"),
    "I3": _("A report was not read in time"),
    "I4": _("A report that needs a person has no case, or a case has no report"),
    "I5": _("A client has two cases for the same trouble"),
    "I6": _("A case did not move when it should have"),
    "I7": _("A case was told to the wrong person first"),
    "I8": _("A letter was written twice"),
    "I9": _("Two letters carry the same number"),
    "I10": _("A letter that failed was not shown to you, or one waits too long"),
    "I11": _("A letter was sent again though it had arrived"),
    "I12": _("A letter left though nobody wanted it any more"),
    "I13": _("A reminder left at night, or twice on one day"),
    "I14": _("The history of a case does not add up"),
    "I15": _("Something is filed with the wrong clinic"),
    "I16": _("A part of the engine stood still"),
}
"""What an invariant of the audit that does not hold means to an owner."""


class NudgeChannelForm(forms.Form):
    """How a client's reminders come."""

    channel = forms.ChoiceField(
        label=_("How they come"),
        choices=[("email", _("By email")), ("push", _("On my device"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, has_device: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_device = has_device

    def clean_channel(self) -> Channel:
        channel = Channel(self.cleaned_data["channel"])
        if channel is Channel.PUSH and not self.has_device:
            raise forms.ValidationError(_("Turn a device on first, with the button above."))
        return channel


INCIDENT_WORDS: dict[str, Any] = {
    IncidentKind.LETTER_DEAD: _("A letter could not be sent"),
    IncidentKind.LETTER_UNCERTAIN: _("A letter may or may not have arrived"),
    IncidentKind.LETTER_RETURNED: _("A letter came back: the reader’s mail server does not want it"),
    IncidentKind.LETTER_LATE: _("A letter about a case is late; a second way was tried"),
    IncidentKind.NOBODY_REACHABLE: _("Nobody could be reached for a case"),
    IncidentKind.ADDRESS_FAILED: _("An address does not work"),
    IncidentKind.INVARIANT_BROKEN: _("The engine found something that must not be"),
    IncidentKind.ENGINE_STOOD_STILL: _("The engine could not do something, and tries again"),
}

# What a person can do about each; every sentence is one step.
INCIDENT_DO: dict[str, Any] = {
    IncidentKind.LETTER_DEAD: _("Call them, or ask for another address."),
    IncidentKind.LETTER_UNCERTAIN: _("Ask whether it came. It is not sent again."),
    IncidentKind.LETTER_RETURNED: _("Call them. The address is good, but their mail server refused the letter."),
    IncidentKind.LETTER_LATE: _("Look whether it has left by now. If not, call."),
    IncidentKind.NOBODY_REACHABLE: _("Open the case and act yourself."),
    IncidentKind.ADDRESS_FAILED: _("Ask for another address. Nothing is sent to this one."),
    IncidentKind.INVARIANT_BROKEN: _("Show this to whoever runs the installation."),
    IncidentKind.ENGINE_STOOD_STILL: _("Ask whoever runs the installation to look at worker and beat."),
}
