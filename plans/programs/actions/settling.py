"""An answer speaks against a program: the bodyworker swaps, leaves out or signs off, and it goes on."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.people.models import User
from plans.programs.models import Prescription, Program
from plans.programs.rules import Change, ChangeTechnique, ProgramState, SignedOff, Swap, TakeOut

from .changing import replace_version
from .planning import current_version
from .running import HELD_BY_INTAKE, resume_program


@transaction.atomic
def settle_program(
    *, program: Program, swaps: Sequence[Swap], sign_offs: Sequence[SignedOff], by: User, now: dt.datetime
) -> Program:
    """Make the program safe as a new version; if the answers alone held it back, it goes on.

    Raises what `replace_version` and `resume_program` raise; then nothing was changed.
    """
    instead = {swap.technique: swap.instead for swap in swaps}
    lines = Prescription.objects.filter(phase__version=current_version(program=program))
    changes: list[Change] = [
        ChangeTechnique(line.line, instead[line.revision.technique.slug])
        if instead[line.revision.technique.slug]
        else TakeOut(line.line)
        for line in lines.select_related("revision__technique")
        if line.revision.technique.slug in instead
    ]
    if changes or sign_offs:
        replace_version(program=program, changes=changes, by=by, now=now, sign_offs=sign_offs)
        program.refresh_from_db()
    if program.state == ProgramState.PAUSED and program.state_reason == HELD_BY_INTAKE:
        program = resume_program(program=program, by=by, now=now)
    return program
