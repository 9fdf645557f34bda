"""One kind word a day, and which: every kind where it fits, and silent one step beside it."""

import datetime as dt

import pytest

from plans.followup.rules import NudgeDay, NudgeKind, Sent, kind_of
from tests.architecture.tree import ROOT

MAIL = ROOT / "templates" / "mail"
TUESDAY = dt.date(2026, 3, 10)
SUNDAY = dt.date(2026, 3, 15)
DAY = dt.timedelta(days=1)


def ago(*days: int) -> frozenset[dt.date]:
    return frozenset(TUESDAY - n * DAY for n in days)


def sent(kind: str, *days: int) -> tuple[Sent, ...]:
    return tuple(Sent(kind, day) for day in sorted(ago(*days)))


def four(*days: int) -> tuple[Sent, ...]:
    return sent("session-ready", 4, 5, 6, 7)


WEEK = frozenset(SUNDAY - n * DAY for n in (0, 2, 3, 4, 5))

FITS = [
    ("session-ready", {"planned": ago(0)}),
    (None, {"planned": ago(0), "logged": ago(0)}),
    (None, {"planned": ago(0), "off": frozenset({"session-ready"})}),
    (None, {}),
    ("session-short", {"planned": ago(0, 1)}),
    ("session-ready", {"planned": ago(0, 1), "off": frozenset({"session-short"})}),
    ("session-ready", {"planned": ago(0, 1), "logged": ago(1), "heard_on": TUESDAY - DAY}),
    ("session-short", {"planned": ago(0), "wants_short": True}),
    ("phase-change", {"planned": ago(0), "is_new_phase": True}),
    ("session-ready", {"planned": ago(0), "is_new_phase": True, "off": frozenset({"phase-change"})}),
    ("reminder-once-more", {"planned": ago(1), "sent": sent("session-ready", 1)}),
    ("reminder-once-more", {"planned": ago(1), "sent": sent("session-short", 1)}),
    (None, {"planned": ago(1), "sent": sent("session-ready", 1), "logged": ago(0), "heard_on": TUESDAY}),
    (None, {"planned": ago(1), "sent": sent("session-ready", 1), "logged": ago(1), "heard_on": TUESDAY - DAY}),
    (None, {"planned": ago(1)}),
    (None, {"planned": ago(2), "sent": sent("session-ready", 2)}),
    (None, {"planned": ago(2), "sent": sent("reminder-once-more", 1)}),
    ("check-in-day-3", {"planned": ago(3)}),
    ("check-in-day-3", {"planned": ago(0, 3)}),
    ("check-in-day-3", {"planned": ago(6)}),
    (None, {"planned": ago(2)}),
    (None, {"planned": ago(7)}),
    (None, {"planned": ago(3), "sent": sent("check-in-day-3", 1)}),
    ("check-in-day-3", {"planned": ago(3), "sent": sent("check-in-day-3", 4)}),
    (None, {"planned": ago(3), "heard_on": TUESDAY - 3 * DAY}),
    ("check-in-day-3", {"planned": ago(3, 6), "heard_on": TUESDAY - 4 * DAY}),
    ("outcome-week", {"questions_since": TUESDAY - DAY}),
    ("outcome-week", {"questions_since": TUESDAY - DAY, "planned": ago(0), "logged": ago(0)}),
    ("outcome-week", {"questions_since": TUESDAY - DAY, "sent": sent("outcome-week", 14)}),
    ("session-ready", {"questions_since": TUESDAY - DAY, "planned": ago(0)}),
    (None, {"questions_since": TUESDAY - DAY, "sent": sent("outcome-week", 1)}),
    (None, {"questions_since": TUESDAY - DAY, "off": frozenset({"outcome-week"})}),
    (None, {"done": (TUESDAY - DAY,), "logged": ago(1)}),
    ("log-next-morning", {"done": (TUESDAY - DAY,), "logged": ago(1), "wanted": frozenset({"log-next-morning"})}),
    (None, {"done": (TUESDAY - DAY,), "logged": ago(0, 1), "wanted": frozenset({"log-next-morning"})}),
    (
        "session-ready",
        {
            "planned": ago(0),
            "done": (TUESDAY - DAY,),
            "heard_on": TUESDAY - DAY,
            "wanted": frozenset({"log-next-morning"}),
        },
    ),
    ("visit-reminder", {"planned": ago(0), "visit_on": TUESDAY + DAY}),
    (None, {"visit_on": TUESDAY}),
    ("stopped-nudging", {"planned": ago(0), "sent": four(), "visit_on": TUESDAY + DAY}),
    ("session-ready", {"planned": ago(0), "sent": four()[:3], "off": frozenset({"check-in-day-3"})}),
    ("session-ready", {"planned": ago(0), "sent": (*four(), *sent("stopped-nudging", 2))}),
    ("session-ready", {"planned": ago(0), "sent": four(), "heard_on": TUESDAY - 4 * DAY}),
    ("session-ready", {"planned": ago(0), "sent": sent("good-week", 4, 5, 6, 7)}),
]


@pytest.mark.parametrize(("kind", "facts"), FITS)
def test_the_strongest_reason_of_the_day_wins(kind, facts):
    assert kind_of(NudgeDay(on=TUESDAY, **facts)) == kind


@pytest.mark.parametrize(
    ("kind", "planned", "done"),
    [("good-week", 5, 4), ("good-week", 2, 2), (None, 5, 3), (None, 1, 1), ("good-week", 4, 6)],
)
def test_a_good_week_is_four_in_five_of_two_or_more_and_is_said_on_sunday(kind, planned, done):
    days = [SUNDAY - n * DAY for n in range(6, 6 - planned, -1)]
    logs = tuple(SUNDAY - n * DAY for n in range(6, 6 - done, -1))
    facts = {"planned": frozenset(days), "done": logs, "logged": frozenset(logs), "heard_on": SUNDAY}
    assert kind_of(NudgeDay(on=SUNDAY, **facts)) == kind
    assert kind_of(NudgeDay(on=SUNDAY - DAY, **facts)) is None


def test_only_kinds_that_ask_for_something_can_be_left_unanswered():
    kinds = [Sent(kind, TUESDAY - n * DAY) for n, kind in enumerate(NudgeKind, start=1)]
    assert NudgeDay(on=TUESDAY, sent=tuple(kinds)).ignored_in_row == 6


def test_everything_counts_for_the_week_whatever_its_kind():
    assert NudgeDay(on=TUESDAY, sent=(*sent("good-week", 0, 6), *sent("session-ready", 1, 7))).sent_in_week() == 2


@pytest.mark.parametrize("kind", NudgeKind)
def test_every_kind_of_reminder_has_its_letter(kind):
    assert [part for part in ("subject.txt", "body.txt", "body.html") if not (MAIL / kind / part).is_file()] == []
