"""The short questions as a page: PEG, the client's own activities, the change since the start. In our own words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Client
from plans.journal.actions import due_by_client, spans_by_client
from plans.journal.models import OutcomeAnswer, OutcomeSkip
from plans.journal.rules import (
    ASKED,
    MEASURES,
    Due,
    LogRefused,
    Measure,
    MeasureSlug,
    Occasion,
    OutcomeBody,
    due_of,
    read_outcome,
)

from .problems import text_of

# The global change looks back on a few weeks: before them there is nothing to look back on.
GROC_AFTER = dt.timedelta(days=21)

Words = str | Promise

PEG_TEXTS: dict[int, Words] = {
    1: _("In the last week, how bad was your pain on average?"),
    2: _("In the last week, how much did pain get in the way of enjoying life?"),
    3: _("In the last week, how much did pain get in the way of the things you do?"),
}
GROC_TEXTS: dict[int, Words] = {1: _("Since you started, how has the problem changed?")}
ENDS: dict[tuple[MeasureSlug, int], tuple[Words, Words]] = {
    (MeasureSlug.PEG, 1): (_("0 is no pain"), _("10 is the worst imaginable")),
    (MeasureSlug.PEG, 2): (_("0 is not at all"), _("10 is completely")),
    (MeasureSlug.PEG, 3): (_("0 is not at all"), _("10 is completely")),
    (MeasureSlug.GROC, 1): (_("−5 is very much worse"), _("+5 is completely well")),
}
PSFS_ENDS: tuple[Words, Words] = (_("0 is cannot do it"), _("10 is as before"))


@dataclass
class OpenQuestions:
    """What may be answered today: what is due, the client's own activities, and what was said today already."""

    due: Due | None
    activities: dict[int, str] = field(default_factory=dict)
    said_today: dict[MeasureSlug, dict[int, OutcomeAnswer]] = field(default_factory=dict)
    may_look_back: bool = False

    @staticmethod
    def measure(slug: MeasureSlug) -> Measure:
        return MEASURES[slug]

    def texts(self, slug: MeasureSlug) -> dict[int, Words]:
        """The questions of a measure by item; for the PSFS the client's own activities."""
        own: dict[int, Words] = dict(self.activities)
        return {MeasureSlug.PEG: PEG_TEXTS, MeasureSlug.GROC: GROC_TEXTS}.get(slug, own)

    @property
    def measures(self) -> tuple[MeasureSlug, ...]:
        """What a page asks: what is due and what was said today, else all that make sense by now."""
        if self.due:
            return tuple(slug for slug in MeasureSlug if slug in self.due.measures or slug in self.said_today)
        if self.said_today:
            return tuple(self.said_today)
        return ASKED[Occasion.WEEK_4] if self.may_look_back else ASKED[Occasion.BASELINE]


def due_questions(*, client: Client, now: dt.datetime) -> Due | None:
    """The occasion that is open, if any."""
    return due_by_client([client.pk], on=now.astimezone(client.local_zone).date()).get(client.pk)


def open_questions(*, client: Client, now: dt.datetime) -> OpenQuestions:
    """In three queries."""
    today = now.astimezone(client.local_zone).date()
    spans = spans_by_client([client.pk], on=today)[client.pk]
    rows = list(
        OutcomeAnswer.objects.of(client).standing().filter(measure__slug__in=list(MEASURES))
        .select_related("measure").order_by("local_on", "item")
    )  # fmt: skip
    answered: dict[MeasureSlug, set[dt.date]] = {}
    for row in rows:
        answered.setdefault(MeasureSlug(row.measure.slug), set()).add(row.local_on)
    skips = OutcomeSkip.objects.filter(program__in=[span.program for span in spans]).values_list("program", "occasion")
    skipped = {(program, Occasion(occasion)) for program, occasion in skips}
    own = [row for row in rows if row.measure.slug == MeasureSlug.PSFS]
    first = own[0].local_on if own else None
    return OpenQuestions(
        due=due_of(spans, answered, skipped, today=today) if spans else None,
        activities={row.item: row.label for row in own if row.local_on == first and first != today},
        said_today=_by_measure(row for row in rows if row.local_on == today),
        may_look_back=any(span.starts_on + GROC_AFTER <= today for span in spans),
    )


def _by_measure(rows: Iterable[OutcomeAnswer]) -> dict[MeasureSlug, dict[int, OutcomeAnswer]]:
    found: dict[MeasureSlug, dict[int, OutcomeAnswer]] = {}
    for row in rows:
        found.setdefault(MeasureSlug(row.measure.slug), {})[row.item] = row
    return found


@dataclass(frozen=True)
class Asked:
    """One question on the page, with the words at either end of its scale; `name` where the client names it."""

    field: forms.BoundField
    text: Words
    low: Words
    high: Words
    name: forms.BoundField | None = None
    is_extra: bool = False


