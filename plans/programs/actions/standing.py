"""Is a program, as it stands today, still safe for its client?"""

import datetime as dt
from collections.abc import Iterable

from plans.library.models import TechniqueRevision
from plans.programs.models import Prescription, Program, SignOff
from plans.programs.rules import Finding, SafetyFindings, SignedOff

from .planning import current_version
from .safety import answers_of, move_of, shelf_of, with_rules


def check_program(*, program: Program, now: dt.datetime) -> SafetyFindings:
    """What the client's answers say about what the program asks now; hidden lines are not asked."""
    shelf = shelf_of(clinic=program.clinic)
    lines = Prescription.objects.filter(phase__version=current_version(program=program)).shown()
    given = with_rules(TechniqueRevision.objects.filter(pk__in=lines.values("revision")))
    answers = answers_of(client=program.client, now=now)
    answered = {answer.question for answer in answers}
    wanted = set(program.template.intake_slugs if program.template else ()) - answered
    return SafetyFindings(
        findings=shelf.judge((move_of(revision) for revision in given), answers),
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
