"""What staff write down about a client: a contact, the next visit, why a program rests or goes on."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.people.rules import ContactKind

# Codes, not words: what is kept with the record of who did it holds no health facts.
PAUSE_REASONS = [
    ("bodyworker", _("I decided it")),
    ("client", _("The client asked for it")),
]
UNLOCK_REASONS = [
    ("spoke_with_client", _("I spoke with the client: the answer was a mistake or is over")),
    ("medical_clearance", _("A doctor has looked at it and says yes")),
    ("seen_in_clinic", _("I have seen the client")),
]


class ContactForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What was it?"),
        choices=[
            (ContactKind.VISIT.value, _("Visit")),
            (ContactKind.CALL.value, _("Call")),
            (ContactKind.MESSAGE.value, _("Message")),
        ],
        widget=forms.RadioSelect(attrs={"class": "chips"}),
        error_messages={"required": _("Choose visit, call or message.")},
    )
    on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day."), "invalid": _("Write the day as 2026-03-14.")},
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["on"].initial = today
        self.fields["on"].widget.attrs["max"] = today.isoformat()

    def clean_on(self) -> dt.date:
        on: dt.date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("This day is still to come. Put it under “Next visit”."))
        return on

    def moment(self, now: dt.datetime) -> dt.datetime:
        """When it was: now, or noon of an earlier day, in the active zone."""
        on: dt.date = self.cleaned_data["on"]
        if on == self.today:
            return now
        return dt.datetime.combine(on, dt.time(12), tzinfo=timezone.get_current_timezone())


class NextVisitForm(forms.Form):
    on = forms.DateField(
        label=_("Next visit"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty when nothing is agreed."),
        error_messages={"invalid": _("Write the day as 2026-03-14.")},
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> dt.date | None:
        on: dt.date | None = self.cleaned_data["on"]
        if on is not None and on < self.today:
            raise forms.ValidationError(_("This day has passed. Choose today or later."))
        return on


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Write the address."),
            "invalid": _("An address looks like maya@example.org."),
        },
    )


class PauseForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why?"), choices=PAUSE_REASONS, widget=forms.RadioSelect)


class UnlockForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why may it go on?"),
        choices=UNLOCK_REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say why the program may go on.")},
    )
