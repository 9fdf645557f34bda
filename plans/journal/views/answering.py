"""The answer to a log, and what the client may still do about it."""

from uuid import UUID

from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.people.adapters import clients_only
from plans.journal.actions import (
    RevisionMismatch,
    body_of,
    correct_session,
    lines_of,
    remove_session,
    restore_session,
    settle_refused,
)
from plans.journal.forms import (
    Care,
    LogForm,
    MorningForm,
    SessionForm,
    bodyworker_of,
    care_card,
    form_for,
    in_words,
    text_of,
    week_of,
)
from plans.journal.models import RefusedLog, Session
from plans.journal.rules import LogRefused, Severity, as_contract, put_right, severity_of, tells_someone
from plans.library.models import RedFlag
from plans.programs.models import Prescription, Program
from plans.programs.rules import ProgramState

SAVED = "saved"


@clients_only
@require_safe
def answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was shown in answer to this log, word for word, and what it changed."""
    session = own_session(request, uuid)
    client = request.acting_client  # type: ignore[attr-defined]
    body, shown = body_of(session), [text for text in session.shown if text["id"] != SAVED]
    context = {
        "session": session,
        "cares": cares_of(session),
        "words": [text["text"] for text in shown if not text["flag"]],
        "is_answered": bool(shown),
        "is_told": tells_someone(body, lines_of(client)),
        "is_severe": severity_of(body.highest) is Severity.SEVERE,
        "said": in_words(as_contract(body)),
        "week": week_of(client, timezone.localdate()),
        "care": bodyworker_of(client),
        "left_out": Prescription.objects.filter(
            hidden_at__isnull=False, pk__in=[item.prescription_id for item in session.items.all()]
        ).select_related("revision"),
        "held": Program.objects.filter(client=client, state__in=[ProgramState.PAUSED, ProgramState.LOCKED]),
    }
    return render(request, "journal/answer.html", context)


@clients_only
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put a log right; what it said before stays on record."""
    session = own_session(request, uuid)
    client = request.acting_client  # type: ignore[attr-defined]
    flags = list(RedFlag.objects.of(client.clinic_id).order_by("position"))
    form = form_for(session, request.POST or None, client=client, now=timezone.now(), flags=flags)
    if form.is_bound and form.is_valid() and corrected(request, session, form):
        return redirect("journal:answer", uuid)
    alone = "journal/morning.html" if isinstance(form, MorningForm) else "journal/check_in.html"
    template = "journal/log.html" if session.program else alone
    context = {"form": form, "care": bodyworker_of(client), "editing": session}
    return render(request, template, context, status=503 if form.is_unsaved else 200)


def corrected(request: HttpRequest, session: Session, form: LogForm) -> bool:
    """Whether the correction was taken; if not, the form says why."""
    assert form.body is not None
    asks_stops = isinstance(form, SessionForm) and form.asks_stops
    body = put_right(body_of(session), form.body, asks_stops=asks_stops)
    seen = request.POST.get("revision", "")
    expected = int(seen) if seen.isascii() and seen.isdigit() else 0
    try:
        correct_session(session=session, body=body, expected=expected, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    except RevisionMismatch:
        form.add_error(None, _("This was changed in the meantime. Look at it again, then change it."))
    except LogRefused as refused:
        for problem in refused.problems:
            form.add_error(form.field_of(problem.field), text_of(problem))
    except (OperationalError, InterfaceError):
        form.say_unsaved()
    return not form.errors


@clients_only
@require_POST
def remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a log back."""
    session = own_session(request, uuid)
    remove_session(session=session, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    messages.success(request, _("Taken back. It does not count any more."))
    return redirect("journal:answer", uuid)


@clients_only
@require_POST
def restore(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Undo taking a log back."""
    session = own_session(request, uuid)
    restore_session(session=session, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    messages.success(request, _("Put back."))
    return redirect("journal:answer", uuid)


@clients_only
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One page was sent twice with different answers; both are kept, the client says which one counts."""
    session = own_session(request, uuid)
    refused = RefusedLog.objects.unsettled().filter(session=session).order_by("-pk").first()
    if refused is None:
        return redirect("journal:answer", uuid)
    if request.method == "POST":
        use_it = request.POST.get("use") == "second"
        try:
            settle_refused(refused=refused, use_it=use_it, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        except LogRefused as failed:
            messages.error(request, " ".join(text_of(problem) for problem in failed.problems))
        return redirect("journal:choose", uuid)
    context = {
        "session": session,
        "first": in_words(as_contract(body_of(session))),
        "second": in_words(refused.said),
        "second_note": refused.said["note"],
        "cares": cares_in(refused),
    }
    return render(request, "journal/choose.html", context)


def own_session(request: HttpRequest, uuid: UUID) -> Session:
    own = Session.objects.of(request.acting_client)  # type: ignore[attr-defined]
    found: Session | None = own.visible_to(request.user).filter(uuid=uuid).with_parts().first()
    if found is None:
        raise Http404
    return found


def cares_of(session: Session) -> list[Care]:
    """A card for every yes, in the order and the words it was shown."""
    said_yes = {row.red_flag.slug: row for row in session.red_flags.all() if row.answer}
    shown = [said_yes[text["flag"]] for text in session.shown if text["flag"] in said_yes]
    return [care_card(row.red_flag, row.shown_text) for row in shown]


def cares_in(refused: RefusedLog) -> list[Care]:
    """A warning sign in a log that waits for a choice does not wait."""
    slugs = [given["slug"] for given in refused.said.get("red_flags", []) if given["answer"]]
    flags = RedFlag.objects.of(refused.clinic_id).filter(slug__in=slugs).order_by("position")
    return [care_card(flag, flag.client_message) for flag in flags]
