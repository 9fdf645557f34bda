"""Hypothesis drives the engine and the plain reference side by side, an act at a time, and shrinks what differs."""

import datetime as dt

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from accounts.post.actions import sweep_letters
from clinic.simulation.checking import Checks
from clinic.simulation.reference import Case
from clinic.simulation.server import Mode
from clinic.simulation.surgery import BEGINS, ZONES, Surgery
from clinic.simulation.workers import Worker, boundaries
from plans.followup.actions import sweep_escalations, sweep_looks, sweep_nudges

NAMES = st.sampled_from(list(ZONES))
MINUTES = st.sampled_from([1, 2, 30, 70, 4 * 60, 8 * 60, 24 * 60])


class Model(RuleBasedStateMachine):
    """Starts from a surgery that is there already; what an example does is rolled back at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.surgery, self.now = Surgery(), BEGINS
        self.checks = Checks(self.surgery)

    def teardown(self) -> None:
        try:
            self.surgery.server.mode = Mode.KIND
            for minutes in (2, 70, 70, 2):
                self.go_on(minutes)
            self.checks.at_the_end(self.now)
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    @rule(name=NAMES, score=st.sampled_from([4, 8, 9]), hours=st.sampled_from([0, 0, 3]), harm=st.booleans())
    def log(self, name: str, score: int, hours: int, harm: bool) -> None:
        ago = dt.timedelta(hours=hours)
        self.surgery.log(name, score, now=self.now, ago=ago, harm=harm, cannot_wait=score == 8)

    @precondition(lambda self: self.surgery.bodies)
    @rule(number=st.integers(0, 99))
    def send_again(self, number: int) -> None:
        self.surgery.send_again(number, now=self.now)

    @precondition(lambda self: any(case.is_unanswered for case in self.surgery.reference.cases))
    @rule(data=st.data())
    def acknowledge(self, data: st.DataObject) -> None:
        case, by = self._one(data, [case for case in self.surgery.reference.cases if case.is_unanswered])
        self.surgery.acknowledge(case, by, now=self.now)
        self.checks.take_back()

    @precondition(lambda self: any(case.state != "resolved" for case in self.surgery.reference.cases))
    @rule(data=st.data())
    def resolve(self, data: st.DataObject) -> None:
        case, by = self._one(data, [case for case in self.surgery.reference.cases if case.state != "resolved"])
        self.surgery.resolve(case, by, now=self.now)
        self.checks.take_back()

    def _one(self, data: st.DataObject, cases: list[Case]) -> tuple[Case, str]:
        reference = self.surgery.reference
        return data.draw(st.sampled_from(cases)), data.draw(st.sampled_from([*reference.staff, *reference.owners]))

    @rule(name=NAMES)
    def unsubscribe(self, name: str) -> None:
        self.surgery.unsubscribe(name, now=self.now)

    @rule()
    def pause_reminders(self) -> None:
        self.surgery.stop_reminders(now=self.now)

    @precondition(lambda self: "kim" in self.surgery.reference.staff)
    @rule()
    def dismiss(self) -> None:
        self.surgery.dismiss(now=self.now)

    @rule(mode=st.sampled_from(list(Mode)))
    def weather(self, mode: Mode) -> None:
        self.surgery.server.mode = mode

    @rule(minutes=MINUTES)
    def go_on(self, minutes: int) -> None:
        """Time passes, with a round at every moment at which something falls due."""
        until = self.now + dt.timedelta(minutes=minutes)
        for _ in range(50):
            due = [at for at in self.surgery.reference.next_due() if self.now < at < until]
            if not due:
                break
            self.tick(min(due))
        self.tick(until)

    def tick(self, now: dt.datetime) -> None:
        self.now = self.surgery.server.now = now
        for sweep in (sweep_looks, sweep_nudges, sweep_escalations):
            sweep(now=now)
        sweep_letters(now=now, channel=self.surgery.server.line())
        if self.surgery.server.mode is not Mode.KIND:
            self.checks.trouble_at = now
        self.surgery.reference.tick(now)

    @rule(words=st.integers(0, 6))
    def crash(self, words: int) -> None:
        """A sender ends after so many words to the mail server; a minute later its lease has run out."""
        for sweep in (sweep_looks, sweep_escalations):
            sweep(now=self.now)
        self.surgery.reference.tick(self.now)
        self.surgery.server.now = self.now
        with boundaries():
            worker = Worker("letters", lambda: sweep_letters(now=self.now, channel=self.surgery.server.line()))
            for _ in range(words):
                if not worker.is_over:
                    worker.step()
            if not worker.is_over:
                worker.step(dies="here")
            worker.finish()
        assert worker.failure is None, worker.failure
        self.checks.hindered(self.now)
        self.go_on(2)

    @invariant()
    def holds(self) -> None:
        if not self.surgery.reference.unread and self.surgery.server.now == self.now:
            self.checks.after_round(self.now)
