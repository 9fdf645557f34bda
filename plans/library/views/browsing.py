"""Where is the technique I need? From an area to a muscle to a trigger point, or by searching."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.people.adapters import staff_only
from accounts.people.rules import Permission
from plans.library.forms import ShelfForm
from plans.library.models import Muscle, Technique, TriggerPoint
from plans.library.rules import AREAS, DeliveredBy

SHOWN_AT_FIRST = 12
ALSO_SHOWN = 3


@require_safe
@staff_only(Permission.SEE_LIBRARY)
def home(request: HttpRequest) -> HttpResponse:
    """The whole library, narrowed by body, kind and tool, or searched."""
    clinic = request.clinic  # type: ignore[attr-defined]
    form = ShelfForm(request.GET, clinic=clinic)
    if not form.is_valid():
        raise Http404
    shelf = Shelf(Technique.objects.visible_to(request.user).of(clinic), form.cleaned_data)
    return render(
        request,
        "library/home.html",
        {
            **shelf.results(),
            **shelf.columns(Muscle.objects.of(clinic), TriggerPoint.objects.of(clinic)),
            **shelf.filters(),
            "chosen": shelf.chosen,
        },
    )


@dataclass(frozen=True)
class Shelf:
    """The techniques a reader may see, and what they chose to see of them."""

    techniques: Any
    chosen: Mapping[str, Any]

    def link(self, **change: Any) -> str:
        """The address of the same page with another choice; choosing a body part again starts afresh there."""
        kept = {**self.chosen, "all": "", **change}
        if kept["point"] or kept["muscle"]:
            kept["area"] = ""
        if kept["point"]:
            kept["muscle"] = ""
        query = QueryDict(mutable=True)
        query.update({name: str(getattr(value, "slug", value)) for name, value in kept.items() if value})
        return f"?{query.urlencode()}" if query else "?"

    @cached_property
    def about(self) -> Any:
        """The techniques searched for, or for the point, muscle or area that was chosen."""
        found = self.techniques.matching(self.chosen["q"]) if self.chosen["q"] else self.techniques.with_text()
        if self.chosen["point"]:
            return found.for_point(self.chosen["point"])
        if self.chosen["muscle"]:
            return found.for_muscle(self.chosen["muscle"])
        return found.in_area(self.chosen["area"]) if self.chosen["area"] else found

    def found(self) -> Any:
        """Of these, the ones that are done in the way that was chosen."""
        found = self.about
        if self.chosen["kind"]:
            found = found.of_kind(self.chosen["kind"])
        if self.chosen["tool"]:
            found = found.with_tool(self.chosen["tool"])
        if self.chosen["by"]:
            found = found.delivered_by(self.chosen["by"])
        return found if self.chosen["q"] else found.order_by("current__name")

    def results(self) -> dict[str, Any]:
        """The first of what was found, the rest by a link, and a few neighbours of a muscle."""
        found = list(self.found().with_reviews())
        is_cut = len(found) > SHOWN_AT_FIRST and not self.chosen["all"]
        also = []
        if self.chosen["muscle"] and not self.chosen["q"]:
            rest = self.techniques.in_area(self.chosen["area"]).exclude(pk__in=[technique.pk for technique in found])
            also = list(rest.with_reviews().order_by("current__name")[:ALSO_SHOWN])
        return {
            "found": found[:SHOWN_AT_FIRST] if is_cut else found,
            "count": len(found),
            "all_url": self.link(all="1") if is_cut else "",
            "also": also,
            "area_url": self.link(area=self.chosen["area"], muscle="", point="", kind="", tool="", by=""),
        }

    def columns(self, muscles: Any, points: Any) -> dict[str, Any]:
        """Area, muscle and trigger point side by side, each with how many techniques it leads to."""
        return {
            "technique_total": self.techniques.with_text().count(),
            "muscle_total": muscles.count(),
            "point_total": points.count(),
            "areas": self.area_rows(),
            "muscles": self.muscle_rows(muscles) if self.chosen["area"] else [],
            "points": self.point_rows(points) if self.chosen["muscle"] else [],
        }

    def area_rows(self) -> list[dict[str, Any]]:
        counts, here = self.techniques.count_by("muscles__region"), self.chosen["area"]
        return [
            {"area": area, "count": counts[area], "url": self.step(area=area), "current": area == here}
            for area in AREAS
            if area in counts
        ]

    def muscle_rows(self, muscles: Any) -> list[dict[str, Any]]:
        counts, here = self.techniques.count_by("muscles"), self.chosen["muscle"]
        return [
            {"muscle": one, "count": counts.get(one.pk, 0), "url": self.step(muscle=one.slug), "current": one == here}
            for one in muscles.filter(region=self.chosen["area"]).order_by("pk")
        ]

    def point_rows(self, points: Any) -> list[dict[str, Any]]:
        counts, here = self.techniques.count_by("trigger_points"), self.chosen["point"]
        return [
            {"point": one, "count": counts.get(one.pk, 0), "url": self.step(point=one.slug), "current": one == here}
            for one in points.filter(muscle=self.chosen["muscle"]).order_by("pk")
        ]

    def step(self, **to: str) -> str:
        """A step along the columns leaves what was searched for, and keeps how the technique should be done."""
        return self.link(**{"q": "", "area": "", "muscle": "", "point": "", **to})

    def filters(self) -> dict[str, Any]:
        """Kinds, tools and who does it, as far as they occur among what the body or the search leaves."""
        about = self.about.order_by()
        kinds, tools = about.count_by("kind"), about.values_list("current__equipment", flat=True)
        return {
            "kinds": [
                {
                    "kind": kind,
                    "url": self.link(kind="" if kind == self.chosen["kind"] else kind),
                    "current": kind == self.chosen["kind"],
                }
                for kind in sorted(kinds)
            ],
            "tools": sorted({tool for used in tools for tool in used}),
            "who": list(DeliveredBy),
            "is_filtered": bool(self.chosen["kind"] or self.chosen["tool"] or self.chosen["by"]),
            "clear_url": self.link(kind="", tool="", by=""),
        }
