"""What people type at the door and about each other."""

from typing import Any

from allauth.account.forms import RequestLoginCodeForm, ResetPasswordForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.people.models import User
from accounts.people.rules import SHORT_CODE_ALPHABET, SHORT_CODE_LENGTH, plain_code


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
