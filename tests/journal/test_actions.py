"""What is written when a log comes, comes again, is put right and taken back."""

import json
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.people.models import AuditEvent, Client
from plans.journal.actions import (
    LogConflict,
    RevisionMismatch,
    body_of,
    correct_session,
    log_session,
    remove_session,
    restore_session,
    settle_refused,
)
from plans.journal.models import PainReport, RedFlagAnswer, RefusedLog, ReportSite, Session, SessionRevision
from plans.journal.rules import Fault, LogRefused, LogSource, as_contract
from plans.programs.models import Program
from tests.clock import NOW, at
from tests.factories.post import LetterFactory
from tests.journal.conftest import run_program
from tests.journal.logs import BUTTOCK, check_in, read, session

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(cast):
    """Log something as Maya."""

    def send(body, uuid=None, *, now=NOW, client=cast.client, source=LogSource.API):
        return log_session(client=client, body=read(body, uuid), by=client.user, now=now, source=source)

    return send


def refusal(send, body):
    with pytest.raises(LogRefused) as refused:
        send(body)
    assert not Session.objects.exists()
    return [(problem.field, problem.fault) for problem in refused.value.problems]


def items(running, **more):
    return [{"prescription": str(p.uuid), "done": True, **more} for p in (running.first, running.second)]


# Accepting


def test_a_session_is_written_with_its_items_reports_and_sites(send, running):
    logged = send(session(running.program.uuid, 5, 3, items=items(running), felt="about_right", note="better"))
    stored = Session.objects.get(pk=logged.session.pk)
    assert logged.created
    assert (stored.program, stored.version, stored.planned_session) == (
        running.program,
        running.version,
        running.planned,
    )
    assert (stored.note, stored.felt, stored.source, str(stored.local_on)) == (
        "better",
        "about_right",
        "api",
        "2026-03-10",
    )
    assert list(stored.reports.order_by("pk").values_list("moment", "score")) == [("before", 5), ("after", 3)]
    assert stored.items.count() == 2
    assert ReportSite.objects.get().region == BUTTOCK["region"]


def test_a_check_in_stands_without_a_program(send):
    assert send(check_in(4)).session.program is None


def test_a_log_is_audited_without_a_word_of_health(send, cast):
    stored = send(check_in(8, note="stabbing", can_wait=False)).session
    event = AuditEvent.objects.get(verb="session_logged")
    assert (event.subject_id, event.client, event.by, event.details) == (
        stored.pk,
        cast.client,
        cast.client.user,
        {"revision": 1},
    )


def test_follow_up_is_asked_to_look(send, cast):
    send(check_in(4))
    assert Client.objects.get(pk=cast.client.pk).needs_look_since == NOW


def test_the_note_is_cipher_text_in_the_table(send):
    stored = send(check_in(4, note="private words")).session
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM journal_session WHERE id = %s", [stored.pk])
        assert "private" not in cursor.fetchone()[0]


@pytest.mark.parametrize("count", [1, 12])
def test_a_log_costs_at_most_nine_statements_however_many_items(send, cast, count):
    running = run_program(cast.client, cast.bodyworker.user, items=count)
    prescriptions = running.version.phases.get().prescriptions.all()
    done = [{"prescription": str(p.uuid), "done": True} for p in prescriptions]
    body = session(running.program.uuid, items=done)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        send(body)
    assert len(statements(asked)) <= 9


def statements(asked):
    """What was asked of the database, the frame of the transaction apart."""
    frame = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [query["sql"] for query in asked.captured_queries if not query["sql"].startswith(frame)]


def test_a_log_takes_back_the_nudge_of_the_day_and_no_other_letter(send, cast):
    nudge = LetterFactory(client=cast.client, subject_kind="nudge", subject_id=cast.client.pk)
    others = [
        LetterFactory(client=cast.colleagues_client, subject_kind="nudge", subject_id=cast.colleagues_client.pk),
        LetterFactory(client=cast.client, subject_kind="escalation", subject_id=cast.client.pk),
    ]
    send(check_in(4))
    for letter in (nudge, *others):
        letter.refresh_from_db()
    assert (nudge.state, [letter.state for letter in others]) == ("cancelled", ["pending", "pending"])


# The same UUID again


def test_the_same_log_again_is_the_stored_one(send):
    uuid = uuid4()
    first, again = send(check_in(4), uuid), send(check_in(4, sent_at=NOW.isoformat()), uuid)
    assert (first.created, again.created) == (True, False)
    assert first.session == again.session


def test_the_first_body_is_known_for_ever(send, cast, running):
    uuid, body = uuid4(), session(running.program.uuid, items=items(running))
    stored = send(body, uuid).session
    correct_session(
        session=stored, body=read(session(running.program.uuid, 6, 6), uuid), expected=1, by=cast.client.user, now=NOW
    )
    remove_session(session=stored, by=cast.client.user, now=NOW)
    Program.objects.update(state="finished", finished_on=NOW.date())
    again = send(body, uuid, now=at("2026-09-01"))
    assert (again.created, again.session.pk) == (False, stored.pk)


