"""Moving cases that nobody has taken: tell, tell the next, remind, say that nobody answered.

One transaction a case: lock, look again, letters with unique keys, events, the next time.
"""

import datetime as dt
import logging

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts.people.models import Membership
from accounts.post.actions import can_be_reached, queue_letter, raise_incident, say_work_failed, tell_backup
from accounts.post.models import Letter
from accounts.post.rules import Audience, IncidentKind, LetterState
from plans.followup.models import Escalation, EscalationEvent
from plans.followup.querysets import STRAYS
from plans.followup.rules import (
    BEGINNINGS,
    CaseFacts,
    EscalationAct,
    EscalationState,
    Family,
    NobodyAnswered,
    Numbers,
    Remind,
    Tell,
    Urgency,
    Wait,
    after,
    later,
    next_step,
    target_at,
    target_of,
    urgencies_of,
    usual_of,
)

from .calendars import calendar_of, numbers_of_case
from .cases import SUBJECT, begin_again, write_event
from .judges import judges_of
from .recipients import has_anyone, is_away, people_of_tier
from .reports import logs_of

log = logging.getLogger(__name__)

CLIENT_PAGE = "/today/"
MOST_STEPS = 12
AFTER_A_FAILURE = dt.timedelta(minutes=5)
FIRST_WORDS = {EscalationAct.RISE: "case-raised", EscalationAct.FOLLOW_UP: "case-follow-up"}


