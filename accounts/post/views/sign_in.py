"""The ways in: a password for staff, a code by mail for clients, a short code read out, one tap in the demo."""

from typing import Any

from allauth.account import views as allauth
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.people.actions import (
    TooManyAttempts,
    Tried,
    find_by_code,
    forget_attempt,
    invitation_link,
    try_door,
    verify_address,
)
from accounts.people.adapters import address_of, begin_sitting, too_many
from accounts.people.forms import ShortCodeForm
from accounts.people.models import Client, Membership, User
from accounts.people.rules import DEMO_EMAILS, Attempt, Role

LOOPBACK = {"127.0.0.1", "::1"}


def _try(request: HttpRequest, what: Attempt, account: str) -> Tried:
    try:
        return try_door(what=what, account=account, address=address_of(request), now=timezone.now())
    except TooManyAttempts as refused:
        raise ImmediateHttpResponse(too_many(request, refused.wait)) from refused


class SignInView(allauth.LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = _demo_people() if _is_demo(self.request) else []
        return super().get_context_data(**kwargs) | {"try_as": people}


class RequestCodeView(allauth.RequestLoginCodeView):
    def form_valid(self, form: Form) -> HttpResponse:
        _try(self.request, Attempt.CODE_SENT, form.cleaned_data["email"])
        answer: HttpResponse = super().form_valid(form)
        return answer


class ConfirmCodeView(allauth.ConfirmLoginCodeView):
    """Three tries within three minutes for one code, and so many wrong ones for one account."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        what = Attempt.CODE_SENT if self._action == "resend" else Attempt.CODE
        self._tried = _try(request, what, self._process.state["email"])
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def _resend_form_valid(self, form: Form) -> HttpResponse:
        """A new code starts from nothing: tries, minutes and all; an unknown address gets its mail too."""
        process = self._process
        LoginCodeVerificationProcess.initiate(request=self.request, user=process.user, email=process.state["email"])
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))

    def _verify_form_valid(self, form: Form) -> HttpResponse:
        forget_attempt(tried=self._tried)
        answer: HttpResponse = super()._verify_form_valid(form)
        return answer


class ResetPasswordView(allauth.PasswordResetView):
    def form_valid(self, form: Form) -> HttpResponse:
        _try(self.request, Attempt.RESET, form.cleaned_data["email"])
        answer: HttpResponse = super().form_valid(form)
        return answer


class ResetFromKeyView(allauth.PasswordResetFromKeyView):
    def form_valid(self, form: Form) -> HttpResponse:
        """Only their mailbox had the link, so from now on letters about cases may go there."""
        answer: HttpResponse = super().form_valid(form)
        verify_address(user=self.reset_user, now=timezone.now())
        return answer


@require_http_methods(["GET", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """The short code of an invitation, typed in; it leads to the same page as the link."""
    form = ShortCodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "people/code.html", {"form": form})
    now = timezone.now()
    try:
        tried = try_door(what=Attempt.SHORT_CODE, account="", address=address_of(request), now=now)
    except TooManyAttempts as refused:
        return too_many(request, refused.wait)
    invitation = find_by_code(typed=form.cleaned_data["code"], now=now)
    if invitation is None:
        form.refuse()
        return render(request, "people/code.html", {"form": form})
    forget_attempt(tried=tried)
    return redirect(invitation_link(invitation))


def _is_demo(request: HttpRequest) -> bool:
    """Only with DEMO=1, and only for a browser on this very computer."""
    return bool(settings.DEMO) and request.META.get("REMOTE_ADDR") in LOOPBACK


def _demo_person(role: str) -> User | None:
    email = DEMO_EMAILS.get(role, "")
    if role in set(Role):
        places = Membership.objects.live().filter(clinic__is_demo=True, user__email=email)
        return next((place.user for place in places.select_related("user")), None)
    records = Client.objects.in_care().filter(clinic__is_demo=True, user__email=email, user__is_active=True)
    return next((record.user for record in records.select_related("user")), None)


def _clients_of(email: str) -> str:
    count = Client.objects.in_care().filter(care__bodyworker__user__email=email, care__ended_on__isnull=True).count()
    return ngettext(
        "%(n)s client, and who of them needs an answer", "%(n)s clients, and who of them needs an answer", count
    ) % {"n": count}


def _demo_people() -> list[dict[str, str]]:
    words = {
        Role.BODYWORKER: (_("bodyworker"), _clients_of(DEMO_EMAILS[Role.BODYWORKER])),
        "client": (_("client"), _("A program, sessions and pain; best on a phone")),
        Role.OWNER: (_("owner"), _("The whole clinic, its letters and its staff")),
        Role.CURATOR: (_("curator"), _("The technique library")),
    }
    found = {role: _demo_person(role) for role in words}
    return [
        {"name": user.name, "role": role, "note": note, "url": reverse("post:demo-enter", args=[key])}
        for key, (role, note) in words.items()
        if (user := found[key])
    ]


@require_POST
def enter_demo(request: HttpRequest, role: str) -> HttpResponse:
    """One tap and in, as one of the demo's people."""
    person = _demo_person(role) if _is_demo(request) else None
    if person is None:
        raise Http404
    begin_sitting(request, person, timezone.now(), way="demo")
    return redirect("/")
