"""Maya as the table of the rules needs her: days that are past, and the doors through which she says the next one."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import time_machine
from django.test import Client as Browser

from accounts.people.actions import mark_needs_look, record_contact
from accounts.people.models import Client, Clinic
from accounts.people.rules import ContactKind
from plans.journal.actions import answer_outcome, log_session
from plans.journal.models import PainReport, Session
from plans.journal.rules import LogSource, read_log, read_outcome
from plans.programs.models import Phase, PlannedSession, Prescription, Program
from tests.clock import NOW, TODAY
from tests.conftest import Cast, make_cast
from tests.factories.journal import SessionFactory, SessionItemFactory
from tests.factories.library import OutcomeMeasureFactory, RedFlagFactory
from tests.factories.programs import PhaseFactory, PrescriptionFactory, ProgramFactory, ProgramVersionFactory

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
FLAGS = {"ces-saddle": "emergency_now", "dvt-leg": "same_day", "night-pain": "within_days"}


@dataclass
class World:
    """Two clinics, Maya's program of three moves, and her phone, signed in. Made once for all rows."""

    cast: Cast
    program: Program
    phase: Phase
    moves: list[Prescription]
    browser: Browser


def make_world() -> World:
    cast = make_cast()
    program = ProgramFactory(client=cast.client, starts_on=TODAY - 13 * DAY, ends_on=TODAY + 60 * DAY)
    phase = PhaseFactory(version=ProgramVersionFactory(program=program))
    moves = [PrescriptionFactory(phase=phase) for _ in range(3)]
    for slug, urgency in FLAGS.items():
        RedFlagFactory(clinic=cast.harbour, slug=slug, urgency=urgency)
    for slug in ("psfs", "groc"):
        OutcomeMeasureFactory(clinic=cast.harbour, slug=slug, use="allow")
    browser = Browser()
    with time_machine.travel(NOW, tick=False):
        browser.force_login(cast.client.user)
    return World(cast, program, phase, moves, browser)


class Maya:
    """What she says goes through the API or, with `by_api` off, through the action behind it; times are NOW's."""

    def __init__(self, world: World, *, by_api: bool) -> None:
        self.world, self.by_api = world, by_api
        self.client = Client.objects.get(pk=world.cast.client.pk)
        self.clinic: Clinic = world.cast.harbour
        self.program = world.program.uuid
        self.move = str(world.moves[0].uuid)

    # Days that are past, as the journal left them

    def had(self, *scores: int, until: int = 1, moment: str = "check_in", program: bool = False) -> None:
        """A score a day, the last one so many days ago; before a session of the program, where one was done."""
        version = self.world.phase.version
        own = {"program": version.program, "version": version} if program else {}
        ats = [NOW - (until + n) * DAY for n in reversed(range(len(scores)))]
        rows = [SessionFactory.build(client=self.client, performed_at=at, local_on=at.date(), **own) for at in ats]
        for row, at in zip(Session.objects.bulk_create(rows), ats, strict=True):
            row.performed_at = at
        PainReport.objects.bulk_create(
            PainReport(
                session=row,
                clinic=self.clinic,
                client=self.client,
                moment=moment,
                score=score,
                performed_at=row.performed_at,
                local_on=row.local_on,
            )
            for row, score in zip(rows, scores, strict=True)
        )
        mark_needs_look(client=self.client, now=NOW)

    def did(self, *, hours_ago: float, usual: int, move: int = 0) -> None:
        """A move done for the first time, so long ago, with the usual pain just ahead of it."""
        at = NOW - hours_ago * HOUR
        version = self.world.phase.version
        session = SessionFactory(
            client=self.client, performed_at=at, local_on=at.date(), program=version.program, version=version
        )
        PainReport.objects.create(
            session=session,
            clinic=self.clinic,
            client=self.client,
            moment="before",
            score=usual,
            performed_at=at,
            local_on=at.date(),
        )
        SessionItemFactory(session=session, prescription=self.world.moves[move])
        mark_needs_look(client=self.client, now=NOW)

    def runs_since(self, days: int) -> None:
        Program.objects.filter(pk=self.world.program.pk).update(starts_on=TODAY - days * DAY)

    def is_asked(self, days_ago: Sequence[int]) -> None:
        phase, program = self.world.phase, self.world.program
        PlannedSession.objects.bulk_create(
            PlannedSession(clinic=self.clinic, client=self.client, program=program, phase=phase, on=TODAY - n * DAY)
            for n in days_ago
        )

    # What is said now

    def checks_in(self, score: int, *, at: dt.datetime = NOW, **more: object) -> None:
        self.says({"program": None, "reports": [{"moment": "check_in", "score": score}], **more}, at=at)

    def wakes(self, score: int, *, at: dt.datetime = NOW, **more: object) -> None:
        self.says({"program": None, "reports": [{"moment": "next_morning", "score": score}], **more}, at=at)

    def trains(self, before: int = 3, after: int = 3, *, at: dt.datetime = NOW, **more: object) -> None:
        reports = [{"moment": "before", "score": before}, {"moment": "after", "score": after}]
        self.says({"program": str(self.program), "reports": reports, **more}, at=at)

    def stops(self, reason: str | None, *, at: dt.datetime = NOW, **more: object) -> None:
        """A session in which the first move was stopped, or went over its limit."""
        self.trains(at=at, items=[{"prescription": self.move, "done": True, "stop_reason": reason, **more}])

    def says(self, body: dict[str, object], *, at: dt.datetime) -> None:
        body = {"performed_at": at.isoformat()} | body
        highest = max(report["score"] for report in body["reports"])  # type: ignore[index, attr-defined]
        if highest >= 7:
            body.setdefault("can_wait", True)
        uuid = uuid4()
        if self.by_api:
            self._put(uuid, body, at)
        else:
            read = read_log(body, uuid=uuid)
            log_session(client=self.client, body=read, by=self.client.user, now=at, source=LogSource.FORM)

    def _put(self, uuid: UUID, body: dict[str, object], at: dt.datetime) -> None:
        with time_machine.travel(at, tick=False):
            answer = self.world.browser.put(
                f"/api/v1/sessions/{uuid}/", json.dumps(body), content_type="application/json"
            )
        assert answer.status_code == 201, answer.content

    def flags(self, slug: str, *, answer: bool = True) -> None:
        self.checks_in(2, red_flags=[{"slug": slug, "answer": answer, "version": 1}])

    def rates(self, measure: str, *values: int, at: dt.datetime = NOW) -> None:
        """The client's own activities, or the global change."""
        rows = [{"item": n, "value": value} for n, value in enumerate(values, 1)]
        if measure == "psfs":
            rows = [{**row, "label": f"Stairs {row['item']}"} for row in rows]
        body = read_outcome({"measure": measure, "answered_at": at.isoformat(), "answers": rows})
        answer_outcome(client=self.client, body=body, by=self.client.user, now=max(at, NOW))

    def is_seen(self, *days_ago: int) -> None:
        for n in days_ago:
            record_contact(
                client=self.client,
                kind=ContactKind.VISIT,
                at=NOW - n * DAY,
                by=self.world.cast.bodyworker.user,
                now=NOW,
            )
