"""The client's first page: what today asks, how the week goes, and what became of a report."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.people.adapters import clients_only
from accounts.people.models import Client
from accounts.post.models import Letter
from accounts.post.rules import LetterState
from plans.followup.models import Escalation
from plans.followup.rules import LIVE, EscalationState, Rule
from plans.journal.actions import body_of, lines_of
from plans.journal.drawings import trend_chart
from plans.journal.forms import due_questions, session_of_yesterday
from plans.journal.models import Session
from plans.journal.rules import tells_someone, trend_of
from plans.today.querysets.day import (
    Course,
    Logged,
    cases_for,
    courses_of,
    latest_yes,
    logs_of,
    records_of,
    scores_before,
    sessions_behind,
    staff_letters,
)
from plans.today.querysets.notes import note_for
from plans.today.querysets.standing import card_of
from plans.today.rules import (
    OPEN,
    CaseSeen,
    FateStep,
    LetterSeen,
    Today,
    fate_of,
    is_unanswered,
    part_of_day,
    week_days,
)
from plans.today.views.sitting import ClientRequest


@dataclass
class Report:
    """What became of one report, with the advice that was shown and what was left out since."""

    case: Escalation
    steps: list[FateStep]
    session: Session | None = None
    left_out: list[str] = field(default_factory=list)
    says_what_rests: bool = False

    @property
    def is_live(self) -> bool:
        return self.case.state in LIVE

    @property
    def advice(self) -> list[str]:
        """The exact words that were shown in answer; thanks alone are no advice.

        The words of a warning sign belong to its own case: once that is answered, another case about
        the same log does not go on saying them.
        """
        shown = self.session.shown if self.session else []
        said = [text for text in shown if text.get("id") != "saved" and text.get("text")]
        return [text["text"] for text in said if not text.get("flag") or self.case.rule == Rule.RED_FLAG]

    @property
    def is_unanswered(self) -> bool:
        return is_unanswered(self.steps)


@clients_only
@require_safe
def today(request: ClientRequest) -> HttpResponse:
    """GET: the page of one day, in the client's own zone."""
    client, now = request.acting_client, timezone.now()
    on = timezone.localdate(now)
    courses = courses_of(client, today=on)
    logs = logs_of(client, today=on)
    cards = [card_of(course, logs, on) for course in courses]
    reports = reports_of(client, courses, now)
    locked = latest_yes(client) if any(card.stands is Today.LOCKED for card in cards) else None
    context = {
        "client": client,
        "today": on,
        "part": part_of_day(timezone.localtime(now).hour),
        "cards": cards,
        "reports": reports,
        "just_sent": just_sent(client),
        "note": note_for(
            client,
            now=now,
            is_running=any(card.stands in OPEN for card in cards),
            is_cared_for=locked is not None or any(report.is_live for report in reports),
        ),
        "yesterday": session_of_yesterday(client=client, today=on),
        "questions": due_questions(client=client, now=now),
        "locked": locked,
    } | whose(request)
    return render(request, "today/today.html", context | week_of(courses, logs, on) | pain_of(logs))


def just_sent(client: Client) -> Session | None:
    """The newest log, while the engine has not read it yet and somebody will be told of it."""
    if client.needs_look_since is None:
        return None
    newest = Session.objects.of(client).standing().filter(received_at__gte=client.needs_look_since)
    session: Session | None = newest.with_parts().order_by("-received_at").first()
    return session if session is not None and tells_someone(body_of(session), lines_of(client)) else None


def whose(request: ClientRequest) -> dict[str, Any]:
    """Who cares for the record on the page, and the other records this person may act for."""
    records = records_of(request.user)
    return {
        "care": next((record for record in records if record.pk == request.acting_client.pk), None),
        "others": [record for record in records if record.pk != request.acting_client.pk],
    }


def week_of(courses: Sequence[Course], logs: Sequence[Logged], on: dt.date) -> dict[str, Any]:
    """The week strip over all programs: sessions done, of those planned."""
    monday = on - dt.timedelta(days=on.weekday())
    planned = frozenset(day for course in courses for day in course.days)
    done = frozenset(log.on for log in logs if log.program is not None and log.on >= monday)
    days = week_days(on, planned=planned, done=done)
    asked = sum(day in planned or day in done for day, _state in days)
    return {"week": days, "week_done": len(done), "week_asked": asked}


def pain_of(logs: Sequence[Logged]) -> dict[str, Any]:
    before = scores_before(logs)
    trend, scores = trend_of(before), [score for _on, score in before]
    label = _("Pain before sessions: %(scores)s") % {"scores": ", ".join(map(str, scores))}
    return {"trend": trend, "trend_chart": trend_chart(scores, label=label, say=_) if trend else ""}


def reports_of(client: Client, courses: Sequence[Course], now: dt.datetime) -> list[Report]:
    """The fate of every report that is live or was answered lately; one query where there is none."""
    cases = cases_for(client, now=now)
    if not cases:
        return []
    letters, sessions = staff_letters(cases), sessions_behind(cases)
    # One live report says what rests meanwhile; the others would only say it again.
    speaker = next((case.pk for case in cases if case.state in LIVE), None)
    left_out = sorted({line.revision.name for course in courses for line in course.left_out})
    return [
        Report(
            case,
            fate_of(seen(case, sessions.get(case.pk)), [shown(letter) for letter in letters[case.pk]], now=now),
            sessions.get(case.pk),
            left_out,
            says_what_rests=case.pk == speaker,
        )
        for case in cases
    ]


def seen(case: Escalation, session: Session | None) -> CaseSeen:
    return CaseSeen(
        reported_at=session.received_at if session else case.opened_at,
        is_live=case.state in LIVE,
        is_acknowledged=case.state == EscalationState.ACKNOWLEDGED,
        acknowledged_at=case.acked_at,
        acknowledged_by=case.acked_by.name if case.acked_by else "",
        answer_by=case.follow_up_by or case.target_at,
        nobody_at=case.nobody_answered_at,
        resolved_at=case.resolved_at,
    )


def shown(letter: Letter) -> LetterSeen:
    name = letter.membership.user.name if letter.membership else ""
    return LetterSeen(name, letter.sent_at if letter.state == LetterState.SENT else None)
