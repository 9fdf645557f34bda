"""The rows of the caseload: who stands where, in words that are ready to print.

A long list is printed without model objects and without translating in every row: the template
only puts the words in their places.
"""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.people.querysets import ClientQuerySet
from plans.desk.querysets.caseload import Lately, caseload_rows, facts_of, lately, open_matters
from plans.desk.rules import Reason, Standing, list_order, phase_at, reason_of
from plans.journal.drawings import sparkline

# Those who need somebody are all listed; the others are cut, with a link to the rest.
LONGEST = {Standing.NEEDS_YOU: 100, Standing.WATCH: 60, Standing.FINE: 20}
LONGEST_OF_ALL = 500


@dataclass
class Row:
    """A client on the list, in words that are ready to print."""

    name: str
    address: str
    phone: str
    program: str
    reason: Reason
    last_on: dt.date | None
    ends_on: dt.date | None
    pk: int
    program_pk: int | None
    trend: str = ""
    dots: str = ""
    sessions: str = ""


@dataclass(frozen=True)
class Group:
    standing: Standing
    rows: list[Row]
    hidden: int

    @property
    def total(self) -> int:
        return len(self.rows) + self.hidden


def groups_of(clients: ClientQuerySet, today: dt.date, *, is_whole: bool) -> list[Group]:
    rows = judged_rows(clients, today)
    groups = []
    for standing in Standing:
        here = [row for row in rows if row.reason.standing is standing]
        longest = LONGEST_OF_ALL if is_whole else LONGEST[standing]
        if here:
            groups.append(Group(standing, here[:longest], len(here[longest:])))
    add_lately([row for group in groups for row in group.rows], today)
    return groups


def judged_rows(clients: ClientQuerySet, today: dt.date) -> list[Row]:
    """Every client with the reason for their place, in the order of the list."""
    found = caseload_rows(clients, today=today)
    cases, hints = open_matters([row["pk"] for row in found])
    # One address, filled in by hand: reversing it for every row costs more than the row.
    pattern = reverse("desk:client", args=["00000000-0000-0000-0000-000000000000"])
    rows = []
    for row in found:
        facts = facts_of(row, cases.get(row["pk"], ()), hints.get(row["pk"], ()))
        rows.append(
            Row(
                name=row["name"],
                address=pattern.replace("00000000-0000-0000-0000-000000000000", str(row["uuid"])),
                phone=row["phone"],
                program=facts.program,
                reason=reason_of(facts, today=today),
                last_on=facts.last_on,
                ends_on=facts.ends_on,
                pk=row["pk"],
                program_pk=(row["program"] or {}).get("pk"),
            )
        )
    return sorted(rows, key=lambda row: list_order(row.reason, row.name))


def add_lately(rows: list[Row], today: dt.date) -> None:
    """The spark, the last planned sessions and the phase, for the rows that are shown."""
    programs = [row.program_pk for row in rows if row.program_pk]
    found = lately([row.pk for row in rows], programs, today=today)
    pain, phase_words = _("Pain after sessions: %(scores)s"), _("phase")
    session_words = _("%(done)s of %(total)s sessions")
    squares: dict[tuple[bool, ...], str] = {}
    for row in rows:
        recent = found.get(row.pk, Lately())
        kept = tuple(recent.kept)
        if kept:
            row.dots = squares.setdefault(kept, squares.get(kept) or dots_of(kept))
            row.sessions = session_words % {"done": sum(kept), "total": len(kept)}
        phase = phase_at(recent.spans, row.ends_on, today=today) if row.ends_on else None
        if phase:
            row.program = f"{row.program}, {phase_words} {phase.position}"
        if recent.trend:
            row.trend = sparkline(recent.trend, label=pain % {"scores": ", ".join(map(str, recent.trend))})


def dots_of(kept: tuple[bool, ...]) -> SafeString:
    """A square for each planned session, filled where one was logged; the words beside it say the same."""
    return format_html_join("", "<i{}></i>", ((SafeString("" if done else " data-m"),) for done in kept))
