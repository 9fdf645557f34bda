"""What does the library, and what did the client say, that decides whether a technique may be given?"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from accounts.people.models import Client, Clinic
from plans.library.models import Contraindication, Technique, TechniqueRevision
from plans.library.querysets import TechniqueRevisionQuerySet
from plans.library.rules import ContraindicationEffect, DeliveredBy
from plans.programs.models import IntakeAnswer, ProgramTemplate, TemplateItem
from plans.programs.rules import (
    UNDER_18,
    Answer,
    Finding,
    IntakeReply,
    Move,
    Question,
    SafetyFindings,
    Swap,
    areas_of_muscle,
    check,
    is_under_18,
    substitutes_for,
)


class AssignmentBlocked(Exception):
    """Something the client said speaks against a technique; `findings` says what, by which rule, and what fits."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        names = ", ".join(sorted({finding.move.name for finding in findings}))
        super().__init__(f"not safe for this client as it stands: {names}")
        self.findings = tuple(findings)


class IntakeUnanswered(Exception):
    """Safety questions of the program that nobody has answered, or answered too long ago."""

    def __init__(self, questions: Sequence[Question]) -> None:
        super().__init__(f"{len(questions)} safety questions are not answered")
        self.questions = tuple(questions)


class Shelf:
    """A clinic's questions, and the techniques that may be given there, each with its current text.

    The techniques are fetched when somebody asks for them: a program that nothing speaks against
    needs no substitute, and so no library.
    """

    def __init__(self, *, clinic: Clinic) -> None:
        self.clinic = clinic

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question_of(row) for row in Contraindication.objects.of(self.clinic).order_by("pk"))

    @cached_property
    def revisions(self) -> Mapping[str, TechniqueRevision]:
        """By the technique's slug; five queries, whatever the size of the library."""
        current = Technique.objects.of(self.clinic).values("current")
        texts = TechniqueRevision.objects.filter(pk__in=current).assignable(is_demo=self.clinic.is_demo)
        return {revision.technique.slug: revision for revision in with_rules(texts)}

    @cached_property
    def moves(self) -> Mapping[str, Move]:
        return {slug: move_of(revision) for slug, revision in self.revisions.items()}

    def judge(self, moves: Iterable[Move], answers: Sequence[Answer]) -> tuple[Finding, ...]:
        """Every finding, with up to three techniques that fit this client in the place of each."""
        unique = {move.slug: move for move in moves}
        findings = check(unique.values(), self.questions, answers)
        library = [move for move in self.moves.values() if move.slug not in unique] if findings else []
        return tuple(
            replace(finding, substitutes=substitutes_for(finding.move, library, self.questions, answers))
            for finding in findings
        )


def question_of(row: Contraindication) -> Question:
    """A safety question as the rules see it."""
    return Question(
        slug=row.slug,
        name=row.name,
        default_action=ContraindicationEffect(row.default_action),
        applies_to=frozenset(row.applies_to),
        text=row.intake_question,
        client_text=row.client_text,
        bodyworker_text=row.bodyworker_text,
    )


def move_of(revision: TechniqueRevision) -> Move:
    """A technique's text as the rules see it; wants what `with_rules` fetched."""
    muscles = list(revision.muscles.all())
    return Move(
        slug=revision.technique.slug,
        name=revision.name,
        kind=revision.kind,
        intensity=revision.intensity,
        tags=frozenset(revision.tags),
        contraindications=frozenset(row.slug for row in revision.contraindications.all()),
        cautions=frozenset(row.slug for row in revision.cautions.all()),
        muscles=frozenset(muscle.slug for muscle in muscles),
        regions=frozenset(area for m in muscles for area in areas_of_muscle(m.slug, m.region)),
        regressions=tuple(technique.slug for technique in revision.regressions.all()),
        for_client=revision.delivered_by == DeliveredBy.CLIENT,
    )


