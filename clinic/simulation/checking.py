"""Is what the engine did what the reference says? The server's own record is compared, and every invariant."""

import datetime as dt
import hashlib
import hmac
from collections import Counter

from django.conf import settings
from django.db.models import Q

from accounts.post.models import Delivery, Incident, Letter
from accounts.post.rules import MOST_ATTEMPTS, IncidentKind, zone_of
from clinic.invariants import broken
from plans.followup.models import Escalation, EscalationEvent

from .reference import Owed
from .server import Taken
from .surgery import ZONES, Surgery

CASE_SUBJECTS = {
    "A client needs you",
    "A case has become more urgent",
    "A case is waiting and is now with you",
    "A case you hold needs another look",
    "There is an answer to what you sent",
    "Please call Simulated",
}
SESSION_SUBJECTS = {"Your session is ready", "Your session is still here", "Short on time?"}
ASKING_SUBJECTS = {*SESSION_SUBJECTS, "Is anything in the way?"}
"""Those that can be left unanswered: they end after the fourth, and a log of the day keeps them back."""
REMINDER_SUBJECTS = {*ASKING_SUBJECTS, "We have stopped the reminders", "Four short questions"}
WORK_FAILED = "a row could not be worked on"
PATIENCE = dt.timedelta(minutes=70)
"""The longest back-off is an hour; after trouble has ended nothing waits longer."""


class Broken(Exception):
    """Something that must always be so is not."""


