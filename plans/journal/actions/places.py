"""Where does a log belong? The program, its version, the planned session and the prescriptions it names."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, OuterRef, Subquery, Value

from accounts.people.models import Client
from plans.journal.rules import Fault, Flag, LogBody, LogRefused, Problem
from plans.library.models import RedFlag
from plans.library.rules import FlagUrgency, ProgramAction
from plans.programs.models import PlannedSession, Prescription, ProgramVersion
from plans.programs.rules import ProgramState


@dataclass(frozen=True)
class Place:
    """Row ids; all empty for a check-in."""

    program_id: int | None = None
    version_id: int | None = None
    planned_id: int | None = None
    prescriptions: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True)
class AskedFlag:
    """A safety question of the clinic, with its row id."""

    id: int
    flag: Flag


def place_of(body: LogBody, *, client: Client, local_on: dt.date, is_new: bool = True) -> Place:
    """Find what the body names, in one query; a program that asks for nothing costs another.

    A correction (`is_new` False) may come after the program is over.

    Raises:
        LogRefused: the program is not this client's, is not started or finished, or an item is not in it.
    """
    if body.program is None:
        return Place()
    rows = list(_prescriptions(body.program, client, local_on)) or list(_program_alone(body.program, client, local_on))
    if not rows:
        raise LogRefused(Problem("program", Fault.NO_SUCH_PROGRAM))
    if is_new:
        _refuse_state(rows[0], body, local_on)
    known = {row["uuid"]: row for row in rows if row["uuid"]}
    strangers = [index for index, item in enumerate(body.items) if item.prescription not in known]
    if strangers:
        raise LogRefused(*(Problem(f"items[{i}].prescription", Fault.NO_SUCH_PRESCRIPTION) for i in strangers))
    # What was done belongs to the version that asked for it; without items, to the newest.
    done = [known[item.prescription] for item in body.items] or rows
    newest = max(done, key=lambda row: row["number"])
    return Place(
        program_id=newest["program"],
        version_id=newest["version"],
        planned_id=newest["planned"],
        prescriptions={item.prescription: known[item.prescription]["pk"] for item in body.items},
    )


def _prescriptions(program: UUID, client: Client, local_on: dt.date) -> Iterable[Mapping[str, Any]]:
    path = "phase__version__program"
    return (
        Prescription.objects.filter(phase__version__program__uuid=program, phase__version__program__client=client)
        .annotate(planned=_planned_on(local_on, f"{path}_id"))
        .values(
            "pk",
            "uuid",
            "planned",
            number=F("phase__version__number"),
            version=F("phase__version_id"),
            program=F(f"{path}_id"),
            state=F(f"{path}__state"),
            finished_on=F(f"{path}__finished_on"),
        )
    )


def _program_alone(program: UUID, client: Client, local_on: dt.date) -> Iterable[Mapping[str, Any]]:
    """The same facts for a program that asks for nothing yet."""
    return (
        ProgramVersion.objects.filter(program__uuid=program, program__client=client)
        .annotate(
            planned=_planned_on(local_on, "program_id"), uuid=Value(None, output_field=models.UUIDField(null=True))
        )
        .values(
            "uuid",
            "planned",
            "number",
            "program",
            version=F("pk"),
            state=F("program__state"),
            finished_on=F("program__finished_on"),
        )
    )


def _planned_on(day: dt.date, program: str) -> Subquery:
    planned = PlannedSession.objects.on_day(day).filter(program=OuterRef(program)).order_by("pk")
    return Subquery(planned.values("pk")[:1])


def _refuse_state(row: Mapping[str, Any], body: LogBody, local_on: dt.date) -> None:
    """A program must have begun and not be over; a phone may still send what was done before it was over."""
    if row["state"] == ProgramState.OFFERED:
        raise LogRefused(Problem("program", Fault.PROGRAM_NOT_STARTED))
    if row["state"] == ProgramState.FINISHED and not (body.sent_at and local_on < row["finished_on"]):
        raise LogRefused(Problem("program", Fault.PROGRAM_FINISHED))


def flags_of(body: LogBody, *, client: Client) -> dict[str, AskedFlag]:
    """The safety questions that were answered, by slug; no query where none was.

    Raises:
        LogRefused: the clinic's library has no such question.
    """
    if not body.red_flags:
        return {}
    slugs = [given.slug for given in body.red_flags]
    found = {row.slug: row for row in RedFlag.objects.of(client.clinic_id).filter(slug__in=slugs)}
    strangers = [index for index, slug in enumerate(slugs) if slug not in found]
    if strangers:
        raise LogRefused(*(Problem(f"red_flags[{i}].slug", Fault.NO_SUCH_QUESTION) for i in strangers))
    return {slug: AskedFlag(row.pk, facts_of(row)) for slug, row in found.items()}


def facts_of(row: RedFlag) -> Flag:
    return Flag(row.slug, FlagUrgency(row.urgency), ProgramAction(row.program_action), row.client_message)
