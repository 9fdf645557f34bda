"""Closing a hint on a client's page: “I have looked”. Only a POST acts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.people.adapters import staff_only
from accounts.people.rules import Permission
from plans.followup.actions import close_review
from plans.followup.models import Review
from plans.followup.views.sitting import StaffRequest


@staff_only(Permission.ANSWER_ESCALATION)
@require_POST
def close(request: StaffRequest, uuid: UUID) -> HttpResponse:
    visible = Review.objects.visible_to(request.user).filter(clinic=request.clinic)
    review = get_object_or_404(visible.select_related("clinic", "client"), uuid=uuid)
    if close_review(review=review, by=request.user, now=timezone.now()):
        messages.success(request, _("Taken off the list."))
    else:
        messages.info(request, _("Somebody has taken it off the list already."))
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted if is_ours else reverse("followup:escalations"))
