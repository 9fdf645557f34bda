"""A running program is changed: a new version, never an edit of what was done."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from accounts.people.actions import mark_needs_look, record_audit
from accounts.people.models import User
from plans.library.models import TechniqueRevision
from plans.library.rules import Side
from plans.programs.models import Phase, PlannedSession, Prescription, Program, ProgramVersion
from plans.programs.rules import (
    AddTechnique,
    Change,
    ChangeDose,
    ChangeTechnique,
    PlannedState,
    ProgramAlreadyFinished,
    ProgramEvent,
    ProgramState,
    SignedOff,
    TakeOut,
)

from .assigning import TechniqueNotAssignable, TemplateEmpty, keep_sign_offs
from .planning import current_version, plan_sessions
from .safety import AssignmentBlocked, Shelf, answers_of, local_day, move_of, with_rules
from .standing import signed_off

COPIED = (
    *("position", "revision", "side", "sets", "reps", "hold_s", "duration_s", "per_side", "rest_s"),
    *("sessions_per_week", "is_optional", "note", "line", "hidden_at", "hidden_reason"),
)


class LineNotFound(Exception):
    """The program, as it is now, has no such line or phase; somebody may have changed it meanwhile."""


@dataclass
class Draft:
    """The next version's lines by phase position, before anything is written."""

    phases: list[Phase]
    lines: dict[int, list[Prescription]]
    shelf: Shelf
    touched: set[UUID] = field(default_factory=set)

    def find(self, line: UUID) -> tuple[list[Prescription], int]:
        for lines in self.lines.values():
            for index, prescription in enumerate(lines):
                if prescription.line == line:
                    self.touched.add(line)
                    return lines, index
        raise LineNotFound

    def revision(self, slug: str) -> TechniqueRevision:
        try:
            return self.shelf.revisions[slug]
        except KeyError:
            raise TechniqueNotAssignable(slug) from None

    def apply(self, change: Change) -> None:
        if isinstance(change, AddTechnique):
            self._add(change)
            return
        lines, index = self.find(change.line)
        if isinstance(change, TakeOut):
            del lines[index]
        elif isinstance(change, ChangeTechnique):
            lines[index] = with_technique(lines[index], self.revision(change.technique))
        else:
            for name, value in change.dose.items():
                setattr(lines[index], name, value)

    def _add(self, change: AddTechnique) -> None:
        if change.phase not in self.lines:
            raise LineNotFound
        lines = self.lines[change.phase]
        new = Prescription(
            position=max((line.position for line in lines), default=-1) + 1,
            sessions_per_week=change.sessions_per_week,
        )
        lines.append(with_technique(new, self.revision(change.technique)))

    def all_lines(self) -> list[Prescription]:
        return [line for lines in self.lines.values() for line in lines]


def with_technique(line: Prescription, revision: TechniqueRevision) -> Prescription:
    """The same place in the program for another technique, at its own dosage, shown again, as a line of its own."""
    return Prescription(
        position=line.position,
        sessions_per_week=line.sessions_per_week,
        is_optional=line.is_optional,
        line=uuid4(),
        revision=revision,
        side=Side.BOTH if revision.per_side else Side.NONE,
        sets=revision.sets or 1,
        reps=revision.reps,
        hold_s=revision.hold_s,
        duration_s=revision.duration_s,
        per_side=revision.per_side,
        rest_s=revision.rest_s,
    )


@transaction.atomic
def replace_version(
    *,
    program: Program,
    changes: Sequence[Change],
    by: User,
    now: dt.datetime,
    note: str = "",
    sign_offs: Sequence[SignedOff] = (),
    seen_version: int | None = None,
) -> ProgramVersion:
    """Change what the program asks from today on; what is behind stays tied to the version it was done under.

    `seen_version` is the version the bodyworker was looking at.

    Raises:
        AssignmentBlocked: the changed program is not safe as it stands; nothing was changed.
        LineNotFound: a line, or the version seen, is not the current one any more.
        ProgramAlreadyFinished, TechniqueNotAssignable, TemplateEmpty: as they say.
    """
    program = Program.objects.select_for_update(of=("self",)).select_related("client", "clinic").get(pk=program.pk)
    if program.state == ProgramState.FINISHED:
        raise ProgramAlreadyFinished(ProgramState.FINISHED, ProgramEvent.RESUME)
    old = current_version(program=program)
    if seen_version is not None and seen_version != old.number:
        raise LineNotFound
    draft = _draft(program, old)
    for change in changes:
        draft.apply(change)
    if not draft.all_lines():
        raise TemplateEmpty
    settled = _refuse_unsafe(program, draft, sign_offs, now)
    today = local_day(client=program.client, now=now)
    version = ProgramVersion.objects.create(
        program=program,
        number=old.number + 1,
        from_on=max(today, program.starts_on),
        made_at=now,
        made_by=by,
        note=note.strip(),
    )
    written = _write(version, draft)
    keep_sign_offs(program=program, prescriptions=written, signed=settled, by=by, now=now)
    _replan(program, old, version, today)
    _record(program, "program_changed", by, now, {"version": version.number, "changes": len(changes)})
    return version


def change_dosage(
    *, prescription: Prescription, dose: dict[str, int | None], by: User, now: dt.datetime, note: str = ""
) -> ProgramVersion:
    """New numbers for one line of a program, as a new version. Raises what `replace_version` raises."""
    return replace_version(
        program=prescription.phase.version.program,
        changes=[ChangeDose(prescription.line, dose)],
        by=by,
        now=now,
        note=note,
    )


