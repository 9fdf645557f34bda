"""One seed: days of a small clinic, its workers interleaved, stalled and killed as the dice say."""

import datetime as dt
import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from accounts.post.actions import sweep_letters
from accounts.post.models import Delivery, Incident, Letter
from plans.followup.actions import sweep_escalations, sweep_looks, sweep_nudges
from plans.followup.models import EscalationEvent, Nudge

from .checking import Broken, Checks
from .habits import Habits
from .server import Mode
from .surgery import BEGINS, ZONES, Surgery
from .workers import Worker, boundaries

MINUTE = dt.timedelta(minutes=1)
ROUGH = (Mode.DOWN, Mode.LATER, Mode.LATER_TEXT, Mode.SILENT, Mode.DROPS)


@dataclass(frozen=True)
class Played:
    """What became of one seed: how many steps workers took, and a digest of every row that matters."""

    steps: int
    digest: str
    problem: str = ""


class Player:
    """Plays and looks after every round. `hours`: of each day, for a short play; `kill_at`: numbers of the steps
    at which a worker ends (none: by dice); `harsh`: how many times as often as usual the dice kill and stall;
    `weather`: how the mail server begins."""

    def __init__(
        self,
        seed: int,
        *,
        days: int,
        hours: int = 24,
        kill_at: tuple[int, ...] | None = None,
        harsh: int = 1,
        weather: str = "kind",
    ) -> None:
        self.seed, self.days, self.kill_at = seed, days, kill_at
        self.hours, self.harsh, self.now = dt.timedelta(hours=hours), harsh, BEGINS
        self.dice, self.luck = self._thrown("people"), self._thrown("workers")
        self.surgery, self.habits = Surgery(), Habits.thrown(self.dice)
        self.surgery.server.mode = Mode(weather)
        self.checks = Checks(self.surgery)
        self.steps = 0
        self.asleep: list[Worker] = []

    def _thrown(self, whose: str, at: dt.datetime | None = None) -> random.Random:
        """Fresh dice. Each day, act and round has its own, so that one step more in the engine does not make
        another story of all that follows."""
        return random.Random(f"{self.seed} {whose} {at or self.now:%j %H:%M}")  # noqa: S311

    def play(self) -> Played:
        """Raises nothing for what it finds; `problem` says it, with the step."""
        with boundaries():
            try:
                self._days()
                self._quiet()
            except Broken as found:
                return Played(self.steps, digest(self.surgery), f"step {self.steps}, {self.now:%d %b %H:%M}: {found}")
            except Exception as failure:  # noqa: BLE001 (an engine that raises is a finding, with its seed)
                words = f"step {self.steps}, {self.now:%d %b %H:%M}: {type(failure).__name__}: {failure}"
                return Played(self.steps, digest(self.surgery), words)
            finally:
                for worker in self.asleep:
                    worker.finish()
        return Played(self.steps, digest(self.surgery))

    def _days(self) -> None:
        for day in range(self.days):
            begins = BEGINS + dt.timedelta(days=day)
            agenda: list[tuple[dt.datetime, Callable[[], None]]] = [
                (begins + 105 * MINUTE * n, self.round) for n in range(1, 14)
            ]
            self.dice = self._thrown("day", begins)
            agenda += [(begins + self.dice.randrange(1440) * MINUTE, self._something) for _ in range(7)]
            agenda.append((self.habits.evening_after(begins, self.dice), self._an_evening))
            for at, happens in sorted((one for one in agenda if one[0] < begins + self.hours), key=lambda one: one[0]):
                self._until(at)
                self.now = at
                happens()
            self.checks.audit(self.now)

    def _until(self, at: dt.datetime) -> None:
        """What falls due on the way there gets its rounds, to the minute."""
        for _ in range(50):
            due = [one for one in self.surgery.reference.next_due() if self.now < one < at]
            if not due:
                return
            self.now = min(due)
            self.round(reminds=False)

    def _quiet(self) -> None:
        """All trouble ends, sleepers wake, and everything that waits gets its turn."""
        self.surgery.server.mode = Mode.KIND
        for worker in list(self.asleep):
            self._wake(worker)
        for wait in (2 * MINUTE, 70 * MINUTE, 70 * MINUTE, 2 * MINUTE):
            self.now += wait
            self._clean()
        self.checks.at_the_end(self.now)

    # Rounds

    def round(self, *, reminds: bool = True) -> None:
        """Workers of every part, two of most, as the dice interleave them; then one round in peace."""
        now = self.surgery.server.now = self.now
        self.luck = self._thrown("workers")
        awake = [one for one in self.asleep if self.luck.random() < 0.3]
        later = [one for one in awake if self.luck.random() < 0.5]
        if any(one.name.startswith("looks") for one in awake):
            # Others look every ten seconds, so a round that stood still finds no report newer than itself: it would
            # judge it by its own time, and the case would be told early.
            sweep_looks(now=now)
        for worker in awake:
            if worker not in later:
                self._wake(worker)
        letters, looks, cases = self._letters(now), partial(sweep_looks, now=now), partial(sweep_escalations, now=now)
        works: dict[str, Callable[[], object]] = {"looks": looks, "letters": letters}
        if self.luck.random() < 0.4:
            works["looks too"] = looks
        if reminds:
            works["nudges"] = partial(sweep_nudges, now=now)
        unfinished = self._interleave(works, later)
        works = {"cases": cases, "letters": letters}
        if self.luck.random() < 0.4:
            works |= {"cases too": cases, "letters too": letters}
        self._interleave(works)
        self._clean(reminds="nudges" in unfinished)

    def _wake(self, worker: Worker) -> None:
        self.asleep.remove(worker)
        self.surgery.server.hears_a_sleeper = True
        self._finish(worker)
        self.surgery.server.hears_a_sleeper = False

    def _clean(self, *, reminds: bool = True) -> None:
        now = self.now
        self.surgery.server.now = now
        sweep_looks(now=now)
        if reminds:
            sweep_nudges(now=now)
        sweep_escalations(now=now)
        sweep_letters(now=now, channel=self.surgery.server.line())
        if self.surgery.server.mode is not Mode.KIND:
            self.checks.trouble_at = now
        self.surgery.reference.tick(now)
        self.checks.after_round(now)

    def _letters(self, now: dt.datetime) -> Callable[[], object]:
        return lambda: sweep_letters(now=now, channel=self.surgery.server.line())

    def _interleave(self, works: dict[str, Callable[[], object]], awake: Sequence[Worker] = ()) -> set[str]:
        """Those who `awake` go on among the others, with what they believe they hold. Answers who did not get to
        the end."""
        for worker in awake:
            self.asleep.remove(worker)
        going = [*awake, *(Worker(name, work) for name, work in works.items())]
        unfinished: set[str] = set()
        while going:
            worker = self.luck.choice(going)
            self._step(worker)
            if worker.is_over or worker in self.asleep:
                going.remove(worker)
                unfinished |= {worker.name} if worker.was_killed or not worker.is_over else set()
        return unfinished

    def _step(self, worker: Worker) -> None:
        self.steps += 1
        roll = self.luck.random() / self.harsh
        if self.kill_at is not None:
            dies = "here" if self.steps in self.kill_at else ""
        else:
            dies = "here" if roll < 0.008 else "in the transaction" if roll < 0.008 else ""
            if 0.008 < roll < 0.011 and worker.where != "at the start":
                worker.has_slept = True
                self.asleep.append(worker)
                self.checks.hindered(self.now)
                return
        self.surgery.server.hears_a_sleeper = worker.has_slept
        worker.step(dies=dies)
        self.surgery.server.hears_a_sleeper = False
        self._look_at(worker)

    def _finish(self, worker: Worker) -> None:
        worker.finish()
        self._look_at(worker)

    def _look_at(self, worker: Worker) -> None:
        if worker.failure is not None:
            raise Broken(f"the worker {worker.name} failed: {type(worker.failure).__name__}: {worker.failure}")
        if worker.was_killed:
            self.checks.hindered(self.now)

    # What people do, and what breaks

    def _something(self) -> None:
        self.dice, self.luck = self._thrown("people"), self._thrown("who is quicker")
        often = [self._a_log] * 5 + [self._an_answer] * 5 + [self._preference] * 2
        acts: list[Callable[[], None]] = [*often, self._again, self._weather, self._leaver]
        self.dice.choice(acts)()
        self.round(reminds=False)

    def _a_log(self) -> None:
        wrote_at = {name: logs[-1][1] for name, logs in self.surgery.logged_on.items() if logs}
        name, is_worse = self.habits.writes(self.surgery.reference.cases, wrote_at, self.now, self.dice)
        roll = self.dice.random()
        ago = dt.timedelta(hours=self.dice.choice([0, 0, 0, 2, 20]))
        score = 9 if is_worse or roll < 0.35 else 8 if roll < 0.5 else 4
        self.surgery.log(name, score, now=self.now, ago=ago, harm=roll > 0.9, cannot_wait=score == 8)

    def _an_evening(self) -> None:
        if self._thrown("evening").random() < 0.9:
            self.surgery.log(self.habits.in_the_evening, 3, now=self.now)
        self.round(reminds=False)

    def _again(self) -> None:
        if self.surgery.bodies:
            self.surgery.send_again(self.dice.randrange(1000), now=self.now)

    def _an_answer(self) -> None:
        """Somebody takes, ends or puts off a case, while the post is going out."""
        reference = self.surgery.reference
        live = [case for case in reference.cases if case.state != "resolved"]
        if not live:
            return
        for sweep in (sweep_looks, sweep_escalations):
            sweep(now=self.now)
        reference.tick(self.now)
        case, by = self.dice.choice(live), self.dice.choice([*reference.staff, *reference.owners])
        roll = self.dice.random()
        if case.is_unanswered and roll < 0.7:
            act = partial(self.surgery.acknowledge, case, by, now=self.now)
        elif case.state == "acknowledged" and roll > 0.8 and case.acked_by in reference.staff:
            act = partial(self.surgery.snooze, case, now=self.now)
        else:
            act = partial(self.surgery.resolve, case, by, now=self.now)
        self.surgery.server.now = self.now
        letters = self._letters(self.now)
        self.checks.trouble_at = self.now
        self._race("an answer", act, letters)
        self.checks.take_back()

    def _race(self, name: str, act: Callable[[], object], letters: Callable[[], object]) -> None:
        """A person does this while letters leave: at any boundary of theirs, and never half."""
        post, person = Worker("letters", letters), Worker(name, act)
        for _ in range(self.luck.randrange(30)):
            if not post.is_over:
                self._step(post)
            if post in self.asleep:
                break
        self._finish(person)
        self.checks.take_back()
        if not post.is_over and post not in self.asleep:
            self._finish(post)

    def _preference(self) -> None:
        # Whoever has a reminder waiting is likelier to say no to it, and whoever gets many.
        waiting = Letter.objects.live().filter(subject_kind="nudge").order_by("pk")
        names = [email.partition("@")[0] for email in waiting.values_list("client__email", flat=True)]
        name = self.dice.choice(names or [*ZONES, self.habits.never, self.habits.in_the_evening])
        back = self.dice.choice(sorted(self.surgery.silent_since) or [name])
        choices: list[Callable[[], object]] = [
            *[partial(self._unsubscribes, name)] * 2,
            partial(self.surgery.resubscribe, back, now=self.now),
            partial(self.surgery.stop_reminders, now=self.now),
            partial(self.surgery.lift_stop, now=self.now),
        ]
        self.dice.choice(choices)()

    def _unsubscribes(self, name: str) -> None:
        self.surgery.server.now = self.now
        self._race("an unsubscription", partial(self.surgery.unsubscribe, name, now=self.now), self._letters(self.now))

    def _weather(self) -> None:
        server = self.surgery.server
        server.mode = self.dice.choice(ROUGH) if server.mode is Mode.KIND else Mode.KIND

    def _leaver(self) -> None:
        if "kim" in self.surgery.reference.staff and self.dice.random() < 0.3:
            self.surgery.dismiss(now=self.now)


def digest(surgery: Surgery) -> str:
    """The same seed leaves the same rows: a hash of those that the engine writes."""
    rows = [
        *Letter.objects.order_by("pk").values_list("dedupe_key", "state", "attempts", "sent_at", "next_attempt_at"),
        *Delivery.objects.order_by("pk").values_list("letter_id", "number", "outcome", "began_at", "ended_at"),
        *EscalationEvent.objects.order_by("pk").values_list("escalation_id", "sequence", "act", "tier", "at"),
        *Nudge.objects.order_by("pk").values_list("client_id", "local_on", "state", "reason"),
        *Incident.objects.order_by("pk").values_list("dedupe_key", "opened_at"),
        *[(one.message_id, one.to, one.at) for one in surgery.server.taken],
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
