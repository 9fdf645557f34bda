"""Questions about the library."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from .rules import RevisionState


class LibraryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> LibraryQuerySet:
        """The whole library of every clinic where the user is on the staff."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(clinic__in=user.memberships.filter(ended_at__isnull=True).values("clinic"))

    def of(self, clinic: Any) -> LibraryQuerySet:
        return self.filter(clinic=clinic)


class TechniqueQuerySet(LibraryQuerySet):
    def with_text(self) -> TechniqueQuerySet:
        return self.exclude(current=None).select_related("current")

    def published(self) -> TechniqueQuerySet:
        return self.filter(current__state=RevisionState.PUBLISHED)


class TechniqueRevisionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> TechniqueRevisionQuerySet:
        """Staff see their clinic's revisions; what a client was given is asked through programs."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(clinic__in=user.memberships.filter(ended_at__isnull=True).values("clinic"))

    def assignable(self, *, is_demo: bool) -> TechniqueRevisionQuerySet:
        """Published text; the demo may also use what is still in review, marked so."""
        allowed = Q(state=RevisionState.PUBLISHED)
        if is_demo:
            allowed |= Q(state=RevisionState.IN_REVIEW)
        return self.filter(allowed)
