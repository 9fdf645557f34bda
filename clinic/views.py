"""The front door: sends everyone to their first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def home(request: HttpRequest) -> HttpResponse:
    """Staff go to the caseload or the library, clients to Today, everyone else to sign-in."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    membership = request.membership  # type: ignore[attr-defined]
    if membership is not None:
        return redirect("desk:caseload" if membership.is_owner or membership.is_bodyworker else "library:home")
    return redirect("today:today")
