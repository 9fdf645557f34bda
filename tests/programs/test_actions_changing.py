"""A running program is changed by a new version."""

import datetime as dt
from uuid import uuid4

import pytest

from plans.programs.actions import (
    AssignmentBlocked,
    LineNotFound,
    TechniqueNotAssignable,
    TemplateEmpty,
    assign_program,
    change_dosage,
    finish_program,
    hide_prescription,
    hold_program,
    record_intake,
    replace_version,
    resume_program,
    show_prescription,
)
from plans.programs.models import PlannedSession, Prescription, SignOff
from plans.programs.rules import (
    AddTechnique,
    Answer,
    ChangeDose,
    ChangeTechnique,
    DosageOutOfRange,
    IntakeReply,
    ProgramAlreadyFinished,
    ProgramState,
    SignedOff,
    TakeOut,
)
from tests.clock import NOW, TODAY, at

pytestmark = pytest.mark.django_db

NEXT_WEEK = at("2026-03-18")


@pytest.fixture
def program(cast, answered):
    return assign_program(
        client=cast.client,
        template=answered.template,
        starts_on=TODAY,
        by=cast.bodyworker.user,
        now=NOW,
        state=ProgramState.RUNNING,
    )


def line(program, name):
    return (
        Prescription.objects.filter(phase__version__program=program, revision__name=name)
        .order_by("-phase__version__number")
        .select_related("phase__version__program__client")[0]
    )


def change(cast, program, *changes, now=NEXT_WEEK, **more):
    return replace_version(program=program, changes=changes, by=cast.bodyworker.user, now=now, **more)


def says(cast, slug):
    record_intake(client=cast.client, answers=[Answer(slug, IntakeReply.YES)], by=cast.bodyworker.user, now=NOW)


def test_a_change_is_a_new_version(cast, program):
    version = change(cast, program, ChangeDose(line(program, "Ball").line, {"sets": 1}), note="Easier")
    assert (version.number, version.note, version.from_on) == (2, "Easier", NEXT_WEEK.date())
    assert line(program, "Ball").sets == 1
    assert Prescription.objects.get(phase__version__number=1, revision__name="Ball").sets == 2


def test_a_line_is_the_same_through_all_versions(cast, program):
    before = line(program, "Ball")
    change(cast, program, ChangeDose(before.line, {"sets": 1}))
    after = line(program, "Ball")
    assert (after.line, after.uuid == before.uuid) == (before.line, False)


def test_what_is_behind_stays_tied_to_its_version(cast, program):
    before = list(program.planned_sessions.filter(on__lt=NEXT_WEEK.date()).values_list("pk", "on", "phase"))
    change(cast, program, ChangeDose(line(program, "Walk").line, {"sessions_per_week": 7}))
    after = list(program.planned_sessions.filter(on__lt=NEXT_WEEK.date()).values_list("pk", "on", "phase"))
    assert after == before


def test_what_lies_ahead_is_planned_anew(cast, program):
    version = change(cast, program, ChangeDose(line(program, "Walk").line, {"sessions_per_week": 7}))
    ahead = PlannedSession.objects.standing().filter(program=program, on__gt=NEXT_WEEK.date())
    assert set(ahead.values_list("phase__version", flat=True)) == {version.pk}
    assert ahead.filter(on__lte=dt.date(2026, 3, 23)).count() == 5


def test_todays_session_keeps_its_row_and_asks_for_the_new_numbers(cast, program):
    today = program.planned_sessions.get(on=NEXT_WEEK.date())
    version = change(cast, program, ChangeDose(line(program, "Walk").line, {"duration_s": 300}))
    today.refresh_from_db()
    assert today.phase.version == version
    assert set(today.prescriptions.values_list("phase__version", flat=True)) == {version.pk}


def test_another_technique_comes_with_its_own_dosage_and_line(cast, program):
    old = line(program, "Pigeon")
    change(cast, program, ChangeTechnique(old.line, "cool"))
    new = line(program, "Cool")
    assert (new.duration_s, new.sessions_per_week, new.line == old.line) == (900, 3, False)


def test_a_technique_can_be_added_and_taken_out(cast, program):
    change(cast, program, AddTechnique(1, "figure-four", 2), TakeOut(line(program, "Walk").line))
    names = set(
        Prescription.objects.filter(phase__version__number=2, phase__position=1).values_list(
            "revision__name", flat=True
        )
    )
    assert names == {"Ball", "Hands", "Figure-four"}


def test_a_change_goes_through_the_safety_check(cast, program):
    says(cast, "wound")
    with pytest.raises(AssignmentBlocked) as refused:
        change(cast, program, ChangeDose(line(program, "Walk").line, {"sets": 2}))
    assert refused.value.findings[0].move.slug == "ball"
    assert program.versions.count() == 1


