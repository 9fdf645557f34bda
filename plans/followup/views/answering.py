"""Taking a case, letting it rest and closing it. Only a POST acts: mail scanners follow links."""

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.people.adapters import staff_only
from accounts.people.rules import Permission
from plans.followup.actions import (
    AlreadyAcknowledged,
    AlreadyResolved,
    CannotAnswer,
    NotYours,
    acknowledge_escalation,
    hand_over_escalation,
    resolve_escalation,
    snooze_escalation,
)
from plans.followup.forms import AcknowledgeForm, HandOverForm, ResolveForm, SnoozeForm, moment_words
from plans.followup.rules import NotAllowed
from plans.followup.views.case import case_page, colleagues_of, moments_to_look_again, visible_case
from plans.followup.views.sitting import StaffRequest


@staff_only(Permission.ANSWER_ESCALATION)
@require_POST
def acknowledge(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Take the case. A second person is told who was first."""
    found = visible_case(request, uuid)
    now = timezone.now()
    form = AcknowledgeForm(
        request.POST, moments=moments_to_look_again(found.clinic, now), today=timezone.localdate(now)
    )
    if not form.is_valid():
        return case_page(request, found, acknowledge_form=form)
    try:
        taken = acknowledge_escalation(
            escalation=found, by=request.user, now=now, follow_up_by=form.cleaned_data["follow_up_by"]
        )
    except (AlreadyAcknowledged, AlreadyResolved) as earlier:
        messages.warning(request, who_was_first(earlier))
    else:
        messages.success(request, taken_words(found.client.name, taken.follow_up_by, now))
    return redirect(back(request, uuid))


@staff_only(Permission.ANSWER_ESCALATION)
@require_POST
def resolve(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Close the case with its outcome; one that nobody has taken is taken in the same breath."""
    found = visible_case(request, uuid)
    form = ResolveForm(request.POST)
    if not form.is_valid():
        return case_page(request, found, resolve_form=form)
    outcome, note = form.cleaned_data["outcome"], form.cleaned_data["note"]
    try:
        resolve_escalation(escalation=found, outcome=outcome, note=note, by=request.user, now=timezone.now())
    except AlreadyResolved as earlier:
        messages.warning(request, who_was_first(earlier))
    else:
        messages.success(request, _("The case of %(name)s is closed.") % {"name": found.client.name})
    return redirect("followup:case", uuid)


@staff_only(Permission.ANSWER_ESCALATION)
@require_POST
def snooze(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Look at a case one holds again later, not before."""
    found = visible_case(request, uuid)
    now = timezone.now()
    moments, today = moments_to_look_again(found.clinic, now), timezone.localdate(now)
    form = SnoozeForm(request.POST, moments=moments, today=today, auto_id="snooze_%s")
    if not form.is_valid():
        return case_page(request, found, snooze_form=form)
    try:
        snooze_escalation(escalation=found, until=form.cleaned_data["until"], by=request.user, now=now)
    except NotAllowed:
        messages.warning(request, _("Take the case first. Then it can rest."))
    except NotYours as holder:
        messages.warning(request, _("%(name)s has this case. Only they can let it rest.") % {"name": holder.by})
    else:
        messages.success(request, _("It rests until then."))
    return redirect("followup:case", uuid)


@staff_only(Permission.ANSWER_ESCALATION)
@require_POST
def hand_over(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Ask a colleague to take the case: they are told first, in a new round."""
    found = visible_case(request, uuid)
    form = HandOverForm(request.POST, colleagues=colleagues_of(found, request.user), auto_id="hand_over_%s")
    if not form.is_valid():
        return case_page(request, found, hand_over_form=form)
    asked = form.cleaned_data["to"]
    try:
        hand_over_escalation(escalation=found, to=asked, by=request.user, now=timezone.now())
    except CannotAnswer:
        form.add_error("to", _("No letter reaches %(name)s now. Choose somebody who is here") % {"name": asked.user})
        return case_page(request, found, hand_over_form=form)
    except AlreadyResolved as earlier:
        messages.warning(request, who_was_first(earlier))
    else:
        messages.success(request, _("%(name)s is asked to take the case.") % {"name": asked.user})
    return redirect("followup:case", uuid)


def back(request: StaffRequest, uuid: UUID) -> str:
    """The page the button was on, if it is one of ours."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("followup:case", args=[uuid])


def taken_words(name: str, follow_up_by: dt.datetime | None, now: dt.datetime) -> str:
    when = moment_words(follow_up_by, timezone.localdate(now)) if follow_up_by else ""
    return _("You have the case of %(name)s. Look again: %(when)s.") % {"name": name, "when": when}


def who_was_first(earlier: AlreadyAcknowledged | AlreadyResolved) -> str:
    when = f"{timezone.localtime(earlier.at):%H:%M}" if earlier.at else ""
    name = str(earlier.by or "")
    if isinstance(earlier, AlreadyResolved):
        return _("%(name)s has closed this case already, at %(when)s.") % {"name": name, "when": when}
    return _("%(name)s took this case already, at %(when)s.") % {"name": name, "when": when}
