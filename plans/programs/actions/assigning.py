"""A template becomes one client's program."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.people.actions import mark_needs_look, record_audit
from accounts.people.models import Client, User
from plans.library.models import Contraindication
from plans.library.rules import Side
from plans.programs.models import (
    Phase,
    Prescription,
    Program,
    ProgramTemplate,
    ProgramVersion,
    SignOff,
    TemplateItem,
)
from plans.programs.rules import (
    PlannedState,
    ProgramState,
    SignedOff,
    Swap,
    TemplateState,
    refuse_far_start,
)

from .planning import plan_sessions
from .safety import (
    AssignmentBlocked,
    IntakeUnanswered,
    Shelf,
    check_assignment,
    items_of,
    local_day,
    swapped,
)

LIVE = (ProgramState.OFFERED, ProgramState.RUNNING, ProgramState.PAUSED, ProgramState.LOCKED)


class TemplateNotApproved(Exception):
    """Outside the demo a curator approves a template with its techniques before a client is given it."""


class TemplateOfAnotherClinic(Exception):
    """A client is given programs of their own clinic alone."""


class ClientDischarged(Exception):
    """Who is no longer in care is given nothing to do."""


class TemplateEmpty(Exception):
    """The template asks for nothing, or every technique was taken out of it."""


class TechniqueNotAssignable(Exception):
    """A technique that the clinic does not have, or whose text is not published."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"{slug!r} cannot be given to a client")
        self.slug = slug


class ProgramAlreadyLive(Exception):
    """The client has this very program already; `program` is that one."""

    def __init__(self, program: Program) -> None:
        super().__init__(f"{program} is {program.state}")
        self.program = program


@transaction.atomic
def assign_program(
    *,
    client: Client,
    template: ProgramTemplate,
    starts_on: dt.date,
    by: User,
    now: dt.datetime,
    sign_offs: Sequence[SignedOff] = (),
    substitutes: Sequence[Swap] = (),
    state: ProgramState = ProgramState.OFFERED,
) -> Program:
    """Give the client a program of their own, if nothing they said speaks against it.

    An offered program waits for the client and for the safety questions nobody has answered yet; a
    running one has its sessions at once. `starts_on` is a day in the client's zone.

    Raises:
        AssignmentBlocked: a technique is blocked, or a caution has no sign-off with a reason.
        IntakeUnanswered: it should run at once, and questions are open.
        TemplateNotApproved, TemplateOfAnotherClinic, TemplateEmpty, TechniqueNotAssignable,
        ProgramAlreadyLive, ClientDischarged, StartOutOfRange: as they say.
    """
    if client.discharged_at is not None:
        raise ClientDischarged
    _refuse_template(template, client)
    refuse_far_start(starts_on, local_day(client=client, now=now))
    _refuse_second(client, template)
    shelf = Shelf(clinic=template.clinic)
    lines = _lines(template, substitutes, shelf)
    found = check_assignment(client=client, template=template, now=now, swaps=substitutes, shelf=shelf)
    if found.left_open(sign_offs):
        raise AssignmentBlocked(found.left_open(sign_offs))
    if found.unanswered and state is not ProgramState.OFFERED:
        raise IntakeUnanswered(found.unanswered)
    program = _write_program(client, template, starts_on, state, by, now)
    version = ProgramVersion.objects.create(program=program, number=1, from_on=starts_on, made_at=now, made_by=by)
    prescriptions = _write_lines(version, template, lines, shelf)
    keys = {finding.key for finding in found.findings}
    keep_sign_offs(
        program=program,
        prescriptions=prescriptions,
        signed=[word for word in sign_offs if word.key in keys],
        by=by,
        now=now,
    )
    if state is ProgramState.RUNNING:
        plan_sessions(program=program, version=version, since=starts_on, state=PlannedState.PLANNED)
    record_audit(
        clinic=client.clinic,
        verb="program_assigned",
        subject_kind="program",
        subject_id=program.pk,
        client=client,
        by=by,
        now=now,
        details={"template": template.pk, "state": state.value, "sign_offs": len(sign_offs)},
    )
    mark_needs_look(client=client, now=now)
    return program


