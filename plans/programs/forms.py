"""The safety questions as a client answers them, one by one, in their whole wording."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.library.rules import CONTENT_REGIONS, ContraindicationEffect

from .rules import Answer, IntakeReply, Question

EVERYWHERE = "everywhere"


class IntakeForm(forms.Form):
    """No beside Yes, nothing preselected. Where a yes is about a place, the place is asked on the same page."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        for question in self.questions:
            self.fields[question.slug] = forms.ChoiceField(
                label=question.text,
                choices=[(IntakeReply.NO.value, _("No")), (IntakeReply.YES.value, _("Yes"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose no or yes: %(question)s") % {"question": question.text}},
            )
            if self._is_local_yes(question):
                self.fields[f"where-{question.slug}"] = forms.MultipleChoiceField(
                    label=_("Where is it?"),
                    choices=[*CONTENT_REGIONS.items(), (EVERYWHERE, _("In many places"))],
                    widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
                    error_messages={"required": _("Choose where it is: %(question)s") % {"question": question.text}},
                )

    def _is_local_yes(self, question: Question) -> bool:
        is_local = question.default_action is ContraindicationEffect.LOCAL_BLOCK
        return self.is_bound and is_local and self.data.get(question.slug) == IntakeReply.YES

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField | None]]:
        """Each question with its “where”, if that is asked."""
        return [
            (self[q.slug], self[f"where-{q.slug}"] if f"where-{q.slug}" in self.fields else None)
            for q in self.questions
        ]

    def answers(self) -> list[Answer]:
        """Once valid: an answer to every question."""
        return [
            Answer(question.slug, IntakeReply(self.cleaned_data[question.slug]), self._places(question.slug))
            for question in self.questions
        ]

    def _places(self, slug: str) -> frozenset[str]:
        places = frozenset(self.cleaned_data.get(f"where-{slug}", ()))
        return frozenset() if EVERYWHERE in places else places


class ApproveForm(forms.Form):
    """Who approves a template does it by name, with what they are qualified as."""

    qualification = forms.CharField(
        label=_("What are you qualified as?"),
        max_length=120,
        help_text=_("For example: physiotherapist. It stands beside your name."),
        error_messages={"required": _("Write what you are qualified as.")},
    )
    has_read = forms.BooleanField(
        label=_("I have read every technique of this template, and it is safe to give to clients."),
        error_messages={"required": _("Tick that you have read it.")},
    )