def test_another_log_under_the_same_uuid_is_refused_and_both_are_kept(send):
    uuid = uuid4()
    stored = send(check_in(4), uuid).session
    with pytest.raises(LogConflict) as conflict:
        send(check_in(5), uuid)
    assert conflict.value.session == stored
    assert RefusedLog.objects.get().said["reports"][0]["score"] == 5
    assert PainReport.objects.get().score == 4


def test_the_same_refused_log_is_kept_once(send):
    uuid = uuid4()
    send(check_in(4), uuid)
    for _ in range(2):
        with pytest.raises(LogConflict):
            send(check_in(5), uuid)
    assert RefusedLog.objects.count() == 1


def test_two_clients_may_use_the_same_uuid(send, cast):
    uuid = uuid4()
    assert send(check_in(4), uuid).created
    assert send(check_in(4), uuid, client=cast.colleagues_client).created


def test_the_person_may_choose_the_refused_log(send, cast):
    uuid = uuid4()
    send(check_in(4), uuid)
    with pytest.raises(LogConflict) as conflict:
        send(check_in(5), uuid)
    settle_refused(refused=conflict.value.refused, use_it=True, by=cast.client.user, now=NOW)
    assert PainReport.objects.get().score == 5
    assert RefusedLog.objects.get().settled_at == NOW
    assert SessionRevision.objects.get().said["reports"][0]["score"] == 4


def test_the_person_may_keep_the_first_log(send, cast):
    uuid = uuid4()
    send(check_in(4), uuid)
    with pytest.raises(LogConflict) as conflict:
        send(check_in(5), uuid)
    settle_refused(refused=conflict.value.refused, use_it=False, by=cast.client.user, now=NOW)
    assert PainReport.objects.get().score == 4
    assert not RefusedLog.objects.unsettled().exists()


# Refusing


def test_another_client_s_program_is_not_there(send, cast):
    theirs = run_program(cast.colleagues_client, cast.colleague.user)
    assert refusal(send, session(theirs.program.uuid)) == [("program", Fault.NO_SUCH_PROGRAM)]


def test_a_finished_program_takes_no_more_sessions(send, cast):
    over = run_program(cast.client, cast.bodyworker.user, state="finished", finished_on=NOW.date())
    assert refusal(send, session(over.program.uuid)) == [("program", Fault.PROGRAM_FINISHED)]


def test_what_was_done_before_the_program_was_over_may_still_come_from_a_phone(send, cast):
    over = run_program(cast.client, cast.bodyworker.user, state="finished", finished_on=NOW.date())
    body = session(over.program.uuid, performed_at="2026-03-09T18:00:00+00:00", sent_at=NOW.isoformat())
    assert send(body).created


def test_an_offered_program_has_not_begun(send, cast):
    offered = run_program(cast.client, cast.bodyworker.user, state="offered")
    assert refusal(send, session(offered.program.uuid)) == [("program", Fault.PROGRAM_NOT_STARTED)]


def test_a_prescription_of_another_program_is_named(send, cast, running):
    theirs = run_program(cast.meadow_client, cast.meadow_bodyworker.user)
    body = session(running.program.uuid, items=[*items(running), *items(theirs)])
    assert refusal(send, body) == [(f"items[{i}].prescription", Fault.NO_SUCH_PRESCRIPTION) for i in (2, 3)]


def test_a_question_the_clinic_does_not_ask_is_named(send, flag):
    flags = [{"slug": s, "answer": False, "version": 1} for s in (flag.slug, "moon-phase")]
    assert refusal(send, check_in(4, red_flags=flags)) == [("red_flags[1].slug", Fault.NO_SUCH_QUESTION)]


@pytest.mark.parametrize(("day", "fault"), [("2027-03-10", Fault.TOO_FAR_AHEAD), ("2025-03-10", Fault.TOO_FAR_BACK)])
def test_a_year_ahead_or_back_is_refused(send, day, fault):
    assert refusal(send, check_in(4, performed_at=f"{day}T09:00:00+00:00")) == [("performed_at", fault)]


def test_a_clock_twenty_minutes_fast_is_accepted_and_marked(send):
    stored = send(check_in(4, performed_at="2026-03-10T09:20:00+00:00")).session
    assert (stored.performed_at, stored.clock_suspect) == (NOW, True)


# What an answer does


def test_a_red_flag_locks_every_running_program_and_keeps_the_words_shown(send, cast, running, flag):
    stored = send(check_in(2, red_flags=[{"slug": flag.slug, "answer": True, "version": 3}])).session
    given = RedFlagAnswer.objects.get()
    running.program.refresh_from_db()
    assert (running.program.state, running.program.state_reason) == ("locked", flag.slug)
    assert (given.shown_text, given.shown_at, given.question_version) == (flag.client_message, NOW, 3)
    assert stored.shown == [{"id": "red-flag", "flag": flag.slug, "text": flag.client_message}]


