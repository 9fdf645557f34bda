"""Every rule of the library, through the doors a client has: what makes it fire once, and what one step less does.

Each row is the shortest history that makes its rule fire, and is followed by the same history one step under each
of the rule's thresholds. What is past stands in the journal already; the report that decides comes through the
API, or through the action behind it where nothing must come of it. Other rules may fire beside the row's own.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction

from accounts.people.actions import mark_needs_look
from plans.followup.actions import sweep_looks
from plans.followup.models import Assessment, EscalationEvent, Review
from plans.followup.rules import PRECEDENCE
from plans.journal.rules import Harm
from plans.library.actions import rule_facts
from tests.clock import NOW, TODAY
from tests.followup.maya import DAY, HOUR, Maya, World, make_world

Tell = Callable[[Maya], None]


@dataclass(frozen=True)
class Finds:
    """`opens` is “review”, “offer”, “mark”, or a case's family and urgency; `proof` the readings, “days ago:score”."""

    opens: str
    params: dict[str, object]
    proof: str


@dataclass(frozen=True)
class Row:
    """One history. Findings that open `aside` are beside the point; the rules look at `looked`, twice."""

    rule: str
    why: str
    tell: Tell
    finds: Finds | None = None
    looked: dt.datetime = NOW
    aside: str = ""


def fires(
    rule: str, why: str, tell: Tell, opens: str, params: dict[str, object], proof: str, days: int = 0, aside: str = ""
) -> Row:
    return Row(rule, why, tell, Finds(opens, params, proof), NOW + days * DAY, aside)


def silent(rule: str, why: str, tell: Tell, days: int = 0, aside: str = "") -> Row:
    return Row(rule, why, tell, None, NOW + days * DAY, aside)


FLAG, VERY, HARM, HELP = "red-flag-immediate", "very-severe-same-day", "adverse-event", "asked-for-help"
MEDICAL, STAYS, WORSE, STOP = "severe-14d-medical", "severe-persistent", "worsening", "in-session-stop"
SORE, WEEK4, WEEK6, SILENT = "soreness-window", "no-improvement-week4", "no-improvement-week6", "silent-client"
LITTLE, BETTER, WELL = "non-adherence", "improvement", "discharge"

ABOUT_ONE_LOG = [
    *(
        fires(FLAG, f"{slug}", lambda m, s=slug: m.flags(s), f"safety {urgency}", {"flags": [slug]}, "0:2")
        for slug, urgency in [("ces-saddle", "emergency_now"), ("dvt-leg", "same_day"), ("night-pain", "routine")]
    ),
    silent(FLAG, "answered no", lambda m: m.flags("ces-saddle", answer=False)),
    fires(VERY, "9", lambda m: m.checks_in(9), "severe urgent", {"score": 9, "sleepless": False}, "0:9"),
    fires(VERY, "9 after", lambda m: m.trains(5, 9), "severe urgent", {"score": 9, "sleepless": False}, "0:9"),
    silent(VERY, "8", lambda m: m.checks_in(8)),
    fires(
        VERY,
        "8 and no sleep",
        lambda m: m.checks_in(8, slept_badly=True),
        "severe urgent",
        {"score": 8, "sleepless": True},
        "0:8",
    ),
    silent(VERY, "7 and no sleep", lambda m: m.checks_in(7, slept_badly=True)),
    *(
        fires(HARM, harm, lambda m, h=harm: m.trains(harm=[h]), "safety urgent", {"harm": [harm]}, "0:3")
        for harm in Harm
    ),
    silent(HARM, "only hard work", lambda m: m.trains(felt="too_hard", note="my knee")),
    *(
        fires(HELP, f"7 {moment}", say, "severe routine", {"score": 7}, "0:7")
        for moment, say in {
            "at a check-in": lambda m: m.checks_in(7, can_wait=False),
            "before": lambda m: m.trains(7, 5, can_wait=False),
            "after": lambda m: m.trains(5, 7, can_wait=False),
            "in the morning": lambda m: m.wakes(7, can_wait=False),
        }.items()
    ),
    silent(HELP, "it can wait", lambda m: m.checks_in(7, can_wait=True)),
    silent(HELP, "6", lambda m: m.checks_in(6, can_wait=False)),
    *(
        fires(
            STOP,
            reason,
            lambda m, r=reason: m.stops(r),
            "safety urgent",
            {"reason": reason, "reasons": [reason]},
            "0:3",
        )
        for reason in ("nerve", "dizzy", "circulation")
    ),
    silent(STOP, "no time", lambda m: m.stops("no_time")),
]


