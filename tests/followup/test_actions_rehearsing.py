"""A rehearsal replays what was known at each moment, beside what really happened, and changes nothing."""

import datetime as dt
import hashlib
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from plans.followup.actions import rehearse, resolve_escalation
from plans.followup.actions.answering import acknowledge_escalation
from plans.followup.models import Escalation
from plans.followup.rules import DEFAULT_NUMBERS, Outcome, with_numbers
from plans.journal.actions import correct_session, remove_session
from plans.journal.actions.rows import body_of
from plans.journal.models import Session
from plans.journal.rules import Moment, Report
from tests.clock import NOW
from tests.factories.followup import EscalationFactory, PolicyOverrideFactory
from tests.factories.people import ClientFactory
from tests.followup.speaking import DAY, report, severe_days, tick

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
SIX = with_numbers(DEFAULT_NUMBERS, {"severe_min": 6})


def rehearsed(cast, numbers=SIX, *, days=30, now=NOW):
    return rehearse(clinic=cast.harbour, numbers=numbers, days=days, now=now)


def opened(found):
    return [(each.client.name, each.at, each.finding.rule) for each in found.would_open]


def every_row():
    digests = {}
    for model in apps.get_models():
        rows = repr(list(model.objects.order_by("pk").values_list()))
        digests[model._meta.label] = hashlib.sha256(rows.encode()).hexdigest()
    return digests


def test_stricter_numbers_would_have_opened_what_was_not_opened(cast):
    severe_days(cast.client, score=6, last=NOW - 5 * DAY)
    tick(NOW - 5 * DAY)
    found = rehearsed(cast)
    assert opened(found) == [("Maya Lindqvist", NOW - 5 * DAY, "severe-persistent")]
    assert (found.really_opened, found.clients) == (0, 2)
    assert [reading.score for reading in found.would_open[0].finding.readings] == [6, 6, 6]


def test_the_numbers_in_force_would_have_opened_what_was_opened(cast):
    severe_days(cast.client, last=NOW - 5 * DAY)
    tick(NOW - 5 * DAY)
    found = rehearsed(cast, DEFAULT_NUMBERS)
    assert [each.real.id for each in found.would_open] == [Escalation.objects.get().pk]
    assert (found.really_opened, found.only_real) == (1, [])


def test_nothing_in_the_database_changes(cast):
    severe_days(cast.client, score=6, last=NOW - 5 * DAY)
    severe_days(cast.colleagues_client, last=NOW - 2 * DAY)
    tick(NOW - 2 * DAY)
    before = every_row()
    assert len(rehearsed(cast).would_open) == 2
    call_command("rehearse", clinic="harbour", set=["severe_min=6"], stdout=StringIO(), stderr=StringIO())
    assert every_row() == before


def test_a_late_log_counts_from_the_moment_it_was_received(cast):
    for day in (6, 5):
        report(cast.client, 6, at=NOW - day * DAY)
    report(cast.client, 6, at=NOW - 7 * DAY, received_at=NOW - 3 * DAY)
    assert opened(rehearsed(cast)) == [("Maya Lindqvist", NOW - 3 * DAY, "severe-persistent")]


def corrected(session, score, *, by, now):
    session = Session.objects.with_parts().get(pk=session.pk)
    said = body_of(session)
    body = type(said)(**{**vars(said), "reports": (Report(Moment.CHECK_IN, score),)})
    return correct_session(session=session, body=body, expected=session.revision, by=by, now=now)


def test_a_correction_counts_from_the_moment_it_was_made(cast):
    sessions = severe_days(cast.client, score=6, last=NOW - 6 * DAY)
    corrected(sessions[-1], 3, by=cast.client.user, now=NOW - 4 * DAY)
    first = rehearsed(cast)
    assert opened(first) == [("Maya Lindqvist", NOW - 6 * DAY, "severe-persistent")]
    mild = report(cast.colleagues_client, 2, at=NOW - 6 * DAY)
    corrected(mild, 9, by=cast.colleagues_client.user, now=NOW - 4 * DAY)
    assert opened(rehearsed(cast))[1:] == [("Tomasz Nowak", NOW - 4 * DAY, "very-severe-same-day")]


def test_a_log_that_was_taken_back_counted_until_then(cast):
    sessions = severe_days(cast.client, score=6, last=NOW - 6 * DAY)
    remove_session(session=sessions[1], by=cast.client.user, now=NOW - 6 * DAY + HOUR)
    report(cast.client, 6, at=NOW - 5 * DAY)
    assert [at for _, at, _ in opened(rehearsed(cast))] == [NOW - 6 * DAY]


