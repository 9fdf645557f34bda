"""A client says with one tap why nothing was heard: each answer leads somewhere else than to another reminder."""

import datetime as dt

from django.db import transaction

from accounts.people.actions import record_audit
from accounts.people.models import Client, User
from accounts.post.actions import cancel_letters, pause_reminders
from accounts.post.rules import NUDGE
from plans.followup.models import Nudge
from plans.followup.rules import InTheWay, NudgeKind, NudgeState, Signal

from .reviews import open_signal

SIGNALS = {InTheWay.PAIN: Signal.PAIN_IN_THE_WAY, InTheWay.UNSURE: Signal.UNSURE_HOW}


@transaction.atomic
def say_in_the_way(
    *, client: Client, reason: InTheWay, by: User, now: dt.datetime, until_on: dt.date | None = None
) -> None:
    """Keep the answer with the question, and do what it asks for.

    Pain and being unsure go on the bodyworker's list; pain also rests the reminders until a log or a
    person. Away pauses them until `until_on`. No time makes the next ones smaller. The count of those
    left unanswered begins anew.
    """
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    cancel_letters(subject_kind=NUDGE, subject_ids=[client.pk], reason="answered", now=now)
    asked = Nudge.objects.filter(client=client, kind=NudgeKind.CHECK_IN).exclude(state=NudgeState.DROPPED)
    question = asked.order_by("-local_on").first()
    if question is not None:
        question.answer, question.answered_at = reason, now
        if question.state == NudgeState.IGNORED:
            question.state = NudgeState.ANSWERED
        question.save(update_fields=["answer", "answered_at", "state"])
    if reason in SIGNALS:
        open_signal(client=client, signal=SIGNALS[reason], params={}, now=now)
    if reason is InTheWay.AWAY and until_on is not None:
        pause_reminders(client=client, until_on=until_on, by=by, now=now)
    record_audit(
        clinic=client.clinic,
        verb="check_in_answered",
        subject_kind="client",
        subject_id=client.pk,
        by=by,
        now=now,
        client=client,
    )
