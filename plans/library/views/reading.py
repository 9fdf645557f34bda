"""What is known about this muscle, and about this technique?"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.people.adapters import staff_only
from accounts.people.rules import Permission
from plans.library.models import Muscle, Technique
from plans.library.rules import ContraindicationEffect, map_regions_of


@require_safe
@staff_only(Permission.SEE_LIBRARY)
def muscle(request: HttpRequest, slug: str) -> HttpResponse:
    """One muscle: its trigger points, where they are felt, its anatomy, and what helps."""
    found = get_object_or_404(visible(request, Muscle), slug=slug)
    techniques = visible(request, Technique).for_muscle(found)
    counts = techniques.count_by("trigger_points")
    points = [
        {"point": point, "count": counts.get(point.pk, 0), "felt": on_the_map(point.referral_regions)}
        for point in found.trigger_points.order_by("pk")
    ]
    context = {
        "muscle": found,
        "points": points,
        "felt": sorted({region for point in points for region in point["felt"]}),
        "techniques": techniques.with_reviews().order_by("current__name"),
        "sources": found.sources.order_by("pk"),
    }
    return render(request, "library/muscle.html", context)


@require_safe
@staff_only(Permission.SEE_LIBRARY)
def technique(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One technique with everything that is known of it: steps, dosage, limits, whom it is not for, sources."""
    found = get_object_or_404(visible(request, Technique).with_text(), uuid=uuid)
    text = found.current
    blocks = list(text.contraindications.order_by("pk"))
    context = {
        "technique": found,
        "text": text,
        "muscles": text.named_muscles(),
        "points": text.trigger_points.order_by("pk"),
        "blocks": [block for block in blocks if block.default_action != ContraindicationEffect.LOCAL_BLOCK],
        "local_blocks": [block for block in blocks if block.default_action == ContraindicationEffect.LOCAL_BLOCK],
        "cautions": text.cautions.order_by("pk"),
        "sources": text.sources.order_by("pk"),
        "easier": text.regressions.with_text().order_by("pk"),
        "harder": text.progressions.with_text().order_by("pk"),
        "reviews": text.reviews.select_related("reviewed_by").order_by("reviewed_at"),
        "revisions": found.revisions.order_by("-number"),
    }
    return render(request, "library/technique.html", context)


def visible(request: HttpRequest, model: type[Any]) -> Any:
    """What the reader may see of the clinic they sit in."""
    return model.objects.visible_to(request.user).of(request.clinic)  # type: ignore[attr-defined]


def on_the_map(content_regions: list[str]) -> list[str]:
    """The body-map regions, without sides, where pain in these regions is felt."""
    return sorted({region for content in content_regions for region in map_regions_of(content)})
