"""The client's own page: reminders, the look, who reads the record, and the way out."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.people.adapters import clients_only
from accounts.post.actions import TooManyTests, send_test
from plans.followup.rules import NudgeKind
from plans.today.actions.preferring import Reminders, choose_reminders
from plans.today.forms.me import KINDS, WEEK, ReminderForm, ThemeForm, words_of
from plans.today.querysets.me import looks_at, next_session_on, preferences_of, sent_this_week
from plans.today.views.sitting import ClientRequest
from plans.today.views.today import whose

TEST_KIND = NudgeKind.SESSION_READY
TEST_PARAMS: dict[str, object] = {"path": "/me/"}


@clients_only
@require_safe
def me(request: ClientRequest) -> HttpResponse:
    return me_page(request)


def me_page(request: ClientRequest, form: ReminderForm | None = None) -> HttpResponse:
    """The page, with a form that was filled in wrongly put back as it was."""
    client, today = request.acting_client, timezone.localdate()
    preferences = preferences_of(client)
    known = words_of(preferences, today)
    context: dict[str, Any] = {
        "client": client,
        "form": form or ReminderForm(initial=known, today=today),
        "theme_form": ThemeForm(initial={"theme": request.user.theme}),
        "known": known,
        "next_on": next_session_on(client, after=today),
        "looks": looks_at(client),
        "sent_this_week": sent_this_week(client, today=today),
        "opening": opening_of(request.clinic.opening_hours),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "today/me.html", context | whose(request), status=status)


def opening_of(hours: dict[str, list[list[str]]]) -> list[tuple[Any, list[list[str]]]]:
    """The clinic's working days in words, in the order of the week."""
    return [(word, hours[day]) for day, word in WEEK if hours.get(day)]


@clients_only
@require_POST
def reminders(request: ClientRequest) -> HttpResponse:
    now = timezone.now()
    form = ReminderForm(request.POST, today=timezone.localdate(now))
    if not form.is_valid():
        return me_page(request, form)
    said = form.cleaned_data
    chosen = Reminders(
        is_on=said["reminders_on"],
        days=tuple(sorted(int(day) for day in said["days"])),
        time=said["time"],
        paused_until_on=form.paused_until_on,
        quiet_from=said["quiet_from"],
        quiet_until=said["quiet_until"],
        kinds_on=frozenset(said["kinds"]),
        kinds_offered=frozenset(kind.value for kind, _name, _when in KINDS),
    )
    choose_reminders(client=request.acting_client, reminders=chosen, by=request.user, now=now)
    messages.success(request, _("Saved."))
    return redirect("today:me")


@clients_only
@require_POST
def test_reminder(request: ClientRequest) -> HttpResponse:
    """Send a test now. What was typed stays on the page, saved or not."""
    client = request.acting_client
    if not client.has_mail:
        messages.error(request, _("We have no email address of yours that works. Tell your bodyworker."))
    else:
        try:
            send_test(clinic=client.clinic, kind=TEST_KIND, client=client, params=TEST_PARAMS, now=timezone.now())
        except TooManyTests:
            messages.error(request, _("That were several tests within an hour. Look into your mail, spam too."))
        else:
            messages.success(request, _("A test is on its way. It takes a minute or so."))
    form = ReminderForm(request.POST, today=timezone.localdate())
    return me_page(request, form) if "time" in request.POST else redirect("today:me")


@clients_only
@require_POST
def theme(request: ClientRequest) -> HttpResponse:
    form = ThemeForm(request.POST)
    if form.is_valid():
        request.user.theme = form.cleaned_data["theme"]
        request.user.save(update_fields=["theme"])
    return redirect("today:me")
