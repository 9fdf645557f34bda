"""Questions about letters."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q

from .rules import LIVE_STATES, LetterState


class LetterQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> LetterQuerySet:
        """The owner of the clinic reads every letter; everyone else the ones to themselves."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        owned = user.memberships.filter(ended_at__isnull=True, is_owner=True).values("clinic")
        return self.filter(Q(clinic__in=owned) | Q(membership__user=user) | Q(client__user=user))

    def due(self, now: dt.datetime) -> LetterQuerySet:
        return self.filter(state__in=[LetterState.PENDING, LetterState.RETRY], next_attempt_at__lte=now)

    def with_lapsed_lease(self, now: dt.datetime) -> LetterQuerySet:
        return self.filter(state__in=[LetterState.CLAIMED, LetterState.HANDOFF], lease_until__lt=now)

    def live(self) -> LetterQuerySet:
        return self.filter(state__in=sorted(LIVE_STATES))

    def about(self, kind: str, ids: Any) -> LetterQuerySet:
        return self.filter(subject_kind=kind, subject_id__in=ids)


class KillSwitchQuerySet(models.QuerySet[Any]):
    def on_at(self, now: dt.datetime) -> KillSwitchQuerySet:
        return self.filter(from_at__lte=now, until_at__gt=now, lifted_at__isnull=True)


class IncidentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> IncidentQuerySet:
        if not user.is_authenticated or not user.is_active:
            return self.none()
        owned = user.memberships.filter(ended_at__isnull=True, is_owner=True).values("clinic")
        return self.filter(clinic__in=owned)

    def open(self) -> IncidentQuerySet:
        return self.filter(closed_at__isnull=True)