def test_very_severe_pain_pauses_the_program(send, running):
    send(check_in(9))
    running.program.refresh_from_db()
    assert (running.program.state, running.program.state_reason) == ("paused", "very-severe-same-day")


def test_very_severe_pain_does_not_loosen_a_lock(send, running, flag):
    send(check_in(2, red_flags=[{"slug": flag.slug, "answer": True, "version": 1}]))
    send(check_in(10))
    running.program.refresh_from_db()
    assert running.program.state == "locked"


def test_the_move_that_hurt_is_left_out(send, running):
    done = items(running)
    done[1]["stop_reason"] = "sharp"
    send(session(running.program.uuid, 2, 8, can_wait=False, items=done))
    running.first.refresh_from_db()
    running.second.refresh_from_db()
    assert running.first.hidden_at is None
    assert (running.second.hidden_at, running.second.hidden_reason) == (NOW, "asked-for-help")


def test_other_people_s_programs_go_on(send, cast, running):
    other = run_program(cast.colleagues_client, cast.colleague.user)
    send(check_in(10))
    other.program.refresh_from_db()
    assert other.program.state == "running"


# Putting right, taking back


def test_a_correction_keeps_what_was_said_before(send, cast, running):
    first = session(running.program.uuid, 5, 3, items=items(running), note="first words")
    stored = send(first).session
    corrected = correct_session(
        session=stored,
        body=read(session(running.program.uuid, 5, 6, note="second words"), stored.uuid),
        expected=1,
        by=cast.client.user,
        now=at("2026-03-10", "10:00"),
    )
    kept = SessionRevision.objects.get()
    assert (corrected.revision, corrected.note) == (2, "second words")
    assert [r.score for r in corrected.reports.order_by("pk")] == [5, 6]
    assert (kept.number, kept.said["note"], len(kept.said["items"])) == (1, "first words", 2)
    assert AuditEvent.objects.filter(verb="session_corrected").count() == 1


def test_a_correction_of_what_somebody_else_corrected_is_refused(send, cast):
    stored = send(check_in(4)).session
    body = read(check_in(5), stored.uuid)
    correct_session(session=stored, body=body, expected=1, by=cast.client.user, now=NOW)
    with pytest.raises(RevisionMismatch) as mismatch:
        correct_session(session=stored, body=body, expected=1, by=cast.client.user, now=NOW)
    assert mismatch.value.session.revision == 2
    assert SessionRevision.objects.count() == 1


def test_a_safety_answer_outlives_a_correction(send, cast, flag):
    yes = [{"slug": flag.slug, "answer": True, "version": 1}]
    stored = send(check_in(4, red_flags=yes)).session
    correct_session(session=stored, body=read(check_in(3), stored.uuid), expected=1, by=cast.client.user, now=NOW)
    assert RedFlagAnswer.objects.get().answer is True


def test_a_correction_upwards_is_answered_like_a_first_log(send, cast, running):
    stored = send(check_in(4)).session
    correct_session(session=stored, body=read(check_in(9), stored.uuid), expected=1, by=cast.client.user, now=NOW)
    running.program.refresh_from_db()
    assert running.program.state == "paused"


def test_a_finished_program_s_log_may_still_be_put_right(send, cast, running):
    stored = send(session(running.program.uuid)).session
    Program.objects.update(state="finished", finished_on=NOW.date())
    body = read(session(running.program.uuid, note="forgot this"), stored.uuid)
    assert correct_session(session=stored, body=body, expected=1, by=cast.client.user, now=NOW).note == "forgot this"


def test_a_removed_log_can_be_restored(send, cast):
    stored = send(check_in(4)).session
    assert remove_session(session=stored, by=cast.client.user, now=NOW).removed_at == NOW
    assert not Session.objects.standing().exists()
    assert restore_session(session=stored, by=cast.client.user, now=NOW).removed_at is None
    assert AuditEvent.objects.filter(verb__in=["session_removed", "session_restored"]).count() == 2


def test_removing_twice_is_once(send, cast):
    stored = send(check_in(4)).session
    for _ in range(2):
        remove_session(session=stored, by=cast.client.user, now=NOW)
    assert AuditEvent.objects.filter(verb="session_removed").count() == 1


def test_a_stored_log_reads_back_as_it_was_sent(send, running, flag):
    answers = [{"slug": flag.slug, "answer": False, "version": 1}]
    body = session(
        running.program.uuid, 7, 3, items=items(running, peak=6), harm=["bruise"], red_flags=answers, note="n"
    )
    stored = send(body).session
    said = as_contract(body_of(Session.objects.get(pk=stored.pk)))
    assert said == json.loads(json.dumps(as_contract(read(body, stored.uuid))))
