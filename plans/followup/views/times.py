"""Who is told when about a case that nobody takes: the clinic's times, a rehearsal of others, and their adoption."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.people.adapters import staff_only
from accounts.people.rules import Permission
from plans.followup.actions import NothingChanged, PolicyMovedOn, adopt_policy, rehearse_telling
from plans.followup.actions.calendars import numbers_of
from plans.followup.forms import RuleForm
from plans.followup.rules import TOLD_BY, Numbers, Urgency, with_numbers
from plans.followup.views.rules import versions_of
from plans.followup.views.sitting import StaffRequest

NAMES = tuple(name for names in TOLD_BY.values() for name in names)
DAYS = 30


@staff_only(Permission.SET_RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def times(request: StaffRequest) -> HttpResponse:
    """POST with `adopt` puts the times in force for cases that open from now on; else it tries them."""
    now = timezone.now()
    numbers = numbers_of(request.clinic.pk, now=now)
    data = request.POST if request.method == "POST" else None
    form = RuleForm(data, names=NAMES, base=numbers, also={}, initial={"version": numbers.version})
    if data is None or not form.is_valid():
        return page(request, numbers, form, status=422 if form.is_bound else 200)
    if form.cleaned_data["version"] != numbers.version:
        return moved_on(request, numbers, form)
    if "adopt" in request.POST:
        return adopt(request, numbers, form, now)
    chosen = with_numbers(numbers, form.changed_numbers)
    tried = rehearse_telling(clinic=request.clinic, numbers=numbers, chosen=chosen, days=DAYS, now=now)
    return page(request, numbers, form, tried=tried, try_days=DAYS, was_tried=True)


def page(request: StaffRequest, numbers: Numbers, form: RuleForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {"numbers": numbers, "form": form, "groups": groups_of(form)}
    return render(request, "followup/times.html", context | more, status=status)


def groups_of(form: RuleForm) -> list[tuple[Urgency, list[BoundField]]]:
    """The fields by urgency, the most urgent first."""
    return [(urgency, [form[name] for name in names]) for urgency, names in TOLD_BY.items()]


def moved_on(request: StaffRequest, numbers: Numbers, form: RuleForm) -> HttpResponse:
    seen = form.cleaned_data["version"]
    newer = [version for version in versions_of(request.clinic) if version.number > seen]
    return page(request, numbers, form, status=409, newer=newer, seen_version=seen, typed=form.typed)


def adopt(request: StaffRequest, numbers: Numbers, form: RuleForm, now: dt.datetime) -> HttpResponse:
    try:
        policy = adopt_policy(
            clinic=request.clinic,
            changed=form.changed_numbers,
            expected_version=form.cleaned_data["version"],
            by=request.user,
            now=now,
            reason=form.cleaned_data["reason"],
        )
    except NothingChanged:
        form.add_error(None, _("These are the times in use. Change one to make a new version."))
        return page(request, numbers, form, status=422)
    except PolicyMovedOn:
        return moved_on(request, numbers_of(request.clinic.pk, now=timezone.now()), form)
    words = _("Version %(n)s is in use. Cases that open from now on go by it; those that are open keep their times.")
    messages.success(request, words % {"n": policy.version})
    return redirect("followup:rules")
