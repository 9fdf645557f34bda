"""G1-G5: what does a request cost, beside the plainest code that could answer it?

Routes of the site and of the control, called in turn in one process, without a web server.
"""

import datetime as dt
import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from benchmarks import world
from benchmarks.measure import Call, Cost, analyse, counting, handler, round_robin
from benchmarks.results import Line, verdict
from benchmarks.settings import CONTROL_MIDDLEWARE, SITE_MIDDLEWARE
from plans.library.models import Technique

ROUNDS, QUICK_ROUNDS = 250, 40
SIZES = (20, 200, 2000)
LIBRARY = 20_200
PER_PAGE = 20


@dataclass(frozen=True)
class Goal:
    """A route of the site beside its control; `must` is the largest ratio, `statements` the most SQL."""

    id: str
    words: str
    route: str
    control: str
    must: float
    statements: int | None = None


GOALS = [
    Goal("G1", "accept a session, 4 items", "log", "write", 2.5, 9),
    Goal("G1", "accept a check-in", "check-in", "write", 2.5, 9),
    Goal("G2", "history of 90", "history", "values", 1.3, 2),
    Goal("G3", "library, first page of 20", "library", "keyset", 1.3, 2),
    Goal("G3", "library, page 1,000 beside page 1", "library-1000", "library", 1.1),
    Goal("G4", "caseload, 200 rows printed", "caseload-200-all", "session", 5.0, 6),
    Goal("G4", "caseload of 2,000, as it opens", "caseload-2000", "session", 5.0, 6),
    Goal("G5", "the client's Today", "today", "session", 3.0, 5),
]


def calls(now: dt.datetime) -> list[Call]:
    site, control = handler(SITE_MIDDLEWARE), handler(CONTROL_MIDDLEWARE)
    small = world.practice(20, now, logs=90)
    client = small.clients[0]
    user = client.user
    assert user is not None
    reader, key = small.clients[1].user, world.token(user, now)
    assert reader is not None
    jo = small.bodyworker.user
    plain = world.control_token(user)
    world.library(small.clinic, LIBRARY, now)
    world.entries(user, LIBRARY, now)
    caseloads = {20: small, **{size: world.practice(size, now) for size in SIZES[1:]}}
    analyse()
    rows = [
        Call("empty", control, "/empty/"),
        Call("session", control, "/session/", headers=world.sitting(user, now)),
        Call("joined", control, "/joined/"),
        Call("write", control, "/write/", "POST", plain, entry_body, 201),
        Call("values", control, "/history/", headers=plain),
        Call("keyset", control, "/keyset/", headers=plain),
        Call("log", site, "", "PUT", key, lambda: log_body(small), 201),
        Call("check-in", site, "", "PUT", key, check_in_body, 201),
        Call("history", site, "/api/v1/sessions/?page_size=90", headers=world.token(reader, now)),
        Call("library", site, f"/api/v1/techniques/?page_size={PER_PAGE}", headers=world.token(jo, now)),
        Call("library-1000", site, deep_page(small.clinic), headers=world.token(jo, now)),
        Call("today", site, "/today/", headers=world.sitting(reader, now)),
    ]
    for size, practice in caseloads.items():
        cookie = world.sitting(practice.bodyworker.user, now)
        rows.append(Call(f"caseload-{size}", site, "/caseload/", headers=cookie))
        rows.append(Call(f"caseload-{size}-all", site, "/caseload/?all=1", headers=cookie))
    return rows


def entry_body() -> tuple[str, bytes]:
    said = {"at": timezone.now().isoformat(), "score": 5, "note": "as usual"}
    return "/write/", json.dumps(said).encode()


def log_body(practice: world.Practice) -> tuple[str, bytes]:
    site = {"region": "back-buttock", "side": "right"}
    said = {
        "program": str(practice.programs[0].uuid),
        "performed_at": timezone.now().isoformat(),
        "items": [{"prescription": str(uuid), "done": True} for uuid in practice.prescriptions],
        "reports": [
            {"moment": "before", "score": 5, "sites": [site]},
            {"moment": "after", "score": 3, "sites": [site]},
        ],
        "note": "as usual",
    }
    return f"/api/v1/sessions/{uuid4()}/", json.dumps(said).encode()


def check_in_body() -> tuple[str, bytes]:
    reports = [{"moment": "check_in", "score": 4}]
    said = {"program": None, "performed_at": timezone.now().isoformat(), "reports": reports}
    return f"/api/v1/sessions/{uuid4()}/", json.dumps(said).encode()


def deep_page(clinic: Any) -> str:
    """The address of page 1,000, as the page before it would name it."""
    newest_first = Technique.objects.of(clinic).order_by("pk")
    last = newest_first.values_list("pk", flat=True)[999 * PER_PAGE - 1]
    cursor = b64encode(urlencode({"p": last}).encode()).decode()
    return "/api/v1/techniques/?" + urlencode({"cursor": cursor, "page_size": PER_PAGE})


def statements_of(call: Call) -> int:
    call()
    with counting() as counted:
        call()
    return len(counted.statements)


def run(*, quick: bool, scale: int) -> list[Line]:
    now = timezone.now()
    all_calls = calls(now)
    counts = {call.name: statements_of(call) for call in all_calls}
    costs = round_robin(all_calls, QUICK_ROUNDS if quick else ROUNDS)
    return [*(judged(goal, costs, counts) for goal in GOALS), *per_client(costs, counts), *plain(costs, counts)]


def judged(goal: Goal, costs: dict[str, Cost], counts: dict[str, int]) -> Line:
    mine, control = costs[goal.route], costs[goal.control]
    ratio, both = mine.ours / control.ours, mine.both / control.both
    statements = counts[goal.route]
    is_met = ratio <= goal.must and (goal.statements is None or statements <= goal.statements)
    most = "" if goal.statements is None else f", {goal.statements} SQL"
    return Line(
        goal.id,
        f"{goal.words} ({connection.vendor})",
        f"{goal.must:g}x{most}",
        f"{ratio:.2f}x, {statements} SQL; {both:.2f}x with the database's CPU",
        verdict(is_met),
    )


def per_client(costs: dict[str, Cost], counts: dict[str, int]) -> list[Line]:
    """What one more client costs: on the list but not printed, and printed."""
    unseen = (costs["caseload-2000"].ours - costs["caseload-200"].ours) / (SIZES[2] - SIZES[1]) * 1000
    printed = (costs["caseload-200-all"].ours - costs["caseload-20-all"].ours) / (SIZES[1] - SIZES[0]) * 1000
    asked = {counts[f"caseload-{size}"] for size in SIZES}
    where = f"({connection.vendor})"
    return [
        Line("G4", f"each client beyond the page {where}", "20 µs", f"{unseen:.1f} µs", verdict(unseen <= 20)),
        Line("G4", f"each client printed {where}", "20 µs", f"{printed:.1f} µs", verdict(printed <= 20)),
        Line(
            "G4", f"the same SQL for 20, 200 and 2,000 {where}", "1 count", f"{sorted(asked)}", verdict(len(asked) == 1)
        ),
    ]


def plain(costs: dict[str, Cost], counts: dict[str, int]) -> list[Line]:
    """The figures behind the ratios, for whoever compares machines."""
    return [
        Line(
            "",
            f"{name} ({connection.vendor})",
            "",
            f"{cost.ours:.2f} ms + {cost.theirs:.2f} ms, {counts[name]} SQL",
            "",
        )
        for name, cost in costs.items()
    ]
