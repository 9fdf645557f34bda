"""Where allauth meets the clinic: who may have a sign-in code, and how it leaves."""

import secrets
import smtplib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.people.actions import TooManyAttempts, Tried, forget_attempt, try_door
from accounts.people.adapters import address_of, begin_sitting, too_many
from accounts.people.models import User
from accounts.people.rules import Attempt

CODE_DIGITS = 6


class SignInAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; staff have passwords and no codes, clients codes and no passwords."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("That email and password do not belong together. Check both and try again"),
        "incorrect_code": _("That code is not the one we sent. Check it and try again"),
        "incorrect_password": _("That is not your password. Check it and try again"),
        "too_many_login_attempts": _("That code was wrong three times. Ask for a new one"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The member of staff with this email and password; anyone else is refused in the same words."""
        tried = self._try(request, str(credentials.get("email", "")))
        user: User | None = super().authenticate(request, **credentials)
        if user is None or not User.objects.staff().filter(pk=user.pk).exists():
            return None
        forget_attempt(tried=tried)
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Attempts are counted in rows by `authenticate`: a cache may be emptied."""

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing was taken from the cache, so nothing goes back."""

    def reauthenticate(self, user: User, password: str) -> bool:
        tried = self._try(context.request, user.email)
        if not user.check_password(password):
            return False
        forget_attempt(tried=tried)
        return True

    def _try(self, request: HttpRequest, email: str) -> Tried:
        try:
            return try_door(what=Attempt.PASSWORD, account=email, address=address_of(request), now=timezone.now())
        except TooManyAttempts as refused:
            raise ImmediateHttpResponse(too_many(request, refused.wait)) from refused

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """The last word before anyone is let in, whatever way they came."""
        records = get_authentication_records(request, user)
        by_code = bool(records) and records[-1]["method"] == "code"
        allowed = User.objects.clients() if by_code else User.objects.staff()
        if not allowed.filter(pk=user.pk).exists():
            return redirect("account_inactive")
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def login(self, request: HttpRequest, user: User) -> None:
        records = get_authentication_records(request, user)
        begin_sitting(request, user, timezone.now(), way=records[-1]["method"] if records else "")

    def generate_login_code(self) -> str:
        return "".join(secrets.choice("0123456789") for _place in range(CODE_DIGITS))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """At once and not through the outbox: a code is worth nothing a minute later."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException) as failure:
            answer = render(self.request, "people/mail_failed.html", status=503)
            raise ImmediateHttpResponse(answer) from failure

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say what happened; allauth's own sentences about it would say it twice."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"