def _refuse_template(template: ProgramTemplate, client: Client) -> None:
    if template.clinic_id != client.clinic_id:
        raise TemplateOfAnotherClinic
    allowed = {TemplateState.APPROVED, TemplateState.IN_REVIEW} if client.clinic.is_demo else {TemplateState.APPROVED}
    if template.state not in allowed:
        raise TemplateNotApproved


def _refuse_second(client: Client, template: ProgramTemplate) -> None:
    twin = Program.objects.filter(client=client, template=template, state__in=LIVE).first()
    if twin is not None:
        raise ProgramAlreadyLive(twin)


def _lines(template: ProgramTemplate, swaps: Sequence[Swap], shelf: Shelf) -> list[tuple[TemplateItem, str]]:
    lines = swapped(items_of(template=template), swaps)
    for _, slug in lines:
        if slug not in shelf.revisions:
            raise TechniqueNotAssignable(slug)
    if not lines:
        raise TemplateEmpty
    return lines


def _write_program(
    client: Client, template: ProgramTemplate, starts_on: dt.date, state: ProgramState, by: User, now: dt.datetime
) -> Program:
    weeks = max(phase.week_to for phase in template.phases.all())
    return Program.objects.create(
        clinic=client.clinic,
        client=client,
        template=template,
        name=template.name,
        state=state,
        state_at=now,
        starts_on=starts_on,
        ends_on=starts_on + dt.timedelta(weeks=weeks, days=-1),
        assigned_by=by,
        assigned_at=now,
    )


def _write_lines(
    version: ProgramVersion, template: ProgramTemplate, lines: Sequence[tuple[TemplateItem, str]], shelf: Shelf
) -> list[Prescription]:
    """Phases and prescriptions in two inserts. A phase that lost every technique stays: its weeks pass."""
    phases = {
        phase.position: phase
        for phase in Phase.objects.bulk_create(
            Phase(
                version=version,
                position=source.position,
                title=source.title,
                goal=source.goal,
                week_from=source.week_from,
                week_to=source.week_to,
                progress_when=source.progress_when,
            )
            for source in template.phases.order_by("position")
        )
    }
    return Prescription.objects.bulk_create(
        _prescription(phases[item.phase.position], item, slug, shelf) for item, slug in lines
    )


def _prescription(phase: Phase, item: TemplateItem, slug: str, shelf: Shelf) -> Prescription:
    """The template's dosage; for a technique that took another's place, that technique's own."""
    revision = shelf.revisions[slug]
    source = item if slug == item.technique.slug else revision
    return Prescription(
        phase=phase,
        position=item.position,
        revision=revision,
        side=Side.BOTH if source.per_side else Side.NONE,
        sets=source.sets or 1,
        reps=source.reps,
        hold_s=source.hold_s,
        duration_s=source.duration_s,
        per_side=source.per_side,
        rest_s=source.rest_s,
        sessions_per_week=item.sessions_per_week,
        is_optional=item.is_optional,
        note=item.note if source is item else "",
    )


def keep_sign_offs(
    *, program: Program, prescriptions: Sequence[Prescription], signed: Sequence[SignedOff], by: User, now: dt.datetime
) -> None:
    """Write who took which caution on and why, once for every prescription it is about."""
    questions = {
        row.slug: row
        for row in Contraindication.objects.of(program.clinic).filter(slug__in=[word.question for word in signed])
    }
    SignOff.objects.bulk_create(
        SignOff(
            clinic=program.clinic,
            client=program.client,
            technique=line.revision.technique,
            prescription=line,
            contraindication=questions[word.question],
            by=by,
            at=now,
            reason=word.reason.strip(),
        )
        for word in signed
        for line in prescriptions
        if line.revision.technique.slug == word.technique and word.reason.strip()
    )
