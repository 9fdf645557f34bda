"""A person takes a case, puts it off, or ends it with an outcome."""

import datetime as dt

from django.db import transaction

from accounts.people.actions import record_audit
from accounts.people.models import Membership, User
from accounts.people.rules import Permission
from accounts.post.actions import can_be_reached, cancel_letters, queue_letter
from accounts.post.rules import Audience
from plans.followup.models import Escalation
from plans.followup.rules import (
    NOTE_REQUIRED,
    EscalationAct,
    EscalationState,
    NotAllowed,
    Outcome,
    Urgency,
    after,
    later,
    urgencies_of,
)

from .calendars import calendar_of, numbers_of_case
from .cases import SUBJECT, begin_again, write_event
from .recipients import can_answer
from .telling import CLIENT_PAGE

UNANSWERED = [EscalationState.OPEN, EscalationState.NOTIFIED]


class AlreadyAcknowledged(Exception):
    """Somebody took the case before: `by` and `at` say who was first."""

    def __init__(self, case: Escalation) -> None:
        super().__init__(f"{case} was acknowledged before")
        self.escalation, self.by, self.at = case, case.acked_by, case.acked_at


class AlreadyResolved(Exception):
    """The case has ended: `by` and `at` say who ended it."""

    def __init__(self, case: Escalation) -> None:
        super().__init__(f"{case} was resolved before")
        self.escalation, self.by, self.at = case, case.resolved_by, case.resolved_at


class NotYours(Exception):
    """Somebody else has the case: `by` says who. Only they can let it rest."""

    def __init__(self, case: Escalation) -> None:
        super().__init__(f"{case} is held by another")
        self.escalation, self.by = case, case.acked_by


class CannotAnswer(Exception):
    """This colleague cannot be asked to take a case now: `member` says who."""

    def __init__(self, member: Membership) -> None:
        super().__init__(f"{member} cannot answer now")
        self.member = member


