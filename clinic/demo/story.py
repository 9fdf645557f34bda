"""A fortnight of one client, played through the real actions and read back from the rows they left."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid5
from zoneinfo import ZoneInfo

from accounts.people.actions import accept_invitation, add_staff, create_clinic, record_contact
from accounts.people.models import Client, Clinic, Invitation, Membership
from accounts.people.rules import ContactKind, Role
from accounts.post.models import Letter
from accounts.post.rules import LetterState
from plans.desk.actions import Order, invite_and_assign
from plans.followup.actions import acknowledge_escalation, resolve_escalation
from plans.followup.models import Escalation, EscalationEvent
from plans.followup.rules import EscalationAct, Outcome
from plans.journal.models import Session
from plans.library.actions import import_library
from plans.programs.actions import import_templates, start_offered
from plans.programs.models import ProgramTemplate

from .characters import BUTTOCK, GENTLE
from .playing import OPEN_HOURS, answers_to
from .stage import NAMESPACE, Stage, local, person_of, write_log

ZONE = "Europe/London"
MONDAY = dt.date(2026, 3, 2)
# (day of the fortnight from 0, pain before, pain after), 0-10; days that are not here stay empty.
LOGS = ((1, 5, 4), (2, 5, 4), (4, 4, 3), (7, 7, 7), (8, 8, 7), (9, 8, 8), (11, 6, 5), (12, 5, 4))


class Step(StrEnum):
    """What the fortnight must show, in words."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    LOGGED = "logged"
    NUDGED = "nudged"
    ESCALATED = "escalated"
    TOLD = "told"
    SECOND_TOLD = "second person told"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


@dataclass(frozen=True, order=True)
class Line:
    """One thing that happened, as the database remembers it."""

    at: dt.datetime
    step: Step
    words: str


def play_story(*, stage: Stage) -> Clinic:
    """Jo invites Maya; her pain rises and stays; Jo is silent; the owner is told, answers and closes the case."""
    began = local(MONDAY, 8, 0, ZONE)
    clinic = create_clinic(
        slug="story", name="Harbour Bodywork", zone=ZONE, phone="020 7946 0018", by=None, now=began, is_demo=True
    )
    clinic.opening_hours = OPEN_HOURS
    clinic.save(update_fields=["opening_hours"])
    ruth = _staff(clinic, "ruth", "Ruth Ekwall", Role.OWNER, began)
    jo = _staff(clinic, "jo", "Jo Marsh", Role.BODYWORKER, began)
    import_library(clinic=clinic, by=ruth.user, now=began)
    import_templates(clinic=clinic, by=ruth.user, now=began)
    template = ProgramTemplate.objects.of(clinic).get(slug=GENTLE)

    for day in range(14):
        for hour, minute in ((10, 31), (17, 1), (18, 31)):
            stage.at(local(MONDAY + dt.timedelta(days=day), hour, minute, ZONE), stage.tick)
    stage.at(local(MONDAY, 9, 40, ZONE), lambda now: _invite(clinic, jo, template, stage, now))
    stage.at(local(MONDAY + dt.timedelta(days=10), 9, 20, ZONE), lambda now: _acknowledge(clinic, ruth, now))
    stage.at(local(MONDAY + dt.timedelta(days=11), 10, 40, ZONE), lambda now: _resolve(clinic, ruth, now))
    stage.play(local(MONDAY + dt.timedelta(days=14), 0, 0, ZONE))
    return clinic


def _staff(clinic: Clinic, local_part: str, name: str, role: Role, now: dt.datetime) -> Membership:
    place = add_staff(
        clinic=clinic,
        email=f"{local_part}@harbour.example.org",
        name=name,
        roles=frozenset({role}),
        by=None,
        now=now,
    )
    place.email_verified_at = now
    place.save(update_fields=["email_verified_at"])
    return place


def _invite(clinic: Clinic, jo: Membership, template: ProgramTemplate, stage: Stage, now: dt.datetime) -> None:
    invitation = invite_and_assign(
        clinic=clinic,
        key=uuid5(NAMESPACE, "story"),
        bodyworker=jo,
        name="Maya Lindqvist",
        email="maya@home.example.org",
        phone="",
        message="",
        order=Order(template, now.date(), answers_to(template)),
        by=jo.user,
        now=now,
    )
    stage.at(now + dt.timedelta(hours=2, minutes=25), lambda then: _accept(invitation, stage, then))


