"""Giving a client a program."""

import datetime as dt

import pytest

from accounts.people.models import AuditEvent
from accounts.post.models import ContactPreferences
from plans.programs.actions import (
    AssignmentBlocked,
    ClientDischarged,
    IntakeUnanswered,
    ProgramAlreadyLive,
    TechniqueNotAssignable,
    TemplateEmpty,
    TemplateNotApproved,
    TemplateOfAnotherClinic,
    UnknownQuestion,
    assign_program,
    check_assignment,
    record_intake,
)
from plans.programs.models import IntakeAnswer, PlannedSession, Prescription, Program, SignOff
from plans.programs.rules import Answer, IntakeReply, ProgramState, SignedOff, StartOutOfRange, Swap
from tests.clock import NOW, TODAY
from tests.factories.programs import ProgramTemplateFactory, TemplatePhaseFactory

pytestmark = pytest.mark.django_db


def assign(cast, template, **changes):
    arguments = {
        "client": cast.client,
        "template": template,
        "starts_on": TODAY,
        "by": cast.bodyworker.user,
        "now": NOW,
        "state": ProgramState.RUNNING,
    }
    return assign_program(**{**arguments, **changes})


def say(cast, shelf, *yes):
    record_intake(client=cast.client, answers=shelf.everything(*yes), by=cast.bodyworker.user, now=NOW)


def test_a_running_program_has_all_its_sessions(cast, answered):
    program = assign(cast, answered.template)
    assert program.planned_sessions.count() == 2 * 5 + 2 * 3
    assert program.ends_on == TODAY + dt.timedelta(days=27)


def test_an_offered_program_has_none_yet(cast, answered):
    program = assign(cast, answered.template, state=ProgramState.OFFERED)
    assert not program.planned_sessions.exists()


def test_a_bodyworkers_technique_is_in_the_program_and_in_no_session(cast, answered):
    program = assign(cast, answered.template)
    hands = Prescription.objects.get(phase__version__program=program, revision__name="Hands")
    assert not hands.planned_sessions.exists()


def test_an_optional_technique_goes_on_its_own_number_of_days(cast, answered):
    program = assign(cast, answered.template)
    heated = Prescription.objects.get(phase__version__program=program, revision__name="Heated")
    assert heated.planned_sessions.count() == 2


def test_sessions_lie_on_the_clients_own_days(cast, answered):
    ContactPreferences.objects.create(client=cast.client, clinic=cast.harbour, session_days=[5, 6])
    program = assign(cast, answered.template)
    assert {session.on.weekday() for session in program.planned_sessions.all()} == {5, 6}


def test_sides_follow_the_dosage(cast, answered):
    program = assign(cast, answered.template)
    sides = dict(Prescription.objects.filter(phase__version__program=program).values_list("revision__name", "side"))
    assert (sides["Ball"], sides["Pigeon"]) == ("both", "both")


def test_a_block_refuses_the_whole_program_and_names_its_rule(cast, shelf):
    say(cast, shelf, "heat")
    with pytest.raises(AssignmentBlocked) as refused:
        assign(cast, shelf.template)
    (finding,) = refused.value.findings
    assert (finding.move.slug, finding.question.slug) == ("heated", "heat")
    assert finding.substitutes[0].slug == "cool"
    assert not Program.objects.exists()


def test_a_substitute_takes_the_place_of_what_is_blocked(cast, shelf):
    say(cast, shelf, "heat")
    program = assign(cast, shelf.template, substitutes=[Swap("heated", "cool")])
    line = Prescription.objects.get(phase__version__program=program, revision__name="Cool")
    assert (line.duration_s, line.sessions_per_week, line.is_optional, line.side) == (900, 1, True, "none")


def test_what_is_blocked_can_be_left_out(cast, shelf):
    say(cast, shelf, "heat")
    program = assign(cast, shelf.template, substitutes=[Swap("heated")])
    assert not Prescription.objects.filter(phase__version__program=program, revision__name="Heated").exists()


def test_a_block_cannot_be_signed_off(cast, shelf):
    say(cast, shelf, "heat")
    with pytest.raises(AssignmentBlocked):
        assign(cast, shelf.template, sign_offs=[SignedOff("heated", "heat", "They will be fine.")])


def test_a_substitute_that_is_blocked_itself_is_refused(cast, shelf):
    say(cast, shelf, "heat")
    with pytest.raises(AssignmentBlocked):
        assign(cast, shelf.template, substitutes=[Swap("pigeon", "heated"), Swap("heated", "cool")])


def test_a_caution_needs_a_sign_off_with_a_reason(cast, shelf):
    say(cast, shelf, "knee")
    with pytest.raises(AssignmentBlocked):
        assign(cast, shelf.template, sign_offs=[SignedOff("pigeon", "knee", "  ")])
    program = assign(cast, shelf.template, sign_offs=[SignedOff("pigeon", "knee", "Props under both knees.")])
    kept = SignOff.objects.get()
    assert (kept.by, kept.reason, kept.client) == (cast.bodyworker.user, "Props under both knees.", cast.client)
    assert kept.prescription.phase.version.program == program


def test_a_sign_off_nobody_needed_is_not_kept(cast, answered):
    assign(cast, answered.template, sign_offs=[SignedOff("pigeon", "knee", "To be sure.")])
    assert not SignOff.objects.exists()


