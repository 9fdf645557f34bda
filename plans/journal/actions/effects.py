"""What an answer does at once to what the client is asked to do: lock, pause, leave a move out. Never an edit."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from accounts.people.models import Client, User
from plans.journal.rules import Answer, Effect
from plans.programs.actions import hide_prescription, hold_program
from plans.programs.models import Prescription, Program
from plans.programs.rules import ProgramState

STATE_OF = {Effect.PAUSE: ProgramState.PAUSED, Effect.LOCK: ProgramState.LOCKED}


def apply_effects(
    answer: Answer, *, client: Client, prescriptions: Mapping[UUID, int], by: User, now: dt.datetime
) -> None:
    """Hold every program asked of the client, and hide the moves that hurt; no query where nothing is due."""
    if answer.effect is not Effect.NONE:
        state = STATE_OF[answer.effect]
        for program in Program.objects.filter(client=client).live().order_by("pk"):
            hold_program(program=program, state=state, reason=answer.reason, by=by, now=now)
    if answer.hidden:
        blamed = Prescription.objects.filter(pk__in=[prescriptions[item] for item in answer.hidden])
        # A log may speak of an older version; the move is left out of the newest too.
        for prescription in Prescription.objects.shown().filter(line__in=blamed.values("line")).order_by("pk"):
            hide_prescription(prescription=prescription, reason=answer.hidden_by, by=by, now=now)
