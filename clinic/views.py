"""The front door: sends everyone to their first page, and says to anyone when to get help."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found

from plans.library.models import RedFlag
from plans.library.rules import FlagUrgency

from .context import the_only_clinic


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address: a page for people, a problem document for programs that ask below /api/."""
    if not request.path_info.startswith("/api/"):
        return page_not_found(request, exception)
    problem = {"type": "about:blank", "title": gettext("There is nothing here that you may see"), "status": 404}
    return JsonResponse(problem, status=404, content_type="application/problem+json")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Staff go to the caseload or the library, clients to Today, everyone else to sign-in."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    membership = request.membership  # type: ignore[attr-defined]
    if membership is not None:
        return redirect("desk:caseload" if membership.is_owner or membership.is_bodyworker else "library:home")
    return redirect("today:today")


@require_safe
def help_urgent(request: HttpRequest) -> HttpResponse:
    """When to call whom, for anyone: the clinic's own warning signs, most urgent first."""
    clinic = request.clinic or the_only_clinic()  # type: ignore[attr-defined]
    signs = RedFlag.objects.filter(clinic=clinic).order_by("position").values_list("urgency", "question")
    return render(
        request,
        "help/urgent.html",
        {
            "now": [question for urgency, question in signs if urgency == FlagUrgency.EMERGENCY_NOW],
            "today": [question for urgency, question in signs if urgency == FlagUrgency.SAME_DAY],
        },
    )
