"""A named person lets a locked program go on, and says why."""

import datetime as dt

from django.db import transaction

from accounts.people.actions import record_audit
from accounts.people.models import User
from plans.programs.actions import resume_program
from plans.programs.models import Program


@transaction.atomic
def unlock_program(*, program: Program, reason: str, by: User, now: dt.datetime) -> Program:
    """Go on with a locked program; the reason, a code without health facts, stays with the record.

    Raises:
        AssignmentBlocked, IntakeUnanswered, TransitionNotAllowed: as `resume_program`; nothing was changed.
    """
    resumed = resume_program(program=program, by=by, now=now)
    record_audit(
        clinic=program.clinic,
        verb="program_unlocked",
        subject_kind="program",
        subject_id=program.pk,
        client=program.client,
        by=by,
        now=now,
        details={"reason": reason},
    )
    return resumed
