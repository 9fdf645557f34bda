"""What a clinician reviews is what the code runs: the page is written from the very tables that judge."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from accounts.post.rules import QUIET_FROM, QUIET_UNTIL, REMINDER_TIME
from plans.followup.rules import URGENCIES, Amount, Urgency, target_of_rule
from plans.followup.rules.nudging import DEFAULT_NUDGE_POLICY
from plans.followup.rules.numbers import DEFAULT_NUMBERS
from plans.followup.rules.policy import BOUNDS
from plans.followup.rules.rulebook import OFFERS, PRECEDENCE, STOP_REMINDERS, Rule
from plans.followup.rules.urgency import ShareOfTarget, UrgencyTimes
from plans.followup.templatetags.cases import RULES
from plans.journal.rules import ASKED, DEFAULT_BANDS, MEASURES, Measure
from plans.journal.rules.outcomes import END_FROM_TO, OPEN_FROM_TO

HEAD = """# Clinical rules

Written from the tables in `*/rules` by `manage.py clinical_rules`; a test fails when this page is stale.
**Everything here needs a clinician's review** before it is used outside the demo. Scores are 0-10; days are the
client's own; numbers are defaults that a clinic's policy may replace. Sources are the slugs of
`plans/library/starter/sources.json`; "design" marks a choice no study fixes.
"""
AS_FAST_AS_IT_SAYS = "as fast as its question says"


class Command(BaseCommand):
    help = "Print docs/clinical-rules.md from the tables that the rules run on."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            self.stdout.write(page(), ending="")


def page() -> str:
    """The whole page, Markdown."""
    return "\n".join([HEAD, *_rules(), *_numbers(), *_urgencies(), *_bands(), *_outcomes(), *_nudges()]) + "\n"


def _rules() -> Iterator[str]:
    yield "## Rules, the first goes before the next\n"
    yield "| | rule | fires when | answered within | also |"
    yield "|---|---|---|---|---|"
    for place, rule in enumerate(PRECEDENCE, start=1):
        words = RULES[rule]
        own = AS_FAST_AS_IT_SAYS if rule is Rule.RED_FLAG else "no clock"
        within = target_of_rule(rule, DEFAULT_NUMBERS)
        target = _amount(within) if within else own
        also = [
            "a proposal to the bodyworker" if rule in OFFERS else "",
            "reminders rest meanwhile" if rule in STOP_REMINDERS else "",
        ]
        yield f"| {place} | **{words.name}** `{rule}` | {words.sentence} | {target} | {', '.join(filter(None, also))} |"
    yield ""


def _numbers() -> Iterator[str]:
    yield f"## Numbers, version {DEFAULT_NUMBERS.version}\n"
    yield f"Source: {DEFAULT_NUMBERS.source}.\n"
    yield "A clinic may choose other numbers within these bounds; a safety number can only become stricter.\n"
    yield "| number | value | may be | |"
    yield "|---|---|---|---|"
    for name, bound in BOUNDS.items():
        value, safety = getattr(DEFAULT_NUMBERS, name), "safety" if bound.is_safety else ""
        yield f"| `{name}` | {value} | {bound.lowest} to {bound.highest} {bound.unit} | {safety} |"
    yield ""


def _urgencies() -> Iterator[str]:
    yield f"## Who is told when, version {URGENCIES.version}\n"
    yield f"Source: {URGENCIES.source}. Tier 1 is the client's bodyworker, tier 2 the cover, tier 3 the owner.\n"
    yield "| urgency | tier 2 after | tier 3 after | reminded every | looked at again after | clock |"
    yield "|---|---|---|---|---|---|"
    for urgency in reversed(Urgency):
        times: UrgencyTimes = URGENCIES.of(urgency)
        row = (times.tier_2_after, times.tier_3_after, times.remind_every, times.follow_up_after)
        yield f"| `{urgency}` | {' | '.join(_amount(amount) for amount in row)} | {times.clock.value} |"
    yield ""


def _bands() -> Iterator[str]:
    bands = DEFAULT_BANDS
    yield f"## Words for a score, version {bands.version}\n"
    yield "| from | word |"
    yield "|---|---|"
    yield "| 0 | none |"
    for name in ("mild", "moderate", "severe"):
        yield f"| {getattr(bands, name)} | {name} |"
    yield ""


def _outcomes() -> Iterator[str]:
    yield "## Short questions\n"
    yield "Measures of the starter library, in our own wording. A measure with an item missing is not scored.\n"
    yield "| measure | scale | items | which way is better | a little, clearly, much better from |"
    yield "|---|---|---|---|---|"
    for measure in MEASURES.values():
        yield _measure(measure)
    yield ""
    yield "| asked | measures | open, in days from the program's start |"
    yield "|---|---|---|"
    for occasion, slugs in ASKED.items():
        first, last = OPEN_FROM_TO.get(occasion, END_FROM_TO)
        days = f"{first} to {last}" + ("" if occasion in OPEN_FROM_TO else ", counted from its last day")
        yield f"| {occasion.value} | {', '.join(f'`{slug}`' for slug in slugs)} | {days} |"
    yield ""


def _measure(measure: Measure) -> str:
    items = str(measure.most) if measure.fewest == measure.most else f"{measure.fewest} to {measure.most}"
    way = "higher" if measure.is_higher_better else "lower"
    steps = ", ".join(f"{step:g}" for step in measure.steps)
    return f"| `{measure.slug}` | {measure.lowest} to {measure.highest} | {items} | {way} | {steps} |"


def _nudges() -> Iterator[str]:
    yield "## Reminders\n"
    yield "| number | value |"
    yield "|---|---|"
    yield f"| at, when the client chose no time | {REMINDER_TIME:%H:%M} |"
    yield f"| quiet, in the client's own zone | {QUIET_FROM:%H:%M} to {QUIET_UNTIL:%H:%M} |"
    for number in fields(DEFAULT_NUDGE_POLICY):
        yield f"| `{number.name}` | {getattr(DEFAULT_NUDGE_POLICY, number.name)} |"


def _amount(amount: Amount | ShareOfTarget) -> str:
    if isinstance(amount, ShareOfTarget):
        return "the rule's time" if amount.share == 1 else f"{amount.share:.0%} of the rule's time"
    unit = amount.unit.value.replace("_", " ")
    if amount.amount == 0:
        return "at once"
    return f"1 {unit.removesuffix('s')}" if amount.amount == 1 else f"{amount.amount:g} {unit}"
