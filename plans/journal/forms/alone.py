"""Forms that ask less than a whole session: a check-in, the morning after, and “it hurts too much”."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.journal.rules import StopReason
from plans.programs.models import Prescription, Program

from .log import NO_MOVE, PAIN_NOW, STOP_WORDS, YES_OR_NO, LogForm, eased_field, harm_field, score_field


class CheckInForm(LogForm):
    """How is it now, and how was the morning? Nothing was done."""

    score_names = ("morning", "now_score")

    now_score = score_field(_("How is your pain now?"), PAIN_NOW)
    morning = score_field(_("How was it this morning?"), required=False)
    harm = harm_field()

    def contract(self, cleaned: dict[str, Any]) -> dict[str, object]:
        now = {"moment": "check_in", "score": int(cleaned["now_score"]), "sites": self.places(cleaned)}
        morning = cleaned.get("morning")
        reports = [now, {"moment": "next_morning", "score": int(morning)}] if morning else [now]
        return super().contract(cleaned) | {"reports": reports, "harm": cleaned.get("harm", [])}


class MorningForm(LogForm):
    """One question: how is it on the morning after a session? It is held against the score before it."""

    score_names = ("morning",)

    morning = score_field(_("How is it this morning?"), _("Choose a number for this morning, 0 to 10."))
    harm = harm_field()

    def contract(self, cleaned: dict[str, Any]) -> dict[str, object]:
        report = {"moment": "next_morning", "score": int(cleaned["morning"]), "sites": self.places(cleaned)}
        return super().contract(cleaned) | {"reports": [report], "harm": cleaned.get("harm", [])}


class HurtsForm(LogForm):
    """It hurts too much: a stop, and the six questions at once. With a move named it is a session cut short."""

    always_asks = True
    score_names = ("before", "now_score")

    now_score = score_field(_("How bad is it now?"), PAIN_NOW)
    hurt = forms.ChoiceField(label=_("Which move hurt?"), required=False, widget=forms.RadioSelect)
    before = score_field(_("How was it before you began?"), required=False)
    why = forms.ChoiceField(
        label=_("Why did you stop?"),
        choices=[choice for choice in STOP_WORDS if choice[0] is not StopReason.NO_TIME],
        required=False,
        widget=forms.RadioSelect,
    )
    eased = eased_field()
    harm = harm_field()

    def __init__(self, *args: Any, program: Program | None, moves: Sequence[Prescription], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.program = program
        self.moves_named = bool(moves)
        choices = [(str(move.uuid), move.revision.name) for move in moves]
        self.fields["hurt"].choices = [*choices, (NO_MOVE, _("None of these"))]  # type: ignore[attr-defined]

    def clean_before(self) -> str:
        before: str = self.cleaned_data.get("before", "")
        if self.data.get("hurt", NO_MOVE) != NO_MOVE and not before and not self.alarms:
            raise forms.ValidationError(_("Choose a number for before you began, or “None of these” as the move."))
        return before

    def clean_why(self) -> str:
        why: str = self.cleaned_data.get("why", "")
        if why and self.moves_named and not self.alarms and self.data.get("hurt", NO_MOVE) == NO_MOVE:
            raise forms.ValidationError(_("Choose the move it was, so that the reason is kept with it."))
        return why

    def contract(self, cleaned: dict[str, Any]) -> dict[str, object]:
        now, places = int(cleaned["now_score"]), self.places(cleaned)
        move = cleaned.get("hurt") or NO_MOVE
        if move == NO_MOVE or self.program is None or not cleaned["before"]:
            return super().contract(cleaned) | {
                "reports": [{"moment": "check_in", "score": now, "sites": places}],
                "harm": cleaned.get("harm", []),
            }
        return super().contract(cleaned) | {
            "program": str(self.program.uuid),
            "items": [self._stop(move, cleaned, now)],
            "harm": cleaned.get("harm", []),
            "reports": [
                {"moment": "before", "score": int(cleaned["before"])},
                {"moment": "after", "score": now, "sites": places},
            ],
        }

    def _stop(self, move: str, cleaned: dict[str, Any], now: int) -> dict[str, object]:
        return {
            "prescription": move,
            "done": False,
            "stop_reason": cleaned.get("why") or StopReason.TOO_PAINFUL,
            "peak": now,
            "eased": YES_OR_NO.get(cleaned.get("eased", "")),
        }
