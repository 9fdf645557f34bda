"""Everything the clinic sent, and everything it could not."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.people.adapters import staff_only
from accounts.people.models import Clinic
from accounts.people.rules import Permission

from .. import actions
from ..delivery import CHANNELS
from ..forms import INCIDENT_DO, INCIDENT_WORDS, INVARIANT_WORDS, StopForm
from ..models import Heartbeat, Incident, KillSwitch, Letter
from ..querysets import SHOWN
from ..rules import LetterState

PAGE = 40
MOST_INCIDENTS = 20


@require_safe
@staff_only(Permission.SEE_LETTERS)
def letters(request: HttpRequest) -> HttpResponse:
    clinic: Clinic = request.clinic  # type: ignore[attr-defined]
    now = timezone.now()
    shown = request.GET.get("show", "")
    chosen = Letter.objects.visible_to(request.user).filter(clinic=clinic).shown_as(shown)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        chosen = chosen.filter(pk__lt=int(before))
    page = list(chosen.with_attempts().order_by("-pk")[: PAGE + 1])
    context = {
        "letters": [_with_words(letter) for letter in page[:PAGE]],
        "older_url": f"?show={shown if shown in SHOWN else ''}&before={page[PAGE - 1].pk}" if len(page) > PAGE else "",
        "choices": _choices(clinic, shown),
        "incidents": _incidents(request, clinic),
        "stops": KillSwitch.objects.on_at(now).filter(clinic=clinic).select_related("by"),
        "held": Letter.objects.filter(clinic=clinic, state=LetterState.HELD).count(),
        "engine_at": Heartbeat.objects.filter(part="letters").values_list("ended_at", flat=True).first(),
        "stats": _stats(clinic, now),
    }
    return render(request, "post/letters.html", context)


def _choices(clinic: Clinic, shown: str) -> list[dict[str, Any]]:
    words = {
        "": _("All"),
        "needs-you": _("Needs you"),
        "waiting": _("Waiting"),
        "held": _("Held"),
        "sent": _("Sent"),
        "cancelled": _("Cancelled"),
        "expired": _("Expired"),
    }
    counts = Letter.objects.filter(clinic=clinic).counts_by_state()
    return [
        {
            "url": f"?show={name}",
            "label": label,
            "current": shown == name,
            "count": sum(counts.get(state, 0) for state in SHOWN[name]) if name else None,
        }
        for name, label in words.items()
    ]


def _incidents(request: HttpRequest, clinic: Clinic) -> list[dict[str, Any]]:
    mine = Incident.objects.visible_to(request.user).filter(clinic=clinic).open().order_by("-pk")
    found = mine.select_related("letter__client", "letter__membership__user")[:MOST_INCIDENTS]
    return [{"row": row, "words": _words(row), "do": INCIDENT_DO[row.kind], "held_at": _held_at(row)} for row in found]


def _words(incident: Incident) -> Any:
    return INVARIANT_WORDS.get(incident.details.get("invariant", ""), INCIDENT_WORDS[incident.kind])


def _held_at(incident: Incident) -> dt.datetime | None:
    """Since when it is well again, as far as the audit can see; a person closes it all the same."""
    said = incident.details.get("held_at")
    return dt.datetime.fromisoformat(said) if said else None


def _with_words(letter: Letter) -> Letter:
    """The letter with its channel, and that of each attempt, as people call it."""
    letter.way = _way(letter.channel)  # type: ignore[attr-defined]
    letter.attempts_shown = [  # type: ignore[attr-defined]
        {"row": attempt, "way": _way(attempt.channel)} for attempt in letter.deliveries.all()
    ]
    return letter


def _way(channel: str) -> Any:
    return CHANNELS[channel].label if channel in CHANNELS else channel


def _stats(clinic: Clinic, now: dt.datetime) -> list[dict[str, Any]]:
    mine = Letter.objects.filter(clinic=clinic)
    week = mine.filter(state="sent", sent_at__gte=now - dt.timedelta(days=7))
    counts = mine.counts_by_state()
    return [
        {
            "label": _("Sent, 7 days"),
            "value": week.count(),
            "note": _("%(count)d at the first attempt.") % {"count": week.filter(attempts=1).count()},
        },
        {"label": _("Waiting"), "value": sum(counts.get(state, 0) for state in SHOWN["waiting"])},
        {
            "label": _("Uncertain"),
            "value": counts.get("uncertain", 0),
            "note": _("The server did not answer. Not sent again."),
        },
        {"label": _("Could not be sent"), "value": counts.get("dead", 0)},
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(Permission.SEE_LETTERS)
def letters_stop(request: HttpRequest) -> HttpResponse:
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        actions.stop_letters(
            clinic=request.clinic,  # type: ignore[attr-defined]
            scope=form.cleaned_data["scope"],
            reason=form.cleaned_data["reason"],
            until_at=form.until(now),
            by=request.user,  # type: ignore[arg-type]
            now=now,
        )
        return redirect("post:letters")
    return render(request, "post/letters_stop.html", {"form": form})


@require_http_methods(["POST"])
@staff_only(Permission.SEE_LETTERS)
def letters_release(request: HttpRequest) -> HttpResponse:
    clinic: Clinic = request.clinic  # type: ignore[attr-defined]
    drop = request.POST.get("held") == "drop"
    if actions.lift_stop(clinic=clinic, by=request.user, now=timezone.now(), drop_held=drop):  # type: ignore[arg-type]
        messages.success(request, _("Letters are going out again."))
    return redirect("post:letters")


@require_http_methods(["POST"])
@staff_only(Permission.SEE_LETTERS)
def incident_close(request: HttpRequest, uuid: UUID) -> HttpResponse:
    own = Incident.objects.visible_to(request.user).filter(clinic=request.clinic)  # type: ignore[attr-defined]
    incident = get_object_or_404(own, uuid=uuid)
    actions.close_incident(incident=incident, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    return redirect("post:letters")