def stopped_twice(m: Maya, *, days: int, **how: object) -> None:
    m.stops(at=NOW - days * DAY, **how)  # type: ignore[arg-type]
    m.stops(**how)  # type: ignore[arg-type]


OVER = {"reason": None, "peak": 4, "eased": False}
STOPS_AGAIN = [
    fires(
        STOP,
        "sharp twice in a week",
        lambda m: stopped_twice(m, days=6, reason="sharp"),
        "review",
        {"reasons": ["sharp"], "times": 2},
        "6:3 0:3",
    ),
    silent(STOP, "sharp once", lambda m: m.stops("sharp")),
    silent(STOP, "twice in eight days", lambda m: stopped_twice(m, days=7, reason="sharp")),
    fires(
        STOP,
        "over the limit twice, not eased",
        lambda m: stopped_twice(m, days=1, **OVER),
        "review",
        {"reasons": ["too_painful"], "times": 2},
        "1:3 0:3",
    ),
    silent(STOP, "at the limit", lambda m: stopped_twice(m, days=1, **OVER | {"peak": 3})),
    silent(STOP, "eased within 30 seconds", lambda m: stopped_twice(m, days=1, **OVER | {"eased": True})),
]


def after_days(*scores: int) -> Tell:
    """A check-in a day, the last of them today."""

    def tell(m: Maya) -> None:
        m.had(*scores[:-1])
        m.checks_in(scores[-1])

    return tell


def on_days(scores: dict[int, int]) -> Tell:
    """Check-ins so many days ago, the last of them today."""

    def tell(m: Maya) -> None:
        for days, score in scores.items():
            if days:
                m.had(score, until=days)
        m.checks_in(scores[0])

    return tell


def sore_day(m: Maya) -> None:
    """Three severe days of the last five, but one of them is expected soreness after something new."""
    m.had(7, 3, until=4)
    m.did(hours_ago=50, usual=4)
    m.had(7)
    m.checks_in(7)


def in_care(*scores: int, seen: tuple[int, ...] = (13, 2)) -> Tell:
    def tell(m: Maya) -> None:
        m.is_seen(*seen)
        after_days(*scores)(m)

    return tell


MOST_OF_14 = (7, 7, 7, 7, 5, 5, 5, 7, 7, 7, 5, 5, 5, 7)


def stays(how: str) -> dict[str, object]:
    return {"days": 3, "score": 7, "least": 7, "how": how}


STAYING = [
    fires(
        STAYS,
        "7, 7, 7",
        after_days(7, 7, 7),
        "severe routine",
        stays("in_row"),
        "2:7 1:7 0:7",
    ),
    silent(STAYS, "two days in a row", after_days(7, 7)),
    silent(STAYS, "6, 7, 7", after_days(6, 7, 7)),
    fires(
        STAYS,
        "3 of the last 5 in 7 days",
        on_days({6: 7, 4: 3, 2: 7, 1: 3, 0: 7}),
        "severe routine",
        stays("of_last"),
        "6:7 2:7 0:7",
    ),
    silent(STAYS, "2 of the last 5", on_days({4: 7, 3: 3, 2: 3, 1: 3, 0: 7})),
    silent(STAYS, "3 of the last 6", on_days({5: 7, 4: 3, 3: 3, 2: 7, 1: 3, 0: 7})),
    silent(STAYS, "3 of the last 5 in 8 days", on_days({7: 7, 4: 3, 2: 7, 1: 3, 0: 7})),
    silent(STAYS, "one of the three is expected soreness", sore_day),
    fires(
        MEDICAL,
        "most of 14 days, seen twice",
        in_care(*MOST_OF_14),
        "severe routine",
        {"days": 14, "contacts": 2, "score": 7},
        "13:7 12:7 11:7 10:7 6:7 5:7 4:7 0:7",
    ),
    silent(MEDICAL, "13 days", in_care(*MOST_OF_14[:6], *MOST_OF_14[7:])),
    silent(MEDICAL, "8 days", in_care(*[7] * 8)),
    silent(MEDICAL, "half of a week", in_care(7, 7, 7, 5, 5, 5, *MOST_OF_14[6:])),
    silent(MEDICAL, "seen once", in_care(*MOST_OF_14, seen=(13,))),
    silent(MEDICAL, "seen before", in_care(*MOST_OF_14, seen=(14, 2))),
    silent(MEDICAL, "6", in_care(*(min(score, 6) for score in MOST_OF_14))),
]


