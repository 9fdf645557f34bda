"""Bugs that an engine such as this could have, over thirty, each put in at run time, none in the tree.

Each must be caught by the simulation: its reference, its mail server's record, or the audit. One that
survives is a hole in the net. Beside its words stands the play (of `run_seed`) that is known to catch it.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from unittest import mock
from uuid import uuid4

from django.db import transaction

from accounts.post.actions import claiming, preferences, queueing, recording, sending
from accounts.post.delivery import email
from accounts.post.models import Delivery, KillSwitch, Letter
from accounts.post.rules import LetterState, Policy
from clinic.simulation import playing, surgery
from plans.followup.actions import answering, cases, looking, nudging, recipients, telling
from plans.followup.models import Escalation, Nudge, Watch
from plans.followup.rules import DEFAULT_NUDGE_POLICY, NudgePolicy, Tell, Wait
from plans.followup.rules import kind_of as right_kind
from plans.followup.rules import next_step as right_step
from plans.followup.rules import nudge_step as right_nudge

Break = Callable[[ExitStack], None]
How = dict[str, Any]
"""The seed of a play, and what else `run_seed` is told."""


@dataclass(frozen=True)
class Mutant:
    put: Break
    caught_in: How


MUTANTS: dict[str, Mutant] = {}


def mutant(words: str, **caught_in: Any) -> Callable[[Break], Break]:
    def add(put: Break) -> Break:
        MUTANTS[words] = Mutant(put, caught_in)
        return put

    return add


@contextmanager
def broken_by(words: str) -> Iterator[None]:
    """The engine with this bug in it."""
    with ExitStack() as stack:
        MUTANTS[words].put(stack)
        yield


def put(stack: ExitStack, where: object, **names: object) -> None:
    for name, value in names.items():
        stack.enter_context(mock.patch.object(where, name, value))


def nothing(*args: object, **more: object) -> int:
    return 0


# Letters


@mutant("the hand-off is not asked for: the letter leaves whoever holds it", seed=6, hours=8, harsh=8)
def _(stack):
    def always(letter, token, now, *rest):
        held = {"lease_token": token, "lease_until": now + claiming.HAND_OFF_LEASE, "next_attempt_at": None}
        Letter.objects.filter(pk=letter.pk).update(state="handoff", attempts=letter.attempts + 1, **held)
        letter.state, letter.attempts = LetterState.HANDOFF, letter.attempts + 1
        Delivery.objects.get_or_create(
            letter=letter, number=letter.attempts, defaults={"began_at": now, "handed_off_at": now}
        )
        return True

    put(stack, sending, _hand_off=always)


@mutant("the claim forgets WHERE state: a letter in hand is claimed again", seed=6, hours=4)
def _(stack):
    right = claiming._take

    def take(*args):
        Letter.objects.filter(state="claimed").update(
            state="pending", lease_token=None, lease_until=None, next_attempt_at=Letter.objects.values("due_at")[:1]
        )
        return right(*args)

    def fenceless(letter, token, *, now):
        return Letter.objects.filter(pk=letter.pk).exclude(state="sent").update(state="handoff", attempts=1) == 1

    put(stack, claiming, _take=take)
    put(stack, sending, move_to_handoff=fenceless)


@mutant("the lease's token is not compared at the hand-off", seed=18, hours=19, harsh=12)
def _(stack):
    put(stack, claiming, HAND_OFF=claiming.HAND_OFF.replace("AND lease_token = %s", "AND %s IS NOT NULL"))


@mutant("a letter is marked as sent before it is given", seed=6, hours=4, harsh=10)
def _(stack):
    right = sending._hand_off

    def early(letter, token, now, *rest):
        went = right(letter, token, now, *rest)
        Letter.objects.filter(pk=letter.pk, state="handoff").update(state="sent", sent_at=now, ended_at=now)
        return went

    put(stack, sending, _hand_off=early)


@mutant("leases that ran out before the hand-off are never taken back", seed=6, hours=4, harsh=10)
def _(stack):
    put(stack, sending, recover_letters=nothing)


@mutant("an ambiguous reminder is sent again", seed=21, hours=3, weather="silent")
def _(stack):
    put(stack, recording, policy_of=lambda kind: Policy.RESEND)
    put(stack, sending, policy_of=lambda kind: Policy.RESEND)


@mutant("an ambiguous letter about a case is given up as if it had been sent", seed=19, hours=3, weather="drops")
def _(stack):
    put(stack, sending, policy_of=lambda kind: Policy.HOLD)
    put(stack, recording, policy_of=lambda kind: Policy.HOLD)


@mutant("a 4xx is taken for the end", seed=19, hours=3, weather="later")
def _(stack):
    right = recording.verdict

    def final(end, **more):
        found = right(end, **more)
        return replace(found, state=LetterState.CANCELLED) if found.waits else found

    put(stack, recording, verdict=final)


@mutant("an uncertain letter makes no incident", seed=19, hours=3, weather="silent")
def _(stack):
    put(stack, recording, _tell_the_clinic=nothing)
    put(stack, sending, tell_uncertain=nothing)


@mutant("two Message-IDs: a try makes a new one", seed=19, hours=5)
def _(stack):
    right = email.compose

    def fresh(letter):
        return right(letter).replace(b"Message-ID: <", f"Message-ID: <{letter.attempts}".encode())

    put(stack, email, compose=fresh)


@mutant("the unique key of letters is dropped, and two writers meet", seed=19, hours=2)
def _(stack):
    right, count = Letter.save, iter(range(10**6))

    def twice(self, *args, **more):
        right(self, *args, **more)
        if more.get("force_insert") and next(count) % 3 == 0:
            copy = Letter(
                **{f.attname: getattr(self, f.attname) for f in Letter._meta.concrete_fields if f.name != "id"}
            )
            copy.uuid = uuid4()
            copy.dedupe_key, copy.message_id = f"{self.dedupe_key} ", f"<again-{self.message_id[1:]}"
            right(copy, force_insert=True)

    put(stack, Letter, save=twice)


@mutant("letters are queued without their due time being looked at", seed=19, hours=2)
def _(stack):
    right = queueing.queue_letter

    def later(**more):
        return right(**{**more, "due_at": more["due_at"] + dt.timedelta(hours=3)})

    put(stack, telling, queue_letter=later)


@mutant("taking a case forgets to take letters back", seed=6, hours=5, weather="down")
def _(stack):
    put(stack, answering, cancel_letters=nothing)


@mutant("a new round of telling forgets to take the old letters back, and hands them to nobody", seed=8, hours=6)
def _(stack):
    put(
        stack,
        cases,
        cancel_letters=lambda **more: (
            Letter.objects.about("escalation", more["subject_ids"]).update(
                state="cancelled", reason="x", next_attempt_at=None
            )
            if more["subject_kind"] == "escalation"
            else 0
        ),
    )
    put(stack, telling, _letter_to=_stale(telling._letter_to))


def _stale(right):
    def letter(case, member, kind, part, tier, now):
        generation, case.generation = case.generation, 1
        try:
            return right(case, member, kind, part, tier, now)
        finally:
            case.generation = generation

    return letter


@mutant("the unsubscription is not looked at", seed=25, days=2, hours=9)
def _(stack):
    put(stack, preferences, cancel_letters=nothing)
    put(
        stack,
        claiming,
        HAND_OFF=claiming.HAND_OFF.replace("p.unsubscribed_at IS NOT NULL", "1 = 0"),
    )
    right = preferences.unsubscribe

    def unheard(*, client, by, now):
        found = right(client=client, by=by, now=now)
        type(found).objects.filter(pk=found.pk).update(unsubscribed_at=None)
        return found

    put(stack, surgery, unsubscribe=unheard)


# Reminders


@mutant("quiet hours are read in UTC", seed=21, hours=13)
def _(stack):
    put(stack, sending, zone_of=lambda *names: dt.UTC)
    put(stack, nudging, nudge_step=lambda facts, *, now: right_nudge(replace(facts, zone="UTC"), now=now))
    put(stack, nudging, zone_of=lambda *names: dt.UTC)


@mutant("one more a week than the cap", seed=105, days=5, hours=4)
def _(stack):
    put(stack, nudging, nudge_step=partial(right_nudge, policy=NudgePolicy(per_week=DEFAULT_NUDGE_POLICY.per_week + 1)))


@mutant("reminders are not halved though two were ignored", seed=1, days=5, hours=3)
def _(stack):
    put(stack, nudging, nudge_step=partial(right_nudge, policy=NudgePolicy(halve_after=99)))


@mutant("reminders go on though four were ignored", seed=1, days=11, hours=3)
def _(stack):
    # The ladder and the last check both know the four: the ladder says that they end, and the check keeps back.
    endless = NudgePolicy(stop_after=99)
    put(stack, nudging, nudge_step=partial(right_nudge, policy=endless), kind_of=partial(right_kind, policy=endless))


@mutant("a second reminder on the same day", seed=1, hours=4)
def _(stack):
    right = nudging.sweep_nudges

    def again(*, now, limit=20_000):
        Nudge.objects.filter(local_on__gte=now.date() - dt.timedelta(days=1)).delete()
        Watch.objects.update(nudges_decided_on=None)
        return right(now=now, limit=limit)

    def key(**more):
        return queueing.queue_letter(**{**more, "dedupe_key": f"{more['dedupe_key']}:{more['now'].isoformat()}"})

    put(stack, nudging, queue_letter=key)
    put(stack, playing, sweep_nudges=again)


@mutant("reminders go out though a case is open", seed=5, days=2, hours=5)
def _(stack):
    put(stack, nudging, _something_came=nothing)
    put(stack, nudging, Escalation=mock.Mock(objects=mock.Mock(live=Escalation.objects.none)))
    put(
        stack,
        cases,
        cancel_letters=lambda **more: 0 if more["subject_kind"] == "nudge" else queueing.cancel_letters(**more),
    )


@mutant("the stop of the owner is not looked at", seed=6, hours=8)
def _(stack):
    stack.enter_context(mock.patch.object(claiming, "_passed_over", return_value=("", [])))
    put(stack, claiming, HAND_OFF=claiming.HAND_OFF.replace("k.lifted_at IS NULL", "k.lifted_at IS NOT NULL"))
    none = KillSwitch.objects.none()
    put(stack, nudging, KillSwitch=mock.Mock(objects=mock.Mock(on_at=mock.Mock(return_value=none))))


# Cases


@mutant("the second tier is skipped", seed=19, hours=5)
def _(stack):
    def skip(facts, calendar, **more):
        step = right_step(facts, calendar, **more)
        return Tell(3) if step == Tell(2) else step

    put(stack, telling, next_step=skip)


@mutant("tiers are told in the wrong order", seed=19, hours=5)
def _(stack):
    right = telling.people_of_tier
    put(stack, telling, people_of_tier=lambda case, tier, **more: right(case, {1: 2, 2: 1}.get(tier, tier), **more))


@mutant("the second tier's time is an hour late", seed=19, hours=5)
def _(stack):
    def late(facts, calendar, **more):
        found = right_step(facts, calendar, **more)
        return Wait(found.until + dt.timedelta(hours=1)) if isinstance(found, Wait) and facts.tier == 1 else found

    put(stack, telling, next_step=late)


@mutant("a reminder of a case is forgotten after the last tier", seed=18, hours=13)
def _(stack):
    put(stack, telling, _remind=lambda case, events, now: telling.write_event(case, telling.EscalationAct.REMIND, now))


@mutant("a case that was taken is never looked at again", seed=6, days=2, hours=4)
def _(stack):
    right = telling._look_again
    put(stack, telling, _look_again=lambda case, now: None if case.follow_up_by else right(case, now))


@mutant("severe pain that went on is taken for settled", seed=6, days=2, hours=4)
def _(stack):
    put(stack, telling, _is_still_severe=lambda case, now: False)


@mutant("a rise in urgency is only evidence", seed=8, hours=6)
def _(stack):
    put(stack, cases, rank=lambda urgency: 0)


@mutant("a case that comes again within three days opens as a new one", seed=2336, hours=12)
def _(stack):
    put(stack, cases, REOPENS_WITHIN=dt.timedelta(0))


@mutant(
    "a client's mark is cleared before the reports are judged, in a transaction of its own", seed=18, hours=4, harsh=10
)
def _(stack):
    def batch(now, limit, only=None):
        with transaction.atomic():
            ids = looking._claim(now, limit, only)
        with mock.patch.object(looking, "_claim", return_value=ids):
            return right(now, limit, only)

    right = looking._look_at_batch
    put(stack, looking, _look_at_batch=batch)


@mutant("a late report is not looked at", seed=19, hours=2)
def _(stack):
    right = looking.logs_of

    def recent(ids, *, now):
        return {
            pk: [log for log in logs if log.performed_at > now - dt.timedelta(hours=1)]
            for pk, logs in right(ids, now=now).items()
        }

    put(stack, looking, logs_of=recent)


@mutant("whoever left the clinic is still told", seed=185, hours=12)
def _(stack):
    # Three know who left: who may be asked at all, whether they can be reached, and who is reminded.
    all_ever = recipients.Membership.objects
    objects = mock.Mock(live=all_ever.all, owners=all_ever.owners, bodyworkers=lambda: all_ever.filter(is_bodyworker=1))
    put(stack, recipients, _is_reachable=lambda member: True, Membership=mock.Mock(objects=objects))
    put(stack, telling, Membership=mock.Mock(objects=objects))


QUICK = (
    "tiers are told in the wrong order",
    "two Message-IDs: a try makes a new one",
)
"""Those that show themselves within the first hours, for the suite."""
