"""The program on paper: a page for each phase, for clients who would rather not use a screen."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.people.actions import record_read
from accounts.people.adapters import staff_only
from accounts.people.rules import Permission
from plans.desk.querysets.record import care_of, programs_of
from plans.desk.views.client import visible_client
from plans.desk.views.sitting import StaffRequest
from plans.programs.rules import ProgramState

TICKED_DAYS = 14


@staff_only(Permission.SEE_CASELOAD)
@require_safe
def handout(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """GET: what is asked now, without any score: paper lies about."""
    found = visible_client(request, uuid)
    record_read(client=found, by=request.user, now=timezone.now())
    asked = [one for one in programs_of(found) if one.program.state != ProgramState.FINISHED]
    locked = [one.program for one in asked if one.program.state == ProgramState.LOCKED]
    pages = [
        {
            "program": one.program,
            "phase": phase,
            "lines": [line for line in one.lines.get(phase.pk, []) if line.hidden_at is None],
        }
        for one in asked
        if one.program not in locked
        for phase in one.phases
    ]
    context = {"client": found, "care": care_of(found), "pages": pages, "days": range(1, TICKED_DAYS + 1)}
    return render(request, "desk/handout.html", context | {"locked": locked})
