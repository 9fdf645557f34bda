"""The clinic's templates: which there are, what each asks, and who has approved it."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.people.adapters import staff_only
from accounts.people.models import Clinic, Membership, User
from accounts.people.rules import Permission
from plans.library.models import Contraindication
from plans.library.rules import DeliveredBy

from .actions import TemplateEmpty, TemplateNotInReview, approve_template, dose_of, texts_in_review
from .forms import ApproveForm
from .models import ProgramTemplate, TemplateItem, TemplatePhase
from .rules import TemplateState, minutes_of

LONGEST_SEARCH = 100
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


class StaffRequest(HttpRequest):
    """A request of somebody on the staff, in the clinic where they sit."""

    user: User
    clinic: Clinic
    membership: Membership


@dataclass
class PhaseCard:
    """A phase with its lines, and what one whole session of it takes a client."""

    phase: TemplatePhase
    items: list[TemplateItem]

    @property
    def theirs(self) -> list[TemplateItem]:
        texts = [(item, item.technique.current) for item in self.items]
        return [item for item, text in texts if text and text.delivered_by == DeliveredBy.CLIENT]

    @property
    def minutes(self) -> int:
        return minutes_of([dose_of(item) for item in self.theirs if not item.is_optional])


@staff_only(Permission.SEE_LIBRARY)
@require_safe
def templates(request: StaffRequest) -> HttpResponse:
    """GET ?q=words."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    items = TemplateItem.objects.select_related("technique").order_by("phase__position", "position")
    found = (
        ProgramTemplate.objects.of(request.clinic)
        .exclude(state=TemplateState.RETIRED)
        .search(words)
        .annotate(technique_count=Count("phases__items__technique", distinct=True))
        .prefetch_related(Prefetch("phases__items", queryset=items))
        .order_by("name")
    )
    return render(request, "programs/templates.html", {"templates": found, "words": words})


@staff_only(Permission.SEE_LIBRARY)
@require_safe
def template(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """One template: phases, techniques, minutes, and the approval."""
    found = _found(request, uuid)
    initial = {"qualification": request.membership.qualification}
    return render(request, "programs/template.html", _page(found) | {"form": ApproveForm(initial=initial)})


@staff_only(Permission.CURATE_LIBRARY)
@require_POST
def approve(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """The curator's name under the template and all its techniques."""
    found = _found(request, uuid)
    form = ApproveForm(request.POST)
    if not form.is_valid():
        return render(request, "programs/template.html", _page(found) | {"form": form}, status=422)
    qualification = form.cleaned_data["qualification"]
    try:
        approve_template(template=found, by=request.user, now=timezone.now(), qualification=qualification)
    except TemplateNotInReview:
        messages.info(request, _("This template was approved before. Nothing was changed."))
    except TemplateEmpty:
        messages.error(request, _("This template has no techniques yet. There is nothing to approve."))
    else:
        messages.success(request, _("Approved. It can be given to clients now."))
    return redirect("programs:template", uuid=found.uuid)


def _found(request: StaffRequest, uuid: UUID) -> ProgramTemplate:
    mine = ProgramTemplate.objects.visible_to(request.user).of(request.clinic)
    return get_object_or_404(mine.select_related("approved_by", "gentler", "harder", "escalate_to__current"), uuid=uuid)


def _page(found: ProgramTemplate) -> dict[str, Any]:
    items = TemplateItem.objects.filter(phase__template=found).select_related("technique__current")
    by_phase: dict[int, list[TemplateItem]] = {}
    for item in items.order_by("position"):
        by_phase.setdefault(item.phase_id, []).append(item)
    phases = [PhaseCard(phase, by_phase.get(phase.pk, [])) for phase in found.phases.order_by("position")]
    return {
        "template": found,
        "not_for": _by_name(found),
        "phases": phases,
        "waiting": texts_in_review(template=found),
        "questions": Contraindication.objects.of(found.clinic_id).filter(slug__in=found.intake_slugs).order_by("pk"),
    }


def _by_name(found: ProgramTemplate) -> list[str]:
    """What the template is not for; other templates, which the texts call by slug, by their names."""
    names = dict(ProgramTemplate.objects.of(found.clinic_id).values_list("slug", "name"))
    return [
        SLUG.sub(lambda word: f"“{names[word[0]]}”" if word[0] in names else word[0], text) for text in found.not_for
    ]