def with_rules(revisions: TechniqueRevisionQuerySet) -> TechniqueRevisionQuerySet:
    """Fetch with each revision what `move_of` reads: four more queries, whatever their number."""
    return revisions.select_related("technique").prefetch_related(
        "muscles", "contraindications", "cautions", "regressions"
    )


def local_day(*, client: Client, now: dt.datetime) -> dt.date:
    """Which day it is where the client lives."""
    return now.astimezone(client.local_zone).date()


def answers_of(*, client: Client, now: dt.datetime) -> tuple[Answer, ...]:
    """What the client said last to each question, and what the birth date says.

    An answer of yes counts until it is asked again; one of no counts until it runs out.
    """
    rows = IntakeAnswer.objects.filter(client=client, superseded_at__isnull=True).select_related("contraindication")
    said = [
        Answer(row.contraindication.slug, IntakeReply(row.reply), frozenset(row.regions))
        for row in rows
        if row.reply != IntakeReply.NO or row.expires_at is None or row.expires_at > now
    ]
    return with_age(said, client.birth_on, local_day(client=client, now=now))


def with_age(said: Iterable[Answer], birth_on: dt.date | None, today: dt.date) -> tuple[Answer, ...]:
    """The answers, with the one about age taken from the birth date where that is known."""
    is_child = is_under_18(birth_on, today)
    if is_child is None:
        return tuple(said)
    age = Answer(UNDER_18, IntakeReply.YES if is_child else IntakeReply.NO)
    return (*(answer for answer in said if answer.question != UNDER_18), age)


def items_of(*, template: ProgramTemplate) -> list[TemplateItem]:
    """The lines of a template in their order, with phase and technique."""
    items = TemplateItem.objects.filter(phase__template=template).select_related("phase", "technique")
    return list(items.order_by("phase__position", "position"))


def swapped(items: Iterable[TemplateItem], swaps: Iterable[Swap]) -> list[tuple[TemplateItem, str]]:
    """Each line with the slug of the technique it now asks for.

    Lines that were left out are gone, and so is a line whose new technique its phase has already.
    """
    instead = {swap.technique: swap.instead for swap in swaps}
    lines = list(items)
    has = {(item.phase_id, item.technique.slug) for item in lines if item.technique.slug not in instead}
    kept = []
    for item in lines:
        slug = instead.get(item.technique.slug, item.technique.slug)
        is_swap = item.technique.slug in instead
        if slug and not (is_swap and (item.phase_id, slug) in has):
            kept.append((item, slug))
            has.add((item.phase_id, slug))
    return kept


def check_template(
    *,
    template: ProgramTemplate,
    answers: Sequence[Answer],
    swaps: Iterable[Swap] = (),
    shelf: Shelf | None = None,
    asked: Sequence[str] | None = None,
) -> SafetyFindings:
    """What these answers say about this template with these swaps; for somebody who may not be a client yet.

    `asked` are the slugs of the questions that must be answered; by default those of the template.
    """
    shelf = shelf or Shelf(clinic=template.clinic)
    moves = [shelf.moves[slug] for _, slug in swapped(items_of(template=template), swaps) if slug in shelf.moves]
    answered = {answer.question for answer in answers}
    wanted = set(template.intake_slugs if asked is None else asked) - answered
    return SafetyFindings(
        findings=shelf.judge(moves, answers),
        unanswered=tuple(question for question in shelf.questions if question.slug in wanted),
    )


def check_assignment(
    *,
    client: Client,
    template: ProgramTemplate,
    answers: Sequence[Answer] = (),
    now: dt.datetime,
    swaps: Iterable[Swap] = (),
    shelf: Shelf | None = None,
) -> SafetyFindings:
    """What the client's answers, old and new, say about this template; nothing is stored."""
    fresh = {answer.question for answer in answers}
    said = [answer for answer in answers_of(client=client, now=now) if answer.question not in fresh]
    together = with_age([*said, *answers], client.birth_on, local_day(client=client, now=now))
    return check_template(template=template, answers=together, swaps=swaps, shelf=shelf)
