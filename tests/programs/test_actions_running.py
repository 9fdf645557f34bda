"""A program starts, is held, goes on and ends."""

import datetime as dt

import pytest

from accounts.people.models import AuditEvent
from plans.programs.actions import (
    AssignmentBlocked,
    IntakeUnanswered,
    answer_intake,
    assign_program,
    finish_ended,
    finish_program,
    hold_program,
    record_intake,
    resume_program,
    start_offered,
    start_program,
)
from plans.programs.models import PlannedSession
from plans.programs.rules import (
    Answer,
    IntakeReply,
    PlannedState,
    ProgramAlreadyFinished,
    ProgramState,
    Swap,
    TransitionNotAllowed,
)
from tests.clock import NOW, TODAY, at

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=9)


@pytest.fixture
def offered(cast, shelf):
    return assign_program(
        client=cast.client, template=shelf.template, starts_on=TODAY, by=cast.bodyworker.user, now=NOW
    )


@pytest.fixture
def running(cast, answered):
    return assign_program(
        client=cast.client,
        template=answered.template,
        starts_on=TODAY,
        by=cast.bodyworker.user,
        now=NOW,
        state=ProgramState.RUNNING,
    )


def days(program):
    return list(PlannedSession.objects.standing().filter(program=program).order_by("on").values_list("on", flat=True))


def pause(cast, program, now=NOW, **changes):
    arguments = {"state": ProgramState.PAUSED, "reason": "worsening", "by": None, "now": now}
    return hold_program(program=program, **{**arguments, **changes})


def test_a_start_waits_for_the_answers(cast, offered):
    with pytest.raises(IntakeUnanswered):
        start_program(program=offered, by=cast.client.user, now=NOW)


def test_a_start_plans_from_the_day_it_happens(cast, shelf, offered):
    record_intake(client=cast.client, answers=shelf.everything(), by=cast.client.user, now=LATER)
    program = start_program(program=offered, by=cast.client.user, now=LATER)
    assert program.starts_on == LATER.date()
    assert (program.ends_on - program.starts_on).days == 27
    assert days(program)[0] >= LATER.date()
    assert len(days(program)) == 16


def test_a_start_before_the_first_day_keeps_that_day(cast, answered):
    program = assign_program(
        client=cast.client,
        template=answered.template,
        starts_on=TODAY + dt.timedelta(days=7),
        by=cast.bodyworker.user,
        now=NOW,
    )
    started = start_program(program=program, by=cast.client.user, now=NOW)
    assert started.starts_on == TODAY + dt.timedelta(days=7)


def test_the_day_is_the_clients_own(cast, answered):
    cast.client.zone = "Pacific/Auckland"
    cast.client.save()
    late_evening = at("2026-03-10", "22:00")
    program = assign_program(
        client=cast.client, template=answered.template, starts_on=TODAY, by=cast.bodyworker.user, now=late_evening
    )
    assert start_program(program=program, by=cast.client.user, now=late_evening).starts_on == dt.date(2026, 3, 11)


def test_a_running_program_cannot_start_again(cast, running):
    with pytest.raises(TransitionNotAllowed):
        start_program(program=running, by=cast.client.user, now=NOW)


def test_good_answers_start_what_is_on_offer(cast, shelf, offered):
    outcome = answer_intake(client=cast.client, answers=shelf.everything(), by=cast.client.user, now=NOW)
    assert [program.state for program in outcome.started] == [ProgramState.RUNNING]


def test_an_answer_that_blocks_holds_the_offer_for_the_bodyworker(cast, shelf, offered):
    outcome = answer_intake(client=cast.client, answers=shelf.everything("heat"), by=cast.client.user, now=NOW)
    ((program, found),) = outcome.held
    offered.refresh_from_db()
    assert (offered.state, offered.state_reason) == (ProgramState.PAUSED, "intake")
    assert program.pk == offered.pk
    assert [finding.move.slug for finding in found.findings] == ["heated"]
    assert not offered.planned_sessions.exists()


def test_an_answer_that_blocks_holds_a_running_program_too(cast, running):
    answer_intake(client=cast.client, answers=[Answer("heat", IntakeReply.YES)], by=cast.client.user, now=NOW)
    running.refresh_from_db()
    assert running.state == ProgramState.PAUSED


def test_half_the_answers_leave_the_offer_open(cast, shelf, offered):
    answer_intake(client=cast.client, answers=shelf.everything()[:2], by=cast.client.user, now=NOW)
    offered.refresh_from_db()
    assert offered.state == ProgramState.OFFERED


def test_an_offer_that_was_swapped_round_the_block_starts(cast, shelf):
    record_intake(client=cast.client, answers=shelf.everything("heat"), by=cast.bodyworker.user, now=NOW)
    assign_program(
        client=cast.client,
        template=shelf.template,
        starts_on=TODAY,
        by=cast.bodyworker.user,
        now=NOW,
        substitutes=[Swap("heated", "cool")],
    )
    assert start_offered(client=cast.client, by=cast.client.user, now=NOW).started