def test_a_wound_elsewhere_blocks_nothing(cast, shelf):
    say(cast, shelf)
    neck = Answer("wound", IntakeReply.YES, frozenset({"neck"}))
    found = check_assignment(client=cast.client, template=shelf.template, answers=[neck], now=NOW)
    assert found.findings == ()


def test_a_birth_date_answers_the_question_about_age(cast, shelf):
    cast.client.birth_on = dt.date(2012, 5, 1)
    cast.client.save()
    found = check_assignment(client=cast.client, template=shelf.template, now=NOW)
    assert {finding.question.slug for finding in found.findings} == {"under-18"}
    assert "under-18" not in {question.slug for question in found.unanswered}


def test_a_program_with_open_questions_may_be_offered_and_not_run(cast, shelf):
    with pytest.raises(IntakeUnanswered) as refused:
        assign(cast, shelf.template)
    assert {question.slug for question in refused.value.questions} == {"heat", "knee", "wound", "under-18"}
    assert assign(cast, shelf.template, state=ProgramState.OFFERED).state == ProgramState.OFFERED


def test_an_answer_of_no_runs_out(cast, answered):
    later = NOW + dt.timedelta(days=15)
    found = check_assignment(client=cast.client, template=answered.template, now=later)
    assert [question.slug for question in found.unanswered] == ["wound"]


def test_an_answer_of_yes_counts_until_it_is_asked_again(cast, shelf):
    say(cast, shelf, "wound")
    found = check_assignment(client=cast.client, template=shelf.template, now=NOW + dt.timedelta(days=60))
    assert "ball" in {finding.move.slug for finding in found.findings}


def test_a_new_answer_takes_the_place_of_the_old_one(cast, shelf):
    say(cast, shelf, "heat")
    say(cast, shelf)
    live = IntakeAnswer.objects.get(contraindication__slug="heat", superseded_at__isnull=True)
    assert live.reply == "no"
    assert live.expires_at == NOW + dt.timedelta(days=365)
    assert IntakeAnswer.objects.filter(contraindication__slug="heat").count() == 2


def test_an_unknown_question_keeps_nothing(cast, shelf):
    with pytest.raises(UnknownQuestion):
        record_intake(
            client=cast.client,
            answers=[Answer("heat", IntakeReply.NO), Answer("stars", IntakeReply.YES)],
            by=cast.bodyworker.user,
            now=NOW,
        )
    assert not IntakeAnswer.objects.exists()


def test_outside_the_demo_a_template_needs_a_curators_approval(cast, answered):
    template = answered.template
    template.state, template.approved_at, template.approved_by = "in_review", None, None
    template.save()
    with pytest.raises(TemplateNotApproved):
        assign(cast, template)
    cast.harbour.is_demo = True
    cast.harbour.save()
    cast.client.refresh_from_db()
    assert assign(cast, template).state == ProgramState.RUNNING


def test_a_retired_template_is_given_to_nobody(cast, answered):
    answered.template.state = "retired"
    answered.template.save()
    with pytest.raises(TemplateNotApproved):
        assign(cast, answered.template)


def test_a_template_of_another_clinic_is_refused(cast, answered):
    with pytest.raises(TemplateOfAnotherClinic):
        assign(cast, answered.template, client=cast.meadow_client)


def test_a_client_who_has_left_is_given_nothing(cast, answered):
    cast.client.discharged_at = NOW
    cast.client.save()
    with pytest.raises(ClientDischarged):
        assign(cast, answered.template)


@pytest.mark.parametrize("days", [-365, -15, 91, 365])
def test_a_first_day_far_away_is_refused(cast, answered, days):
    with pytest.raises(StartOutOfRange):
        assign(cast, answered.template, starts_on=TODAY + dt.timedelta(days=days))


def test_an_empty_template_is_refused(cast, shelf):
    template = ProgramTemplateFactory(clinic=cast.harbour)
    TemplatePhaseFactory(template=template)
    with pytest.raises(TemplateEmpty):
        assign(cast, template)


def test_a_technique_without_a_published_text_is_refused(cast, answered):
    answered.techniques["cool"].current = None
    answered.techniques["cool"].save()
    with pytest.raises(TechniqueNotAssignable):
        assign(cast, answered.template, substitutes=[Swap("heated", "cool")])


def test_the_same_program_twice_is_refused(cast, answered):
    program = assign(cast, answered.template)
    with pytest.raises(ProgramAlreadyLive) as refused:
        assign(cast, answered.template)
    assert refused.value.program == program


def test_assigning_leaves_an_audit_and_a_mark_for_follow_up(cast, answered):
    cast.client.needs_look_since = None
    cast.client.save()
    program = assign(cast, answered.template)
    cast.client.refresh_from_db()
    event = AuditEvent.objects.get(verb="program_assigned")
    assert (event.subject_id, event.client, event.by) == (program.pk, cast.client, cast.bodyworker.user)
    assert cast.client.needs_look_since == NOW


def test_a_refused_assignment_leaves_nothing(cast, shelf):
    say(cast, shelf, "heat")
    before = AuditEvent.objects.count()
    with pytest.raises(AssignmentBlocked):
        assign(cast, shelf.template)
    assert (Program.objects.count(), PlannedSession.objects.count(), AuditEvent.objects.count()) == (0, 0, before)


def test_assigning_costs_the_same_for_a_long_program(cast, answered, django_assert_num_queries):
    phase = answered.template.phases.get(position=2)
    phase.week_to = 12
    phase.save()
    with django_assert_num_queries(25):
        assign(cast, answered.template)
