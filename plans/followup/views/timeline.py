"""What happened in a case, from the readings that opened it to its outcome, in one order?"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from accounts.people.models import AuditEvent, Contact
from accounts.post.models import Letter
from accounts.post.rules import Audience
from plans.followup.models import Escalation
from plans.followup.rules import LIVE, EscalationAct, EscalationState
from plans.followup.views.logs import Log, logs_of
from plans.journal.models import Session
from plans.programs.models import ProgramVersion

LATER_LOGS = 12
KIND_OF_ACT = {
    EscalationAct.RAISE: "rule",
    EscalationAct.EVIDENCE: "rule",
    EscalationAct.RISE: "rule",
    EscalationAct.REOPEN: "rule",
    EscalationAct.NOBODY: "rule",
    EscalationAct.ACKNOWLEDGE: "staff",
    EscalationAct.SNOOZE: "staff",
    EscalationAct.HAND_OVER: "staff",
    EscalationAct.FOLLOW_UP: "note",
    EscalationAct.RESOLVE: "done",
}
TOLD_BY_LETTERS = {EscalationAct.TELL, EscalationAct.REMIND}


@dataclass(frozen=True)
class Happening:
    """One line of the record: `kind` is its mark, `what` chooses the words, `thing` is what they are about."""

    at: dt.datetime
    kind: str
    what: str
    thing: Any
    place: int = 0


def proof_of(case: Escalation) -> list[Log]:
    """The logs whose readings opened the case, oldest first."""
    ids = [reading["session"] for reading in case.readings if reading.get("session")]
    return logs_of(Session.objects.of(case.client).filter(pk__in=ids).order_by("performed_at"))


def later_logs(case: Escalation) -> list[Log]:
    """The first logs after the case opened, until it was closed."""
    proof = [reading["session"] for reading in case.readings if reading.get("session")]
    sessions = Session.objects.of(case.client).standing().filter(performed_at__gt=case.opened_at).exclude(pk__in=proof)
    if case.resolved_at:
        sessions = sessions.filter(performed_at__lt=case.resolved_at)
    return logs_of(sessions.order_by("performed_at")[:LATER_LOGS])


def what_happened(case: Escalation, proof: list[Log], later: list[Log]) -> list[Happening]:
    """Every log, step, letter, contact and look, in the order they happened; what is planned comes last."""
    lines = [Happening(log.session.performed_at, "client", "log", log) for log in proof]
    lines += [Happening(log.session.received_at, "note", "late", log, 1) for log in proof if log.came_late]
    lines += [Happening(log.session.shown_at, "client", "shown", log, 5) for log in proof if log.session.shown_at]
    lines += [Happening(log.session.performed_at, "client", "later", log) for log in later]
    lines += steps_of(case) + letters_of(case) + contacts_of(case) + looks_at(case)
    lines.sort(key=lambda line: (line.at, line.place))
    return lines


def steps_of(case: Escalation) -> list[Happening]:
    events = case.events.select_related("by").order_by("sequence")
    return [
        Happening(event.at, KIND_OF_ACT.get(EscalationAct(event.act), "note"), event.act, event, 2)
        for event in events
        if event.act not in TOLD_BY_LETTERS
    ]


def letters_of(case: Escalation) -> list[Happening]:
    letters = (
        Letter.objects.about("escalation", [case.pk])
        .select_related("membership__user", "client")
        .prefetch_related("deliveries")
        .order_by("created_at", "pk")
    )
    return [
        Happening(letter.created_at, "client" if letter.audience == Audience.CLIENT else "note", "letter", letter, 3)
        for letter in letters
    ]


def contacts_of(case: Escalation) -> list[Happening]:
    """Calls, visits, messages and new versions of the program while the case was open."""
    until = case.resolved_at or dt.datetime.max.replace(tzinfo=dt.UTC)
    contacts = Contact.objects.filter(client=case.client, at__gte=case.opened_at, at__lte=until).select_related("by")
    versions = ProgramVersion.objects.filter(
        program__client=case.client, made_at__gte=case.opened_at, made_at__lte=until
    ).select_related("made_by", "program")
    return [
        *(Happening(contact.at, "staff", "contact", contact, 1) for contact in contacts),
        *(Happening(version.made_at, "staff", "version", version, 4) for version in versions),
    ]


def looks_at(case: Escalation) -> list[Happening]:
    """Who of the staff opened the client's record before somebody took the case."""
    until = case.acked_at or case.resolved_at or dt.datetime.max.replace(tzinfo=dt.UTC)
    reads = AuditEvent.objects.about(case.client).filter(
        verb="client_read", at__gte=case.opened_at, at__lt=until, by__isnull=False
    )
    return [Happening(read.at, "staff", "look", read, 4) for read in reads.select_related("by").order_by("at")[:10]]


def is_open(case: Escalation) -> bool:
    return case.state in (EscalationState.OPEN, EscalationState.NOTIFIED)


def is_live(case: Escalation) -> bool:
    return case.state in LIVE
