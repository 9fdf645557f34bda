"""What would other numbers have opened? `manage.py rehearse --clinic harbour --set severe_min=6` changes nothing."""

import datetime as dt
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.people.models import Clinic
from accounts.post.querysets import database_now
from plans.followup.actions import Rehearsal, everybody, rehearse
from plans.followup.actions.calendars import numbers_of
from plans.followup.rules import BOUNDS, PRECEDENCE, NumberProblem, problems_of, with_numbers

LONGEST_DAYS = 90
TELL_EVERY = 200


class Command(BaseCommand):
    help = "Replay the clinic's own history under other numbers, beside what really happened. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clinic", required=True, help="the clinic's slug")
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="one number; repeat it")
        parser.add_argument("--days", type=int, default=30, help=f"how far back, 1 to {LONGEST_DAYS}")
        parser.add_argument("--rules", action="store_true", help="name the rule beside each client's number")

    def handle(self, *args: Any, **options: Any) -> None:
        clinic = Clinic.objects.filter(slug=options["clinic"]).first()
        if clinic is None:
            known = ", ".join(Clinic.objects.order_by("slug").values_list("slug", flat=True)[:20])
            raise CommandError(f"There is no clinic {options['clinic']}. There is: {known}.")
        if not 1 <= options["days"] <= LONGEST_DAYS:
            raise CommandError(f"--days must be 1 to {LONGEST_DAYS}.")
        now = database_now()
        in_force = numbers_of(clinic.pk, now=now)
        changed = chosen_in(options["set"])
        if problems := problems_of(changed, base=in_force):
            raise CommandError(" ".join(words_of(problem) for problem in problems))
        total = everybody(clinic, since=now - dt.timedelta(days=options["days"])).count()

        def tell(done: int) -> None:
            if done % TELL_EVERY == 0:
                self.stderr.write(f"{done} of {total} clients")

        numbers = with_numbers(in_force, changed)
        found = rehearse(clinic=clinic, numbers=numbers, days=options["days"], now=now, tell=tell)
        for line in report_of(found, options["days"], names_rules=options["rules"]):
            self.stdout.write(line)


def chosen_in(pairs: list[str]) -> dict[str, object]:
    """{"severe_min": 6} for ["severe_min=6"]."""
    chosen: dict[str, object] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        if not value.strip().isdecimal():
            raise CommandError(f"--set {pair}: write it as name=number, such as severe_min=6.")
        chosen[name.strip()] = int(value)
    return chosen


def words_of(problem: NumberProblem) -> str:
    bound = BOUNDS.get(problem.name)
    if bound is None:
        return f"{problem.name} is no number of the rules; they are {', '.join(BOUNDS)}."
    if problem.other:
        return f"{problem.name} may not be above {problem.other}."
    return f"{problem.name} may be {bound.lowest} to {bound.highest}."


def report_of(found: Rehearsal, days: int, *, names_rules: bool) -> list[str]:
    """Counts, and days with the clients' numbers; no name and no score."""
    would, real = Counter[str](), Counter[str]()
    for each in found.opened:
        would.update([each.finding.rule] if each.finding else [])
        real.update([each.real.rule] if each.real else [])
    lines = [
        f"Last {days} days, {found.clients} clients. Would have opened {len(found.would_open)} cases;"
        f" really opened {found.really_opened}. Today {len(found.live | found.hinted)} clients match that do not now:"
        f" {len(found.live)} with a live case, {len(found.hinted)} as hints.",
        f"{'rule':28} {'would':>6} {'really':>6} {'hints':>6}",
    ]
    lines += [
        f"{rule:28} {would[rule]:>6} {real[rule]:>6} {found.hints[rule]:>6}"
        for rule in PRECEDENCE
        if would[rule] or real[rule] or found.hints[rule]
    ]
    for each in found.opened:
        what = "only really" if each.finding is None else "as it was" if each.real else "new"
        why = each.finding or each.real
        named = f"  {why.rule}" if names_rules and why else ""
        lines.append(f"{each.at:%Y-%m-%d %H:%M}  client {each.client.pk}  {what}{named}")
    return lines
