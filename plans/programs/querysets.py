"""Questions about programs; each follows the client it belongs to."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.people.models import Client
from plans.library.querysets import LibraryQuerySet

from .rules import PlannedState, ProgramState, TemplateState


class TemplateQuerySet(LibraryQuerySet):
    def assignable(self, *, is_demo: bool) -> TemplateQuerySet:
        """Approved templates; the demo may also use what is still in review, marked so."""
        allowed = Q(state=TemplateState.APPROVED)
        if is_demo:
            allowed |= Q(state=TemplateState.IN_REVIEW)
        return self.filter(allowed)

    def search(self, words: str) -> TemplateQuerySet:
        """Every word somewhere in name, summary or level."""
        found = self
        for word in words.split():
            found = found.filter(Q(name__icontains=word) | Q(summary__icontains=word) | Q(level__icontains=word))
        return found


class ProgramQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> ProgramQuerySet:
        return self.filter(client__in=Client.objects.visible_to(user))

    def live(self) -> ProgramQuerySet:
        """Asked of the client now: running, or held until a person answers."""
        return self.filter(state__in=[ProgramState.RUNNING, ProgramState.PAUSED, ProgramState.LOCKED])

    def running(self) -> ProgramQuerySet:
        return self.filter(state=ProgramState.RUNNING)


class PrescriptionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> PrescriptionQuerySet:
        return self.filter(phase__version__program__client__in=Client.objects.visible_to(user))

    def shown(self) -> PrescriptionQuerySet:
        return self.filter(hidden_at__isnull=True)


class PlannedSessionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> PlannedSessionQuerySet:
        return self.filter(client__in=Client.objects.visible_to(user))

    def standing(self) -> PlannedSessionQuerySet:
        return self.exclude(state=PlannedState.WITHDRAWN)

    def on_day(self, day: dt.date) -> PlannedSessionQuerySet:
        return self.standing().filter(on=day)
