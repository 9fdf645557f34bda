"""Six combined questions once a week, with whatever is logged first; a yes opens the single questions behind it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Client
from plans.journal.models import RedFlagAnswer
from plans.library.models import WeeklyBundle

from .care import Question, question_of

YES_NO = [("no", _("No")), ("yes", _("Yes"))]
WEEK = dt.timedelta(days=7)
COMBINED, SINGLE = "weekly_", "single_"


@dataclass(frozen=True)
class Group:
    """A combined question as a page asks it, with its single ones."""

    combined: forms.BoundField
    singles: list[Question]

    @property
    def is_open(self) -> bool:
        return bool(self.combined.value() == "yes")


class WeeklyForm(forms.Form):
    """Left open, it is asked again with the next log: a weekly question never stands in the way of a log."""

    def __init__(self, *args: Any, bundles: Sequence[WeeklyBundle], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.singles = {bundle.slug: [flag.slug for flag in bundle.flags.all()] for bundle in bundles}
        self.flags = {flag.slug: flag for bundle in bundles for flag in bundle.flags.all()}
        for bundle in bundles:
            self.fields[f"{COMBINED}{bundle.slug}"] = yes_or_no(bundle.question)
            for flag in bundle.flags.all():
                self.fields.setdefault(f"{SINGLE}{flag.slug}", yes_or_no(flag.question))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for bundle, flags in self.singles.items():
            given = [cleaned.get(f"{SINGLE}{flag}") for flag in flags]
            if cleaned.get(f"{COMBINED}{bundle}") != "yes" or "yes" in given:
                continue
            for flag in flags:
                if not cleaned.get(f"{SINGLE}{flag}"):
                    self.add_error(f"{SINGLE}{flag}", _("Answer no or yes."))
        return cleaned

    def answers(self) -> dict[str, bool]:
        """By flag: a no to the combined question is a no to each of its own."""
        given: dict[str, bool] = {}
        for bundle, flags in self.singles.items():
            combined = self.cleaned_data.get(f"{COMBINED}{bundle}")
            singles = {flag: self.cleaned_data.get(f"{SINGLE}{flag}") for flag in flags}
            if combined == "no":
                given |= dict.fromkeys(flags, False)
            given |= {flag: word == "yes" for flag, word in singles.items() if word and combined != "no"}
        return given

    @property
    def groups(self) -> list[Group]:
        return [
            Group(
                self[f"{COMBINED}{bundle}"], [question_of(self[f"{SINGLE}{flag}"], self.flags[flag]) for flag in flags]
            )
            for bundle, flags in self.singles.items()
        ]


def yes_or_no(question: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=question, choices=YES_NO, widget=forms.RadioSelect, required=False)


def weekly_bundles(*, client: Client, now: dt.datetime) -> list[WeeklyBundle]:
    """The combined questions of which a flag was not answered for a week."""
    recent = RedFlagAnswer.objects.filter(
        client=client, answered_at__gt=now - WEEK, session__removed_at__isnull=True
    ).values_list("red_flag", flat=True)
    answered = set(recent)
    bundles = WeeklyBundle.objects.of(client.clinic_id).order_by("position").prefetch_related("flags")
    return [bundle for bundle in bundles if {flag.pk for flag in bundle.flags.all()} - answered]
