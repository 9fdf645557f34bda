"""What an answer does at once to what the client is asked to do: lock, pause, leave a move out. Never an edit."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from accounts.people.models import Client, User
from plans.journal.rules import Answer, Effect
from plans.programs.models import Prescription, Program
from plans.programs.rules import ProgramState

STATE_OF = {Effect.PAUSE: ProgramState.PAUSED, Effect.LOCK: ProgramState.LOCKED}
# A lock stands over a pause, and neither is lifted by a log.
MAY_BE_HELD = {
    Effect.PAUSE: [ProgramState.RUNNING],
    Effect.LOCK: [ProgramState.RUNNING, ProgramState.PAUSED],
}


def apply_effects(
    answer: Answer, *, client: Client, prescriptions: Mapping[UUID, int], by: User, now: dt.datetime
) -> None:
    """Hold every running program of the client, and hide the items that hurt; no query where nothing is due."""
    if answer.effect is not Effect.NONE:
        _hold(answer, client=client, by=by, now=now)
    if answer.hidden:
        _hide(answer, prescriptions=prescriptions, by=by, now=now)


def _hold(answer: Answer, *, client: Client, by: User, now: dt.datetime) -> None:
    Program.objects.filter(client=client, state__in=MAY_BE_HELD[answer.effect]).update(
        state=STATE_OF[answer.effect], state_reason=answer.reason, state_at=now
    )


def _hide(answer: Answer, *, prescriptions: Mapping[UUID, int], by: User, now: dt.datetime) -> None:
    ids = [prescriptions[item] for item in answer.hidden]
    Prescription.objects.shown().filter(pk__in=ids).update(hidden_at=now, hidden_reason=answer.messages[0].id)
