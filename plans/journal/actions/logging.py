"""A log is accepted once, for ever: the same body again is the same log, another one is kept and refused."""

import datetime as dt
import json
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from accounts.people.actions import mark_needs_look, record_audit
from accounts.people.models import Client, User
from accounts.post.actions import cancel_letters
from plans.journal.models import RefusedLog, Session
from plans.journal.rules import (
    Fault,
    Level,
    LogBody,
    LogRefused,
    LogSource,
    Problem,
    Settled,
    TimeTooFarAhead,
    TimeTooFarBack,
    answer_to,
    as_contract,
    digest_of,
    settle_time,
)

from .effects import apply_effects
from .lines import lines_of
from .places import flags_of, place_of
from .rows import shown_for, write_flag_answers, write_parts

# A nudge letter is about the client whose day it is; a log of any kind answers it.
NUDGE_LETTER = "nudge"


@dataclass(frozen=True)
class Logged:
    """The stored log, and whether this call made it."""

    session: Session
    created: bool


class LogConflict(Exception):
    """Another body came under a UUID already taken. Both are kept: `session` stands, `refused` waits for a choice.

    `shown` is what the refused body must be told all the same: a warning sign does not wait for a choice.
    """

    def __init__(self, session: Session, refused: RefusedLog, shown: list[dict[str, str]]) -> None:
        super().__init__(f"log {session.uuid} was accepted with another body")
        self.session = session
        self.refused = refused
        self.shown = shown


def log_session(*, client: Client, body: LogBody, by: User, now: dt.datetime, source: LogSource) -> Logged:
    """Accept one log and do at once what it asks for; at most 10 statements for any number of items.

    It writes first and asks only when the UUID is taken, so a thousand parallel sendings of one log make
    one row and every one of them gets it.

    Raises:
        LogRefused: the body cannot be accepted; `problems` name the fields.
        LogConflict: the UUID was used for another body, which is kept as well.
    """
    try:
        with transaction.atomic():
            return Logged(_accept(client=client, body=body, by=by, now=now, source=source), created=True)
    except (IntegrityError, LogRefused):
        stored = Session.objects.filter(client=client, uuid=body.uuid).first()
        if stored is None:
            raise
    if stored.first_digest == digest_of(body):
        return Logged(stored, created=False)
    raise LogConflict(stored, _keep_refused(stored, body, by=by, now=now), _told_anyway(body, client))


def _accept(*, client: Client, body: LogBody, by: User, now: dt.datetime, source: LogSource) -> Session:
    time = settled(body, client=client, now=now)
    place = place_of(body, client=client, local_on=time.local_on)
    flags = flags_of(body, client=client)
    answer = answer_to(body, {slug: asked.flag for slug, asked in flags.items()}, lines_of(client))
    session = Session.objects.create(
        uuid=body.uuid,
        clinic_id=client.clinic_id,
        client=client,
        program_id=place.program_id,
        version_id=place.version_id,
        planned_session_id=place.planned_id,
        performed_at=time.performed_at,
        local_on=time.local_on,
        zone=client.local_zone.key,
        recorded_at=body.sent_at or now,
        received_at=now,
        clock_suspect=time.is_suspect,
        logged_by=by,
        source=source,
        can_wait=body.can_wait,
        slept_badly=body.slept_badly,
        harm=list(body.harm),
        felt=body.felt or "",
        note=body.note,
        first_digest=digest_of(body),
        shown=shown_for(answer),
        shown_at=now,
    )
    write_parts(session, body, place)
    if body.red_flags:
        write_flag_answers(session, body.red_flags, flags, now)
    apply_effects(answer, client=client, prescriptions=place.prescriptions, by=by, now=now)
    note_change(session, verb="session_logged", by=by, now=now, client=client)
    cancel_letters(subject_kind=NUDGE_LETTER, subject_ids=[client.pk], reason="logged", now=now)
    return session


def settled(body: LogBody, *, client: Client, now: dt.datetime) -> Settled:
    """When it happened.

    Raises:
        LogRefused: naming `performed_at`, too far ahead or back.
    """
    zone = client.local_zone.key
    try:
        return settle_time(body.performed_at, sent_at=body.sent_at, received_at=now, zone=zone)
    except TimeTooFarAhead:
        raise LogRefused(Problem("performed_at", Fault.TOO_FAR_AHEAD)) from None
    except TimeTooFarBack as refused:
        raise LogRefused(Problem("performed_at", Fault.TOO_FAR_BACK, {"days": refused.days})) from None


def note_change(session: Session, *, verb: str, by: User, now: dt.datetime, client: Client) -> None:
    """Audit what was done to a log, and ask follow-up to look at its client."""
    record_audit(
        clinic=client.clinic,
        verb=verb,
        subject_kind="session",
        subject_id=session.pk,
        by=by,
        now=now,
        client=client,
        details={"revision": session.revision},
    )
    mark_needs_look(client=client, now=now)


def _told_anyway(body: LogBody, client: Client) -> list[dict[str, str]]:
    try:
        flags = flags_of(body, client=client)
    except LogRefused:
        return []
    answer = answer_to(body, {slug: asked.flag for slug, asked in flags.items()}, lines_of(client))
    return shown_for(answer) if answer.level > Level.NOTED else []


def _keep_refused(session: Session, body: LogBody, *, by: User, now: dt.datetime) -> RefusedLog:
    """Keep the other body in a transaction of its own: nothing a person wrote is lost to a refusal."""
    digest = digest_of(body)
    with transaction.atomic():
        refused, _ = RefusedLog.objects.get_or_create(
            session=session,
            digest=digest,
            defaults={
                "clinic_id": session.clinic_id,
                "client_id": session.client_id,
                "body": json.dumps(as_contract(body)),
                "received_at": now,
                "received_from": by,
            },
        )
    return refused
