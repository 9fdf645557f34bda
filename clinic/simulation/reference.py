"""What should have become of every report, in plain Python: no database, no Django, none of the engine's rules.

Only for a clinic that never closes and lies in UTC, so that a working day is 24 hours. Times are the starter
library's (rules.json, urgencies), written down here a second time on purpose.
"""

import datetime as dt
from dataclasses import dataclass, field

HOUR = dt.timedelta(hours=1)
REOPENS = 72 * HOUR
RANK = {"routine": 0, "urgent": 1}
# After the round of telling began: the second tier, the third; then how often all are reminded, when the
# target has passed, and when a case that somebody took is looked at again.
TIERS = {"urgent": {1: 0 * HOUR, 2: 4 * HOUR, 3: 8 * HOUR}, "routine": {1: 0 * HOUR, 2: 12 * HOUR, 3: 24 * HOUR}}
REMIND = {"urgent": 4 * HOUR, "routine": 24 * HOUR}
FOLLOW_UP = {"urgent": 24 * HOUR, "routine": 48 * HOUR}
# When somebody should have answered: very severe pain within 8 hours, harm and a cry for help within a working day.
TARGET = {("severe", "urgent"): 8 * HOUR, ("safety", "urgent"): 24 * HOUR, ("severe", "routine"): 24 * HOUR}
SEVERE = 7

NEVER = dt.datetime(1, 1, 1, tzinfo=dt.UTC)

Act = tuple[str, int, dt.datetime]


@dataclass(frozen=True)
class Owed:
    """One letter: its key within the case, and who must get it. `case` is the case's place in the row of all."""

    case: int
    generation: int
    part: str
    to: str
    is_about_case: bool = True


@dataclass
class Case:
    client: str
    family: str
    urgency: str
    place: int
    began: dt.datetime
    generation: int = 1
    state: str = "open"
    tier: int = 0
    target: dt.datetime = NEVER
    told: list[str] = field(default_factory=list)
    reached: set[int] = field(default_factory=set)
    told_at: dt.datetime = NEVER
    reminded: int = 0
    settled: int = 0
    nobody: bool = False
    acked_at: dt.datetime | None = None
    acked_by: str = ""
    follow_up: dt.datetime | None = None
    resolved_at: dt.datetime | None = None
    acts: list[Act] = field(default_factory=list)

    @property
    def is_unanswered(self) -> bool:
        return self.state in {"open", "notified"}


