"""Who is to care for a client, or to treat them beside their own bodyworker?"""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Absence, Membership


class ColleagueChoice(forms.Form):
    """One bodyworker of the clinic; who is away, or whom no letter reaches, says so in the list."""

    to = forms.ModelChoiceField(
        label="", queryset=Membership.objects.none(), to_field_name="uuid", empty_label=_("Choose a colleague")
    )
    label: Any = ""
    missing: Any = ""

    def __init__(self, *args: Any, clinic: int, without: set[int], now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        here = Membership.objects.bodyworkers().filter(clinic=clinic).exclude(pk__in=without)
        field.queryset = here.select_related("user", "clinic").order_by("user__name", "pk")
        field.label = self.label
        field.error_messages["required"] = self.missing
        field.error_messages["invalid_choice"] = _("This colleague cannot be chosen any more. Choose another")
        away = Absence.objects.at(now).filter(clinic=clinic).order_by("until_at")
        self.away = dict(away.values_list("bodyworker", "until_at"))
        field.label_from_instance = self.words_of  # type: ignore[method-assign, assignment]
        self.has_choice = field.queryset.exists()

    def words_of(self, member: Membership) -> str:
        if member.pk in self.away:
            back = date_format(timezone.localtime(self.away[member.pk]), "j F")
            return gettext("%(name)s (away, back on %(day)s)") % {"name": member.user, "day": back}
        if member.email_verified_at is None:
            return gettext("%(name)s (no letter reaches them yet)") % {"name": member.user}
        return str(member.user)


class HandOverClientForm(ColleagueChoice):
    label = _("Who cares for them from today on?")
    missing = _("Choose who takes over")


class CoTreatForm(ColleagueChoice):
    label = _("Who treats them, too?")
    missing = _("Choose who is to co-treat")
