"""Questions about letters."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import Q

from .rules import BACKUP, LIVE_STATES, Audience, Clock, LetterState

LONGEST_LEASE = dt.timedelta(minutes=10)
PROVES_ADDRESS = {"invitation", "membership"}
"""Subject kinds of letters whose link proves the address: they go before it is verified."""

SHOWN: dict[str, list[LetterState]] = {
    "needs-you": [LetterState.DEAD, LetterState.UNCERTAIN],
    "waiting": [
        LetterState.PENDING,
        LetterState.RETRY,
        LetterState.CLAIMED,
        LetterState.HANDOFF,
    ],
    "held": [LetterState.HELD],
    "sent": [LetterState.SENT],
    "cancelled": [LetterState.CANCELLED],
    "expired": [LetterState.EXPIRED],
}
"""How the owner's page sorts letters."""

CLOCK = Clock()
"""What this process knows of the time."""


class ClockInDoubt(Exception):
    """The database's clock has leapt: no round is done by it until it is back, or has stood for ten minutes."""


class LetterQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> LetterQuerySet:
        """The owner of the clinic reads every letter; everyone else the ones to themselves."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        owned = user.memberships.filter(ended_at__isnull=True, is_owner=True).values("clinic")
        return self.filter(Q(clinic__in=owned) | Q(membership__user=user) | Q(client__user=user))

    def due(self, now: dt.datetime) -> LetterQuerySet:
        return self.filter(state__in=[LetterState.PENDING, LetterState.RETRY], next_attempt_at__lte=now)

    def waiting(self) -> LetterQuerySet:
        return self.filter(state__in=[LetterState.PENDING, LetterState.RETRY])

    def claimed_by(self, letter: Any, token: UUID) -> LetterQuerySet:
        """This letter, while the lease with this token holds and nothing has taken it back."""
        return self.filter(pk=letter.pk, state=LetterState.CLAIMED, lease_token=token)

    def with_lapsed_lease(self, now: dt.datetime) -> LetterQuerySet:
        """Run out; or longer than any lease is, taken by a clock that has stepped back since."""
        gone = Q(lease_until__lt=now) | Q(lease_until__gt=now + LONGEST_LEASE)
        return self.filter(gone, state__in=[LetterState.CLAIMED, LetterState.HANDOFF])

    def live(self) -> LetterQuerySet:
        return self.filter(state__in=sorted(LIVE_STATES))

    def shown_as(self, name: str) -> LetterQuerySet:
        """Letters of one part of the owner's page; an unknown name shows all."""
        return self.filter(state__in=SHOWN[name]) if name in SHOWN else self

    def counts_by_state(self) -> dict[str, int]:
        return dict(self.order_by().values_list("state").annotate(models.Count("pk")))

    def with_attempts(self) -> LetterQuerySet:
        return self.select_related("client", "membership__user", "clinic").prefetch_related("deliveries")

    def to_device(self, device: Any) -> LetterQuerySet:
        return self.filter(subscription=device)

    def about(self, kind: str, ids: Any) -> LetterQuerySet:
        return self.filter(subject_kind=kind, subject_id__in=ids)


class PushSubscriptionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> PushSubscriptionQuerySet:
        """One's own devices, and nobody else's."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(user=user)

    def newest_first(self) -> PushSubscriptionQuerySet:
        return self.order_by("-created_at", "-pk")


class KillSwitchQuerySet(models.QuerySet[Any]):
    def on_at(self, now: dt.datetime) -> KillSwitchQuerySet:
        ends_later = Q(until_at__isnull=True) | Q(until_at__gt=now)
        return self.filter(ends_later, from_at__lte=now, lifted_at__isnull=True)

    def holds(self) -> KillSwitchQuerySet:
        """Those after a restored backup, which only a person ends."""
        return self.filter(until_at__isnull=True, lifted_at__isnull=True)


class IncidentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> IncidentQuerySet:
        if not user.is_authenticated or not user.is_active:
            return self.none()
        owned = user.memberships.filter(ended_at__isnull=True, is_owner=True).values("clinic")
        return self.filter(clinic__in=owned)

    def open(self) -> IncidentQuerySet:
        return self.filter(closed_at__isnull=True)


def address_of(letter: Any) -> str:
    """Where this letter goes, or nothing when its reader cannot be reached by email.

    A client by the address of the record, else of the sign-in; a member of staff only while on the
    staff and with a verified address; else the clinic's backup contact, once they have confirmed theirs.
    """
    if letter.audience == Audience.CLIENT:
        if letter.client.email_failed_at is not None:
            return ""
        return str(letter.client.email or (letter.client.user.email if letter.client.user else ""))
    if letter.audience == Audience.STAFF:
        member = letter.membership
        if member.ended_at is not None or not member.user.is_active:
            return ""
        # An invitation is how an address comes to be verified.
        is_known = member.email_verified_at is not None or letter.subject_kind in PROVES_ADDRESS
        return str(member.user.email) if is_known else ""
    clinic = letter.clinic
    is_asked = letter.subject_kind == BACKUP and letter.generation == clinic.backup_generation
    return str(clinic.backup_email) if clinic.has_backup or is_asked else ""


def round_time() -> dt.datetime:
    """The time of a round of the engine: the database's, unless it has leapt under this process.

    Raises:
        ClockInDoubt: somebody sets the clock, or it is broken. A round at a wrong time can't be undone.
    """
    now = database_now()
    if not CLOCK.is_right(says=now.timestamp(), stopwatch=stopwatch()):
        raise ClockInDoubt(f"the database's clock has leapt to {now:%Y-%m-%d %H:%M}; the engine waits")
    return now


def stopwatch() -> float:
    """Seconds that no change of a clock moves; where the system can say so, a sleeping machine's too."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def database_now() -> dt.datetime:
    """The database's own time (UTC): the one clock of the engine, read by its doors once per round (`round_time`)."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            return cursor.fetchone()[0].astimezone(dt.UTC)
        cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")
        return dt.datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=dt.UTC)
