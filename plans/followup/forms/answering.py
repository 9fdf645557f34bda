"""What staff may say about a case: when to look again, how it ended, until when it may rest."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Membership
from plans.followup.rules import NOTE_REQUIRED, Outcome

OUTCOME_CHOICES = [
    (Outcome.CALLED.value, _("Called")),
    (Outcome.MESSAGED.value, _("Messaged")),
    (Outcome.SEEN.value, _("Seen")),
    (Outcome.PROGRAM_CHANGED.value, _("Program changed")),
    (Outcome.REFERRED.value, _("Referred")),
    (Outcome.NO_ANSWER.value, _("No answer")),
    (Outcome.NOT_A_CONCERN.value, _("Not a concern")),
]


def moment_words(moment: dt.datetime, today: dt.date) -> str:
    """“Today 17:00”, “Tuesday 10:00”, with the date where it is more than a week away; in the active zone."""
    local = timezone.localtime(moment)
    days = (local.date() - today).days
    if days == 0:
        day = gettext("Today")
    elif days < 7:
        day = date_format(local, "l")
    else:
        day = date_format(local, "l j F")
    return f"{day} {local:%H:%M}"


class LookAgainField(forms.ChoiceField):
    """A moment out of a few; empty means the usual one of the case's urgency."""

    def offer(self, moments: Sequence[dt.datetime], today: dt.date) -> None:
        usual = [] if self.required else [("", gettext("The usual time"))]
        self.choices = usual + [(moment.isoformat(), moment_words(moment, today)) for moment in moments]

    def clean(self, value: Any) -> dt.datetime | None:
        chosen = super().clean(value)
        return parse_datetime(chosen) if chosen else None


class AcknowledgeForm(forms.Form):
    follow_up_by = LookAgainField(label=_("Look again by"), required=False)

    def __init__(self, *args: Any, moments: Sequence[dt.datetime] = (), today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["follow_up_by"]
        assert isinstance(field, LookAgainField)
        field.offer(moments, today)
        field.widget.attrs["class"] = "input input--sm"


class SnoozeForm(forms.Form):
    until = LookAgainField(label=_("Until"))

    def __init__(self, *args: Any, moments: Sequence[dt.datetime] = (), today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["until"]
        assert isinstance(field, LookAgainField)
        field.offer(moments, today)


class HandOverForm(forms.Form):
    """Which colleague is asked to take the case."""

    to = forms.ModelChoiceField(
        label=_("Who should take it?"),
        queryset=Membership.objects.none(),
        to_field_name="uuid",
        empty_label=_("Choose a colleague"),
        error_messages={"required": _("Choose a colleague"), "invalid_choice": _("Choose a colleague of this clinic")},
    )

    def __init__(self, *args: Any, colleagues: QuerySet[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = colleagues
        field.label_from_instance = _name_of  # type: ignore[method-assign, assignment]


def _name_of(member: Membership) -> str:
    return str(member.user)


class ResolveForm(forms.Form):
    """The outcome, and a note where nobody could otherwise tell why the case was closed."""

    outcome = forms.ChoiceField(
        label=_("What was the outcome?"),
        choices=OUTCOME_CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the outcome.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for “no answer” and “not a concern”. The client does not see it."),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("outcome") in NOTE_REQUIRED and not said.get("note", "").strip():
            self.add_error("note", _("Say in a few words why the case can be closed."))
        return said
