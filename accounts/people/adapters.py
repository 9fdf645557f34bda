"""Where the web meets people: which clinic and which role a signed-in request is about, and who may enter a page."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.people.actions import place_of, record_audit
from accounts.people.models import Client, Clinic, Membership, User
from accounts.people.rules import Permission, zone_of

CURRENT_CLINIC = "clinic"
CURRENT_CLIENT = "client"
BEGAN = "sitting_began"
SEEN = "sitting_seen"
SEEN_EVERY_SECONDS = 60

View = Callable[..., HttpResponse]


class SittingMiddleware:
    """Sets `request.clinic`, `request.membership` and `request.acting_client`.

    Staff come first: a person who is both staff and client works as staff until they choose to act
    as the client. The choice of clinic or client is kept in the web session. Times are shown in
    that person's zone. A sitting that is too old, or whose person has no place left in any clinic,
    ends here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = None  # type: ignore[attr-defined]
        request.acting_client = None  # type: ignore[attr-defined]
        request.clinic = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            seat(request, request.user)
            if not _may_stay(request, timezone.now()):
                logout(request)
                request.membership = request.acting_client = request.clinic = None  # type: ignore[attr-defined]
        zone = self._zone(request)
        if zone is None:
            return self.get_response(request)
        with timezone.override(zone):
            return self.get_response(request)

    def _zone(self, request: HttpRequest) -> ZoneInfo | None:
        client: Client | None = request.acting_client  # type: ignore[attr-defined]
        clinic: Clinic | None = request.clinic  # type: ignore[attr-defined]
        if client is not None:
            return client.local_zone
        return zone_of(clinic.zone) if clinic is not None else None


def begin_sitting(request: HttpRequest, user: User, now: dt.datetime, *, way: str) -> None:
    """Sign this person in on this device; how long it lasts is decided at every request.

    `way` is password, code, invitation or demo, for the record.
    """
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    request.session[BEGAN] = int(now.timestamp())
    request.session.pop(SEEN, None)
    request.session.set_expiry(settings.CLIENT_SITTING_SECONDS)
    record_audit(
        clinic=place_of(user=user).clinic,
        verb="signed_in",
        subject_kind="user",
        subject_id=user.pk,
        by=user,
        now=now,
        details={"way": way},
    )


def send_sign_in_code(request: HttpRequest, email: str) -> HttpResponse:
    """Mail a one-time code to a client's address and go on to where it is typed in."""
    person = User.objects.clients().with_email(email).first()
    LoginCodeVerificationProcess.initiate(request=request, user=person, email=email)
    return redirect("account_confirm_login_code")


def address_of(request: HttpRequest) -> str:
    """The network address attempts are counted for; behind our own proxy, the one the proxy saw."""
    return str(get_adapter(request).get_client_ip(request))


def too_many(request: HttpRequest, wait: dt.timedelta) -> HttpResponse:
    """The answer to somebody who must wait, with how long, in words and as a header."""
    seconds = int(wait.total_seconds()) + 1
    minutes = -(-seconds // 60)
    answer = render(request, "people/too_many.html", {"minutes": minutes}, status=429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def seat(request: HttpRequest, user: User) -> None:
    """Set whose place the request has; the choice among several is kept in the web session."""
    place = place_of(
        user=user,
        client_chosen=request.session.get(CURRENT_CLIENT),
        clinic_chosen=request.session.get(CURRENT_CLINIC),
    )
    request.membership = place.membership  # type: ignore[attr-defined]
    request.acting_client = place.acting_client  # type: ignore[attr-defined]
    request.clinic = place.clinic  # type: ignore[attr-defined]
    request.place = place  # type: ignore[attr-defined]


def _may_stay(request: HttpRequest, now: dt.datetime) -> bool:
    """Staff sit 12 hours at most and 30 minutes without a request, clients 90 days (settings, in seconds)."""
    if request.clinic is None and not request.user.is_superuser:  # type: ignore[attr-defined]
        return False
    moment = int(now.timestamp())
    began = request.session.setdefault(BEGAN, moment)
    if request.acting_client is not None:  # type: ignore[attr-defined]
        return bool(moment - began < settings.CLIENT_SITTING_SECONDS)
    seen = request.session.get(SEEN, moment)
    if moment - began >= settings.STAFF_SITTING_SECONDS or moment - seen >= settings.STAFF_IDLE_SECONDS:
        return False
    if SEEN not in request.session or moment - seen >= SEEN_EVERY_SECONDS:
        request.session[SEEN] = moment
    return True


def may_enter_as_staff(request: HttpRequest, permission: Permission | None) -> bool:
    """Is a member of staff with this permission asking? Without a permission any role will do."""
    membership: Membership | None = getattr(request, "membership", None)
    return membership is not None and (permission is None or membership.may(permission))


def may_enter_as_client(request: HttpRequest) -> bool:
    """Is a client, or somebody acting for one, asking?"""
    return getattr(request, "acting_client", None) is not None


def _guarded(view: View, may_enter: Callable[[HttpRequest], bool]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        if not may_enter(request):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def staff_only(permission: Permission | None = None) -> Callable[[View], View]:
    """For members of staff who may do this; anonymous goes to sign-in, everyone else finds nothing here (404)."""
    return lambda view: _guarded(view, lambda request: may_enter_as_staff(request, permission))


def clients_only(view: View) -> View:
    """For clients and those who act for one; anonymous goes to sign-in, everyone else finds nothing here (404)."""
    return _guarded(view, lambda request: may_enter_as_client(request))


def signed_in(view: View) -> View:
    """For everyone with a place in a clinic; anonymous goes to sign-in."""
    return _guarded(view, lambda request: may_enter_as_client(request) or may_enter_as_staff(request, None))
