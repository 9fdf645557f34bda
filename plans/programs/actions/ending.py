"""A program's last day has passed: it ends by itself, and nobody has to remember."""

import datetime as dt

from django.db import transaction

from plans.programs.models import Program
from plans.programs.rules import STILL_OPEN, ProgramState, is_long_over

from .running import finish_program
from .safety import local_day

# The earliest zone is this far ahead of UTC.
FURTHEST_AHEAD = dt.timedelta(hours=14)


def finish_ended(*, now: dt.datetime, limit: int = 500) -> int:
    """Finish the running programs that are over where their clients live; answers how many.

    A program that is held waits for a person, and one on offer for its client.
    """
    furthest = (now + FURTHEST_AHEAD).date()
    over = (
        Program.objects.running()
        .filter(ends_on__lt=furthest - STILL_OPEN)
        .order_by("ends_on", "pk")
        .values_list("pk", flat=True)
    )
    return sum(_finish(pk, now) for pk in over[:limit])


@transaction.atomic
def _finish(pk: int, now: dt.datetime) -> bool:
    program = Program.objects.select_for_update(of=("self",)).select_related("client").get(pk=pk)
    today = local_day(client=program.client, now=now)
    if program.state != ProgramState.RUNNING or not is_long_over(program.ends_on, today=today):
        return False
    finish_program(program=program, by=None, now=now, reason="ended")
    return True
