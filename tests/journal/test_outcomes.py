"""The short questions: asked when they are due, kept whole, put right today, refused by field, never nagging."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from plans.journal.actions import answer_outcome, skip_outcomes
from plans.journal.forms import open_questions
from plans.journal.models import OutcomeAnswer, OutcomeSkip, PainReport
from plans.journal.rules import (
    MEASURES,
    Change,
    LogRefused,
    MeasureSlug,
    Occasion,
    OutcomeScore,
    Span,
    change_of,
    course_of,
    due_of,
    read_outcome,
    score_of,
)
from tests.clock import NOW, TODAY
from tests.factories.journal import PainReportFactory, SessionFactory
from tests.factories.library import OutcomeMeasureFactory, SourceFactory

DAY = dt.timedelta(days=1)
PEG, PSFS, GROC = MeasureSlug.PEG, MeasureSlug.PSFS, MeasureSlug.GROC
START = dt.date(2026, 1, 1)


def peg(*values, **more):
    return {"measure": "peg-3", "answers": [{"item": n, "value": value} for n, value in enumerate(values, 1)]} | more


def psfs(*pairs, **more):
    rows = [{"item": n, "label": label, "value": value} for n, (label, value) in enumerate(pairs, 1)]
    return {"measure": "psfs", "answers": rows} | more


ACTIVITIES = [("Stairs", 4), ("Sitting", 5), ("Running", 3)]

# The rules


BAD = [
    (peg(11, 5, 5), {"answers[0].value": "out_of_range"}),
    (peg("seven", 5, 5), {"answers[0].value": "out_of_range"}),
    (peg(True, 5, 5), {"answers[0].value": "out_of_range"}),
    (peg(5, 5), {"answers": "item_missing"}),
    (peg(5, 5, 5, 5), {"answers[3].item": "out_of_range"}),
    (peg(), {"answers": "item_missing"}),
    (peg(5, 5, 5, measure="odi"), {"measure": "unknown_word"}),
    (peg(5, 5, 5, measure=""), {"measure": "required"}),
    (peg(5, 5, 5, answered_at="2026-03-10T09:00:00"), {"answered_at": "no_offset"}),
    (peg(5, 5, 5, answered_at="yesterday"), {"answered_at": "not_a_time"}),
    ({"measure": "groc", "answers": [{"item": 1, "value": 6}]}, {"answers[0].value": "out_of_range"}),
    ({"measure": "groc", "answers": [{"item": 1, "value": -6}]}, {"answers[0].value": "out_of_range"}),
    ({"measure": "groc", "answers": "all of it"}, {"answers": "not_a_list"}),
    (psfs(("Stairs", 4), ("Sitting", 5)), {"answers": "item_missing"}),
    (psfs(("Stairs", 4), ("stairs", 5), ("Running", 3)), {"answers": "twice"}),
    (psfs(("x" * 81, 4), ("Sitting", 5), ("Running", 3)), {"answers[0].label": "too_long"}),
]


@pytest.mark.parametrize(("body", "faults"), BAD)
def test_a_wrong_answer_names_its_field(body, faults):
    with pytest.raises(LogRefused) as refused:
        read_outcome(body)
    assert {problem.field: problem.fault.value for problem in refused.value.problems} == faults


@given(st.dictionaries(st.integers(1, 3), st.integers(0, 10), max_size=3))
def test_a_measure_with_an_item_missing_is_not_scored(items):
    score = score_of(MEASURES[PEG], items)
    assert (score is None) is (len(items) < 3)
    assert score is None or min(items.values()) <= score <= max(items.values())


@given(st.permutations([(START + n * DAY, item, n) for n in range(3) for item in (1, 2, 3)]))
def test_the_course_does_not_depend_on_the_order_of_arrival(answers):
    assert [(each.on, each.score) for each in course_of(MEASURES[PEG], answers)] == [
        (START + n * DAY, n) for n in range(3)
    ]


CHANGES = [
    (PEG, [5, 4], Change.BETTER),
    (PEG, [5, 4.1], Change.SAME),
    (PEG, [5, 6], Change.WORSE),
    (PEG, [5, 3.25], Change.MUCH_BETTER),
    (PSFS, [4, 5.2], Change.SAME),
    (PSFS, [4, 5.3], Change.A_LITTLE_BETTER),
    (PSFS, [4, 6.3], Change.BETTER),
    (PSFS, [4, 6.7], Change.MUCH_BETTER),
    (PSFS, [4, 2.7], Change.WORSE),
    (PSFS, [4], None),
    (GROC, [1], Change.A_LITTLE_BETTER),
    (GROC, [2], Change.BETTER),
    (GROC, [0], Change.SAME),
    (GROC, [], None),
]


@pytest.mark.parametrize(("slug", "scores", "change"), CHANGES)
def test_a_change_is_called_what_its_source_calls_it(slug, scores, change):
    course = [OutcomeScore(START + n * DAY, score, {1: 0}) for n, score in enumerate(scores)]
    assert change_of(MEASURES[slug], course) is change


SPAN = Span(7, START, START + 55 * DAY)
DUE = [
    (0, Occasion.BASELINE),
    (6, Occasion.BASELINE),
    (7, None),
    (10, None),
    (11, Occasion.WEEK_2),
    (17, Occasion.WEEK_2),
    (18, None),
    (25, Occasion.WEEK_4),
    (39, Occasion.WEEK_6),
    (45, Occasion.WEEK_6),
    (46, None),
    (53, Occasion.END),
    (68, Occasion.END),
    (69, None),
]


@pytest.mark.parametrize(("day", "occasion"), DUE)
def test_the_questions_are_open_around_their_week(day, occasion):
    due = due_of([SPAN], {}, (), today=START + day * DAY)
    assert (due.occasion if due else None) is occasion
    assert due is None or (GROC in due.measures) is (occasion not in {Occasion.BASELINE, Occasion.WEEK_2})


def test_what_was_answered_or_laid_aside_is_not_asked_again():
    today = START + 12 * DAY
    assert due_of([SPAN], {PEG: [today]}, (), today=today).measures == (PSFS,)
    assert due_of([SPAN], {PEG: [today], PSFS: [today]}, (), today=today) is None
    assert due_of([SPAN], {}, [(7, Occasion.WEEK_2)], today=today) is None
    assert due_of([SPAN], {PEG: [START]}, [(7, Occasion.BASELINE)], today=today).measures == (PEG, PSFS)


def test_the_change_is_never_asked_alone():
    today = START + 26 * DAY
    assert due_of([SPAN], {PEG: [today], PSFS: [today]}, (), today=today) is None


# What is kept


@pytest.fixture
def measures(cast):
    return {slug: OutcomeMeasureFactory(clinic=cast.harbour, slug=slug, use="allow") for slug in (PEG, PSFS, GROC)}


def answer(cast, body, *, now=NOW):
    return answer_outcome(client=cast.client, body=read_outcome(body), by=cast.client.user, now=now)


def test_the_same_answer_again_is_one_and_another_puts_it_right(cast, measures):
    assert answer(cast, peg(5, 6, 7)).created
    assert not answer(cast, peg(5, 6, 7)).created
    assert OutcomeAnswer.objects.count() == 3
    corrected = answer(cast, peg(5, 6, 4), now=NOW + dt.timedelta(hours=1))
    assert (corrected.score, corrected.created) == (5, False)
    assert OutcomeAnswer.objects.standing().count() == 3
    assert OutcomeAnswer.objects.filter(replaced_at__isnull=False, value=7).count() == 1
    cast.client.refresh_from_db()
    assert cast.client.needs_look_since is not None


def test_an_earlier_day_stays_as_it_is_and_may_come_late(cast, measures):
    late = peg(5, 6, 7, answered_at=(NOW - 2 * DAY).isoformat())
    assert answer(cast, late).on == TODAY - 2 * DAY
    assert not answer(cast, late).created
    with pytest.raises(LogRefused, match="answered_at: day_is_over"):
        answer(cast, peg(1, 1, 1, answered_at=(NOW - 2 * DAY).isoformat()))


def test_a_time_a_year_ahead_is_refused_by_name(cast, measures):
    with pytest.raises(LogRefused, match="answered_at: too_far_ahead"):
        answer(cast, peg(5, 6, 7, answered_at=(NOW + 365 * DAY).isoformat()))


def test_the_activities_stay_the_same(cast, measures):
    with pytest.raises(LogRefused, match=r"answers\[2\].label: activity_missing"):
        answer(cast, psfs(("Stairs", 4), ("Sitting", 5), ("", 3)))
    answer(cast, psfs(*ACTIVITIES))
    later = NOW + 14 * DAY
    with pytest.raises(LogRefused, match="answers: other_activities"):
        answer(cast, psfs(("Stairs", 4), ("Sitting", 5), ("Dancing", 3)), now=later)
    again = answer(cast, psfs(("", 8), ("", 8), ("", 8)), now=later)
    assert [each.label for each in again.answers] == ["Stairs", "Sitting", "Running"]


def test_a_measure_of_another_clinic_or_one_to_avoid_is_refused_by_name(cast):
    OutcomeMeasureFactory(clinic=cast.meadow, slug=PEG, use="allow")
    with pytest.raises(LogRefused, match="measure: no_such_measure"):
        answer(cast, peg(5, 6, 7))
    OutcomeMeasureFactory(clinic=cast.harbour, slug=PEG, use="avoid")
    with pytest.raises(LogRefused, match="measure: no_such_measure"):
        answer(cast, peg(5, 6, 7))


def test_laying_aside_is_once_and_for_this_occasion_only(cast, measures, running):
    today = running.program.starts_on + 12 * DAY
    now = dt.datetime.combine(today, dt.time(9), dt.UTC)
    due = open_questions(client=cast.client, now=now).due
    assert due.occasion is Occasion.WEEK_2
    for _ in range(2):
        skip_outcomes(client=cast.client, due=due, by=cast.client.user, now=now)
    assert OutcomeSkip.objects.count() == 1
    assert open_questions(client=cast.client, now=now).due is None


# The doors


@pytest.fixture
def maya(cast, client, measures):
    client.force_login(cast.client.user)
    with time_machine.travel(NOW, tick=False):
        yield client


def page(**more):
    return {"peg-3_1": "5", "peg-3_2": "6", "peg-3_3": "7"} | more


def test_a_page_keeps_what_is_whole_and_asks_no_more_this_time(cast, maya, running):
    running.program.starts_on = TODAY - 12 * DAY
    running.program.save()
    shown = maya.get(reverse("today:today")).content.decode()
    assert "Four short questions, about one minute." in shown
    assert maya.post(reverse("journal:outcomes"), page()).status_code == 302
    assert sorted(OutcomeAnswer.objects.values_list("value", flat=True)) == [5, 6, 7]
    assert OutcomeSkip.objects.count() == 1
    assert "Four short questions" not in maya.get(reverse("today:today")).content.decode()


def test_a_hole_in_the_page_is_said_beside_it_and_nothing_typed_is_lost(maya):
    sent = page(**{"peg-3_3": "", "psfs_1_name": "Stairs", "psfs_1": "4"})
    answered = maya.post(reverse("journal:outcomes"), sent)
    text = answered.content.decode()
    assert answered.status_code == 200
    assert set(answered.context["form"].errors) == {
        "peg-3_3", "psfs_2", "psfs_2_name", "psfs_3", "psfs_3_name",
    }  # fmt: skip
    assert 'value="Stairs"' in text
    assert not OutcomeAnswer.objects.exists()
    assert "peg-3_1" in maya.post(reverse("journal:outcomes"), page(**{"peg-3_1": "11"})).context["form"].errors


def test_not_this_time_is_one_tap(cast, maya, running):
    running.program.starts_on = TODAY - 12 * DAY
    running.program.save()
    assert maya.post(reverse("journal:skip_outcomes")).status_code == 302
    assert OutcomeSkip.objects.get().occasion == "week2"


def test_the_api_answers_puts_right_lists_and_says_what_is_due(cast, maya, running):
    running.program.starts_on = TODAY - 12 * DAY
    running.program.save()
    url = reverse("api-outcomes")
    due = maya.get(reverse("api-outcomes-due")).json()
    assert (due["occasion"], [row["measure"] for row in due["measures"]]) == ("week2", ["peg-3", "psfs"])

    def send(body):
        return maya.post(url, body, content_type="application/json")

    assert send(peg(5, 6, 7)).status_code == 201
    assert send(peg(5, 6, 7)).status_code == 200
    assert send(peg(5, 6, 4)).json()["score"] == 5
    assert [(row["measure"], row["score"]) for row in maya.get(url).json()] == [("peg-3", 5)]
    wrong = send(peg(5, 11, 7))
    assert wrong.status_code == 400
    assert wrong.json()["errors"][0]["field"] == "answers[1].value"
    assert send([1]).status_code == 400


# The morning after


def test_the_morning_after_is_one_question_tied_to_yesterdays_session(cast, maya, running):
    session = SessionFactory(
        client=cast.client, program=running.program, version=running.version, local_on=TODAY - DAY,
        performed_at=NOW - DAY,
    )  # fmt: skip
    PainReportFactory(session=session, moment="before", score=3)
    assert "How is it this morning?" in maya.get(reverse("today:today")).content.decode()
    url = reverse("journal:morning")
    assert "Hip release" in maya.get(url).content.decode()
    assert "morning" in maya.post(url, {"log": "0" * 32}).context["form"].errors
    assert maya.post(url, {"log": "1" * 32, "morning": "5"}).status_code == 302
    report = PainReport.objects.get(moment="next_morning")
    assert (report.score, report.session.program) == (5, None)
    assert maya.get(url).status_code == 302
    assert "How is it this morning?" not in maya.get(reverse("today:today")).content.decode()


# What is shown of it


@pytest.mark.parametrize("who", ["client", "bodyworker"])
def test_both_see_the_way_it_went_with_its_direction_and_its_source(cast, client, measures, who):
    measures[PSFS].sources.add(SourceFactory(clinic=cast.harbour, citation="Stratford 1995"))
    cast.client.accepted_at = NOW
    cast.client.save()
    answer(cast, psfs(*ACTIVITIES, answered_at=(NOW - 14 * DAY).isoformat()))
    answer(cast, psfs(("Stairs", 7), ("Sitting", 7), ("Running", 5)))
    client.force_login(cast.client.user if who == "client" else cast.bodyworker.user)
    url = reverse("journal:progress") if who == "client" else reverse("desk:client", args=[cast.client.uuid])
    with time_machine.travel(NOW, tick=False):
        text = client.get(url).content.decode()
    assert "Better than at the start, by as much as usually matters." in text
    assert "Here a higher number is better." in text
    assert "Stratford 1995" in text
    assert "Stairs: 7" in text
    assert "4.0, 6.3" in text