def mornings(*pairs: tuple[int, int]) -> Tell:
    """Sessions on the days before, each with the score ahead of it and the morning after; the last is this one."""

    def tell(m: Maya) -> None:
        for n, (before, after) in enumerate(pairs):
            ago = len(pairs) - n
            m.had(before, until=ago, moment="before", program=True)
            if ago > 1:
                m.had(after, until=ago - 1, moment="next_morning")
        m.wakes(pairs[-1][1])

    return tell


WORSENING = [
    fires(
        WORSE,
        "2 points on two days",
        after_days(*[4] * 7, 6, 6, 6, 6),
        "review",
        {"from": 4, "to": 6, "by": "usual"},
        "3:6 2:6 1:6 0:6",
    ),
    silent(WORSE, "2 points on one day", after_days(*[4] * 7, 6, 6, 6)),
    silent(WORSE, "under 2 points", after_days(*[4] * 7, 6, 6, 5, 6)),
    silent(WORSE, "no baseline", on_days({20: 4, 19: 4, 3: 6, 2: 6, 1: 6, 0: 6})),
    fires(
        WORSE,
        "3 points",
        after_days(*[3] * 7, 6, 6, 6),
        "severe routine",
        {"from": 3, "to": 6, "by": "usual"},
        "3:3 2:6 1:6 0:6",
    ),
    fires(
        WORSE,
        "under 3 points",
        after_days(*[3] * 7, 5, 6, 5, 6),
        "review",
        {"from": 3, "to": 6, "by": "usual"},
        "3:5 2:6 1:5 0:6",
    ),
    fires(
        WORSE,
        "into the severe band",
        after_days(*[4] * 7, 6, 6, 6, 7),
        "severe routine",
        {"from": 4, "to": 7, "by": "usual"},
        "3:6 2:6 1:6 0:7",
    ),
    fires(
        WORSE,
        "2 more in two mornings",
        mornings((3, 5), (3, 5)),
        "review",
        {"from": 3, "to": 5, "by": "morning"},
        "2:3 1:5 1:3 0:5",
    ),
    fires(
        WORSE,
        "3 more in the second",
        mornings((3, 5), (3, 6)),
        "severe routine",
        {"from": 3, "to": 6, "by": "morning"},
        "2:3 1:5 1:3 0:6",
    ),
    silent(WORSE, "one morning", mornings((3, 4), (3, 5))),
    silent(WORSE, "1 more", mornings((3, 4), (3, 4))),
]


def sore(score: int, *, hours: float = 48, usual: int = 4, **more: object) -> Tell:
    """Something new so many hours ago, and how it is now."""

    def tell(m: Maya) -> None:
        m.did(hours_ago=hours, usual=usual)
        m.checks_in(score, **more)

    return tell


def new_things(*days_ago: int) -> Tell:
    """Another new move on each of these days, and a little soreness now."""

    def tell(m: Maya) -> None:
        for move, days in enumerate(days_ago):
            m.did(hours_ago=days * 24, usual=4, move=move)
        m.checks_in(5)

    return tell


def still(*, hours: float, eased: bool = False) -> Tell:
    """Sore the day after something new, and now, so many hours after it."""

    def tell(m: Maya) -> None:
        m.did(hours_ago=hours, usual=4)
        m.checks_in(6, at=NOW - (hours - 24) * HOUR)
        if eased:
            m.checks_in(4, at=NOW - (hours - 48) * HOUR)
        m.checks_in(5)

    return tell


SORENESS = [
    fires(SORE, "3 above usual after 48 hours", sore(7), "mark", {"score": 7, "usual": 4}, "2:4 0:7"),
    silent(SORE, "after 49 hours", sore(7, hours=49)),
    silent(SORE, "4 above usual", sore(8)),
    silent(SORE, "9", sore(9, usual=6)),
    silent(SORE, "severe before", sore(8, usual=7)),
    silent(SORE, "a warning sign", sore(5, red_flags=[{"slug": "night-pain", "answer": True, "version": 1}])),
    fires(SORE, "the second in 14 days", new_things(14, 1), "mark", {"score": 5, "usual": 4}, "1:4 0:5"),
    silent(SORE, "the third in 14 days", new_things(14, 8, 1)),
    fires(SORE, "the third in 15 days", new_things(15, 8, 1), "mark", {"score": 5, "usual": 4}, "1:4 0:5"),
    fires(
        SORE,
        "still there after 72 hours",
        still(hours=72),
        "review",
        {"score": 5, "usual": 4},
        "3:4 2:6 0:5",
        aside="mark",
    ),
    silent(SORE, "after 71 hours", still(hours=71), aside="mark"),
    silent(SORE, "gone in between", still(hours=72, eased=True), aside="mark"),
]


