"""Is a program, as it stands today, still safe for its client?"""

import datetime as dt
from collections.abc import Iterable, Sequence

from plans.library.models import TechniqueRevision
from plans.programs.models import Prescription, Program, SignOff
from plans.programs.rules import Finding, SafetyFindings, SignedOff, Swap

from .planning import current_version
from .safety import Shelf, answers_of, move_of, with_rules


def check_program(*, program: Program, now: dt.datetime, swaps: Sequence[Swap] = ()) -> SafetyFindings:
    """What the client's answers say about what the program asks now, or would with these swaps.

    Hidden lines are not asked.
    """
    shelf = Shelf(clinic=program.clinic)
    lines = Prescription.objects.filter(phase__version=current_version(program=program)).shown()
    given = with_rules(TechniqueRevision.objects.filter(pk__in=lines.values("revision")))
    instead = {swap.technique: swap.instead for swap in swaps}
    moves = [move for move in map(move_of, given) if move.slug not in instead]
    moves += [shelf.moves[slug] for slug in instead.values() if slug in shelf.moves]
    answers = answers_of(client=program.client, now=now)
    answered = {answer.question for answer in answers}
    wanted = set(program.template.intake_slugs if program.template else ()) - answered
    return SafetyFindings(
        findings=shelf.judge(moves, answers),
        unanswered=tuple(question for question in shelf.questions if question.slug in wanted),
    )


def signed_off(*, program: Program) -> list[SignedOff]:
    """Every caution that a bodyworker has taken on for this client."""
    rows = SignOff.objects.filter(client=program.client).values_list(
        "technique__slug", "contraindication__slug", "reason"
    )
    return [SignedOff(*row) for row in rows]


def left_open(*, program: Program, found: SafetyFindings, signed: Iterable[SignedOff] = ()) -> tuple[Finding, ...]:
    """What speaks against the program and nobody has taken on."""
    return found.left_open([*signed_off(program=program), *signed])