def test_a_log_that_was_taken_back_at_once_counts_no_more(cast):
    sessions = severe_days(cast.client, score=6, last=NOW - 6 * DAY, days=2)
    remove_session(session=sessions[0], by=cast.client.user, now=NOW - 6 * DAY + HOUR)
    report(cast.client, 6, at=NOW - 5 * DAY)
    assert opened(rehearsed(cast)) == []


def test_more_evidence_joins_the_case_that_would_be_live(cast):
    severe_days(cast.client, score=6, last=NOW - 5 * DAY, days=8)
    assert len(rehearsed(cast).would_open) == 1


def test_what_was_found_before_the_days_asked_for_is_no_news(cast):
    severe_days(cast.client, score=6, last=NOW - 12 * DAY)
    report(cast.client, 2, at=NOW - 8 * DAY)
    assert opened(rehearsed(cast, days=10)) == []


def test_a_case_that_was_opened_while_this_one_would_have_lived_is_the_same_trouble(cast):
    for day, score in ((12, 6), (11, 6), (10, 6), (9, 8), (8, 8), (7, 8)):
        report(cast.client, score, at=NOW - day * DAY)
    tick(NOW - 7 * DAY)
    found = rehearsed(cast, now=NOW - 6 * DAY)
    assert [(each.at, each.real.opened_at) for each in found.would_open] == [(NOW - 10 * DAY, NOW - 7 * DAY)]
    assert found.only_real == []


def test_looser_numbers_show_what_only_really_opened(cast):
    severe_days(cast.client, last=NOW - 5 * DAY)
    tick(NOW - 5 * DAY)
    loose = with_numbers(DEFAULT_NUMBERS, {"days_in_row": 4, "alt_days": 4})
    found = rehearsed(cast, loose)
    assert (found.would_open, len(found.only_real)) == ([], 1)


def test_a_case_that_was_not_a_concern_says_so(cast):
    severe_days(cast.client, last=NOW - 5 * DAY)
    tick(NOW - 5 * DAY)
    case, ana = Escalation.objects.get(), cast.bodyworker.user
    acknowledge_escalation(escalation=case, by=ana, now=NOW - 4 * DAY)
    case.refresh_from_db()
    resolve_escalation(escalation=case, outcome=Outcome.NOT_A_CONCERN, note="Known", by=ana, now=NOW - 3 * DAY)
    assert [each.real.outcome for each in rehearsed(cast).would_open] == ["not_a_concern"]


def test_silence_is_found_on_its_day(cast):
    report(cast.client, 8, at=NOW - 10 * DAY)
    strict = with_numbers(DEFAULT_NUMBERS, {"silent_days_severe": 4})
    found = rehearsed(cast, strict)
    assert [(at.date(), rule) for _, at, rule in opened(found)] == [((NOW - 6 * DAY).date(), "silent-client")]


def test_who_matches_today_is_told_apart_by_live_cases(cast):
    severe_days(cast.client, score=6)
    severe_days(cast.colleagues_client, score=6)
    EscalationFactory(client=cast.colleagues_client, clinic=cast.harbour, family="severe")
    found = rehearsed(cast)
    assert (found.hinted, found.live) == ({cast.client.pk}, {cast.colleagues_client.pk})


def test_a_clients_own_numbers_stay_on_top(cast):
    PolicyOverrideFactory(client=cast.client, numbers={"severe_min": 7}, from_at=NOW - 20 * DAY)
    severe_days(cast.client, score=6, last=NOW - 5 * DAY)
    assert opened(rehearsed(cast)) == []


def test_statements_grow_with_batches_and_not_with_clients(cast, django_assert_max_num_queries):
    for n in range(8):
        severe_days(ClientFactory(clinic=cast.harbour, name=f"Client {n}"), score=6, last=NOW - n * HOUR)
    with django_assert_max_num_queries(41):
        assert len(rehearsed(cast).would_open) == 8


def told_by_command(**options):
    out = StringIO()
    call_command("rehearse", clinic="harbour", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_the_command_names_no_client_and_no_score(cast, monkeypatch):
    monkeypatch.setattr("clinic.management.commands.rehearse.database_now", lambda: NOW)
    severe_days(cast.client, score=6, last=NOW - 5 * DAY)
    told = told_by_command(set=["severe_min=6"])
    assert "Would have opened 1 cases; really opened 0." in told
    assert f"client {cast.client.pk}  new" in told
    assert "Maya" not in told
    assert "6/10" not in told


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"set": ["severe_min=8"]}, "severe_min may be 4 to 7"),
        ({"set": ["severe=8"]}, "no number of the rules"),
        ({"set": ["severe_min"]}, "name=number"),
        ({"days": 0}, "--days must be"),
    ],
)
def test_the_command_says_what_is_wrong(cast, options, words):
    with pytest.raises(CommandError, match=words):
        told_by_command(**options)
