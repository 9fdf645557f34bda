"""Tries every door as everyone and tells what was not as the matrix says."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import reverse

from tests.access.matrix import BODIES
from tests.access.personas import CANARIES, CLOSED, METHODS, SIGN_IN, Door, Expected, opener
from tests.access.world import World, table_digests

SIGN_IN_PAGE = "/account/login/"


class Writes:
    """Whether anything but SELECT was said to the database; most refusals are told apart by this alone."""

    def __init__(self) -> None:
        self.seen = False

    def __enter__(self) -> "Writes":
        self.listening = connection.execute_wrapper(self)
        self.listening.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.listening.__exit__(*error)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        words = sql.lstrip().split(None, 1)[0].upper()
        self.seen = self.seen or words not in {"SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK"}
        return execute(sql, params, many, context)


def address_of(world: World, name: str, door: Door) -> str:
    """The door's address: `uuid=maya.case` is that case's uuid, `token=maya.token` the text itself."""
    return reverse(name, kwargs=dict(_argument(world, part) for part in door.args))


def _argument(world: World, part: str) -> tuple[str, Any]:
    """“uuid=maya.case”: that case's uuid; “program=maya.program.uuid” names the attribute; “'x” is the word x."""
    key, _, named = part.partition("=")
    if named.startswith("'"):
        return key, named[1:]
    whose, what, *attribute = named.split(".")
    value = world.values[f"{whose}.{what}"]
    return key, getattr(value, attribute[0] if attribute else key, value)


def ask(world: World, persona: str, method: str, address: str, body: str) -> HttpResponse:
    """One request inside a savepoint; the caller looks at the tables and rolls it back."""
    made = BODIES[body](world) if body and method != "GET" else {}
    if address.startswith("/api/"):
        return world.browser(persona).generic(method, address, _json(made), content_type="application/json")
    if method == "GET":
        return world.browser(persona).get(address)
    if method == "POST":
        return world.browser(persona).post(address, made)
    return world.browser(persona).generic(method, address)


def _json(made: Any) -> str:
    return json.dumps(made, default=str)


def answer_of(response: HttpResponse) -> Expected:
    """The status, but “sign-in” for a redirect to the sign-in page."""
    if response.status_code == 302 and response.headers["Location"].startswith(SIGN_IN_PAGE + "?next="):
        return SIGN_IN
    return response.status_code


def findings_at(world: World, name: str, door: Door) -> Iterator[str]:
    address = address_of(world, name, door)
    for method, wanted in door.declared().items():
        for persona, expected in wanted.items():
            yield from _try(world, persona, method, address, door, expected, name)
    yield from _undeclared(world, name, door, address)


def _try(
    world: World, persona: str, method: str, address: str, door: Door, expected: Expected, name: str
) -> Iterator[str]:
    cell = f"{name} {method} as {persona}"
    with transaction.atomic(), Writes() as writes:
        response = ask(world, persona, method, address, door.data)
        answer = answer_of(response)
        if answer != expected:
            yield f"{cell}: expected {expected}, got {answer}"
        if expected in CLOSED and writes.seen:
            for table, digest in table_digests().items():
                if digest != world.untouched[table]:
                    yield f"{cell}: refused, and yet it changed {table}"
        transaction.set_rollback(True)
    told = response.content.decode(errors="replace") + str(response.headers)
    for canary, readers in CANARIES.items():
        if canary in told and persona not in readers and canary not in door.shows:
            yield f"{cell}: read {canary}"


def _undeclared(world: World, name: str, door: Door, address: str) -> Iterator[str]:
    persona = opener(door)
    for method in METHODS:
        if method in door.declared():
            continue
        with transaction.atomic():
            answer = answer_of(ask(world, persona or "anonymous", method, address, ""))
            transaction.set_rollback(True)
        if answer != 405 and not (persona is None and answer == 404):
            yield f"{name} {method} is not declared: expected 405, got {answer}"


def findings(world: World, doors: dict[str, Door]) -> Iterator[str]:
    for name, door in doors.items():
        yield from findings_at(world, name, door)


# Whose things stand in for Maya's and Harbour's, and who must find nothing behind the same address then.
ELSEWHERE = {"maya.": "lea.", "harbour.": "meadow."}
OF_HARBOUR = ("client", "bodyworker", "unassigned", "curator", "owner")


def of_the_other_clinic(door: Door) -> Door | None:
    """The same door with the other clinic's ids in its address; None where it has none of ours."""
    args = door.args
    for ours, theirs in ELSEWHERE.items():
        args = tuple(part.replace(f"={ours}", f"={theirs}") for part in args)
    return replace(door, args=args) if args != door.args else None


def foreign_findings_at(world: World, name: str, door: Door) -> Iterator[str]:
    """Harbour's people with Meadow's ids: nothing is there, nothing changes, nothing is told."""
    other = of_the_other_clinic(door)
    if other is None or door.shows:
        return
    address = address_of(world, name, other)
    for method in door.declared():
        for persona in OF_HARBOUR:
            expected = door.elsewhere.get(f"{method} {persona}", 404)
            yield from _try(world, persona, method, address, other, expected, f"{name} with foreign ids")