def sweep_escalations(*, now: dt.datetime, limit: int = 1000) -> int:
    """Take every case that is due one step further; answers how many moved."""
    moved = 0
    for pk in Escalation.objects.needing_a_step(now).values_list("pk", flat=True)[:limit]:
        try:
            moved += _move(pk, now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("case %s could not be moved", pk)
            _put_off(pk, now)
    return moved


def _put_off(pk: int, now: dt.datetime) -> None:
    """It must not be tried hot for ever, nor unseen."""
    case = Escalation.objects.select_related("clinic").get(pk=pk)
    Escalation.objects.unanswered().filter(pk=pk).update(next_action_at=now + AFTER_A_FAILURE)
    say_work_failed(clinic=case.clinic, kind="case", pk=pk, now=now)


@transaction.atomic
def _move(pk: int, now: dt.datetime) -> bool:
    case = _locked(Escalation.objects.needing_a_step(now).filter(pk=pk)).first()
    if case is None:
        return False
    is_put_off: bool = case.is_put_off  # type: ignore[attr-defined]
    if is_put_off:
        _wake(case, now)
    if case.state == EscalationState.ACKNOWLEDGED and not is_put_off:
        _look_again(case, now)
    if case.state != EscalationState.ACKNOWLEDGED:
        _advance(case, now)
    return True


def _wake(case: Escalation, now: dt.datetime) -> None:
    """A clock that was ahead has put it off until that time comes: it waits from today, as its own rule says."""
    calendar, numbers = calendar_of(case.clinic), numbers_of_case(case)
    urgency = Urgency(case.urgency)
    times = urgencies_of(numbers).of(urgency)
    case.opened_at = min(case.opened_at, now)
    case.target_at = min(case.target_at, target_at(now, urgency, target_of(case.rule, urgency, numbers), calendar))
    if case.follow_up_by is not None:
        case.follow_up_by = min(case.follow_up_by, later(now, times.follow_up_after, calendar, times.clock))
    case.save(update_fields=["opened_at", "target_at", "follow_up_by"])


def _locked(cases: QuerySet[Escalation]) -> QuerySet[Escalation]:
    skips = connection.features.has_select_for_update_skip_locked
    return cases.select_for_update(of=("self",), skip_locked=skips).select_related("clinic", "client__user")


def _advance(case: Escalation, now: dt.datetime) -> None:
    calendar, numbers = calendar_of(case.clinic), numbers_of_case(case)
    table = urgencies_of(numbers)
    for _ in range(MOST_STEPS):
        events = list(case.events.filter(generation=case.generation).select_related("letter").order_by("sequence"))
        step = next_step(_facts(case, events, numbers, now), calendar, now=now, table=table)
        if isinstance(step, Wait):
            case.next_action_at = step.until
            break
        if isinstance(step, Tell):
            _tell(case, step.tier, events, now)
        elif isinstance(step, Remind):
            _remind(case, events, now)
        elif isinstance(step, NobodyAnswered):
            _say_nobody(case, now)
    case.save(update_fields=["state", "tier", "holder", "next_action_at", "nobody_answered_at"])


def _facts(case: Escalation, events: list[EscalationEvent], numbers: Numbers, now: dt.datetime) -> CaseFacts:
    """What was done counts, whenever it is said to be; the times of a clock that was ahead count for nothing."""
    past = [event for event in events if event.at <= now + STRAYS]
    began = next((event for event in past if event.act in BEGINNINGS), None)
    told = [event for event in events if event.act in {EscalationAct.TELL, EscalationAct.REMIND}]
    return CaseFacts(
        state=EscalationState(case.state),
        urgency=Urgency(case.urgency),
        target=target_of(case.rule, Urgency(case.urgency), numbers),
        target_at=case.target_at,
        began_at=began.at if began else case.opened_at,
        tier=case.tier,
        reached=frozenset(event.tier for event in told if event.letter and event.letter.state != LetterState.DEAD),
        told_at=max((event.at for event in told if event in past), default=None),
        nobody_told=any(event.act == EscalationAct.NOBODY for event in events),
    )


def _tell(case: Escalation, tier: int, events: list[EscalationEvent], now: dt.datetime) -> None:
    told = _told(events)
    case.state = after(EscalationState(case.state), EscalationAct.TELL)
    case.tier = tier
    kind = _kind(tier, events, now)
    people = people_of_tier(case, tier, told=told, now=now)
    for member in people:
        letter = _letter_to(case, member, kind, f"{tier}", tier, now)
        write_event(case, EscalationAct.TELL, now, tier=tier, letter=letter, details={"membership": member.pk})
    if people:
        case.holder = people[0]
    has_backup = tier == 3 and _tell_backup(case, now)
    if not people and not has_backup:
        write_event(case, EscalationAct.TELL, now, tier=tier, details={"reached": 0})
        if not has_anyone(case, tier, now=now):
            _say_unreachable(case, tier, now)


def _told(events: list[EscalationEvent]) -> set[int]:
    return {event.details["membership"] for event in events if "membership" in event.details}


def _kind(tier: int, events: list[EscalationEvent], now: dt.datetime) -> str:
    """Why this person is written to: a new round of telling, or nobody before them answered."""
    began = next((event for event in events if event.act in BEGINNINGS), None)
    if tier > 1 and (began is None or now > began.at):
        return "case-unanswered"
    return FIRST_WORDS.get(EscalationAct(began.act), "case-opened") if began else "case-opened"


def _letter_to(case: Escalation, member: Membership, kind: str, part: str, tier: int, now: dt.datetime) -> Letter:
    return queue_letter(
        clinic=case.clinic,
        kind=kind,
        audience=Audience.STAFF,
        membership=member,
        subject_kind=SUBJECT,
        subject_id=case.pk,
        generation=case.generation,
        tier=tier,
        params={"path": reverse("followup:case", args=[case.uuid])},
        due_at=now,
        dedupe_key=f"case:{case.pk}:{case.generation}:{part}:{member.pk}",
        now=now,
    )


def _tell_backup(case: Escalation, now: dt.datetime) -> bool:
    """The last resort: somebody outside who knows whom to call. An address that nobody confirmed is passed over."""
    if not case.clinic.has_backup:
        return False
    letter = tell_backup(
        clinic=case.clinic,
        subject_id=case.pk,
        generation=case.generation,
        tier=3,
        dedupe_key=f"case:{case.pk}:{case.generation}:3:backup",
        now=now,
    )
    write_event(case, EscalationAct.TELL, now, tier=3, letter=letter, details={"backup": True})
    return True


def _remind(case: Escalation, events: list[EscalationEvent], now: dt.datetime) -> None:
    """Once more to everybody who was told in this round, and to whoever can be reached by now."""
    count = len({event.at for event in events if event.act == EscalationAct.REMIND}) + 1
    live = Membership.objects.live().filter(pk__in=_told(events), email_verified_at__isnull=False)
    members = {member.pk: member for member in live}
    for tier in (1, 2, 3):
        if not members or tier == 1:
            members |= {member.pk: member for member in people_of_tier(case, tier, told=set(members), now=now)}
    for pk, member in sorted(members.items()):
        letter = _letter_to(case, member, "case-unanswered", f"r{count}", case.tier, now)
        write_event(case, EscalationAct.REMIND, now, tier=case.tier, letter=letter, details={"membership": pk})
    case.state = after(EscalationState(case.state), EscalationAct.REMIND)
    if not members:
        write_event(case, EscalationAct.REMIND, now, tier=case.tier, details={"reached": 0})
        _say_unreachable(case, case.tier, now)


def _say_nobody(case: Escalation, now: dt.datetime) -> None:
    """Every tier was told in vain: the client is asked to call the clinic."""
    case.nobody_answered_at = now
    case.state = after(EscalationState(case.state), EscalationAct.NOBODY)
    letter = None
    if can_be_reached(case.client):
        letter = queue_letter(
            clinic=case.clinic,
            kind="nobody-answered",
            audience=Audience.CLIENT,
            client=case.client,
            subject_kind=SUBJECT,
            subject_id=case.pk,
            generation=case.generation,
            params={"path": CLIENT_PAGE},
            due_at=now,
            dedupe_key=f"case:{case.pk}:{case.generation}:nobody",
            now=now,
        )
    write_event(case, EscalationAct.NOBODY, now, tier=case.tier, letter=letter)


def _say_unreachable(case: Escalation, tier: int, now: dt.datetime) -> None:
    raise_incident(
        clinic=case.clinic,
        kind=IncidentKind.NOBODY_REACHABLE,
        dedupe_key=f"tier:{case.pk}:{case.generation}:{tier}",
        now=now,
        details={"case": case.number, "tier": tier},
    )


def _look_again(case: Escalation, now: dt.datetime) -> None:
    """The time to look again has come, or its holder has left or gone away: a case that is still severe, or
    that nobody here holds any more, is told anew; another one only waits on."""
    member = Membership.objects.live().filter(clinic=case.clinic_id, user=case.acked_by_id).first()
    if member is None or is_away(member, now) or _is_still_severe(case, now):
        begin_again(case, EscalationAct.FOLLOW_UP, now, by=None, details={})
        return
    times = urgencies_of(numbers_of_case(case)).of(Urgency(case.urgency))
    case.follow_up_by = later(now, times.follow_up_after, calendar_of(case.clinic), times.clock)
    case.snoozed_until = None
    case.state = after(EscalationState(case.state), EscalationAct.SETTLED)
    case.save(update_fields=["follow_up_by", "snoozed_until", "state"])
    count = case.events.filter(act=EscalationAct.SETTLED, generation=case.generation).count() + 1
    letter = _letter_to(case, member, "case-follow-up", f"settled{count}", case.tier, now)
    write_event(case, EscalationAct.SETTLED, now, letter=letter)


def _is_still_severe(case: Escalation, now: dt.datetime) -> bool:
    """A safety case is until a person says otherwise; severe pain is until a milder usual reading came in
    after somebody took the case."""
    if case.family != Family.SEVERE or case.acked_at is None:
        return True
    acked_at = case.acked_at
    since = [entry for entry in logs_of([case.client_id], now=now)[case.client_id] if entry.performed_at > acked_at]
    usual = usual_of(since)
    numbers = judges_of([case.client], now=now)[case.client_id].numbers
    return not usual or (usual[-1].score or 0) >= numbers.severe_min
