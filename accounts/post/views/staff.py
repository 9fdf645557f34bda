"""An owner's page of the people who work here: who they are, how one joins, how one leaves."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.people.actions import LastOwner, add_staff, end_membership
from accounts.people.adapters import staff_only
from accounts.people.forms import ColleagueForm, LeaveForm
from accounts.people.models import Membership
from accounts.people.rules import Permission, Role
from accounts.post.actions import queue_letter
from accounts.post.rules import Audience


def _colleagues(request: HttpRequest) -> QuerySet[Membership]:
    """Everyone who works in this clinic now, with how many clients are in their care."""
    in_care = Q(care__ended_on__isnull=True, care__client__discharged_at__isnull=True)
    visible = Membership.objects.visible_to(request.user).live()
    here = visible.filter(clinic=request.clinic)  # type: ignore[attr-defined]
    found: QuerySet[Membership] = here.select_related("user").annotate(
        clients=Count("care", filter=in_care, distinct=True)
    )
    return found.order_by("user__name", "pk")


@staff_only(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def staff(request: HttpRequest) -> HttpResponse:
    """GET lists the staff; POST adds somebody and writes them a letter."""
    form = ColleagueForm(request.POST if request.method == "POST" else None, clinic=request.clinic)  # type: ignore[attr-defined]
    if not form.is_valid():
        context = {"form": form, "colleagues": _colleagues(request)}
        return render(request, "post/staff.html", context, status=422 if form.is_bound else 200)
    said = form.cleaned_data
    _join(request, said)
    messages.success(request, _("%(name)s is on the staff. A letter is on its way.") % {"name": said["name"]})
    return redirect("post:staff")


@transaction.atomic
def _join(request: HttpRequest, said: dict[str, Any]) -> None:
    now = timezone.now()
    membership = add_staff(
        clinic=request.clinic,  # type: ignore[attr-defined]
        email=said["email"],
        name=said["name"],
        roles=frozenset(Role(role) for role in said["roles"]),
        qualification=said["qualification"],
        by=request.user,  # type: ignore[arg-type]
        now=now,
    )
    _write(membership, now)


def _write(membership: Membership, now: dt.datetime) -> None:
    """The letter that leads to a password; following it proves the address."""
    queue_letter(
        clinic=membership.clinic,
        kind="staff-invitation",
        audience=Audience.STAFF,
        membership=membership,
        subject_kind="membership",
        subject_id=membership.pk,
        params={"path": reverse("account_reset_password")},
        due_at=now,
        dedupe_key=f"staff-invitation:{membership.pk}:{now.isoformat()}",
        now=now,
    )


@staff_only(Permission.MANAGE_STAFF)
@require_http_methods(["POST"])
def write_again(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The letter once more to a colleague whose address is not confirmed, or no longer."""
    colleague = get_object_or_404(_colleagues(request), uuid=uuid)
    _write(colleague, timezone.now())
    messages.success(request, _("A letter to %(name)s is on its way.") % {"name": colleague.user.name})
    return redirect("post:staff")


@staff_only(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """GET asks who takes over; POST hands the clients over and ends every sitting of the one who leaves."""
    leaver = get_object_or_404(_colleagues(request), uuid=uuid)
    form = LeaveForm(request.POST if request.method == "POST" else None, leaver=leaver)
    refused = ""
    if request.method == "POST" and (not form.fields or form.is_valid()):
        heir = form.cleaned_data.get("heir") if form.fields else None
        try:
            end_membership(membership=leaver, by=request.user, now=timezone.now(), heir=heir)  # type: ignore[arg-type]
        except LastOwner:
            refused = _("A clinic always has an owner. Make somebody else an owner first.")
        else:
            messages.success(request, _("%(name)s has left the staff.") % {"name": leaver.user.name})
            return redirect("post:staff")
    context = {"leaver": leaver, "form": form, "refused": refused}
    return render(request, "post/staff_leave.html", context, status=422 if refused or form.errors else 200)
