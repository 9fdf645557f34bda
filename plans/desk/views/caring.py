"""Who cares for a client: handing them to a colleague, and letting a second one treat them, too."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.people.actions import CannotCare, CareRelationshipOver, begin_care, end_co_treating, record_read
from accounts.people.adapters import staff_only
from accounts.people.models import Client, Membership
from accounts.people.rules import Permission
from plans.desk.forms.caring import ColleagueChoice, CoTreatForm, HandOverClientForm
from plans.desk.querysets.record import care_of, co_treaters, live_cases
from plans.desk.views.client import may_change_care, visible_client
from plans.desk.views.sitting import StaffRequest
from plans.followup.actions import give_client


def client_to_give(request: StaffRequest, uuid: UUID) -> Client:
    """The client, if this person may say who cares for them; else there is no such page."""
    found = visible_client(request, uuid)
    if not may_change_care(request, found, care_of(found)):
        raise Http404
    return found


@staff_only(Permission.SEE_CASELOAD)
@require_http_methods(["GET", "POST"])
def care(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """GET says who cares for the client; POST hands them over."""
    found = client_to_give(request, uuid)
    if request.method != "POST":
        return care_page(request, found)
    form = HandOverClientForm(request.POST, **choices_of(found, beside=False))
    if not form.is_valid():
        return care_page(request, found, hand_over_form=form)
    to = form.cleaned_data["to"]
    try:
        give_client(client=found, to=to, by=request.user, now=timezone.now())
    except CannotCare:
        form.add_error("to", _("Somebody has changed this meanwhile. Look who cares for them now"))
        return care_page(request, found, hand_over_form=form)
    words = _("%(client)s is with %(name)s from today on. %(name)s or an owner can hand them back.")
    messages.success(request, words % {"client": found.name, "name": to.user})
    stays = Client.objects.visible_to(request.user).filter(pk=found.pk).exists()
    return redirect("desk:client", uuid) if stays else redirect("desk:caseload")


@staff_only(Permission.SEE_CASELOAD)
@require_POST
def co_treat(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """A colleague treats the client, too: they see the record and are told of a case before the others."""
    found = client_to_give(request, uuid)
    form = CoTreatForm(request.POST, **choices_of(found, beside=True))
    if not form.is_valid():
        return care_page(request, found, co_treat_form=form)
    to = form.cleaned_data["to"]
    try:
        begin_care(client=found, bodyworker=to, is_primary=False, by=request.user, now=timezone.now())
    except CannotCare:
        messages.warning(request, _("%(name)s treats them already.") % {"name": to.user})
    else:
        messages.success(request, _("%(name)s treats them, too, from today on.") % {"name": to.user})
    return redirect("desk:care", uuid)


@staff_only(Permission.SEE_CASELOAD)
@require_POST
def end_co_treat(request: StaffRequest, uuid: UUID, member: UUID) -> HttpResponse:
    found = client_to_give(request, uuid)
    colleague = get_object_or_404(Membership.objects.filter(clinic=request.clinic).select_related("user"), uuid=member)
    try:
        end_co_treating(client=found, bodyworker=colleague, by=request.user, now=timezone.now())
    except CareRelationshipOver:
        messages.warning(request, _("This was over already."))
    else:
        messages.success(request, _("%(name)s does not treat them any more.") % {"name": colleague.user})
    return redirect("desk:care", uuid)


def care_page(request: StaffRequest, found: Client, **forms: ColleagueChoice) -> HttpResponse:
    record_read(client=found, by=request.user, now=timezone.now())
    context: dict[str, Any] = {
        "client": found,
        "care": care_of(found),
        "beside": co_treaters(found),
        "cases": len(live_cases(found)),
        "hand_over_form": HandOverClientForm(**choices_of(found, beside=False)),
        "co_treat_form": CoTreatForm(**choices_of(found, beside=True)),
    }
    invalid = any(form.errors for form in forms.values())
    return render(request, "desk/care.html", context | forms, status=422 if invalid else 200)


def choices_of(found: Client, *, beside: bool) -> dict[str, Any]:
    """Every bodyworker here but the client's own; for co-treating without those who treat the client already."""
    known = found.care.live() if beside else found.care.primary()
    return {
        "clinic": found.clinic_id,
        "without": set(known.values_list("bodyworker", flat=True)),
        "now": timezone.now(),
        "auto_id": "beside_%s" if beside else "give_%s",
    }
