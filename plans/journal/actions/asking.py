"""Which short questions are open for whom today?"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from plans.journal.models import OutcomeAnswer, OutcomeSkip
from plans.journal.rules import MEASURES, Due, MeasureSlug, Occasion, Span, due_of
from plans.programs.models import Program
from plans.programs.rules import ProgramState

# An occasion stays open for so long after a program's last day at most.
REMEMBERED = dt.timedelta(days=30)


def due_by_client(client_ids: Collection[int], *, on: dt.date) -> dict[int, Due]:
    """The occasion that is open for each of these clients on their day `on`, if any.

    One statement on most days, three where the calendar names an occasion, however many clients.
    """
    spans = spans_by_client(client_ids, on=on)
    named = [pk for pk, each in spans.items() if due_of(each, {}, set(), today=on) is not None]
    if not named:
        return {}
    answered: dict[int, dict[MeasureSlug, set[dt.date]]] = defaultdict(lambda: defaultdict(set))
    answers = OutcomeAnswer.objects.filter(client__in=named, measure__slug__in=list(MEASURES)).standing()
    for pk, slug, day in answers.values_list("client_id", "measure__slug", "local_on"):
        answered[pk][MeasureSlug(slug)].add(day)
    skips = OutcomeSkip.objects.filter(program__client__in=named).values_list("program", "occasion")
    skipped = {(program, Occasion(occasion)) for program, occasion in skips}
    found = {pk: due_of(spans[pk], answered[pk], skipped, today=on) for pk in named}
    return {pk: due for pk, due in found.items() if due is not None}


def spans_by_client(client_ids: Collection[int], *, on: dt.date) -> dict[int, list[Span]]:
    """The programs that run, or ended lately; not those that are held: who is told to rest is asked nothing."""
    asked = Program.objects.filter(client__in=client_ids, state__in=[ProgramState.RUNNING, ProgramState.FINISHED])
    rows = asked.filter(starts_on__lte=on, ends_on__gte=on - REMEMBERED).order_by("starts_on", "pk")
    found: dict[int, list[Span]] = defaultdict(list)
    for client, pk, starts_on, ends_on, finished_on in rows.values_list(
        "client_id", "pk", "starts_on", "ends_on", "finished_on"
    ):
        found[client].append(Span(pk, starts_on, min(ends_on, finished_on or ends_on)))
    return found