def _accept(invitation: Invitation, stage: Stage, now: dt.datetime) -> None:
    client = accept_invitation(invitation=invitation, by=None, now=now)
    start_offered(client=client, by=person_of(client), now=now)
    for day, before, after in LOGS:
        stage.at(
            local(MONDAY + dt.timedelta(days=day), 7, 10, ZONE),
            lambda then, b=before, a=after: _log(client, b, a, stage, then),  # type: ignore[misc]
        )


def _log(client: Client, before: int, after: int, stage: Stage, now: dt.datetime) -> None:
    write_log(client=client, before=before, after=after, sites=BUTTOCK, now=now)
    stage.tick(now + dt.timedelta(seconds=10))


def _acknowledge(clinic: Clinic, ruth: Membership, now: dt.datetime) -> None:
    case = Escalation.objects.unanswered().filter(clinic=clinic).first()
    if case is not None:
        acknowledge_escalation(escalation=case, by=ruth.user, now=now)


def _resolve(clinic: Clinic, ruth: Membership, now: dt.datetime) -> None:
    case = Escalation.objects.live().filter(clinic=clinic).select_related("client").first()
    if case is not None:
        record_contact(client=case.client, kind=ContactKind.CALL, at=now, by=ruth.user, now=now)
        resolve_escalation(
            escalation=case,
            outcome=Outcome.CALLED,
            note="Spoke for ten minutes; she comes in on Monday.",
            by=ruth.user,
            now=now,
        )


def timeline(clinic: Clinic) -> list[Line]:
    """What the rows of the clinic say happened, in order; nothing here remembers the play itself."""
    return sorted([*_people(clinic), *_logs(clinic), *_letters(clinic), *_cases(clinic)])


def missing(lines: list[Line]) -> list[Step]:
    """The steps of the story that no row tells of."""
    seen = {line.step for line in lines}
    return [step for step in Step if step not in seen]


def _people(clinic: Clinic) -> Iterator[Line]:
    for invitation in Invitation.objects.filter(clinic=clinic).select_related("client", "invited_by"):
        if invitation.accepted_at:
            yield Line(invitation.accepted_at, Step.ACCEPTED, f"{invitation.client} opens the link and says yes")


def _logs(clinic: Clinic) -> Iterator[Line]:
    logs = Session.objects.standing().filter(clinic=clinic).select_related("client").prefetch_related("reports")
    for session in logs:
        said = ", ".join(f"{report.score} {report.get_moment_display()}" for report in session.reports.all())
        yield Line(session.received_at, Step.LOGGED, f"{session.client} writes down pain {said}")


def _letters(clinic: Clinic) -> Iterator[Line]:
    sent = Letter.objects.filter(clinic=clinic, state=LetterState.SENT).select_related("client", "membership__user")
    for letter in sent:
        left_at = letter.sent_at or letter.due_at
        whom = letter.client or (letter.membership.user if letter.membership else clinic.backup_name)
        if letter.kind == "invitation":
            yield Line(left_at, Step.INVITED, f"a letter with the link leaves for {whom}")
        elif letter.subject_kind == "nudge":
            yield Line(left_at, Step.NUDGED, f"“{letter.rendered_subject}” leaves for {whom}; nothing was logged")
        elif letter.subject_kind == "escalation" and letter.membership:
            step = Step.TOLD if letter.tier <= 1 else Step.SECOND_TOLD
            yield Line(left_at, step, f"{whom} is told ({letter.kind})")


def _cases(clinic: Clinic) -> Iterator[Line]:
    words = {
        EscalationAct.RAISE: (Step.ESCALATED, "opens: {case.rule}, {case.urgency}"),
        EscalationAct.ACKNOWLEDGE: (Step.ACKNOWLEDGED, "is taken on by {by}"),
        EscalationAct.RESOLVE: (Step.RESOLVED, "is closed by {by}: {case.outcome}"),
    }
    events = EscalationEvent.objects.filter(escalation__clinic=clinic).select_related("escalation", "by")
    for event in events:
        if event.act in words:
            step, sentence = words[EscalationAct(event.act)]
            said = sentence.format(case=event.escalation, by=event.by)
            yield Line(event.at, step, f"case {event.escalation.number} {said}")


def told(lines: list[Line]) -> Iterator[str]:
    """The timeline as a person reads it, in the clinic's own time."""
    day = None
    for line in lines:
        at = line.at.astimezone(ZoneInfo(ZONE))
        if at.date() != day:
            day = at.date()
            yield f"\n{at:%A %-d %B}"
        yield f"  {at:%H:%M:%S}  {line.step.value:<19} {line.words}"