def running(days: int, *, began: int, week: tuple[int, ...], done: int = 14, change: int | None = None) -> Tell:
    """A program since so many days, planned every day and done on `done` of the last 28 that are over: the usual
    pain of its first days, and of the last week but today. The last of these logs decides."""

    def tell(m: Maya) -> None:
        m.runs_since(days)
        m.is_asked(range(1, 29))
        m.had(*[began] * 3, until=days - 3, moment="before")
        m.had(*week[:-1], until=2, moment="before", program=True)
        for n in range(done - len(week)):
            m.had(began, until=9 + n, moment="after", program=True)
        m.trains(week[-1], week[-1], at=NOW - DAY)
        if change is not None:
            m.rates("groc", change)

    return tell


def no_change(weeks: int, began: int) -> dict[str, object]:
    return {"weeks": weeks, "from": began, "to": 5, "done": 14, "planned": 28}


FIVE_AND_A_BIT = (5, 5, 5, 5, 5, 5, 6)
WEEK = "7:5 6:5 5:5 4:5 3:5 2:5 1:5"
NO_CHANGE = [
    fires(WEEK4, "no change, half done", running(28, began=5, week=(5,) * 7), "review", no_change(4, 5), WEEK),
    fires(
        WEEK4,
        "14% and under 1 point",
        running(28, began=6, week=FIVE_AND_A_BIT),
        "review",
        no_change(4, 6),
        f"{WEEK[:-1]}6",
    ),
    silent(WEEK4, "1 point", running(28, began=8, week=(7,) * 7)),
    silent(WEEK4, "17%", running(28, began=5, week=(4, 4, 4, 4, 4, 4, 5))),
    silent(WEEK4, "under half done", running(28, began=5, week=(5,) * 7, done=13)),
    silent(WEEK4, "week 4 is not over", running(27, began=5, week=(5,) * 7)),
    fires(
        WEEK6,
        "27% and under 2 points",
        running(42, began=7, week=FIVE_AND_A_BIT),
        "review",
        no_change(6, 7),
        f"{WEEK[:-1]}6",
    ),
    fires(WEEK6, "global change +1", running(42, began=5, week=(5,) * 7, change=1), "review", no_change(6, 5), WEEK),
    silent(WEEK6, "global change +2", running(42, began=5, week=(5,) * 7, change=2)),
    silent(WEEK6, "2 points", running(42, began=7, week=(5,) * 7)),
    silent(WEEK6, "31%", running(42, began=6, week=(4, 4, 4, 4, 4, 4, 5))),
    silent(WEEK6, "under half done", running(42, began=5, week=(5,) * 7, done=13)),
    silent(WEEK6, "week 6 is not over", running(41, began=5, week=(5,) * 7)),
]


def doing(of_14: int, *, score: int = 3, days: int = 14) -> Tell:
    """So many of the last 14 days' sessions, the last of them yesterday."""

    def tell(m: Maya) -> None:
        m.runs_since(days)
        m.is_asked(range(1, 15))
        m.had(*[score] * (of_14 - 1), until=2, moment="before", program=True)
        m.trains(score, score, at=NOW - DAY)

    return tell


SILENCE = [
    fires(SILENT, "7 days after a 7", lambda m: m.checks_in(7), "contact routine", {"days": 7}, "0:7", days=7),
    silent(SILENT, "6 days after a 7", lambda m: m.checks_in(7), days=6),
    silent(SILENT, "13 days after a 6", lambda m: m.checks_in(6), days=13),
    fires(SILENT, "14 days after a 6", lambda m: m.checks_in(6), "review", {"days": 14}, "0:6", days=14),
    fires(LITTLE, "6 of 14", doing(6), "review", {"done": 6, "planned": 14, "days": 14}, ""),
    silent(LITTLE, "7 of 14", doing(7)),
    silent(LITTLE, "13 days of it", doing(6, days=13)),
    silent(LITTLE, "severe pain", doing(6, score=7)),
]


def easing(began: int, week: tuple[int, ...], *, morning: tuple[int, int] | None = None) -> Tell:
    """A first week, and another one that ends today; a morning after a session, so many days ago."""

    def tell(m: Maya) -> None:
        m.had(*[began] * 7, until=7)
        m.had(*week[:-1])
        if morning:
            score, ago = morning
            m.had(week[0], until=ago + 1, moment="before", program=True)
            m.had(score, until=ago, moment="next_morning")
        m.checks_in(week[-1])

    return tell


