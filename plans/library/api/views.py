"""Techniques for a program that reads them: a list to search and narrow, and one with everything known."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.response import Response

from plans.library.models import Technique
from plans.library.querysets import TechniqueQuerySet

from .serializers import AskedSerializer, TechniqueDetailSerializer, TechniqueSerializer


class AskedFor(BaseFilterBackend):
    """Search and filters; a value nobody knows is answered with its field. What is searched comes likeliest first."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        asked = AskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        if "q" in wanted:
            queryset = queryset.matching(wanted["q"])
        if "region" in wanted:
            queryset = queryset.in_area(wanted["region"])
        if "kind" in wanted:
            queryset = queryset.of_kind(wanted["kind"])
        if "equipment" in wanted:
            queryset = queryset.with_tool(wanted["equipment"])
        if "delivered_by" in wanted:
            queryset = queryset.delivered_by(wanted["delivered_by"])
        return queryset

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        """What the cursor moves along; pages call it."""
        return ("rank",) if "rank" in queryset.query.annotations else ("pk",)


class TechniqueDoor(generics.GenericAPIView[Technique]):
    """What both routes may show: the library of the clinics where the caller is on the staff."""

    queryset = Technique.objects.none()

    def get_queryset(self) -> TechniqueQuerySet:
        return Technique.objects.visible_to(self.request.user).with_reviews()


@extend_schema(parameters=[AskedSerializer], summary="The techniques you may see; search with q, narrow with the rest")
class TechniqueList(TechniqueDoor, generics.ListAPIView[Technique]):
    """The techniques you may see, by cursor."""

    serializer_class = TechniqueSerializer
    filter_backends = [AskedFor]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found: Any = self.filter_queryset(self.get_queryset())
        rows: Any = self.paginate_queryset(found.as_rows())
        names = TechniqueSerializer.Meta.fields
        return self.get_paginated_response([{name: row[name] for name in names} for row in rows])


@extend_schema(summary="One technique with steps, dosage, limits, whom it is not for, and sources")
class TechniqueDetail(TechniqueDoor, generics.RetrieveAPIView[Technique]):
    """One technique you may see."""

    serializer_class = TechniqueDetailSerializer
    lookup_field = "uuid"
