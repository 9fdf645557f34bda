"""The owner's page of the rules: what each looks for, how often it found something, how often it was worth it."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.people.adapters import staff_only
from accounts.people.models import Clinic
from accounts.people.rules import Permission
from plans.followup.actions.calendars import numbers_of
from plans.followup.models import Escalation, FollowUpPolicy, Review
from plans.followup.rules import (
    DEFAULT_NUMBERS,
    OFFERS,
    PRECEDENCE,
    SAFETY_RULES,
    TOLD_BY,
    Amount,
    Change,
    Numbers,
    Outcome,
    Rule,
    changes_between,
    numbers_from,
    target_of_rule,
)
from plans.followup.views.sitting import StaffRequest
from plans.library.actions import RuleFacts, rule_facts

NOISE_DAYS = 90
SHOWN_VERSIONS = 20


@dataclass
class Noise:
    """What became of the cases and hints of one rule; noise is what turned out to be none, or reached nobody."""

    acted: int = 0
    not_a_concern: int = 0
    no_answer: int = 0
    waiting: int = 0
    hints: int = 0
    hints_waiting: int = 0

    @property
    def cases(self) -> int:
        return self.acted + self.not_a_concern + self.no_answer + self.waiting

    @property
    def ended(self) -> int:
        return self.acted + self.not_a_concern + self.no_answer

    @property
    def acted_pct(self) -> int:
        """Of the cases that ended, those that were worth it; a whole percent."""
        return round(self.acted * 100 / self.ended) if self.ended else 0

    @property
    def noise_pct(self) -> int:
        return 100 - self.acted_pct if self.ended else 0


@dataclass(frozen=True)
class RuleRow:
    rule: Rule
    facts: RuleFacts
    target: Amount | None
    noise: Noise
    is_safety: bool
    is_offer: bool


@dataclass(frozen=True)
class Version:
    """One version with what it changed from the one before it; None made it where nobody did."""

    number: int
    policy: FollowUpPolicy | None
    changes: list[Change]


@staff_only(Permission.SET_RULES)
@require_safe
def rules(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    numbers = numbers_of(request.clinic.pk, now=now)
    context = {
        "rows": rows_of(request.clinic, numbers, now=now),
        "numbers": numbers,
        "versions": versions_of(request.clinic),
        "days": NOISE_DAYS,
        "urgencies": list(TOLD_BY),
    }
    return render(request, "followup/rules.html", context)


def rows_of(clinic: Clinic, numbers: Numbers, *, now: dt.datetime) -> list[RuleRow]:
    """Every rule in order of precedence, in two statements."""
    noise = noise_of(clinic, since=now - dt.timedelta(days=NOISE_DAYS))
    return [row_of(rule, noise[rule], numbers) for rule in PRECEDENCE]


def row_of(rule: Rule, noise: Noise, numbers: Numbers) -> RuleRow:
    return RuleRow(
        rule=rule,
        facts=rule_facts()[rule],
        target=target_of_rule(rule, numbers),
        noise=noise,
        is_safety=rule in SAFETY_RULES,
        is_offer=rule in OFFERS,
    )


def noise_of(clinic: Clinic, *, since: dt.datetime) -> dict[str, Noise]:
    """By rule, of what was opened since then."""
    found: dict[str, Noise] = defaultdict(Noise)
    cases = Escalation.objects.filter(clinic=clinic, opened_at__gte=since)
    for rule, outcome, many in cases.values_list("rule", "outcome").annotate(many=Count("pk")).order_by():
        noise = found[rule]
        if outcome == Outcome.NOT_A_CONCERN:
            noise.not_a_concern += many
        elif outcome == Outcome.NO_ANSWER:
            noise.no_answer += many
        elif outcome:
            noise.acted += many
        else:
            noise.waiting += many
    hints = Review.objects.filter(clinic=clinic, opened_at__gte=since)
    waiting = Count("pk", filter=Q(closed_at__isnull=True))
    for rule, many, left in hints.values_list("rule").annotate(many=Count("pk"), left=waiting).order_by():
        found[rule].hints += many
        found[rule].hints_waiting += left
    return found


def versions_of(clinic: Clinic) -> list[Version]:
    """The newest first, down to the starter library's own."""
    policies = list(FollowUpPolicy.objects.filter(clinic=clinic).select_related("made_by").order_by("version"))
    found = [Version(DEFAULT_NUMBERS.version, None, [])]
    before = DEFAULT_NUMBERS
    for policy in policies:
        numbers = numbers_from(policy.numbers, version=policy.version)
        found.append(Version(policy.version, policy, changes_between(before, numbers)))
        before = numbers
    return found[::-1][:SHOWN_VERSIONS]
