"""The database's disk is full for a while: what was refused was refused in words, what was accepted is there.

Clients check in by form and by API at the pages' real server, while sweepers find that they cannot write either.
Whoever was refused sends the same again.
"""

import json
import time
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.people.models import Client
from tests.chaos.children import child, ends
from tests.chaos.full_disk import IS_FULL
from tests.chaos.people import clinic_with
from tests.chaos.reports import SCORE, Due
from tests.chaos.stage import FOLDER, Sink, size
from tests.chaos.sweeping import keep_sweeping, sweep_what_is_left
from tests.chaos.visitor import Answered, Visitor, pages
from tests.journal.logs import check_in

FULL = size("FULL", 6)  # seconds
REPORTS, LETTERS = size("REPORTS", 24), size("LETTERS", 24)
SENDERS = size("SENDERS", 2)
IN_TIME = FULL + 60.0  # seconds
NOTE = "after the long drive"


@dataclass
class Sender:
    """One client's log: by form or by API, and again with the same words until it is accepted."""

    visitor: Visitor
    by_form: bool
    uuid: UUID = field(default_factory=uuid4)
    at: str = field(default_factory=lambda: timezone.now().isoformat())
    refused: int = 0
    bad: list[str] = field(default_factory=list)

    @property
    def client(self) -> Client:
        return self.visitor.client

    def is_accepted(self) -> bool:
        answer = self._send()
        if answer.status in {200, 201, 302}:
            return True
        self.refused += 1
        if not self._says_so(answer):
            self.bad.append(f"{answer.status} {answer.words[:200]}")
        return False

    def _send(self) -> Answered:
        if self.by_form:
            return self.visitor.checks_in(self.uuid, note=NOTE)
        body = json.dumps(check_in(SCORE, performed_at=self.at))
        return self.visitor.ask("PUT", f"/api/v1/sessions/{self.uuid}/", body, kind="application/json")

    def _says_so(self, answer: Answered) -> bool:
        """Is the person told that nothing is saved, with all that was typed still there?"""
        if answer.status != 503:
            return False
        if self.by_form:
            return all(words in answer.words for words in ("This is NOT saved yet", NOTE, str(self.uuid)))
        return "Nothing of this was saved" in json.loads(answer.words)["detail"]


def main() -> None:
    sink, due = Sink(FOLDER), Due()
    _, staff, clients = clinic_with(3, REPORTS)
    over = FOLDER / "over"
    with sink.serving(settings.EMAIL_PORT), pages("tests.chaos.full_disk:application") as port:
        waiting = [Sender(Visitor(client, port), by_form=n % 2 == 0) for n, client in enumerate(clients)]
        everybody = list(waiting)
        sweepers = [child(partial(keep_sweeping, over.exists, timezone.now)) for _ in range(SENDERS)]
        due.spread_letters(staff, LETTERS, begins=timezone.now(), seconds=FULL * 2)
        waiting = [*send(waiting[: REPORTS // 4], due), *waiting[REPORTS // 4 :]]
        IS_FULL.touch()
        until = time.monotonic() + FULL
        read = []
        while time.monotonic() < until:
            waiting = send(waiting[: REPORTS // 2], due) + waiting[REPORTS // 2 :]
            read.append(everybody[0].visitor.opens_today())
            time.sleep(0.2)
        IS_FULL.unlink()
        waiting = send(waiting, due)
        due.wait_until_told(sink, seconds=90)
        over.touch()
        ends(sweepers)
        now = sweep_what_is_left(timezone.now())
    refused = [sum(each.refused for each in everybody if each.by_form == by_form) for by_form in (True, False)]
    scale = f"{REPORTS:,} reports, {LETTERS:,} letters, {connection.vendor}"
    figures = due.figures(f"the database's disk is full for {FULL} s", scale, sink, in_time=IN_TIME, now=now)
    bad = [words for each in everybody for words in each.bad]
    if bad:
        figures.broken.append(f"{len(bad)} refused without a word: {bad[0]}")
    if waiting:
        figures.broken.append(f"{len(waiting)} still refused when there was room")
    if any(each.status != 200 for each in read):
        figures.broken.append("Today could not be read")
    figures.note = (
        f"refused, with what to do: {refused[0]} times by form, {refused[1]} by API; all came when sent again"
    )
    figures.tell()
    assert min(refused) > 0, "nothing was refused: the disk was not full"
    assert figures.is_good, figures


def send(senders: list[Sender], due: Due) -> list[Sender]:
    """Each tries once; answers those that were refused."""
    left = []
    for each in senders:
        if each.is_accepted():
            due.accepted(each.client, each.uuid, timezone.now())
        else:
            left.append(each)
    return left
