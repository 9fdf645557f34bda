"""What do a client's answers change in a program, and what does the bodyworker decide about it?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Clinic
from plans.library.models import Contraindication, Source, TechniqueRevision
from plans.programs.actions import Shelf
from plans.programs.rules import Finding, Move, SafetyFindings, SignedOff, Swap

SEND = "send"
WITHOUT = "without"


@dataclass(frozen=True)
class Card:
    """One thing the answers change: a technique that is blocked, or a caution with the techniques it is about."""

    check: str
    revisions: tuple[TechniqueRevision, ...]
    findings: tuple[Finding, ...]
    where: str
    substitutes: tuple[tuple[Move, TechniqueRevision], ...]
    sources: tuple[Source, ...] = ()
    reason: Any = None

    @property
    def title(self) -> str:
        return "; ".join(revision.name for revision in self.revisions)

    @property
    def rules(self) -> list[Finding]:
        """One finding for each question that speaks here."""
        return list({finding.question.slug: finding for finding in self.findings}.values())

    @property
    def swap_key(self) -> str:
        """The technique that a substitute would stand for; empty where a card is about several."""
        return self.findings[0].move.slug if len(self.revisions) == 1 else ""


@dataclass(frozen=True)
class SwapDone:
    key: str
    name: str
    instead: str
    slug: str


class VerdictForm(forms.Form):
    """Every button sends the whole page: only Send acts, every other one shows it again with what it changes.

    A form on top of this says which techniques are asked, where they stand, and what was found.
    """

    clinic: Clinic

    @cached_property
    def found(self) -> SafetyFindings:
        """What the answers say, with the swaps made so far."""
        raise NotImplementedError

    @cached_property
    def swappable(self) -> Mapping[str, str]:
        """The techniques asked before any swap: slug, and name as it was given."""
        raise NotImplementedError

    @cached_property
    def places(self) -> Mapping[str, str]:
        """Where each technique stands now, in words such as “Phase 3, optional”."""
        raise NotImplementedError

    @property
    def first_name(self) -> str:
        raise NotImplementedError

    def ask_reasons(self) -> None:
        """A field for the reason of every caution; one reason may stand for several techniques."""
        label = (
            _("Why it is right for %(name)s") % {"name": self.first_name} if self.first_name else _("Why it is right")
        )
        for slug in self.cautions:
            self.fields[f"reason-{slug}"] = forms.CharField(
                label=label,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2, "class": "input input--sm"}),
                error_messages={"required": _("Say why it is right, or use another technique.")},
            )

    # What stands in the form now

    def said(self, name: str) -> str:
        """What stands in a field now, checked or not."""
        value = self.data.get(name, "") if self.is_bound else self.get_initial_for_field(self.fields[name], name)
        return str(value or "").strip()

    def said_all(self, name: str) -> list[str]:
        return list(self.data.getlist(name)) if self.is_bound else []  # type: ignore[attr-defined]

    @property
    def button(self) -> str:
        return str(self.data.get("do", "")) if self.is_bound else ""

    @property
    def is_sent(self) -> bool:
        return self.button in {SEND, WITHOUT}

    def full_clean(self) -> None:
        """Errors are for a form that was sent; on the way there nothing is wrong yet."""
        super().full_clean()
        if self.is_bound and not self.is_sent:
            self._errors = ErrorDict(renderer=self.renderer)

    @cached_property
    def shelf(self) -> Shelf:
        return Shelf(clinic=self.clinic)

    # What the bodyworker decides

    @cached_property
    def swaps(self) -> list[Swap]:
        """Later choices win; “put it back” takes one away."""
        chosen = {}
        for value in self.said_all("swap"):
            technique, _colon, instead = value.partition(":")
            if technique in self.swappable and (not instead or instead in self.shelf.moves):
                chosen[technique] = Swap(technique, instead)
        for technique in self.said_all("unswap"):
            chosen.pop(technique, None)
        return list(chosen.values())

    @property
    def swap_values(self) -> list[str]:
        return [f"{swap.technique}:{swap.instead}" for swap in self.swaps]

    @property
    def swaps_done(self) -> Iterator[SwapDone]:
        for swap in self.swaps:
            new = self.shelf.revisions.get(swap.instead)
            yield SwapDone(
                key=swap.technique,
                name=self.swappable[swap.technique],
                instead=new.name if new else "",
                slug=swap.instead or swap.technique,
            )

    def sign_offs(self) -> list[SignedOff]:
        return [
            SignedOff(finding.move.slug, finding.question.slug, self.said_reason(finding.question.slug))
            for finding in self.found.findings
            if not finding.is_block and self.said_reason(finding.question.slug)
        ]

    def said_reason(self, question: str) -> str:
        return str(self.data.get(f"reason-{question}", "")).strip() if self.is_bound else ""

    # What the page shows

    @property
    def blocks(self) -> dict[str, list[Finding]]:
        """Findings that nothing lifts, by technique."""
        found: dict[str, list[Finding]] = {}
        for finding in self.found.blocks:
            found.setdefault(finding.move.slug, []).append(finding)
        return found

    @property
    def cautions(self) -> dict[str, list[Finding]]:
        """Findings that a sign-off settles, by question."""
        found: dict[str, list[Finding]] = {}
        for finding in self.found.findings:
            if not finding.is_block:
                found.setdefault(finding.question.slug, []).append(finding)
        return found

    @property
    def blocked_count(self) -> int:
        return len(self.blocks)

    @cached_property
    def sources(self) -> dict[str, tuple[Source, ...]]:
        """Where each question that speaks here comes from."""
        slugs = {finding.question.slug for finding in self.found.findings}
        asked = Contraindication.objects.of(self.clinic).filter(slug__in=slugs).prefetch_related("sources")
        return {question.slug: tuple(question.sources.all())[:2] for question in asked}

    @property
    def cards(self) -> list[Card]:
        return [
            *(self._card("block", found) for found in self.blocks.values()),
            *(self._card("sign", found, self[f"reason-{slug}"]) for slug, found in self.cautions.items()),
        ]

    def _card(self, check: str, findings: list[Finding], reason: Any = None) -> Card:
        slugs = list(dict.fromkeys(finding.move.slug for finding in findings))
        is_one = len(slugs) == 1
        return Card(
            check=check,
            revisions=tuple(self.shelf.revisions[slug] for slug in slugs if slug in self.shelf.revisions),
            findings=tuple(findings),
            where=self.places.get(slugs[0], "") if is_one else "",
            substitutes=self._offered(findings[0]) if is_one else (),
            sources=self.sources.get(findings[0].question.slug, ()),
            reason=reason,
        )

    def _offered(self, finding: Finding) -> tuple[tuple[Move, TechniqueRevision], ...]:
        """The gentler form of the same thing where there is one; else two for the same muscles."""
        offers = [move for move in finding.substitutes if move.slug not in self.places]
        gentler = [move for move in offers if move.slug in finding.move.regressions]
        return tuple((move, self.shelf.revisions[move.slug]) for move in gentler[:1] or offers[:2])

    def refuse_blocked(self) -> None:
        """A block is not argued with: the technique is replaced or left out."""
        if self.blocked_count:
            words = ngettext(
                "%(n)s technique is blocked. Use another one, or take it out.",
                "%(n)s techniques are blocked. Use others, or take them out.",
                self.blocked_count,
            )
            self.add_error(None, words % {"n": self.blocked_count})


def place_words(phases: list[int], *, is_optional: bool) -> str:
    """“Phase 2 + 3, optional”."""
    words = gettext("Phase %(phases)s") % {"phases": " + ".join(str(phase) for phase in dict.fromkeys(phases))}
    return f"{words}, {gettext('optional')}" if is_optional else words