class OutcomeForm(forms.Form):
    """Every measure is whole or left out; nothing is required."""

    def __init__(self, *args: Any, questions: OpenQuestions, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        self.bodies: list[OutcomeBody] = []
        for slug in questions.measures:
            for item in self._items(slug):
                self._add(slug, item)

    def _items(self, slug: MeasureSlug) -> list[int]:
        measure = MEASURES[slug]
        if measure.is_named_by_client and self.questions.activities:
            return list(self.questions.activities)
        return list(range(1, measure.most + 1))

    def _add(self, slug: MeasureSlug, item: int) -> None:
        measure, said = MEASURES[slug], self.questions.said_today.get(slug, {}).get(item)
        text = self.questions.texts(slug).get(item) or _("Activity %(n)s") % {"n": item}
        self.fields[_field(slug, item)] = forms.ChoiceField(
            label=str(text),
            choices=[(str(value), _signed(value, measure)) for value in range(measure.lowest, measure.highest + 1)],
            widget=forms.RadioSelect,
            required=False,
            initial=str(said.value) if said else None,
            error_messages={"invalid_choice": _("Choose a number of the scale.")},
        )
        if measure.is_named_by_client and not self.questions.activities:
            self.fields[f"{_field(slug, item)}_name"] = forms.CharField(
                label=str(text), max_length=80, required=False, initial=said.label if said else ""
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for slug in self.questions.measures:
            answers = self._answers(slug, cleaned)
            if not answers or any(name in self.errors for name in self.fields if name.startswith(f"{slug}_")):
                continue
            try:
                self.bodies.append(read_outcome({"measure": slug, "answers": answers}))
            except LogRefused:
                self._name_what_is_open(slug, cleaned)
        return cleaned

    def _answers(self, slug: MeasureSlug, cleaned: dict[str, Any]) -> list[dict[str, object]]:
        """What was given, without holes at the end: a page has room for five activities, three are enough."""
        found: list[dict[str, object]] = []
        for item in self._items(slug):
            value, label = cleaned.get(_field(slug, item)), cleaned.get(f"{_field(slug, item)}_name", "")
            if value or label:
                found.append({"item": item, "value": int(value) if value else None, "label": label})
        return found

    def _name_what_is_open(self, slug: MeasureSlug, cleaned: dict[str, Any]) -> None:
        """An error beside every field that is missing; a measure with a hole is not scored."""
        measure = MEASURES[slug]
        given = [item for item in self._items(slug) if self._touched(slug, item, cleaned)]
        needed = (
            max(given[-1], measure.fewest) if not self.questions.activities or not measure.is_named_by_client else 5
        )
        names = []
        for item in [item for item in self._items(slug) if item <= needed]:
            name = _field(slug, item)
            if not cleaned.get(name):
                self.add_error(name, _("Choose a number. These questions count only together."))
            if f"{name}_name" in self.fields and not cleaned.get(f"{name}_name"):
                self.add_error(f"{name}_name", _("Name an activity. Three are needed, five are the most."))
            names.append((cleaned.get(f"{name}_name") or "").casefold())
            if names[-1] and names.count(names[-1]) > 1:
                self.add_error(f"{name}_name", _("This activity is named twice."))

    def _touched(self, slug: MeasureSlug, item: int, cleaned: dict[str, Any]) -> bool:
        return bool(cleaned.get(_field(slug, item)) or cleaned.get(f"{_field(slug, item)}_name"))

    def add_problems(self, slug: MeasureSlug, refused: LogRefused) -> None:
        for problem in refused.problems:
            self.add_error(None, text_of(problem))

    @property
    def left_open(self) -> bool:
        """Whether a measure of the page was left out."""
        return len(self.bodies) < len(self.questions.measures)

    def asked(self, slug: MeasureSlug) -> list[Asked]:
        if slug not in self.questions.measures:
            return []
        found = []
        for item in self._items(slug):
            name = _field(slug, item)
            low, high = ENDS.get((slug, item), PSFS_ENDS)
            own = self[f"{name}_name"] if f"{name}_name" in self.fields else None
            is_extra = own is not None and item > MEASURES[slug].fewest and not (own.value() or own.errors)
            found.append(Asked(self[name], self.fields[name].label or "", low, high, own, is_extra))
        return found

    @property
    def peg(self) -> list[Asked]:
        return self.asked(MeasureSlug.PEG)

    @property
    def psfs(self) -> list[Asked]:
        return self.asked(MeasureSlug.PSFS)

    @property
    def groc(self) -> list[Asked]:
        return self.asked(MeasureSlug.GROC)


def _field(slug: MeasureSlug, item: int) -> str:
    return f"{slug}_{item}"


def _signed(value: int, measure: Measure) -> str:
    """+3, 0, −2 on a scale that goes both ways."""
    if measure.lowest >= 0 or value == 0:
        return str(value)
    return f"+{value}" if value > 0 else f"−{-value}"
