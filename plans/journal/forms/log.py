"""The pages' forms about a session: each says the same contract as the API, in fewer taps."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Client
from plans.journal.actions import lines_of
from plans.journal.rules import (
    LONGEST_NOTE,
    Fault,
    Felt,
    Harm,
    LogBody,
    LogRefused,
    Problem,
    StopReason,
    asks_safety_questions,
    read_log,
)
from plans.library.models import RedFlag, WeeklyBundle
from plans.library.rules import MAP_REGION
from plans.programs.models import Prescription, Program

from .asked import questions_at, site_choices
from .care import Care, Question, care_card, question_of
from .problems import text_of
from .weekly import SINGLE, WeeklyForm, yes_or_no

NOON = dt.time(12)
FLAG = "flag_"
NO_MOVE = "none"
STOP, PEAK, EASED = "stop_", "peak_", "eased_"
WHEN = [("today", _("Today")), ("yesterday", _("Yesterday")), ("other", _("Another day"))]
FELT_WORDS = [
    (Felt.TOO_EASY, _("Too easy")),
    (Felt.ABOUT_RIGHT, _("About right")),
    (Felt.TOO_HARD, _("Too hard")),
]
HARM_WORDS = [
    (Harm.BRUISE, _("A bruise")),
    (Harm.NUMBNESS, _("New numbness")),
    (Harm.FALL, _("A fall")),
    (Harm.FAINT, _("I fainted")),
    (Harm.INJURY, _("An injury")),
]


STOP_WORDS = [
    (StopReason.TOO_PAINFUL, _("It hurt too much")),
    (StopReason.SHARP, _("Sharp, stabbing or electric pain")),
    (StopReason.NERVE, _("Tingling, numbness or weakness")),
    (StopReason.DIZZY, _("Dizzy or sick")),
    (StopReason.CIRCULATION, _("A cold or pale hand or foot")),
    (StopReason.NO_TIME, _("No time")),
    (StopReason.OTHER, _("Another reason")),
]
EASED_WORDS = [("yes", _("It eased")), ("no", _("It did not ease"))]
YES_OR_NO = {"yes": True, "no": False}


def harm_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Did anything happen?"), choices=HARM_WORDS, required=False, widget=forms.CheckboxSelectMultiple
    )


def eased_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Within 30 seconds of easing off"), choices=EASED_WORDS, required=False, widget=forms.RadioSelect
    )


PAIN_NOW = _("Choose a number for your pain now, 0 to 10.")


def score_field(label: Any, missing: Any = "", *, required: bool = True) -> forms.ChoiceField:
    """The 0 to 10 scale: eleven radios, nothing chosen. `missing` says which number was left out."""
    return forms.ChoiceField(
        label=label,
        choices=[(str(score), str(score)) for score in range(11)],
        widget=forms.RadioSelect,
        required=required,
        error_messages={"required": missing, "invalid_choice": _("Choose 0 to 10.")},
    )


class LogForm(forms.Form):
    """What every log asks. The safety questions and “can it wait” unfold when the score calls for them.

    `log` is the UUID made with the page: the same page sent twice is one log.
    """

    always_asks = False
    score_names: tuple[str, ...] = ()
    is_unsaved = False

    log = forms.UUIDField(widget=forms.HiddenInput)
    sites = forms.MultipleChoiceField(
        label=_("Where?"), choices=site_choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    can_wait = forms.ChoiceField(
        label=_("Can it wait until your visit?"),
        choices=[("yes", _("It can wait")), ("no", _("It cannot wait"))],
        widget=forms.RadioSelect,
        required=False,
    )
    slept_badly = forms.BooleanField(label=_("Pain kept me from sleeping"), required=False)
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_NOTE})
    )

    def __init__(
        self,
        *args: Any,
        client: Client,
        now: dt.datetime,
        flags: Sequence[RedFlag],
        bundles: Sequence[WeeklyBundle] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.weekly = WeeklyForm(self.data if self.is_bound else None, bundles=bundles) if bundles else None
        self.person = client
        self.lines = lines_of(client)
        self.now = now
        self.flags = {flag.slug: flag for flag in flags}
        self.body: LogBody | None = None
        self.asks_can_wait = self.asks_safety = self.always_asks
        chosen = self.data.getlist("sites") if self.is_bound else self.initial.get("sites", [])  # type: ignore[attr-defined]
        self.questions = questions_at(flags, chosen)
        for flag in self.questions:
            self._add_question(flag)
        # An answer given to a question that no longer fits the site still counts.
        for flag in flags:
            if f"{FLAG}{flag.slug}" in self.data:
                self._add_question(flag)

    def _add_question(self, flag: RedFlag) -> None:
        self.fields[f"{FLAG}{flag.slug}"] = yes_or_no(flag.question)

    @property
    def alarms(self) -> list[Care]:
        """What to do about every yes on a page that could not be saved: it is said at once all the same."""
        said_yes = [
            flag
            for slug, flag in self.flags.items()
            if "yes" in (self.data.get(f"{FLAG}{slug}"), self.data.get(f"{SINGLE}{slug}"))
        ]
        return [care_card(flag, flag.client_message) for flag in said_yes]

    def is_valid(self) -> bool:
        """Whether this and the weekly questions on the same page are right."""
        own = super().is_valid()
        return own and (self.weekly is None or self.weekly.is_valid())

    @property
    def asked_questions(self) -> list[Question]:
        """The safety questions as a page asks them, each with what a yes is told at once."""
        asked = [f"{FLAG}{flag.slug}" for flag in self.questions]
        names = asked + [name for name in self.fields if name.startswith(FLAG) and name not in asked]
        return [question_of(self[name], self.flags[name.removeprefix(FLAG)]) for name in names]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if any(name in self.errors for name in (*self.score_names, "log", "on", "items", "sites")):
            self._unfold()
            return cleaned
        try:
            self.body = read_log(self.contract(cleaned), uuid=cleaned["log"], may_be_now=True)
        except LogRefused as refused:
            for problem in refused.problems:
                self.add_error(self.field_of(problem.field), text_of(problem))
        self._ask_can_wait()
        self._unfold()
        self._ask_safety(cleaned)
        return cleaned

    def say_unsaved(self) -> None:
        """The database could not write: nothing is kept but this page, and it may be sent again as it is."""
        self.is_unsaved = True
        self.add_error(
            None,
            _(
                "This is NOT saved yet: we cannot write at the moment. All that you entered is still here."
                " Save it again in a minute. If it cannot wait, call."
            ),
        )

    def contract(self, cleaned: dict[str, Any]) -> dict[str, object]:
        """What was typed, in the contract's words."""
        return {
            "program": None,
            "performed_at": None,
            "reports": [],
            "can_wait": {"yes": True, "no": False}.get(cleaned.get("can_wait", "")),
            "slept_badly": cleaned.get("slept_badly") or None,
            "red_flags": self.given_answers(cleaned),
            "note": cleaned.get("note", ""),
        }

    def given_answers(self, cleaned: dict[str, Any]) -> list[dict[str, object]]:
        """The answers of both kinds; where a question was asked twice, the yes counts."""
        given = {slug: cleaned[f"{FLAG}{slug}"] == "yes" for slug in self.flags if cleaned.get(f"{FLAG}{slug}")}
        weekly = self.weekly.answers() if self.weekly and self.weekly.is_valid() else {}
        return [
            {"slug": slug, "answer": bool(given.get(slug) or weekly.get(slug)), "version": flag.version}
            for slug, flag in self.flags.items()
            if slug in given or slug in weekly
        ]

    def places(self, cleaned: dict[str, Any]) -> list[dict[str, object]]:
        chosen = [MAP_REGION[place] for place in cleaned.get("sites", [])]
        return [{"region": region.region, "side": str(region.side)} for region in chosen]

    def field_of(self, path: str) -> str | None:
        """The form's field for the contract's; None is said above the form."""
        name = path.split("[")[0].split(".")[0]
        if name == "reports":
            return self.score_names[-1]
        if name == "performed_at" and "on" in self.fields:
            return "on"
        return name if name in self.fields else None

    def _ask_can_wait(self) -> None:
        """A clinic that counts pain as severe from a lower score asks from there; the contract asks from 7 alone."""
        body = self.body
        if body is None or body.can_wait is not None or any(given.answer for given in body.red_flags):
            return
        if body.highest >= self.lines.severe:
            self.add_error("can_wait", text_of(Problem("can_wait", Fault.CAN_WAIT_ASKED)))

    def _unfold(self) -> None:
        """Show what the scores call for, so that the second try has it on the page."""
        scores = [int(self.data[name]) for name in self.score_names if str(self.data.get(name, "")).isdigit()]
        highest = max(scores, default=0)
        self.asks_can_wait = self.always_asks or highest >= self.lines.severe or "can_wait" in self.errors
        self.asks_safety = self.always_asks or highest >= self.lines.very_severe

    def _ask_safety(self, cleaned: dict[str, Any]) -> None:
        """Ask what is still open, beside what else is missing; one yes is enough to answer at once."""
        if self.body is not None:
            self.asks_safety = self.always_asks or asks_safety_questions(self.body, self.lines)
        if not self.asks_safety or any(given["answer"] for given in self.given_answers(cleaned)):
            return
        for flag in self.questions:
            if not cleaned.get(f"{FLAG}{flag.slug}"):
                self.add_error(f"{FLAG}{flag.slug}", _("Answer no or yes."))


