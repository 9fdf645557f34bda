"""How many statements, and how many bytes, does each list cost when there is ten times as much?

A list whose count grows with the data asks once per row; a list whose bytes grow without end has no limit.
"""

import datetime as dt
import gzip
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from benchmarks import world
from benchmarks.measure import Call, counting, handler
from benchmarks.results import Line, verdict
from benchmarks.settings import SITE_MIDDLEWARE

ONCE, TEN_TIMES = 3, 30


@dataclass(frozen=True)
class Seen:
    statements: int
    size: int
    gzipped: int


def lists(size: int, now: dt.datetime) -> list[Call]:
    """Every list of a clinic with `size` clients, `size` logs each and `10 * size` techniques."""
    site = handler(SITE_MIDDLEWARE)
    practice = world.practice(size, now, logs=size)
    world.library(practice.clinic, size * 10, now)
    client = practice.clients[0]
    assert client.user is not None
    jo, own = world.sitting(practice.bodyworker.user, now), world.sitting(client.user, now)
    jo_key, own_key = world.token(practice.bodyworker.user, now), world.token(client.user, now)
    staff = ["/caseload/", "/library/", "/escalations/", f"/clients/{client.uuid}/"]
    return [
        *(Call(url.replace(str(client.uuid), "…"), site, url, headers=jo) for url in staff),
        *(Call(url, site, url, headers=own) for url in ("/today/", "/program/", "/progress/", "/me/")),
        *(
            Call(f"{url} as staff", site, url, headers=jo_key)
            for url in ("/api/v1/clients/", "/api/v1/sessions/", "/api/v1/techniques/", "/api/v1/escalations/")
        ),
        *(
            Call(f"{url} as a client", site, url, headers=own_key)
            for url in ("/api/v1/sessions/", "/api/v1/programs/", "/api/v1/today/")
        ),
    ]


def seen(call: Call) -> Seen:
    call()
    with counting() as counted:
        answer = call()
    if answer.status != 200:
        raise AssertionError(f"{call.name} answered {answer.status}")
    return Seen(len(counted.statements), len(answer.body), len(gzip.compress(answer.body)))


def run(*, quick: bool, scale: int) -> list[Line]:
    now = timezone.now()
    small = {call.name: seen(call) for call in lists(ONCE, now)}
    large = {call.name: seen(call) for call in lists(TEN_TIMES, now)}
    return [
        Line(
            "guard",
            f"{name} ({connection.vendor})",
            "the same SQL",
            f"{before.statements} SQL, {before.size:,} bytes; at 10x {large[name].statements} SQL,"
            f" {large[name].size:,} bytes ({large[name].gzipped:,} gzip)",
            verdict(before.statements == large[name].statements),
        )
        for name, before in small.items()
    ]