def well(*scores: int, rated: tuple[int, ...] = (8, 7, 7, 7, 7)) -> Tell:
    """The last of so many days is today, and the client's own activities are rated again."""

    def tell(m: Maya) -> None:
        m.rates("psfs", 5, 5, 5, 5, 4, at=NOW - 20 * DAY)
        m.rates("psfs", *rated)
        after_days(*scores)(m)

    return tell


GOOD = [
    fires(
        BETTER,
        "2 points",
        easing(7, (5,) * 7),
        "offer",
        {"from": 7, "to": 5, "improvement_pct": 29},
        "6:5 5:5 4:5 3:5 2:5 1:5 0:5",
    ),
    fires(
        BETTER,
        "31%",
        easing(6, (4, 4, 4, 4, 4, 4, 5)),
        "offer",
        {"from": 6, "to": 4, "improvement_pct": 31},
        "6:4 5:4 4:4 3:4 2:4 1:4 0:5",
    ),
    silent(BETTER, "27% and under 2 points", easing(7, FIVE_AND_A_BIT)),
    silent(BETTER, "a bad morning in the week", easing(7, (5,) * 7, morning=(6, 6))),
    fires(
        BETTER,
        "a bad morning before it",
        easing(7, (5,) * 7, morning=(6, 7)),
        "offer",
        {"from": 7, "to": 5, "improvement_pct": 29},
        "6:5 5:5 4:5 3:5 2:5 1:5 0:5",
    ),
    fires(
        WELL,
        "2 for 14 days, activities up 2.4",
        well(*[2] * 15),
        "offer",
        {"days": 14, "score": 2, "risen": 2.4},
        "13:2 12:2 11:2 10:2 9:2 8:2 7:2 6:2 5:2 4:2 3:2 2:2 1:2 0:2",
    ),
    silent(WELL, "13 days", well(*[2] * 14)),
    silent(WELL, "one 3", well(*[2] * 14, 3)),
    silent(WELL, "activities up 2.2", well(*[2] * 15, rated=(7, 7, 7, 7, 7))),
]

ROWS = [*ABOUT_ONE_LOG, *STOPS_AGAIN, *STAYING, *WORSENING, *SORENESS, *NO_CHANGE, *SILENCE, *GOOD]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield make_world()
        transaction.set_rollback(True)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.rule}: {row.why}")
def test_a_rule_fires_once_and_is_silent_one_step_under_each_threshold(world: World, db: None, row: Row) -> None:
    maya = Maya(world, by_api=row.finds is not None)
    row.tell(maya)
    for _ in range(2 if row.finds else 1):
        sweep_looks(now=row.looked)
        mark_needs_look(client=maya.client, now=row.looked)
    findings = [
        finding
        for each in Assessment.objects.filter(client=maya.client).values_list("findings", flat=True)
        for finding in each
        if finding["rule"] == row.rule and finding["opens"] != row.aside
    ]
    assert [_as_found(finding) for finding in findings] == ([row.finds] if row.finds else [])
    assert _standing(maya, row) == _wanted(row)


def _as_found(finding: dict) -> Finds:
    assert finding["message"] == finding["rule"]
    opens = f"{finding['family']} {finding['urgency']}" if finding["opens"] == "case" else finding["opens"]
    days = [(TODAY - dt.date.fromisoformat(each["on"])).days for each in finding["readings"]]
    proof = " ".join(f"{day}:{each['score']}" for day, each in zip(days, finding["readings"], strict=True))
    return Finds(opens, finding["params"], proof)


def _standing(maya: Maya, row: Row) -> list[tuple[str, str, dict[str, object]]]:
    """What the rule left behind: (case, review or offer; message id; parameters). A case that another rule leads
    names this one among its evidence."""
    raised = EscalationEvent.objects.filter(escalation__client=maya.client, details__rule=row.rule)
    cases = [each.escalation for each in raised.select_related("escalation")]
    left = [
        ("case", case.message, case.params) if case.rule == row.rule else ("case", row.rule, row.finds.params)
        for case in cases
        if row.finds
    ]
    reviews = Review.objects.filter(client=maya.client, rule=row.rule)
    return left + [("offer" if each.is_offer else "review", each.message, each.params) for each in reviews]


def _wanted(row: Row) -> list[tuple[str, str, dict[str, object]]]:
    if row.finds is None or row.finds.opens == "mark":
        return []
    opens = "case" if " " in row.finds.opens else row.finds.opens
    return [(opens, row.rule, row.finds.params)]


def test_every_rule_of_the_library_has_rows_of_both_kinds() -> None:
    assert {row.rule for row in ROWS if row.finds} == set(PRECEDENCE) == set(rule_facts())
    assert {row.rule for row in ROWS if not row.finds} == set(PRECEDENCE)