class NoteRequired(Exception):
    """This outcome says too little without a note."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"{outcome} needs a note")
        self.outcome = outcome


@transaction.atomic
def acknowledge_escalation(
    *, escalation: Escalation, by: User, now: dt.datetime, follow_up_by: dt.datetime | None = None
) -> Escalation:
    """Take the case: letters about it are taken back, the client is told, and it is looked at again by
    `follow_up_by`, else by its urgency's own time. Who has it already may say so twice: nothing happens.

    Raises:
        AlreadyAcknowledged: somebody else was first.
        AlreadyResolved: it has ended.
    """
    case = _locked(escalation)
    if case.state == EscalationState.ACKNOWLEDGED and case.acked_by_id == by.pk and follow_up_by is None:
        return case
    if case.state == EscalationState.ACKNOWLEDGED:
        raise AlreadyAcknowledged(case)
    if case.state == EscalationState.RESOLVED:
        raise AlreadyResolved(case)
    _take(case, by, now, follow_up_by)
    _tell_client(case, now)
    return case


def _locked(escalation: Escalation) -> Escalation:
    rows = Escalation.objects.select_for_update(of=("self",))
    return rows.select_related("clinic", "client__user").get(pk=escalation.pk)


def _take(case: Escalation, by: User, now: dt.datetime, follow_up_by: dt.datetime | None) -> None:
    times = urgencies_of(numbers_of_case(case)).of(Urgency(case.urgency))
    holder = Membership.objects.live().filter(clinic=case.clinic_id, user=by).first()
    taken = Escalation.objects.filter(pk=case.pk, state__in=UNANSWERED).update(
        state=after(EscalationState(case.state), EscalationAct.ACKNOWLEDGE),
        acked_at=now,
        acked_by=by,
        follow_up_by=follow_up_by or later(now, times.follow_up_after, calendar_of(case.clinic), times.clock),
        next_action_at=None,
        snoozed_until=None,
        holder=holder,
    )
    case.refresh_from_db()
    if not taken:
        raise AlreadyAcknowledged(case)
    cancel_letters(subject_kind=SUBJECT, subject_ids=[case.pk], reason="acknowledged", now=now)
    write_event(case, EscalationAct.ACKNOWLEDGE, now, by=by)
    _audit(case, "escalation_acknowledged", by, now)


def _tell_client(case: Escalation, now: dt.datetime) -> None:
    """There is an answer: once for each round of telling."""
    if not can_be_reached(case.client):
        return
    queue_letter(
        clinic=case.clinic,
        kind="report-seen",
        audience=Audience.CLIENT,
        client=case.client,
        subject_kind="report",
        subject_id=case.pk,
        generation=case.generation,
        params={"path": CLIENT_PAGE},
        due_at=now,
        dedupe_key=f"case:{case.pk}:{case.generation}:seen",
        now=now,
    )


@transaction.atomic
def resolve_escalation(
    *, escalation: Escalation, outcome: Outcome | str, note: str, by: User, now: dt.datetime
) -> Escalation:
    """End the case with what came of it; one that nobody has taken is taken in the same breath.

    Raises:
        NoteRequired: for "no answer" and "not a concern" a note says why.
        AlreadyResolved: somebody ended it before.
        ValueError: no such outcome.
    """
    outcome = Outcome(outcome)
    if outcome in NOTE_REQUIRED and not note.strip():
        raise NoteRequired(outcome)
    case = _locked(escalation)
    if case.state == EscalationState.RESOLVED:
        raise AlreadyResolved(case)
    if case.state != EscalationState.ACKNOWLEDGED:
        _take(case, by, now, None)
        _tell_client(case, now)
    case.state = after(EscalationState(case.state), EscalationAct.RESOLVE)
    case.resolved_at, case.resolved_by, case.outcome = now, by, outcome
    case.note = "\n\n".join(part for part in (case.note, note.strip()) if part)
    case.snoozed_until = None
    case.save(update_fields=["state", "resolved_at", "resolved_by", "outcome", "note", "snoozed_until"])
    cancel_letters(subject_kind=SUBJECT, subject_ids=[case.pk], reason="resolved", now=now)
    write_event(case, EscalationAct.RESOLVE, now, by=by, details={"outcome": outcome})
    _audit(case, "escalation_resolved", by, now, {"outcome": outcome.value})
    return case


def acknowledge_and_resolve(
    *, escalation: Escalation, outcome: Outcome | str, note: str, by: User, now: dt.datetime
) -> Escalation:
    """Both in one step; raises what `resolve_escalation` raises."""
    return resolve_escalation(escalation=escalation, outcome=outcome, note=note, by=by, now=now)


@transaction.atomic
def hand_over_escalation(*, escalation: Escalation, to: Membership, by: User, now: dt.datetime) -> Escalation:
    """Ask a colleague to take the case: a new round of telling that begins with them, at once.

    Until they take it nobody has it, so the clock runs and the others are told as always.

    Raises:
        AlreadyResolved: it has ended.
        CannotAnswer: the colleague is away, has no address that works, or does not answer cases here.
    """
    case = _locked(escalation)
    if case.state == EscalationState.RESOLVED:
        raise AlreadyResolved(case)
    if to.clinic_id != case.clinic_id or not to.may(Permission.ANSWER_ESCALATION) or not can_answer(to, now):
        raise CannotAnswer(to)
    begin_again(case, EscalationAct.HAND_OVER, now, by=by, details={"to": to.pk})
    _audit(case, "escalation_handed_over", by, now, {"to": to.pk})
    return case


@transaction.atomic
def snooze_escalation(*, escalation: Escalation, until: dt.datetime, by: User, now: dt.datetime) -> Escalation:
    """Look at a case one holds again at `until`, not before; a rise in urgency ends the snooze.

    Raises:
        NotAllowed: nobody holds the case, it has ended, or `until` is past.
        NotYours: somebody else holds it.
    """
    case = _locked(escalation)
    case.state = after(EscalationState(case.state), EscalationAct.SNOOZE)
    if case.acked_by_id != by.pk:
        raise NotYours(case)
    if until <= now:
        raise NotAllowed(EscalationState(case.state), EscalationAct.SNOOZE)
    case.snoozed_until = case.follow_up_by = until
    case.save(update_fields=["state", "snoozed_until", "follow_up_by"])
    write_event(case, EscalationAct.SNOOZE, now, by=by, details={"until": until.isoformat()})
    _audit(case, "escalation_snoozed", by, now)
    return case


def _audit(case: Escalation, verb: str, by: User, now: dt.datetime, details: dict[str, object] | None = None) -> None:
    record_audit(
        clinic=case.clinic,
        verb=verb,
        subject_kind=SUBJECT,
        subject_id=case.pk,
        by=by,
        now=now,
        client=case.client,
        details={"generation": case.generation, **(details or {})},
    )