class Checks:
    """Everything that is looked at after each round. `trouble_at`: when letters were last hindered."""

    def __init__(self, surgery: Surgery) -> None:
        self.surgery = surgery
        self.trouble_at: dt.datetime | None = None
        self.excused: Counter[str] = Counter()
        self.judged = 0
        self.nudged: dict[str, list[dt.date]] = {name: [] for name in ZONES}
        self.asked: dict[str, list[dt.date]] = {name: [] for name in ZONES}
        self.forbidden: set[str] = set()

    def after_round(self, now: dt.datetime) -> None:
        """Raises Broken, naming what is not as it must be."""
        self._work()
        self._cases()
        self._letters(now)
        self._reminders()

    def hindered(self, now: dt.datetime) -> None:
        """A worker was killed or stands still: what is past its hand-off now may come once more."""
        self.trouble_at = now
        self.excused.update(Letter.objects.filter(state="handoff").values_list("message_id", flat=True))

    def at_the_end(self, now: dt.datetime) -> None:
        """Everything is quiet: nothing waits, and the audit holds."""
        self.after_round(now)
        self.audit(now)
        waiting = Letter.objects.live().filter(due_at__lt=now - PATIENCE).values_list("dedupe_key", flat=True)
        if waiting:
            raise Broken(f"letters that never end: {sorted(waiting)[:3]}")
        if Delivery.objects.filter(ended_at__isnull=True).exists():
            raise Broken("an attempt of which nobody says how it ended")

    def audit(self, now: dt.datetime) -> None:
        found = broken(now=now)
        if found:
            words = "; ".join(
                f"{one.invariant.id}: not so that {one.invariant.statement}: {one.rows[:3]}" for one in found
            )
            raise Broken(words)

    def _work(self) -> None:
        """The engine puts a row off that it can't work on, so that others don't wait; here every row can be."""
        failed = Incident.objects.filter(kind=IncidentKind.ENGINE_STOOD_STILL, dedupe_key__startswith="failed:")
        for key in failed.values_list("dedupe_key", flat=True)[:1]:
            raise Broken(f"{WORK_FAILED}: {key}")

    def _cases(self) -> None:
        rows = list(Escalation.objects.order_by("number").select_related("client"))
        cases = self.surgery.reference.cases
        if len(rows) != len(cases):
            raise Broken(f"{len(rows)} cases, where the reference has {len(cases)}")
        events: dict[int, list[tuple[str, int, dt.datetime]]] = {row.pk: [] for row in rows}
        told = EscalationEvent.objects.exclude(act="evidence").order_by("escalation", "sequence")
        for pk, act, tier, at in told.values_list("escalation_id", "act", "tier", "at"):
            events[pk].append((act, tier, at))
        for row, case in zip(rows, cases, strict=True):
            mine = (row.client.email.partition("@")[0], row.family, row.urgency, row.state, row.generation)
            its = (case.client, case.family, case.urgency, case.state, case.generation)
            if mine != its:
                raise Broken(f"case {row.number} is {mine}, where the reference has {its}")
            if events[row.pk] != case.acts:
                n = next(i for i in range(len(case.acts) + 1) if events[row.pk][i : i + 1] != case.acts[i : i + 1])
                here, there = events[row.pk][n : n + 1], case.acts[n : n + 1]
                raise Broken(f"act {n} of case {row.number} is {here}, where the reference has {there}")

    def ids(self, *, after: str = "") -> dict[str, Owed]:
        """The Message-ID of every letter that the reference owes, worked out anew from its key and what comes
        after it."""
        rows = list(Escalation.objects.order_by("number").values_list("pk", flat=True))
        staff = self.surgery.people.staff
        found = {}
        for owed in self.surgery.reference.owed:
            part, _, name = owed.part.partition(":")
            key = f"case:{rows[owed.case]}:{owed.generation}:{part}" + (f":{staff[name].pk}" if name else "")
            found[message_id_of(key + after)] = owed
        return found

    def _letters(self, now: dt.datetime) -> None:
        owed, people = self.ids(), self.surgery.people
        # A letter that workers who were killed and stalled kept for ten minutes goes to an owner as well.
        second = self.ids(after=":second") if self.trouble_at else {}
        owners = {people.address(name) for name in self.surgery.reference.owners}
        taken = [one for one in self.surgery.server.taken if one.subject in CASE_SUBJECTS]
        counts = Counter(one.message_id for one in taken)
        for one in taken:
            if one.message_id in second and one.to in owners:
                continue
            if one.message_id not in owed:
                raise Broken(f"a letter that nobody owes: {one.subject!r} to {one.to}")
            if one.to != people.address(owed[one.message_id].to):
                raise Broken(f"a letter went to {one.to}, and not to {owed[one.message_id].to}")
        self._bodies()
        # Whoever had handed it off before they fell asleep can be called back by nobody.
        heard = {one.message_id for one in taken if not (one.is_late and self.excused[one.message_id])}
        if self.forbidden & heard:
            raise Broken("a letter that had been taken back came all the same")
        back = set(self.surgery.reference.taken_back)
        missing = {name for name, one in owed.items() if not counts[name]}
        is_rough = self.trouble_at is not None and now - self.trouble_at < PATIENCE
        late = [owed[name] for name in missing if owed[name] not in back]
        if late and not is_rough and not self._gone_on_record(missing):
            raise Broken(f"owed and not sent: {late[:3]}")

    def take_back(self) -> None:
        """Call it when a case was answered: what was taken back and is in nobody's hand may never come."""
        back = set(self.surgery.reference.taken_back)
        past = set(Letter.objects.exclude(state="cancelled").values_list("message_id", flat=True))
        came = {one.message_id for one in self.surgery.server.taken}
        self.forbidden |= {name for name, one in self.ids().items() if one in back and name not in past | came}

    def _gone_on_record(self, missing: set[str]) -> bool:
        """Letters to somebody who has left the clinic die, and what was tried as often as may be is uncertain; an
        incident says so."""
        told = Incident.objects.filter(letter__isnull=False).values("letter")
        ended = Q(state="dead") | Q(state="uncertain", attempts=MOST_ATTEMPTS)
        dead = Letter.objects.filter(ended, message_id__in=missing, pk__in=told)
        back = {name for name, one in self.ids().items() if one in set(self.surgery.reference.taken_back)}
        return missing - back <= set(dead.values_list("message_id", flat=True))

    def _bodies(self) -> None:
        taken = self.surgery.server.taken
        counts = Counter(one.message_id for one in taken)
        if len({(one.message_id, one.body) for one in taken}) != len(counts):
            raise Broken("one Message-ID came with two texts")
        excused = self.excused + self.surgery.server.unanswered
        twice = [one for one, count in counts.items() if count - 1 > excused[one]]
        if twice:
            raise Broken(f"a letter came {counts[twice[0]]} times, though {excused[twice[0]]} tries had no answer")
        gentle = [one.message_id for one in taken if one.subject in REMINDER_SUBJECTS and counts[one.message_id] > 1]
        if gentle:
            raise Broken(f"a reminder came twice: {gentle[:1]}")

    def _reminders(self) -> None:
        for one in self.surgery.server.taken[self.judged :]:
            if one.subject in REMINDER_SUBJECTS and not one.is_late:
                self._reminder(one, one.to.partition("@")[0])
        self.judged = len(self.surgery.server.taken)

    def _reminder(self, one: Taken, name: str) -> None:
        surgery, local = self.surgery, one.at.astimezone(zone_of(ZONES[name]))
        today, sent = local.date(), self.nudged[name]
        logged = [on for on, at in surgery.logged_on[name] if at < one.at]
        ignored = [on for on in self.asked[name] if on < today and on > max(logged, default=dt.date.min)]
        is_asking = one.subject in ASKING_SUBJECTS
        cap = 2 if one.subject in SESSION_SUBJECTS and len(ignored) >= 2 else 4
        no = {
            "at night": local.hour >= 21 or local.hour < 8,
            "twice in a day": today in sent,
            "too often in a week": sum(today - on < dt.timedelta(days=7) for on in sent) >= cap,
            "though four were ignored": is_asking and len(ignored) >= 4,
            "though today was logged": is_asking and today in logged,
            "though unsubscribed": name in surgery.silent_since and surgery.silent_since[name] < one.at,
            "though reminders are stopped": any(begins < one.at < ends for begins, ends in surgery.stopped),
            "though a case is open": any(
                case.client == name and case.acts[0][2] < one.at and case.state != "resolved"
                for case in surgery.reference.cases
            ),
        }
        wrong = [words for words, is_so in no.items() if is_so]
        if wrong:
            raise Broken(f"{name} was reminded {wrong[0]}, at {local:%Y-%m-%d %H:%M}")
        sent.append(today)
        if is_asking:
            self.asked[name].append(today)


def message_id_of(key: str) -> str:
    seal = hmac.new(settings.SECRET_KEY.encode(), f"message-id:{key}".encode(), hashlib.sha256).hexdigest()[:40]
    return f"<{seal}@{settings.MESSAGE_ID_DOMAIN}>"
