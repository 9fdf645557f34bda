"""Which letters a member of staff gets, and the one that can be switched off."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.people.actions import choose_digest
from accounts.people.adapters import staff_only
from accounts.people.rules import Permission
from plans.desk.views.sitting import StaffRequest


@staff_only(Permission.SEE_CASELOAD)
@require_http_methods(["GET", "HEAD", "POST"])
def own_letters(request: StaffRequest) -> HttpResponse:
    """GET shows what comes; POST switches the morning's list on or off."""
    if request.method == "POST":
        wants = forms.CheckboxInput().value_from_datadict(request.POST, request.FILES, "wants_digest")
        choose_digest(membership=request.membership, wants_digest=bool(wants), by=request.user, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("desk:own-letters")
    return render(request, "desk/own_letters.html")