@transaction.atomic
def hide_prescription(*, prescription: Prescription, reason: str, by: User | None, now: dt.datetime) -> Prescription:
    """Leave one technique out of the client's sessions at once, until a bodyworker answers.

    `reason` is a rule, never words about health. Hiding what is hidden keeps the first reason.
    """
    hidden = Prescription.objects.filter(pk=prescription.pk, hidden_at__isnull=True).update(
        hidden_at=now, hidden_reason=reason
    )
    prescription.refresh_from_db(fields=["hidden_at", "hidden_reason"])
    if hidden:
        program = prescription.phase.version.program
        _record(program, "prescription_hidden", by, now, {"prescription": prescription.pk})
    return prescription


@transaction.atomic
def show_prescription(*, prescription: Prescription, by: User, now: dt.datetime) -> Prescription:
    """Put a technique back into the client's sessions.

    Raises:
        AssignmentBlocked: what the client has said speaks against it.
    """
    program = prescription.phase.version.program
    shelf = Shelf(clinic=program.clinic)
    (revision,) = with_rules(TechniqueRevision.objects.filter(pk=prescription.revision_id))
    found = shelf.judge([move_of(revision)], answers_of(client=program.client, now=now))
    settled = {word.key for word in signed_off(program=program)}
    against = [finding for finding in found if finding.is_block or finding.key not in settled]
    if against:
        raise AssignmentBlocked(against)
    if prescription.hidden_at is not None:
        prescription.hidden_at = None
        prescription.hidden_reason = ""
        prescription.save(update_fields=["hidden_at", "hidden_reason"])
        _record(program, "prescription_shown", by, now, {"prescription": prescription.pk})
    return prescription


def _draft(program: Program, version: ProgramVersion) -> Draft:
    phases = list(version.phases.order_by("position"))
    lines: dict[int, list[Prescription]] = {phase.position: [] for phase in phases}
    rows = Prescription.objects.filter(phase__version=version).select_related("phase", "revision__technique")
    for row in rows.order_by("position"):
        lines[row.phase.position].append(Prescription(**{name: getattr(row, name) for name in COPIED}))
    return Draft(phases, lines, Shelf(clinic=program.clinic))


def _refuse_unsafe(program: Program, draft: Draft, sign_offs: Sequence[SignedOff], now: dt.datetime) -> list[SignedOff]:
    """Judge what the next version shows; returns the sign-offs that were needed for it."""
    shown = {line.revision_id for line in draft.all_lines() if line.hidden_at is None}
    given = with_rules(TechniqueRevision.objects.filter(pk__in=shown))
    found = draft.shelf.judge((move_of(revision) for revision in given), answers_of(client=program.client, now=now))
    settled = {word.key for word in [*signed_off(program=program), *sign_offs] if word.reason.strip()}
    against = [finding for finding in found if finding.is_block or finding.key not in settled]
    if against:
        raise AssignmentBlocked(against)
    needed = {finding.key for finding in found}
    return [word for word in sign_offs if word.key in needed]


def _write(version: ProgramVersion, draft: Draft) -> list[Prescription]:
    phases = Phase.objects.bulk_create(
        Phase(
            version=version,
            position=phase.position,
            title=phase.title,
            goal=phase.goal,
            week_from=phase.week_from,
            week_to=phase.week_to,
            progress_when=phase.progress_when,
        )
        for phase in draft.phases
    )
    for phase in phases:
        for line in draft.lines[phase.position]:
            line.phase = phase
    return Prescription.objects.bulk_create(draft.all_lines())


def _replan(program: Program, old: ProgramVersion, version: ProgramVersion, today: dt.date) -> None:
    """Plan today and later anew; while the program is held, as sessions that its resume brings back.

    Today's session keeps its row: what was logged for it stays tied to it.
    """
    theirs = PlannedSession.objects.filter(program=program, phase__version=old)
    held_back = theirs.filter(state=PlannedState.WITHDRAWN).order_by("on").values_list("on", flat=True)
    is_held = program.state in (ProgramState.PAUSED, ProgramState.LOCKED)
    since = (held_back.first() if is_held else None) or today + dt.timedelta(days=1)
    had_sessions = theirs.exists()
    theirs.filter(Q(on__gt=today) | Q(state=PlannedState.WITHDRAWN)).delete()
    if not had_sessions and program.state != ProgramState.RUNNING:
        return
    state = PlannedState.WITHDRAWN if is_held else PlannedState.PLANNED
    plan_sessions(program=program, version=version, since=since, state=state)
    _retell_today(program, old, version, today)


def _retell_today(program: Program, old: ProgramVersion, version: ProgramVersion, today: dt.date) -> None:
    """Today's session asks for the new version's form of the same lines."""
    session = PlannedSession.objects.on_day(today).filter(program=program, phase__version=old).first()
    if session is None:
        return
    lines = session.prescriptions.values("line")
    session.prescriptions.set(Prescription.objects.filter(phase__version=version, line__in=lines))
    session.phase = version.phases.get(position=session.phase.position)
    session.save(update_fields=["phase"])


def _record(program: Program, verb: str, by: User | None, now: dt.datetime, details: dict[str, object]) -> None:
    record_audit(
        clinic=program.clinic,
        verb=verb,
        subject_kind="program",
        subject_id=program.pk,
        client=program.client,
        by=by,
        now=now,
        details=details,
    )
    mark_needs_look(client=program.client, now=now)