def test_a_hold_withdraws_what_comes_after_today(cast, running):
    pause(cast, running)
    assert [day for day in days(running) if day > TODAY] == []


def test_a_pause_then_a_resume_keep_the_count(cast, running):
    before = len(days(running))
    pause(cast, running, now=at("2026-03-18"))
    resumed = resume_program(program=running, by=cast.bodyworker.user, now=at("2026-04-02"))
    assert len(days(running)) == before
    assert min(day for day in days(running) if day > dt.date(2026, 3, 18)) >= dt.date(2026, 4, 2)
    assert resumed.ends_on > dt.date(2026, 4, 6)


def test_what_is_held_keeps_its_techniques(cast, running):
    kept = PlannedSession.prescriptions.through.objects.count()
    pause(cast, running)
    resume_program(program=running, by=cast.bodyworker.user, now=LATER)
    assert PlannedSession.prescriptions.through.objects.count() == kept


def test_a_lock_after_a_pause_keeps_the_count_too(cast, running):
    before = len(days(running))
    pause(cast, running, now=at("2026-03-12"))
    locked = pause(cast, running, now=at("2026-03-20"), state=ProgramState.LOCKED, reason="ces-saddle")
    resume_program(program=running, by=cast.bodyworker.user, now=at("2026-03-25"))
    assert (locked.state, locked.state_reason) == (ProgramState.LOCKED, "ces-saddle")
    assert len(days(running)) == before


def test_a_second_hold_keeps_the_first_reason(cast, running):
    pause(cast, running, state=ProgramState.LOCKED, reason="ces-saddle")
    held = pause(cast, running, now=LATER, reason="worsening")
    assert (held.state, held.state_reason, held.state_at) == (ProgramState.LOCKED, "ces-saddle", NOW)


def test_a_resume_asks_the_safety_check_again(cast, answered, running):
    pause(cast, running)
    record_intake(client=cast.client, answers=[Answer("heat", IntakeReply.YES)], by=cast.client.user, now=NOW)
    with pytest.raises(AssignmentBlocked):
        resume_program(program=running, by=cast.bodyworker.user, now=NOW)


def test_a_finished_program_is_left_alone(cast, running):
    finished = finish_program(program=running, by=cast.bodyworker.user, now=NOW)
    assert (finished.state, finished.finished_on) == (ProgramState.FINISHED, TODAY)
    with pytest.raises(ProgramAlreadyFinished):
        resume_program(program=running, by=cast.bodyworker.user, now=NOW)
    with pytest.raises(ProgramAlreadyFinished):
        pause(cast, running)


def test_every_move_marks_the_client_for_follow_up(cast, running):
    cast.client.needs_look_since = None
    cast.client.save()
    pause(cast, running, now=LATER)
    cast.client.refresh_from_db()
    assert cast.client.needs_look_since == LATER


def test_withdrawn_sessions_do_not_stand(cast, running):
    pause(cast, running)
    assert set(running.planned_sessions.filter(on__gt=TODAY).values_list("state", flat=True)) == {
        PlannedState.WITHDRAWN
    }


def test_starting_costs_the_same_for_a_long_program(cast, shelf, offered, django_assert_num_queries):
    record_intake(client=cast.client, answers=shelf.everything(), by=cast.client.user, now=NOW)
    offered.versions.get().phases.filter(position=2).update(week_to=12)
    offered.ends_on = TODAY + dt.timedelta(weeks=12, days=-1)
    offered.save()
    with django_assert_num_queries(23):
        start_program(program=offered, by=cast.client.user, now=NOW)
    assert len(days(offered)) == 2 * 5 + 10 * 3


def days_after_the_end(program, count):
    return NOW + (program.ends_on - TODAY) + dt.timedelta(days=count)


def test_a_program_stays_open_two_days_for_the_log_of_its_last_session(running):
    assert finish_ended(now=days_after_the_end(running, 2)) == 0
    running.refresh_from_db()
    assert running.state == ProgramState.RUNNING


def test_a_program_ends_by_itself_and_the_audit_says_nobody_did_it(running):
    assert finish_ended(now=days_after_the_end(running, 3)) == 1
    running.refresh_from_db()
    assert (running.state, running.finished_on) == (ProgramState.FINISHED, running.ends_on + dt.timedelta(days=3))
    event = AuditEvent.objects.get(verb="program_finished")
    assert (event.by, event.details) == (None, {"state": "finished"})


def test_a_program_ends_in_the_day_of_its_client(cast, running):
    evening = days_after_the_end(running, 2).replace(hour=21)
    assert finish_ended(now=evening) == 0
    cast.client.zone = "Asia/Tokyo"
    cast.client.save(update_fields=["zone"])
    assert finish_ended(now=evening) == 1


def test_a_held_program_waits_for_a_person_though_its_days_are_over(cast, running):
    pause(cast, running)
    assert finish_ended(now=days_after_the_end(running, 30)) == 0
