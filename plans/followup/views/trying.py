"""One rule: its numbers, a rehearsal of other ones, and putting them in force."""

import datetime as dt
from collections import Counter
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.people.actions import record_reads
from accounts.people.adapters import staff_only
from accounts.people.models import Client
from accounts.people.rules import Permission
from plans.followup.actions import (
    NothingChanged,
    PolicyMovedOn,
    Rehearsal,
    adopt_policy,
    everybody,
    rehearse,
)
from plans.followup.actions.calendars import numbers_of
from plans.followup.forms import RuleForm
from plans.followup.models import Escalation
from plans.followup.rules import PRECEDENCE, READ_BY, Numbers, Rule, with_numbers
from plans.followup.views.rules import NOISE_DAYS, noise_of, row_of, versions_of
from plans.followup.views.sitting import StaffRequest
from plans.followup.views.strip import strip_of
from plans.library.actions import rule_facts
from plans.library.models import Source

DAYS = 30
AT_ONCE = 100
"""Clients rehearsed in one answer: about a second and a half."""


@staff_only(Permission.SET_RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: StaffRequest, slug: str) -> HttpResponse:
    """POST with `adopt` puts the numbers in force; with anything else it tries them, and changes nothing."""
    known = rule_or_404(slug)
    now = timezone.now()
    numbers = numbers_of(request.clinic.pk, now=now)
    form = form_of(request, known, numbers)
    if request.method != "POST" or not form.is_valid():
        return rule_page(request, known, numbers, form, now, status=422 if form.is_bound else 200)
    if form.cleaned_data["version"] != numbers.version:
        return moved_on(request, known, numbers, form, now)
    if "adopt" in request.POST:
        return adopt(request, known, numbers, form, now)
    return rule_page(request, known, numbers, form, now, **tried(request, numbers, form, now))


def rule_or_404(slug: str) -> Rule:
    if slug not in set(PRECEDENCE):
        raise Http404
    return Rule(slug)


def form_of(request: StaffRequest, known: Rule, numbers: Numbers) -> RuleForm:
    names = {rule: facts.name for rule, facts in rule_facts().items()}
    also = {
        name: ", ".join(names[each] for each in PRECEDENCE if name in READ_BY[each] and each is not known)
        for name in READ_BY[known]
    }
    data = request.POST if request.method == "POST" else None
    return RuleForm(data, names=READ_BY[known], base=numbers, also=also, initial={"version": numbers.version})


def rule_page(
    request: StaffRequest,
    known: Rule,
    numbers: Numbers,
    form: RuleForm,
    now: dt.datetime,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    noise = noise_of(request.clinic, since=now - dt.timedelta(days=NOISE_DAYS))
    row = row_of(known, noise[known], numbers)
    sources = Source.objects.filter(clinic=request.clinic, slug__in=row.facts.sources).order_by("slug")
    context = {"row": row, "form": form, "sources": sources, "numbers": numbers, "days": NOISE_DAYS}
    return render(request, "followup/rule.html", context | more, status=status)


def moved_on(request: StaffRequest, known: Rule, numbers: Numbers, form: RuleForm, now: dt.datetime) -> HttpResponse:
    """Somebody else was quicker: both are shown, nothing typed is lost, and the next try stands on the newest."""
    seen = form.cleaned_data["version"]
    newer = [version for version in versions_of(request.clinic) if version.number > seen]
    more = {"newer": newer, "seen_version": seen, "typed": form.typed}
    return rule_page(request, known, numbers, form, now, status=409, **more)


def adopt(request: StaffRequest, known: Rule, numbers: Numbers, form: RuleForm, now: dt.datetime) -> HttpResponse:
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
        form.add_error(None, _("These are the numbers in use. Change one to make a new version."))
        return rule_page(request, known, numbers, form, now, status=422)
    except PolicyMovedOn:
        return moved_on(request, known, numbers_of(request.clinic.pk, now=timezone.now()), form, now)
    words = _(
        "Version %(n)s is in use. It judges what comes from now on; nobody was written to about the past. Clients who"
        " match now come on the list as hints within minutes."
    )
    messages.success(request, words % {"n": policy.version})
    return redirect("followup:rules")


def tried(request: StaffRequest, numbers: Numbers, form: RuleForm, now: dt.datetime) -> dict[str, Any]:
    """A rehearsal on the next hundred clients, and where the hundred after them begin."""
    chosen = with_numbers(numbers, form.changed_numbers)
    mine = everybody(request.clinic, since=now - dt.timedelta(days=DAYS)).order_by("pk")
    first = slice_of(request.POST.get("first", ""), mine.count())
    ids = list(mine.values_list("pk", flat=True)[first : first + AT_ONCE])
    found = rehearse(
        clinic=request.clinic, numbers=chosen, days=DAYS, now=now, clients=Client.objects.filter(pk__in=ids)
    )
    record_reads(clients={each.client for each in found.opened}, by=request.user, now=now)
    total = mine.count()
    return {
        "found": found,
        "by_rule": by_rule(found),
        "strip": strip_of(found.opened, days=DAYS, now=now),
        "cases": cases_behind(mine, found),
        "try_days": DAYS,
        "matching": len(found.live | found.hinted),
        "first": first + 1,
        "last": min(first + AT_ONCE, total),
        "total": total,
        "next_first": first + AT_ONCE if first + AT_ONCE < total else None,
        "changes": [(name, getattr(numbers, name), getattr(chosen, name)) for name in form.changed_numbers],
    }


def slice_of(first: str, total: int) -> int:
    """Where to begin: a whole hundred below the number of clients, else at the first."""
    if first.isascii() and first.isdecimal() and int(first) < total:
        return int(first) // AT_ONCE * AT_ONCE
    return 0


def cases_behind(mine: QuerySet[Client], found: Rehearsal) -> dict[int, Escalation]:
    """The real cases that the table links to, by id; one statement."""
    ids = [each.real.id for each in found.opened if each.real]
    return {case.pk: case for case in Escalation.objects.filter(pk__in=ids, client__in=mine)}


def by_rule(found: Rehearsal) -> list[dict[str, Any]]:
    """For each rule: would have opened, really opened, hints, and how many of the real ones were noise."""
    would = Counter(each.finding.rule.value for each in found.opened if each.finding)
    real = Counter(each.real.rule for each in found.opened if each.real)
    noisy = Counter(
        each.real.rule for each in found.opened if each.real and each.real.outcome in ("not_a_concern", "no_answer")
    )
    return [
        {
            "rule": each.value,
            "would": would[each.value],
            "real": real[each.value],
            "hints": found.hints[each],
            "noisy": noisy[each.value],
        }
        for each in PRECEDENCE
        if would[each.value] or real[each.value] or found.hints[each]
    ]
