"""An answer speaks against a program that a client has already: what now?"""

import datetime as dt
from dataclasses import replace
from functools import cached_property
from typing import Any

from plans.programs.actions import check_program, current_version, signed_off
from plans.programs.models import Prescription, Program
from plans.programs.rules import SafetyFindings

from .inviting_verdicts import SEND, VerdictForm, place_words


class SettleForm(VerdictForm):
    """The findings that nobody has settled yet, each with a swap, a way out, or a sign-off."""

    def __init__(self, *args: Any, program: Program, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.program, self.now, self.clinic = program, now, program.clinic
        self.ask_reasons()

    @property
    def first_name(self) -> str:
        words = self.program.client.name.split()
        return words[0] if words else ""

    @property
    def ticked(self) -> bool:
        """The page says so when nothing stands in the way any more."""
        return True

    @cached_property
    def lines(self) -> list[Prescription]:
        shown = Prescription.objects.filter(phase__version=current_version(program=self.program)).shown()
        return list(shown.select_related("phase", "revision__technique").order_by("phase__position", "position"))

    @cached_property
    def swappable(self) -> dict[str, str]:
        return {line.revision.technique.slug: line.revision.name for line in self.lines}

    @cached_property
    def places(self) -> dict[str, str]:
        instead = {swap.technique: swap.instead for swap in self.swaps}
        by_slug: dict[str, list[Prescription]] = {}
        for line in self.lines:
            slug = line.revision.technique.slug
            by_slug.setdefault(instead.get(slug, slug), []).append(line)
        return {
            slug: place_words([line.phase.position for line in lines], is_optional=all(i.is_optional for i in lines))
            for slug, lines in by_slug.items()
            if slug
        }

    @cached_property
    def found(self) -> SafetyFindings:
        """Without what was signed off before."""
        found = check_program(program=self.program, now=self.now, swaps=self.swaps)
        return replace(found, findings=found.left_open(signed_off(program=self.program)))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.button == SEND:
            self.refuse_blocked()
        return cleaned