class Reference:
    """`carer` names each client's own bodyworker; `staff` the bodyworkers in order; the owners come last."""

    def __init__(self, carer: dict[str, str], staff: list[str], owners: list[str]) -> None:
        self.carer, self.staff, self.owners = carer, staff, owners
        self.cases: list[Case] = []
        self.unread: list[tuple[dt.datetime, str, str, str]] = []
        self.scores: dict[str, dict[dt.date, list[tuple[dt.datetime, int]]]] = {}
        self.owed: list[Owed] = []
        self.taken_back: list[Owed] = []

    # What people do

    def log(self, client: str, on: dt.date, at: dt.datetime, score: int, *, harm: bool, cannot_wait: bool) -> None:
        self.scores.setdefault(client, {}).setdefault(on, []).append((at, score))
        if score >= 9:
            self.unread.append((at, client, "severe", "urgent"))
        if harm:
            self.unread.append((at, client, "safety", "urgent"))
        if cannot_wait and score >= SEVERE:
            self.unread.append((at, client, "severe", "routine"))

    def acknowledge(self, case: Case, by: str, now: dt.datetime) -> None:
        case.state, case.acked_at, case.acked_by = "acknowledged", now, by
        case.follow_up = now + FOLLOW_UP[case.urgency]
        self._take_back(case)
        case.acts.append(("acknowledge", 0, now))
        self._owe(case, "seen", case.client, is_about_case=False)

    def resolve(self, case: Case, by: str, now: dt.datetime) -> None:
        if case.state != "acknowledged":
            self.acknowledge(case, by, now)
        case.state, case.resolved_at, case.follow_up = "resolved", now, None
        self._take_back(case)
        case.acts.append(("resolve", 0, now))

    def snooze(self, case: Case, until: dt.datetime, now: dt.datetime) -> None:
        case.follow_up = until
        case.acts.append(("snooze", 0, now))

    def leave(self, member: str, heir: str) -> None:
        """A bodyworker leaves; whom they cared for goes to the heir."""
        self.staff = [name for name in self.staff if name != member]
        self.carer = {client: heir if carer == member else carer for client, carer in self.carer.items()}

    # What the engine does

    def tick(self, now: dt.datetime) -> None:
        unread, self.unread = self.unread, []
        for client in sorted({client for _, client, _, _ in unread}):
            for family in ("safety", "severe"):
                mine = [one for one in unread if one[1] == client and one[2] == family]
                for _, _, _, urgency in sorted(mine, key=lambda one: -RANK[one[3]]):
                    self._raise(client, family, urgency, now)
        for case in self.cases:
            if case.state == "acknowledged":
                self._look_again(case, now)
            if case.is_unanswered:
                self._advance(case, now)

    def next_due(self) -> list[dt.datetime]:
        return [at for case in self.cases for at in self._due(case)]

    def _due(self, case: Case) -> list[dt.datetime]:
        if case.state == "acknowledged" and case.follow_up:
            return [case.follow_up]
        if not case.is_unanswered:
            return []
        times = [case.began + TIERS[case.urgency][case.tier + 1]] if case.tier < 3 else []
        return times or [case.told_at + REMIND[case.urgency], *([] if case.nobody else [case.target])]

    def _raise(self, client: str, family: str, urgency: str, now: dt.datetime) -> None:
        own = [case for case in self.cases if (case.client, case.family) == (client, family)]
        live = next((case for case in own if case.state != "resolved"), None)
        if live is not None:
            if RANK[urgency] > RANK[live.urgency]:
                self._begin(live, "rise", now, urgency)
            return
        recent = [case for case in own if case.resolved_at and case.resolved_at > now - REOPENS]
        if recent:
            self._begin(max(recent, key=lambda case: case.resolved_at or now), "reopen", now, urgency)
            return
        case = Case(client, family, urgency, len(self.cases), now)
        case.target = now + TARGET[family, urgency]
        case.acts.append(("raise", 0, now))
        self.cases.append(case)

    def _begin(self, case: Case, act: str, now: dt.datetime, urgency: str = "") -> None:
        if urgency:
            case.urgency, case.target = urgency, now + TARGET[case.family, urgency]
        case.state, case.began, case.tier, case.nobody = "open", now, 0, False
        case.generation += 1
        case.told, case.reached, case.reminded, case.settled = [], set(), 0, 0
        case.acked_at = case.follow_up = case.resolved_at = None
        self._take_back(case)
        case.acts.append((act, 0, now))

    def _look_again(self, case: Case, now: dt.datetime) -> None:
        has_left = case.acked_by not in [*self.staff, *self.owners]
        if not has_left and (case.follow_up is None or case.follow_up > now):
            return
        if has_left or self._is_still_severe(case):
            self._begin(case, "follow_up", now)
            return
        case.follow_up = now + FOLLOW_UP[case.urgency]
        case.settled += 1
        case.acts.append(("settled", 0, now))
        self._owe(case, f"settled{case.settled}:{case.acked_by}", case.acked_by)

    def _is_still_severe(self, case: Case) -> bool:
        """A safety case is; severe pain is until the last day that was logged since was milder."""
        days = self.scores.get(case.client, {})
        since = {on: [score for at, score in logs if case.acked_at and at > case.acked_at] for on, logs in days.items()}
        since = {on: scores for on, scores in since.items() if scores}
        return case.family == "safety" or not since or max(since[max(since)]) >= SEVERE

    def _advance(self, case: Case, now: dt.datetime) -> None:
        times = TIERS[case.urgency]
        while case.tier < 3:
            is_unheard = case.tier > 0 and case.tier not in case.reached
            if not is_unheard and case.began + times[case.tier + 1] > now:
                return
            self._tell(case, case.tier + 1, now)
        if not case.nobody and max(case.target, case.began + times[3]) <= now:
            case.nobody = True
            case.acts.append(("nobody", 3, now))
            self._owe(case, "nobody", case.client)
        if case.told_at + REMIND[case.urgency] <= now:
            self._remind(case, now)

    def _tell(self, case: Case, tier: int, now: dt.datetime) -> None:
        case.state, case.tier, case.told_at = "notified", tier, now
        own = self.carer[case.client]
        people = {1: [own], 2: [name for name in self.staff if name != own][:1], 3: self.owners}[tier]
        people = [name for name in people if name not in case.told]
        for name in people:
            case.reached.add(tier)
            case.told.append(name)
            self._owe(case, f"{tier}:{name}", name)
        case.acts += [("tell", tier, now)] * max(1, len(people))

    def _remind(self, case: Case, now: dt.datetime) -> None:
        case.reminded += 1
        case.told_at = now
        own = self.carer[case.client]
        people = [name for name in dict.fromkeys([*case.told, own]) if name in [*self.staff, *self.owners]]
        for name in people:
            self._owe(case, f"r{case.reminded}:{name}", name)
        case.told = list(dict.fromkeys([*case.told, *people]))
        case.acts += [("remind", 3, now)] * len(people)

    def _owe(self, case: Case, part: str, to: str, *, is_about_case: bool = True) -> None:
        self.owed.append(Owed(case.place, case.generation, part, to, is_about_case))

    def _take_back(self, case: Case) -> None:
        self.taken_back += [one for one in self.owed if one.case == case.place and one.is_about_case]
