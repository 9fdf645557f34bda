"""What people type at the door and about each other."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.forms import RequestLoginCodeForm, ResetPasswordForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Clinic, Membership, User
from accounts.people.rules import (
    SHORT_CODE_ALPHABET,
    SHORT_CODE_LENGTH,
    HoursUnclear,
    Role,
    hours_of,
    hours_words,
    is_zone,
    plain_code,
    zone_of,
)


class CodeRequestForm(RequestLoginCodeForm):
    """An address to send a sign-in code to. Staff and strangers look the same: as if unknown."""

    def clean_email(self) -> str:
        email: str = super().clean_email().strip().lower()
        self._user = User.objects.clients().with_email(email).first()
        return email


class ResetForm(ResetPasswordForm):
    """An address to send a password link to. Clients have no password, so they look unknown here."""

    def clean_email(self) -> str:
        email: str = super().clean_email().strip().lower()
        self.users = list(User.objects.staff().with_email(email))
        return email


class ShortCodeForm(forms.Form):
    """The eight letters and digits a bodyworker reads out."""

    code = forms.CharField(
        label=_("Short code"),
        max_length=40,
        help_text=_("8 letters and numbers, such as 4T7K 9M2P. Small letters are fine."),
        widget=forms.TextInput(
            attrs={"class": "input", "autocomplete": "one-time-code", "autocapitalize": "characters"}
        ),
        error_messages={"required": _("Type the code your bodyworker gave you")},
    )

    def clean_code(self) -> str:
        code = plain_code(self.cleaned_data["code"])
        if len(code) != SHORT_CODE_LENGTH or not set(code) <= set(SHORT_CODE_ALPHABET):
            raise forms.ValidationError(
                _("A code has 8 letters and numbers, never 0, 1, I, L, O or U. Check it and try again")
            )
        return code

    def refuse(self) -> None:
        """Say that nothing opens with this code, beside the field."""
        self.add_error("code", _("That code does not open anything. Check it, or ask for a new one"))


class ActingForm(forms.Form):
    """Which of their own records somebody wants to act for, or which clinic to work in."""

    client = forms.UUIDField(required=False)
    clinic = forms.UUIDField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("client")) == bool(cleaned.get("clinic")):
            raise forms.ValidationError(_("Choose one person or one clinic"))
        return cleaned


class ColleagueForm(forms.Form):
    """A new member of staff, or one who comes back."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("As clients see it"),
        error_messages={"required": _("Write the name as clients see it")},
    )
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        error_messages={"required": _("Write the email they read"), "invalid": _("Write it like name@example.org")},
    )
    roles = forms.MultipleChoiceField(
        label=_("What they do"),
        choices=[
            (Role.BODYWORKER.value, _("Bodyworker: cares for clients")),
            (Role.CURATOR.value, _("Curator: looks after the library")),
            (Role.OWNER.value, _("Owner: sees the whole clinic and its staff")),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one")},
    )
    qualification = forms.CharField(
        label=_("Qualification"), max_length=120, required=False, help_text=_("Shown where they approve a technique")
    )

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = clinic

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if Membership.objects.live().filter(clinic=self.clinic, user__email=email).exists():
            raise forms.ValidationError(_("This person is on the staff already"))
        if User.objects.clients().with_email(email).exists():
            raise forms.ValidationError(_("A client signs in with this address. Staff need one of their own"))
        return email


def _name_of(colleague: Membership) -> str:
    return str(colleague.user)


class LeaveForm(forms.Form):
    """Somebody leaves: who takes over their clients?"""

    heir = forms.ModelChoiceField(
        label=_("Who takes over the clients?"),
        queryset=Membership.objects.none(),
        to_field_name="uuid",
        empty_label=_("Choose a colleague"),
        error_messages={"required": _("Choose who takes over the clients")},
    )

    def __init__(self, *args: Any, leaver: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = leaver.care.filter(ended_on__isnull=True, client__discharged_at__isnull=True).count()
        colleagues = Membership.objects.bodyworkers().filter(clinic=leaver.clinic).exclude(pk=leaver.pk)
        field = self.fields["heir"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = colleagues.select_related("user").order_by("user__name")
        field.label_from_instance = _name_of  # type: ignore[method-assign, assignment]
        if not self.count:
            del self.fields["heir"]


class AwayForm(forms.Form):
    """A time away in whole days of the clinic: the owner writes it for anybody, the others for themselves."""

    bodyworker = forms.ModelChoiceField(
        label=_("Who is away?"),
        queryset=Membership.objects.none(),
        to_field_name="uuid",
        empty_label=_("Choose a colleague"),
        error_messages={"required": _("Choose who is away")},
    )
    from_on = forms.DateField(
        label=_("First day away"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the first day"), "invalid": _("Write the day as 2026-03-14")},
    )
    until_on = forms.DateField(
        label=_("Last day away"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the last day"), "invalid": _("Write the day as 2026-03-14")},
    )
    cover = forms.ModelChoiceField(
        label=_("Who covers?"),
        queryset=Membership.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label=_("Nobody: cases go to the next person at once"),
    )

    def __init__(self, *args: Any, member: Membership, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member, self.today = member, today
        here = Membership.objects.bodyworkers().filter(clinic=member.clinic_id)
        people = here.select_related("user", "clinic").order_by("user__name")
        for name in ("bodyworker", "cover"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = people
            field.label_from_instance = _name_of  # type: ignore[method-assign, assignment]
        if not member.is_owner:
            del self.fields["bodyworker"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = said.get("from_on"), said.get("until_on")
        if first and first < self.today:
            self.add_error("from_on", _("This day has passed. Choose today or later"))
        if first and last and last < first:
            self.add_error("until_on", _("The last day comes before the first. Check the two days"))
        if said.get("cover") and said["cover"] == said.get("bodyworker", self.member):
            self.add_error("cover", _("Who is away cannot cover. Choose a colleague, or nobody"))
        return said

    def absence(self, now: dt.datetime) -> dict[str, Any]:
        """From the start of the first day, or from now on, until the day after the last begins."""
        said = self.cleaned_data
        zone = zone_of(self.member.clinic.zone)
        return {
            "bodyworker": said.get("bodyworker", self.member),
            "cover": said["cover"],
            "from_at": now if said["from_on"] == self.today else _start_of(said["from_on"], zone),
            "until_at": _start_of(said["until_on"] + dt.timedelta(days=1), zone),
        }


def _start_of(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(0), tzinfo=zone).astimezone(dt.UTC)


DAYS = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]


class SettingsForm(forms.Form):
    """What the clinic says about itself. Opening hours are written as people write them: 9-12, 13-17."""

    name = forms.CharField(
        label=_("Name of the clinic"), max_length=120, error_messages={"required": _("Write the clinic’s name")}
    )
    zone = forms.CharField(
        label=_("Time zone"), max_length=60, help_text=_("Such as Europe/London or America/New_York")
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        help_text=_("Clients are asked to call it when nobody answers"),
        error_messages={"required": _("Write the number that clients call")},
    )
    emergency_number = forms.CharField(
        label=_("Emergency number"),
        max_length=40,
        error_messages={"required": _("Write the number for an emergency where the clinic is")},
    )
    urgent_care_number = forms.CharField(label=_("Urgent care number"), max_length=40, required=False)
    crisis_number = forms.CharField(label=_("Crisis line"), max_length=40, required=False)
    backup_name = forms.CharField(
        label=_("Backup contact"),
        max_length=120,
        required=False,
        help_text=_("Somebody outside who can reach the clinic when nobody answers a case"),
    )
    backup_email = forms.EmailField(
        label=_("Backup contact’s email"),
        required=False,
        help_text=_("We write them a letter first: nothing else goes there until they confirm it. Ask them before"),
        error_messages={"invalid": _("Write it like name@example.org")},
    )
    backup_phone = forms.CharField(label=_("Backup contact’s phone"), max_length=40, required=False)
    closed_on = forms.CharField(
        label=_("Closed days"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One day a line, such as 2026-12-25"),
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, settings: dict[str, Any], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for place, day in enumerate(DAYS):
            spans = settings["opening_hours"].get(str(place), [])
            self.fields[f"hours_{place}"] = forms.CharField(
                label=day, required=False, max_length=80, initial=hours_words(spans)
            )
        self.initial = {**{name: settings[name] for name in self.fields if name in settings}, **self.initial}
        self.initial["closed_on"] = "\n".join(on.isoformat() for on in settings["closed_on"])

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"].strip()
        if not is_zone(zone):
            raise forms.ValidationError(_("There is no time zone of that name. It looks like Europe/London"))
        return zone

    def clean_closed_on(self) -> list[dt.date]:
        days = set()
        for words in self.cleaned_data["closed_on"].replace(",", "\n").split():
            try:
                days.add(dt.date.fromisoformat(words))
            except ValueError:
                raise forms.ValidationError(
                    _("%(words)s is no day. Write it like 2026-12-25"), params={"words": words}
                ) from None
        return sorted(day for day in days if day >= self.today)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        hours = {}
        for place in range(len(DAYS)):
            try:
                hours[str(place)] = hours_of(said.get(f"hours_{place}", ""))
            except HoursUnclear:
                self.add_error(f"hours_{place}", _("Write it like 9:00-17:00, or 9-12, 13-17, or leave it empty"))
        if said.get("backup_name") and not said.get("backup_email"):
            self.add_error("backup_email", _("Write the backup contact’s email, or take their name out"))
        # A closed day keeps no row, so that a page that was only looked at changes nothing.
        said["opening_hours"] = {day: spans for day, spans in hours.items() if spans}
        return said

    def settings(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if not name.startswith(("hours_", "version"))}

    @property
    def about(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "zone", "phone")]

    @property
    def numbers(self) -> list[forms.BoundField]:
        return [self[name] for name in ("emergency_number", "urgent_care_number", "crisis_number")]

    @property
    def backup(self) -> list[forms.BoundField]:
        return [self[name] for name in ("backup_name", "backup_email", "backup_phone")]

    @property
    def hours(self) -> list[forms.BoundField]:
        return [self[f"hours_{place}"] for place in range(len(DAYS))]
