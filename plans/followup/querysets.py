"""Questions about what is due, live and visible."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When

from accounts.people.models import Absence, Client, Membership
from accounts.post.models import Letter
from accounts.post.rules import LetterState

from .rules import LAST_TIER, LIVE, EscalationState

FURTHEST_LOOK = dt.timedelta(days=2)
STRAYS = dt.timedelta(minutes=5)
"""Rounds overlap: what another one wrote may be this far ahead of one's own time."""


class PolicyOverrideQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> PolicyOverrideQuerySet:
        return self.filter(client__in=Client.objects.visible_to(user))

    def standing(self) -> PolicyOverrideQuerySet:
        """Not ended by a person; it may have ended by itself."""
        return self.filter(ended_at__isnull=True)

    def in_force(self, now: dt.datetime) -> PolicyOverrideQuerySet:
        return self.standing().filter(Q(until_at__isnull=True) | Q(until_at__gt=now), from_at__lte=now)


class WatchQuerySet(models.QuerySet[Any]):
    def due(self, now: dt.datetime) -> WatchQuerySet:
        """Come, or further ahead than any look is put: by a clock that was wrong then."""
        return self.filter(Q(next_look_at__lte=now) | Q(next_look_at__gt=now + FURTHEST_LOOK))


class EscalationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> EscalationQuerySet:
        """Staff who may see the client, and those who were asked to answer this case.

        A client reads the fate of a report on the own pages instead.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        seats = user.memberships.filter(ended_at__isnull=True)
        asked = Letter.objects.filter(subject_kind="escalation", membership__in=seats).values("subject_id")
        return self.filter(
            Q(client__in=Client.objects.visible_to(user)) | Q(pk__in=asked),
            clinic__in=seats.exclude(is_owner=False, is_bodyworker=False).values("clinic"),
        )

    def live(self) -> EscalationQuerySet:
        return self.filter(state__in=sorted(LIVE))

    def unanswered(self) -> EscalationQuerySet:
        return self.filter(state__in=[EscalationState.OPEN, EscalationState.NOTIFIED])

    def due(self, now: dt.datetime) -> EscalationQuerySet:
        return self.unanswered().filter(next_action_at__lte=now)

    def needing_a_step(self, now: dt.datetime) -> EscalationQuerySet:
        """Unanswered and due to be told on; or taken and due to be looked at again, or taken by somebody who
        has left since, or who has gone away and is not back by then; or put off by a clock that was wrong
        (`is_put_off`). The oldest first."""
        holders = Membership.objects.live().filter(clinic=OuterRef("clinic"), user=OuterRef("acked_by"))
        away = Absence.objects.at(now).filter(
            clinic=OuterRef("clinic"),
            bodyworker__user=OuterRef("acked_by"),
            from_at__gt=OuterRef("acked_at"),
            until_at__gt=OuterRef("follow_up_by"),
        )
        gone = Q(follow_up_by__lte=now) | ~Exists(holders) | Exists(away)
        taken = Q(state=EscalationState.ACKNOWLEDGED) & gone
        untaken = Q(state__in=[EscalationState.OPEN, EscalationState.NOTIFIED], next_action_at__lte=now)
        put_off = self._put_off_by_a_wrong_clock(now)
        due = self.filter(taken | untaken | put_off | self._with_a_tier_that_hears_nothing())
        is_put_off = Case(When(put_off, then=Value(True)), default=Value(False))
        return due.annotate(is_put_off=is_put_off).order_by("pk")

    def _put_off_by_a_wrong_clock(self, now: dt.datetime) -> Q:
        """It waits for something later than an event that has not come yet: the clock was ahead then."""
        events = self.model._meta.get_field("events").related_model.objects
        ahead = events.filter(escalation=OuterRef("pk"), at__gt=now + STRAYS)
        untold = Q(state__in=[EscalationState.OPEN, EscalationState.NOTIFIED])
        taken = Q(state=EscalationState.ACKNOWLEDGED)
        return (untold & Exists(ahead.filter(at__lte=OuterRef("next_action_at")))) | (
            taken & Exists(ahead.filter(at__lte=OuterRef("follow_up_by")))
        )

    def _with_a_tier_that_hears_nothing(self) -> Q:
        """Every letter to the tier whose turn it is has died: the next need not wait for its time."""
        told = Letter.objects.filter(
            subject_kind="escalation",
            subject_id=OuterRef("pk"),
            generation=OuterRef("generation"),
            tier=OuterRef("tier"),
        )
        died = Exists(told.filter(state=LetterState.DEAD)) & ~Exists(told.exclude(state=LetterState.DEAD))
        return Q(state=EscalationState.NOTIFIED, tier__lt=LAST_TIER) & died


class ReviewQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> ReviewQuerySet:
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(
            client__in=Client.objects.visible_to(user),
            clinic__in=user.memberships.filter(ended_at__isnull=True).values("clinic"),
        )

    def open(self) -> ReviewQuerySet:
        return self.filter(closed_at__isnull=True)


class NudgeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> NudgeQuerySet:
        return self.filter(client__in=Client.objects.visible_to(user))

    def told_to(self, user: Any) -> NudgeQuerySet:
        """Those that were decided for this person: their own record, or a ward's."""
        return self.filter(client__in=Client.objects.own(user))

    def of(self, client: Any) -> NudgeQuerySet:
        return self.filter(client=client)

    def since(self, day: dt.date) -> NudgeQuerySet:
        return self.filter(local_on__gte=day)
