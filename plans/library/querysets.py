"""Questions about the library."""

from collections.abc import Sequence
from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Cast

from .rules import AREAS, CONTENT_REGIONS, RevisionState, content_regions_of, where_muscle_lies
from .rules.search import Entry, ranked

SHOWN_IN_A_LIST = {
    name: name for name in ("name", "kind", "delivered_by", "intensity", "equipment", "estimated_minutes", "state")
} | {"revision": "number"}


class LibraryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The whole library of every clinic where the user is on the staff."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(clinic__in=user.memberships.filter(ended_at__isnull=True).values("clinic"))

    def of(self, clinic: Any) -> Self:
        return self.filter(clinic=clinic)


class TechniqueQuerySet(LibraryQuerySet):
    def with_text(self) -> Self:
        return self.exclude(current=None).select_related("current")

    def with_reviews(self) -> Self:
        """Whether a clinician has read the text is asked wherever a technique is shown."""
        return self.with_text().prefetch_related("current__reviews")

    def as_rows(self) -> models.QuerySet[Any, dict[str, Any]]:
        """What a list says of each technique, in one query and without model objects; `pk` or `rank` is its place."""
        reviews = self._text_model()._meta.get_field("reviews").related_model
        place = ["pk", "rank"] if "rank" in self.query.annotations else ["pk"]
        return self.prefetch_related(None).values(
            *place,
            "uuid",
            "slug",
            **{name: F(f"current__{column}") for name, column in SHOWN_IN_A_LIST.items()},
            needs_clinician_review=~Exists(reviews.objects.filter(revision=OuterRef("current"))),
        )

    def published(self) -> Self:
        return self.filter(current__state=RevisionState.PUBLISHED)

    def in_area(self, area: str) -> Self:
        """Techniques for a muscle of one of the eight areas."""
        return self._about(muscles__region=area)

    def for_muscle(self, muscle: Any) -> Self:
        return self._about(muscles=muscle)

    def for_point(self, point: Any) -> Self:
        return self._about(trigger_points=point)

    def of_kind(self, kind: str) -> Self:
        return self.filter(current__kind=kind)

    def delivered_by(self, who: str) -> Self:
        return self.filter(current__delivered_by=who)

    def with_tool(self, tool: str) -> Self:
        """Found as quoted text, which SQLite and PostgreSQL both can: neither asks a JSON list the same way."""
        return self.alias(tools=Cast("current__equipment", models.TextField())).filter(tools__contains=f'"{tool}"')

    def search(self, clinic: Any, words: str) -> Self:
        """What somebody of this clinic means by these words, the likeliest first."""
        return self.of(clinic).matching(words)

    def matching(self, words: str) -> Self:
        """The techniques meant, the likeliest first; `rank` counts from 0. Four queries, however many there are."""
        found = ranked(words, self.entries())
        order = Case(*(When(pk=key, then=Value(place)) for place, key in enumerate(found)), default=Value(len(found)))
        return self.with_text().filter(pk__in=found).annotate(rank=order).order_by("rank")

    def entries(self) -> list[Entry]:
        """What of each technique can be found."""
        techniques = list(self.with_text())
        texts = [technique.current_id for technique in techniques]
        muscles, points = (
            self._linked("muscles", "muscle", texts),
            self._linked("trigger_points", "triggerpoint", texts),
        )
        return [
            entry_of(technique, muscles.get(technique.current_id, []), points.get(technique.current_id, []))
            for technique in techniques
        ]

    def _linked(self, relation: str, there: str, texts: list[int]) -> dict[int, list[Any]]:
        """What each text names, in the order in which it was named: the main muscle comes first."""
        through = getattr(self._text_model(), relation).through
        found: dict[int, list[Any]] = {}
        links = through._default_manager.filter(techniquerevision__in=texts).select_related(there).order_by("pk")
        for link in links:
            found.setdefault(link.techniquerevision_id, []).append(getattr(link, there))
        return found

    def count_by(self, path: str) -> dict[Any, int]:
        """How many techniques there are by what their text is about, such as “muscles__region”."""
        counted = self.order_by().values_list(f"current__{path}").annotate(Count("pk", distinct=True))
        return {key: number for key, number in counted if key is not None}

    def _about(self, **what: Any) -> Self:
        """A subquery and not a join: a technique for two muscles of an area is one technique."""
        return self.filter(current__in=self._text_model()._default_manager.filter(**what).values("pk"))

    def _text_model(self) -> Any:
        """The model of the revisions, which this module may not import."""
        return self.model._meta.get_field("current").related_model


def entry_of(technique: Any, muscles: Sequence[Any], points: Sequence[Any]) -> Entry:
    """What of a technique can be found, with the muscles and trigger points it names."""
    text = technique.current
    lies = [region for muscle in muscles for region in where_muscle_lies(muscle.slug, muscle.region)]
    places = [AREAS.get(muscle.region, "") for muscle in muscles]
    places += [CONTENT_REGIONS[content_regions_of(region)[0]] for region in lies]
    return Entry(
        key=technique.pk,
        name=text.name,
        kind=text.kind,
        intensity=text.intensity,
        delivered_by=text.delivered_by,
        equipment=text.equipment,
        muscles=[muscle.name for muscle in muscles],
        trigger_points=[point.name for point in points],
        places=list(dict.fromkeys(places)),
    )


class TechniqueRevisionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Staff see their clinic's revisions; what a client was given is asked through programs."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(clinic__in=user.memberships.filter(ended_at__isnull=True).values("clinic"))

    def assignable(self, *, is_demo: bool) -> Self:
        """Published text; the demo may also use what is still in review, marked so."""
        allowed = Q(state=RevisionState.PUBLISHED)
        if is_demo:
            allowed |= Q(state=RevisionState.IN_REVIEW)
        return self.filter(allowed)
