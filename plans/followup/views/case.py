"""One case: why it opened, what happened, who is next, and what a person can do about it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.people.actions import record_read
from accounts.people.adapters import staff_only
from accounts.people.models import Clinic, Membership, User
from accounts.people.rules import Permission, zone_of
from accounts.post.models import Letter
from plans.followup.actions.calendars import numbers_of_case
from plans.followup.forms import AcknowledgeForm, HandOverForm, ResolveForm, SnoozeForm
from plans.followup.models import Escalation
from plans.followup.rules import Family
from plans.followup.views.listing import letters_told
from plans.followup.views.logs import Log, logs_of, readings_of
from plans.followup.views.sitting import StaffRequest
from plans.followup.views.tiers import next_steps, no_second
from plans.followup.views.timeline import is_live, is_open, later_logs, proof_of, what_happened
from plans.journal.drawings import PHONE, pain_chart
from plans.journal.models import Session
from plans.journal.rules import DEFAULT_BANDS
from plans.programs.models import Prescription

CHART_DAYS = 13
RELATED = ("client", "holder__user", "acked_by", "resolved_by", "clinic")


def visible_case(request: StaffRequest, uuid: UUID) -> Escalation:
    """The case, if this person may see its client; else there is no such page."""
    cases = Escalation.objects.visible_to(request.user).filter(clinic=request.clinic)
    return get_object_or_404(cases.select_related(*RELATED), uuid=uuid)


@staff_only(Permission.ANSWER_ESCALATION)
@require_safe
def case(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """GET: reading changes nothing but the record of who has read it."""
    return case_page(request, visible_case(request, uuid))


def case_page(request: StaffRequest, found: Escalation, **forms: Any) -> HttpResponse:
    """The page of a case, with a form that was filled in wrongly put back as it was."""
    now = timezone.now()
    context = case_context(found, now) | forms_of(found, request.user, now) | forms
    invalid = any(form.is_bound and form.errors for form in forms.values())
    record_read(client=found.client, by=request.user, now=now)
    return render(request, "followup/case.html", context, status=422 if invalid else 200)


def case_context(found: Escalation, now: dt.datetime) -> dict[str, Any]:
    proof, later = proof_of(found), later_logs(found)
    told = letters_told([found]).get(found.pk, [])
    return {
        "case": found,
        "numbers": numbers_of_case(found),
        "client": found.client,
        "is_open": is_open(found),
        "is_live": is_live(found),
        "proof": proof,
        "happenings": what_happened(found, proof, later),
        "told": told,
        "next_steps": next_steps(found, told, now=now) if is_open(found) else [],
        "no_second": no_second(found.clinic) if is_live(found) else None,
        "chart": proof_chart(found, now),
        "hidden": hidden_techniques(found),
        "shown": next((log.session for log in reversed(proof) if is_advised(log)), None),
        "figures": Figures(found, told, proof, later) if not is_live(found) else None,
        "title_error": None,
    }


def is_advised(log: Log) -> bool:
    """Was the client told more than thanks?"""
    return any(text.get("id") != "saved" for text in log.session.shown)


@dataclass(frozen=True)
class Figures:
    """How long it took, for a closed case."""

    case: Escalation
    told: list[Letter]
    proof: list[Log]
    later: list[Log]

    @property
    def told_after(self) -> dt.timedelta | None:
        """From the arrival of the report that opened the case; what came later only joined it."""
        sent = [letter.sent_at for letter in self.told if letter.sent_at]
        arrived = [log.session.received_at for log in self.proof if log.session.received_at <= self.case.opened_at]
        return min(sent) - max(arrived, default=self.case.opened_at) if sent else None

    @property
    def answered_after(self) -> dt.timedelta | None:
        return self.case.acked_at - self.case.opened_at if self.case.acked_at else None

    @property
    def resolved_after(self) -> dt.timedelta | None:
        return self.case.resolved_at - self.case.opened_at if self.case.resolved_at else None

    @property
    def last_log(self) -> Log | None:
        """The newest log since the case opened, whether it joined the case or not."""
        since = [log for log in (*self.proof, *self.later) if log.session.performed_at > self.case.opened_at]
        return max(since, key=lambda log: log.session.performed_at, default=None)


def forms_of(found: Escalation, by: User, now: dt.datetime) -> dict[str, Any]:
    moments = moments_to_look_again(found.clinic, now)
    today = timezone.localdate(now)
    return {
        "acknowledge_form": AcknowledgeForm(moments=moments, today=today),
        "snooze_form": SnoozeForm(moments=moments, today=today, auto_id="snooze_%s"),
        "resolve_form": ResolveForm(),
        "hand_over_form": HandOverForm(colleagues=colleagues_of(found, by), auto_id="hand_over_%s"),
    }


def colleagues_of(found: Escalation, by: User) -> QuerySet[Membership]:
    """Who of the clinic may be asked to take this case: everyone who answers cases but its holder and who asks."""
    here = Membership.objects.live().filter(Q(is_owner=True) | Q(is_bodyworker=True), clinic=found.clinic_id)
    here = here.exclude(user=by)
    if found.acked_by_id is not None:
        here = here.exclude(user=found.acked_by_id)
    return here.select_related("user", "clinic").order_by("user__name", "pk")


def moments_to_look_again(clinic: Clinic, now: dt.datetime) -> list[dt.datetime]:
    """The end of today and an hour into each of the next three working days, by the clinic's opening hours."""
    zone = zone_of(clinic.zone)
    today = now.astimezone(zone).date()
    moments: list[dt.datetime] = []
    for ahead in range(8):
        day = today + dt.timedelta(days=ahead)
        hours = clinic.opening_hours.get(str(day.weekday()), [])
        if not hours or len(moments) == 4:
            continue
        opens, closes = (dt.time.fromisoformat(hours[place][end]) for place, end in ((0, 0), (-1, 1)))
        start = dt.datetime.combine(day, opens, tzinfo=zone) + dt.timedelta(hours=1)
        moment = start if ahead else dt.datetime.combine(day, closes, tzinfo=zone)
        if moment > now + dt.timedelta(hours=1):
            moments.append(moment)
    return moments


def proof_chart(found: Escalation, now: dt.datetime) -> dict[str, Any]:
    """The two weeks before the case opened, with the score where the rule starts."""
    zone = found.client.local_zone
    last = found.opened_at.astimezone(zone).date()
    first = last - dt.timedelta(days=CHART_DAYS)
    sessions = Session.objects.of(found.client).standing().filter(local_on__range=(first, last))
    logs = logs_of(sessions.order_by("performed_at"))
    words = {
        "title": _("Pain before and after sessions"),
        "summary": _("Two weeks until %(day)s. The table below has every score.") % {"day": date_format(last, "j F")},
    }
    limit = DEFAULT_BANDS.severe if found.family == Family.SEVERE else None
    common: dict[str, Any] = {"first": first, "last": last, "limit": limit, "say": _, "day_words": axis_day} | words
    return {
        "logs": logs,
        "wide": pain_chart(readings_of(logs), uid="proof", **common),
        "phone": pain_chart(readings_of(logs), uid="proofp", frame=PHONE, **common),
        "limit": limit,
        "check_in": any(log.check_in is not None for log in logs),
    }


def axis_day(on: dt.date) -> str:
    return date_format(on, "j M")


def hidden_techniques(found: Escalation) -> list[str]:
    hidden = Prescription.objects.filter(phase__version__program__client=found.client, hidden_at__isnull=False)
    return sorted(set(hidden.values_list("revision__name", flat=True)))
