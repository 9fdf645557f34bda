"""Questions about what is due, live and visible."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from accounts.people.models import Client

from .rules import LIVE, EscalationState


class WatchQuerySet(models.QuerySet[Any]):
    def due(self, now: dt.datetime) -> WatchQuerySet:
        return self.filter(next_look_at__lte=now)


class EscalationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> EscalationQuerySet:
        """Staff who may see the client; a client reads the fate of a report on the own pages instead."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(
            client__in=Client.objects.visible_to(user),
            clinic__in=user.memberships.filter(ended_at__isnull=True).values("clinic"),
        )

    def live(self) -> EscalationQuerySet:
        return self.filter(state__in=sorted(LIVE))

    def unanswered(self) -> EscalationQuerySet:
        return self.filter(state__in=[EscalationState.OPEN, EscalationState.NOTIFIED])

    def due(self, now: dt.datetime) -> EscalationQuerySet:
        return self.unanswered().filter(next_action_at__lte=now)


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
    def of(self, client: Any) -> NudgeQuerySet:
        return self.filter(client=client)

    def since(self, day: dt.date) -> NudgeQuerySet:
        return self.filter(local_on__gte=day)