def test_taking_the_blocked_technique_out_lets_the_change_through(cast, program):
    says(cast, "wound")
    assert change(cast, program, ChangeTechnique(line(program, "Ball").line, "walk")).number == 2


def test_a_caution_is_signed_off_once_and_holds_for_later_versions(cast, program):
    says(cast, "knee")
    change(
        cast,
        program,
        ChangeDose(line(program, "Pigeon").line, {"sets": 1}),
        sign_offs=[SignedOff("pigeon", "knee", "Quiet since January.")],
    )
    assert SignOff.objects.count() == 1
    assert change(cast, program, ChangeDose(line(program, "Pigeon").line, {"sets": 2})).number == 3


def test_a_hidden_technique_stands_in_nobodys_way(cast, program):
    says(cast, "wound")
    hide_prescription(prescription=line(program, "Ball"), reason="open-wound", by=None, now=NOW)
    change(cast, program, ChangeDose(line(program, "Walk").line, {"sets": 2}))
    assert line(program, "Ball").hidden_reason == "open-wound"


def test_a_hidden_technique_comes_back_only_through_the_check(cast, program):
    hidden = hide_prescription(prescription=line(program, "Ball"), reason="asked-for-help", by=None, now=NOW)
    says(cast, "wound")
    with pytest.raises(AssignmentBlocked):
        show_prescription(prescription=hidden, by=cast.bodyworker.user, now=NOW)


def test_hiding_keeps_the_first_reason(cast, program):
    ball = line(program, "Ball")
    hide_prescription(prescription=ball, reason="asked-for-help", by=None, now=NOW)
    again = hide_prescription(prescription=ball, reason="adverse-event", by=None, now=NEXT_WEEK)
    assert (again.hidden_reason, again.hidden_at) == ("asked-for-help", NOW)


def test_a_hidden_technique_can_be_shown_again(cast, program):
    hidden = hide_prescription(prescription=line(program, "Ball"), reason="asked-for-help", by=None, now=NOW)
    shown = show_prescription(prescription=hidden, by=cast.bodyworker.user, now=NOW)
    assert (shown.hidden_at, shown.hidden_reason) == (None, "")


def test_a_change_while_held_comes_with_the_resume(cast, program):
    count = PlannedSession.objects.standing().filter(program=program).count()
    hold_program(program=program, state=ProgramState.PAUSED, reason="client", by=None, now=at("2026-03-12"))
    change(cast, program, ChangeDose(line(program, "Ball").line, {"sets": 1}))
    assert not PlannedSession.objects.standing().filter(program=program, on__gt=at("2026-03-12").date()).exists()
    resume_program(program=program, by=cast.bodyworker.user, now=at("2026-03-25"))
    assert PlannedSession.objects.standing().filter(program=program).count() == count


def test_the_last_technique_cannot_be_taken_out(cast, program):
    every = Prescription.objects.filter(phase__version__program=program).values_list("line", flat=True)
    with pytest.raises(TemplateEmpty):
        change(cast, program, *[TakeOut(one) for one in every])


def test_a_line_that_is_not_there_changes_nothing(cast, program):
    with pytest.raises(LineNotFound):
        change(cast, program, TakeOut(uuid4()))


def test_a_version_somebody_else_has_replaced_changes_nothing(cast, program):
    change(cast, program, ChangeDose(line(program, "Ball").line, {"sets": 1}))
    with pytest.raises(LineNotFound):
        change(cast, program, ChangeDose(line(program, "Ball").line, {"sets": 3}), seen_version=1)


def test_an_unknown_technique_changes_nothing(cast, program):
    with pytest.raises(TechniqueNotAssignable):
        change(cast, program, ChangeTechnique(line(program, "Ball").line, "moon-walk"))


@pytest.mark.parametrize(("field", "value"), [("sets", 0), ("sets", None), ("sessions_per_week", 8), ("speed", 3)])
def test_a_number_that_cannot_be_meant_is_refused(field, value):
    with pytest.raises(DosageOutOfRange, match=field):
        ChangeDose(uuid4(), {field: value})


def test_a_finished_program_is_not_changed(cast, program):
    finish_program(program=program, by=cast.bodyworker.user, now=NOW)
    with pytest.raises(ProgramAlreadyFinished):
        change(cast, program, TakeOut(line(program, "Ball").line))


def test_one_dosage_is_changed_in_one_step(cast, program):
    version = change_dosage(
        prescription=line(program, "Ball"), dose={"hold_s": 20}, by=cast.bodyworker.user, now=NEXT_WEEK
    )
    assert version.number == 2
    assert line(program, "Ball").hold_s == 20
