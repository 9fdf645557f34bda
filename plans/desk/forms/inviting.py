"""Whom is the invitation for, and what goes with it?"""

import re
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Client, Membership

from .inviting_program import ProgramForm
from .inviting_verdicts import SEND

PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{5,24}")


class InviteForm(ProgramForm):
    """One page: who, which program, what is true for them, and a first message."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write the client’s name.")},
    )
    contact = forms.CharField(
        label=_("Email or mobile"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}),
        help_text=_("None? Leave it empty and show the code in the room."),
    )
    message = forms.CharField(
        label=_("First message"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "input input--sm"}),
        help_text=_("They see this when they open the link. The letter itself says nothing about health."),
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        self.membership = membership
        super().__init__(*args, clinic=membership.clinic, **kwargs)
        first = membership.user.name.split()[0] if membership.user.name else ""
        greeting = gettext("Here is the program we talked about. Start gently and tell me how it feels.")
        self.fields["message"].initial = f"{greeting} {first}".strip()
        if not membership.is_bodyworker:
            self.fields["bodyworker"] = forms.ModelChoiceField(
                label=_("Bodyworker"),
                queryset=Membership.objects.bodyworkers().filter(clinic=membership.clinic).select_related("user"),
                empty_label=_("Choose who cares for them"),
                error_messages={"required": _("Choose who cares for them.")},
                to_field_name="uuid",
            )
            chooser = self.fields["bodyworker"]
            chooser.label_from_instance = lambda member: member.user.name  # type: ignore[attr-defined]
        # Problems are listed in the order of the page.
        self.order_fields(["name", "contact", "bodyworker"])
        self.twin: Client | None = None

    @property
    def first_name(self) -> str:
        words = str(self.data.get("name", "")).split() if self.is_bound else []
        return words[0] if words else ""

    @property
    def carer(self) -> Membership:
        """The one who invites, or the one whom a colleague at the front desk chose."""
        return self.cleaned_data.get("bodyworker") or self.membership

    @property
    def email(self) -> str:
        contact = str(self.cleaned_data.get("contact", ""))
        return contact.lower() if "@" in contact else ""

    @property
    def phone(self) -> str:
        contact = str(self.cleaned_data.get("contact", ""))
        return contact if "@" not in contact else ""

    def clean_contact(self) -> str:
        contact = str(self.cleaned_data["contact"]).strip()
        if not contact:
            return ""
        if "@" not in contact:
            if not PHONE.fullmatch(contact):
                raise ValidationError(_("Write an email such as name@example.org, or a mobile number."))
            return contact
        try:
            validate_email(contact)
        except ValidationError:
            raise ValidationError(_("Write an email such as name@example.org, or a mobile number.")) from None
        return contact

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.is_sent and cleaned.get("name"):
            self._refuse_twin(cleaned["name"])
        if self.button == SEND and self.picked is None and "template" not in self.errors:
            self.add_error("template", _("Choose a template, or press “Invite without a program”."))
        return cleaned

    def _refuse_twin(self, name: str) -> None:
        """The same name at the same address is the same person; a couple may share an address."""
        if not (self.email or self.phone):
            return
        same = Client.objects.filter(clinic=self.clinic, discharged_at__isnull=True, name__iexact=name.strip())
        same = same.filter(email=self.email) if self.email else same.filter(phone=self.phone)
        key = self.cleaned_data.get("key")
        self.twin = (same.exclude(uuid=key) if key else same).first()
        if self.twin is not None:
            words = _("%(name)s is a client here already. Open their page.")
            self.add_error("contact", words % {"name": self.twin.name})


class AssignForm(ProgramForm):
    """Another program for a client who is here already."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.button == SEND and self.picked is None and "template" not in self.errors:
            self.add_error("template", _("Choose a template."))
        return cleaned
