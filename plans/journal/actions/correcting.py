"""A log may be put right or taken back; what it said before stays on record."""

import datetime as dt
import json

from django.db import transaction

from accounts.people.models import Client, User
from plans.journal.models import RefusedLog, Session, SessionRevision
from plans.journal.rules import LogBody, answer_to, as_contract, read_log

from .effects import apply_effects
from .lines import lines_of
from .logging import note_change, settled
from .places import AskedFlag, flags_of, place_of
from .rows import body_of, shown_for, write_flag_answers, write_parts


class RevisionMismatch(Exception):
    """Somebody corrected the log in the meantime; `session` is how it stands now."""

    def __init__(self, session: Session) -> None:
        super().__init__(f"log {session.uuid} stands at revision {session.revision}")
        self.session = session


def correct_session(*, session: Session, body: LogBody, expected: int, by: User, now: dt.datetime) -> Session:
    """Put another body in place of the stored one, when it still stands at revision `expected`.

    A safety answer that the new body leaves out stays. The answer is given anew; a lock, a pause or a
    hidden item stays until a person lifts it.

    Raises:
        RevisionMismatch: it was corrected since.
        LogRefused: the new body cannot be accepted.
    """
    with transaction.atomic():
        stored = _locked(session)
        if stored.revision != expected:
            raise RevisionMismatch(stored)
        client = stored.client
        before = body_of(stored)
        _keep_revision(stored, before, by=by, now=now)
        if body.performed_at is not None and body.performed_at != before.performed_at:
            time = settled(body, client=client, now=now)
            stored.performed_at, stored.local_on = time.performed_at, time.local_on
            stored.clock_suspect = time.is_suspect
        place = place_of(body, client=client, local_on=stored.local_on, is_new=body.program != before.program)
        flags = flags_of(body, client=client)
        answer = answer_to(body, {slug: asked.flag for slug, asked in flags.items()}, lines_of(client))
        stored.program_id, stored.version_id = place.program_id, place.version_id
        stored.planned_session_id = place.planned_id
        stored.can_wait, stored.slept_badly, stored.harm = body.can_wait, body.slept_badly, list(body.harm)
        stored.felt, stored.note = body.felt or "", body.note
        stored.shown, stored.shown_at = shown_for(answer), now
        stored.revision += 1
        stored.save()
        stored.items.all().delete()
        stored.reports.all().delete()
        write_parts(stored, body, place)
        _write_changed_answers(stored, before, body, flags, now)
        apply_effects(answer, client=client, prescriptions=place.prescriptions, by=by, now=now)
        note_change(stored, verb="session_corrected", by=by, now=now, client=client)
    return Session.objects.get(pk=stored.pk)


def remove_session(*, session: Session, by: User, now: dt.datetime) -> Session:
    """Take a log back; it stays on record, and its UUID stays taken. Taking it back twice is once."""
    return _set_removed(session, removed_at=now, verb="session_removed", by=by, now=now)


def restore_session(*, session: Session, by: User, now: dt.datetime) -> Session:
    """Undo a removal."""
    return _set_removed(session, removed_at=None, verb="session_restored", by=by, now=now)


def settle_refused(*, refused: RefusedLog, use_it: bool, by: User, now: dt.datetime) -> Session:
    """The person chose: the refused body takes the place of the stored one, or is laid aside. Both stay on record.

    Raises:
        LogRefused: the refused body cannot be accepted; it stays unsettled.
    """
    with transaction.atomic():
        session = refused.session
        if use_it:
            body = read_log(refused.said, uuid=session.uuid, may_be_now=True)
            session = correct_session(session=session, body=body, expected=session.revision, by=by, now=now)
        refused.settled_at = now
        refused.save(update_fields=["settled_at"])
    return session


def _locked(session: Session) -> Session:
    found: Session = Session.objects.select_for_update(of=("self",)).with_parts().get(pk=session.pk)
    return found


def _keep_revision(session: Session, body: LogBody, *, by: User, now: dt.datetime) -> None:
    said = as_contract(body) | {"shown": session.shown, "removed": session.removed_at is not None}
    SessionRevision.objects.create(
        session=session, number=session.revision, body=json.dumps(said), changed_at=now, changed_by=by
    )


def _write_changed_answers(
    session: Session, before: LogBody, body: LogBody, flags: dict[str, AskedFlag], now: dt.datetime
) -> None:
    changed = tuple(given for given in body.red_flags if given not in before.red_flags)
    session.red_flags.filter(red_flag__in=[flags[given.slug].id for given in changed]).delete()
    write_flag_answers(session, changed, flags, now)


def _set_removed(session: Session, *, removed_at: dt.datetime | None, verb: str, by: User, now: dt.datetime) -> Session:
    with transaction.atomic():
        stored = _locked(session)
        if (stored.removed_at is None) != (removed_at is None):
            client: Client = stored.client
            _keep_revision(stored, body_of(stored), by=by, now=now)
            stored.removed_at = removed_at
            stored.revision += 1
            stored.save(update_fields=["removed_at", "revision"])
            note_change(stored, verb=verb, by=by, now=now, client=client)
    return stored