@dataclass(frozen=True)
class StopAsked:
    """One move with what is asked about stopping it."""

    name: str
    reason: forms.BoundField
    peak: forms.BoundField
    eased: forms.BoundField

    @property
    def is_open(self) -> bool:
        return any(each.value() or each.errors for each in (self.reason, self.peak, self.eased))


class SessionForm(LogForm):
    """A session of a program, done just now or on an earlier day."""

    score_names = ("before", "after")

    before = score_field(_("How was your pain before?"), _("Choose a number for your pain before, 0 to 10."))
    after = score_field(_("How is your pain now?"), PAIN_NOW)
    items = forms.MultipleChoiceField(label=_("What did you do?"), required=False, widget=forms.CheckboxSelectMultiple)
    hurt = forms.ChoiceField(label=_("Which move hurt most?"), required=False, widget=forms.RadioSelect)
    felt = forms.ChoiceField(label=_("How did it feel?"), choices=FELT_WORDS, required=False, widget=forms.RadioSelect)
    harm = harm_field()
    when = forms.ChoiceField(
        label=_("When was it?"), choices=WHEN, required=False, initial="today", widget=forms.RadioSelect
    )
    on = forms.DateField(
        label=_("Which day?"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, program: Program, moves: Sequence[Prescription], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.program = program
        self.moves = moves
        for move in moves:
            self._add_stop(move)
        choices = [(str(move.uuid), move.revision.name) for move in moves]
        self.fields["items"].choices = choices  # type: ignore[attr-defined]
        self.fields["hurt"].choices = [*choices, (NO_MOVE, _("Not sure"))]  # type: ignore[attr-defined]

    def contract(self, cleaned: dict[str, Any]) -> dict[str, object]:
        after = int(cleaned["after"])
        return super().contract(cleaned) | {
            "program": str(self.program.uuid),
            "performed_at": self.performed_at(cleaned),
            "items": [self._item(move, cleaned, after) for move in self.moves],
            "reports": [
                {"moment": "before", "score": int(cleaned["before"])},
                {"moment": "after", "score": after, "sites": self.places(cleaned)},
            ],
            "felt": cleaned.get("felt", ""),
            "harm": cleaned.get("harm", []),
        }

    def _add_stop(self, move: Prescription) -> None:
        """Why one move was stopped, how high its pain went, and whether easing off helped; all may be left out."""
        self.fields[f"{STOP}{move.uuid}"] = forms.ChoiceField(
            label=_("Why did you stop?"), choices=[("", _("I did not stop")), *STOP_WORDS], required=False
        )
        self.fields[f"{PEAK}{move.uuid}"] = forms.ChoiceField(
            label=_("Highest pain during it"),
            choices=[("", _("Not noticed")), *((str(score), str(score)) for score in range(11))],
            required=False,
            error_messages={"invalid_choice": _("Choose 0 to 10.")},
        )
        self.fields[f"{EASED}{move.uuid}"] = eased_field()

    @property
    def stops(self) -> list[StopAsked]:
        return [
            StopAsked(move.revision.name, *(self[f"{part}{move.uuid}"] for part in (STOP, PEAK, EASED)))
            for move in self.moves
        ]

    @property
    def asks_stops(self) -> bool:
        """Whether the page that was sent had the stops on it."""
        return any(name.startswith(STOP) for name in self.data)

    @property
    def is_stopped(self) -> bool:
        return any(stop.is_open for stop in self.stops)

    def _item(self, move: Prescription, cleaned: dict[str, Any], after: int) -> dict[str, object]:
        """The move that hurt most carries the score as its peak, where no higher one was noticed."""
        uuid = str(move.uuid)
        is_to_blame = cleaned.get("hurt") == uuid
        peaks = [int(cleaned[f"{PEAK}{uuid}"])] if cleaned.get(f"{PEAK}{uuid}") else []
        return {
            "prescription": uuid,
            "done": is_to_blame or uuid in cleaned.get("items", []),
            "peak": max([*peaks, *([after] if is_to_blame else [])], default=None),
            "stop_reason": cleaned.get(f"{STOP}{uuid}") or None,
            "eased": YES_OR_NO.get(cleaned.get(f"{EASED}{uuid}", "")),
        }

    def performed_at(self, cleaned: dict[str, Any]) -> dt.datetime | None:
        """None for today, else noon of the day in the client's own zone: the hour was not asked."""
        zone = self.person.local_zone
        today = self.now.astimezone(zone).date()
        day = {"yesterday": today - dt.timedelta(days=1), "other": cleaned.get("on")}.get(cleaned.get("when", ""))
        if day is None or day == today:
            return None
        return dt.datetime.combine(day, NOON, zone)

    def clean_on(self) -> dt.date | None:
        on: dt.date | None = self.cleaned_data.get("on")
        if on is None and self.data.get("when") == "other":
            raise forms.ValidationError(_("Choose the day."))
        return on
