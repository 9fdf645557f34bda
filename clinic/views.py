"""The front door: sends everyone to their first page, and says to anyone when to get help."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found

from plans.library.models import RedFlag
from plans.library.rules import FlagUrgency

from .api import TITLES, DatabaseAway
from .context import the_only_clinic


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address: a page for people, a problem document for programs that ask below /api/."""
    if not request.path_info.startswith("/api/"):
        return page_not_found(request, exception)
    problem = {"type": "about:blank", "title": gettext("There is nothing here that you may see"), "status": 404}
    return JsonResponse(problem, status=404, content_type="application/problem+json")


def failed(request: HttpRequest) -> HttpResponse:
    """It broke on our side: 500, or 503 where it is the database that does not answer or cannot write.

    Neither page needs a request, a session or a row.
    """
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = DatabaseAway.status_code if is_away else 500
    if request.path_info.startswith("/api/"):
        problem = {"type": "about:blank", "title": str(TITLES[status]), "status": status}
        if is_away:
            problem["detail"] = str(DatabaseAway.default_detail)
        answer: HttpResponse = JsonResponse(problem, status=status, content_type="application/problem+json")
    else:
        answer = HttpResponse(render_to_string(f"{status}.html"), status=status)
    if is_away:
        answer.headers["Retry-After"] = str(DatabaseAway.wait)
    return answer


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
