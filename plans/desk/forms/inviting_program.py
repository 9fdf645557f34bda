"""Which program, from when, and what do the answers to its safety questions change in it?"""

import datetime as dt
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Client, Clinic
from plans.desk.actions import Order
from plans.library.rules import CONTENT_REGIONS, ContraindicationEffect
from plans.programs.actions import answers_of, check_assignment, check_template, items_of, swapped
from plans.programs.models import ProgramTemplate, TemplateItem
from plans.programs.rules import (
    EARLIEST_START_DAYS,
    LATEST_START_DAYS,
    Answer,
    IntakeReply,
    Question,
    SafetyFindings,
    StartOutOfRange,
    TemplateState,
    refuse_far_start,
)

from .inviting_questions import ChipGroup, grouped, short_words
from .inviting_verdicts import SEND, WITHOUT, VerdictForm, place_words

CHANGE = "change"
ASKED, ON_PHONE = "asked", "phone"
TODAY, TOMORROW, OTHER = "today", "tomorrow", "other"


class ProgramForm(VerdictForm):
    """A template for somebody who may not be a client yet, or for one who is."""

    template = forms.UUIDField(required=False, label=_("Template"))
    words = forms.CharField(required=False, max_length=100, label=_("Find a template"))
    start = forms.ChoiceField(
        label=_("First day"),
        required=False,
        choices=[(TODAY, _("Today")), (TOMORROW, _("Tomorrow")), (OTHER, _("Another day"))],
        widget=forms.RadioSelect(attrs={"class": "chips"}),
        initial=TODAY,
    )
    start_on = forms.DateField(
        label=_("Another day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 2026-03-14.")},
    )
    yes = forms.MultipleChoiceField(label=_("Safety questions"), required=False)
    seen = forms.CharField(required=False, max_length=40)
    rest = forms.ChoiceField(label=_("The rest"), required=False, widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, clinic: Clinic, today: dt.date, client: Client | None = None, now: dt.datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.clinic, self.today, self.client, self.now = clinic, today, client, now
        if self.is_bound and self.said("seen") != self.said("template"):
            self._put_back_what_was_said()
        first = self.first_name
        on_phone = _("%(name)s answers them on the phone before the first session") % {"name": first}
        rest = self.fields["rest"]
        assert isinstance(rest, forms.ChoiceField)
        rest.choices = [
            (ASKED, _("I asked, and none of the others is true")),
            (ON_PHONE, on_phone if first else _("They answer them on the phone before the first session")),
        ]
        yes = self.fields["yes"]
        assert isinstance(yes, forms.ChoiceField)
        yes.choices = [(question.slug, short_words(question)) for question in self.questions]
        for question in self.local_questions:
            self.fields[f"where-{question.slug}"] = forms.MultipleChoiceField(
                label=_("Where? Leave it empty if it is in many places."),
                required=False,
                choices=list(CONTENT_REGIONS.items()),
                initial=sorted(self.remembered.get(question.slug, ())),
                widget=forms.CheckboxSelectMultiple(attrs={"class": "chips chips--sm"}),
            )
        self.ask_reasons()

    @cached_property
    def remembered(self) -> dict[str, frozenset[str]]:
        """What a client who is here already said yes to before, with the places: it stays ticked until unticked."""
        said = answers_of(client=self.client, now=self.now) if self.client else ()
        return {answer.question: answer.regions for answer in said if answer.counts}

    def _put_back_what_was_said(self) -> None:
        """The questions of this template were not on the page that was sent, so nobody can have unticked them."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data.setlist("yes", list(dict.fromkeys([*self.said_all("yes"), *self.remembered])))
        for slug, places in self.remembered.items():
            data.setlist(f"where-{slug}", self.said_all(f"where-{slug}") or sorted(places))
        self.data = data

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Answers that wait, unseen, while another template is being chosen."""
        names = [name for name in self.data if name in {"yes", "rest"} or name.startswith("where-")]
        return [(name, value) for name in names for value in self.said_all(name)]

    @property
    def first_name(self) -> str:
        words = self.client.name.split() if self.client else []
        return words[0] if words else ""

    # The template

    @cached_property
    def templates(self) -> list[ProgramTemplate]:
        """Those that match the words, approved or not; retired ones are gone."""
        found = ProgramTemplate.objects.of(self.clinic).exclude(state=TemplateState.RETIRED).order_by("name")
        words = self.said("words").lower().split()
        return [t for t in found if all(w in f"{t.name} {t.summary} {t.level}".lower() for w in words)]

    @cached_property
    def picked(self) -> ProgramTemplate | None:
        """The template the page is about; none while it is being chosen, or when there is to be none."""
        wanted = self.said("template")
        if not wanted or self.button in {CHANGE, WITHOUT}:
            return None
        try:
            return ProgramTemplate.objects.of(self.clinic).exclude(state=TemplateState.RETIRED).get(uuid=wanted)
        except (ProgramTemplate.DoesNotExist, forms.ValidationError, ValueError):
            return None

    def may_assign(self, template: ProgramTemplate) -> bool:
        return self.clinic.is_demo or template.state == TemplateState.APPROVED

    @property
    def is_approved(self) -> bool:
        return self.picked is not None and self.may_assign(self.picked)

    @cached_property
    def items(self) -> list[TemplateItem]:
        return items_of(template=self.picked) if self.picked else []

    # Questions and answers

    @cached_property
    def questions(self) -> list[Question]:
        if self.picked is None:
            return []
        by_slug = {question.slug: question for question in self.shelf.questions}
        return [by_slug[slug] for slug in self.picked.intake_slugs if slug in by_slug]

    @cached_property
    def ticked(self) -> list[str]:
        asked = {question.slug for question in self.questions}
        said = self.said_all("yes") if self.is_bound else list(self.remembered)
        return [slug for slug in said if slug in asked]

    @property
    def groups(self) -> list[ChipGroup]:
        return grouped(self.questions, self.ticked)

    @property
    def has_folded_ticks(self) -> bool:
        return any(chip.is_on for group in self.groups if group.is_folded for chip in group.chips)

    @property
    def local_questions(self) -> list[Question]:
        """Ticked questions whose block is only about a place, so that the place is asked."""
        local = ContraindicationEffect.LOCAL_BLOCK
        return [q for q in self.questions if q.slug in self.ticked and q.default_action is local]

    @property
    def where_fields(self) -> list[tuple[Question, forms.BoundField]]:
        return [(question, self[f"where-{question.slug}"]) for question in self.local_questions]

    def answers(self) -> list[Answer]:
        """Yes to what is ticked; no to the rest where the bodyworker asked it."""
        ticked = [Answer(slug, IntakeReply.YES, self._places(slug)) for slug in self.ticked]
        if self.said("rest") != ASKED:
            return ticked
        others = [question.slug for question in self.questions if question.slug not in self.ticked]
        return [*ticked, *(Answer(slug, IntakeReply.NO) for slug in others)]

    def _places(self, slug: str) -> frozenset[str]:
        return frozenset(place for place in self.said_all(f"where-{slug}") if place in CONTENT_REGIONS)

    @cached_property
    def swappable(self) -> dict[str, str]:
        slugs = [item.technique.slug for item in self.items]
        return {slug: self.shelf.revisions[slug].name for slug in slugs if slug in self.shelf.revisions}

    # What follows

    @cached_property
    def found(self) -> SafetyFindings:
        if self.picked is None:
            return SafetyFindings()
        if self.client is not None:
            return check_assignment(
                client=self.client,
                template=self.picked,
                answers=self.answers(),
                now=self.now,
                swaps=self.swaps,
                shelf=self.shelf,
            )
        return check_template(template=self.picked, answers=self.answers(), swaps=self.swaps, shelf=self.shelf)

    @property
    def lines(self) -> list[tuple[TemplateItem, str]]:
        """The template's lines with the techniques they ask for now."""
        return swapped(self.items, self.swaps)

    @cached_property
    def places(self) -> dict[str, str]:
        by_slug: dict[str, list[TemplateItem]] = {}
        for item, slug in self.lines:
            by_slug.setdefault(slug, []).append(item)
        return {
            slug: place_words([item.phase.position for item in items], is_optional=all(i.is_optional for i in items))
            for slug, items in by_slug.items()
        }

    @property
    def starts_on(self) -> dt.date | None:
        """The first day as chosen; None while another day is not a day yet."""
        start = self.said("start") or TODAY
        if start in {TODAY, TOMORROW}:
            return self.today + dt.timedelta(days=1 if start == TOMORROW else 0)
        try:
            return dt.date.fromisoformat(self.said("start_on"))
        except ValueError:
            return None

    def order(self) -> Order | None:
        """What the bodyworker decided, once the form is valid."""
        if self.picked is None or self.starts_on is None:
            return None
        return Order(
            template=self.picked,
            starts_on=self.starts_on,
            answers=self.answers(),
            sign_offs=self.sign_offs(),
            swaps=self.swaps,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.button == SEND:
            self._refuse_template()
            if self.picked is not None:
                self._refuse_start()
                self._refuse_rest()
                self.refuse_blocked()
        return cleaned

    def _refuse_template(self) -> None:
        if self.said("template") and self.picked is None:
            self.add_error("template", _("There is no such template here. Choose one from the list."))
        elif self.picked is not None and not self.is_approved:
            self.add_error(
                "template",
                _("A curator has not approved this template yet. Ask for it, or choose another one."),
            )
        elif self.picked is not None and not self.items:
            self.add_error("template", _("This template has no techniques yet. Choose another one."))

    def _refuse_start(self) -> None:
        if "start_on" in self.errors:
            return
        if self.starts_on is None:
            self.add_error("start_on", _("Choose the first day."))
            return
        try:
            refuse_far_start(self.starts_on, self.today)
        except StartOutOfRange:
            earliest = self.today - dt.timedelta(days=EARLIEST_START_DAYS)
            latest = self.today + dt.timedelta(days=LATEST_START_DAYS)
            self.add_error(
                "start_on",
                _("Choose a first day from %(first)s to %(last)s.")
                % {"first": date_format(earliest, "j F Y"), "last": date_format(latest, "j F Y")},
            )

    def _refuse_rest(self) -> None:
        if self.questions and not self.said("rest"):
            self.add_error("rest", _("Say who answers the other questions."))
