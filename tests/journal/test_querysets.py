"""Questions about logs, each with the same number of queries however many there are."""

import datetime as dt

import pytest

from plans.journal.models import PainReport, RefusedLog, Session
from tests.clock import NOW, TODAY
from tests.factories.journal import PainReportFactory, RefusedLogFactory, ReportSiteFactory, SessionFactory

pytestmark = pytest.mark.django_db


def log(client, score, days_ago=0, moment="check_in", **more):
    at = NOW - dt.timedelta(days=days_ago)
    session = SessionFactory(client=client, performed_at=at, local_on=at.date(), **more)
    return PainReportFactory(session=session, moment=moment, score=score)


@pytest.mark.parametrize("who", ["client", "bodyworker", "owner"])
def test_who_cares_for_the_client_sees_the_logs(cast, who):
    report = log(cast.client, 4)
    RefusedLogFactory(session=report.session)
    user = getattr(cast, who).user
    assert Session.objects.visible_to(user).get() == report.session
    assert PainReport.objects.visible_to(user).get() == report
    assert RefusedLog.objects.visible_to(user).count() == 1


@pytest.mark.parametrize("who", ["colleague", "curator", "colleagues_client", "meadow_owner", "meadow_bodyworker"])
def test_nobody_else_does(cast, who):
    RefusedLogFactory(session=log(cast.client, 4).session)
    user = getattr(cast, who).user
    for model in (Session, PainReport, RefusedLog):
        assert not model.objects.visible_to(user).exists()


def test_usual_readings_of_many_clients_are_one_query(cast, django_assert_num_queries):
    log(cast.client, 4, 1)
    log(cast.client, 6, 1)
    log(cast.client, 9, 0, removed_at=NOW)
    log(cast.colleagues_client, 8, 2, moment="before")
    with django_assert_num_queries(1):
        usual = PainReport.objects.since(TODAY - dt.timedelta(days=14)).usual_by_client()
    assert [reading.score for reading in usual[cast.client.pk]] == [6]
    assert [reading.score for reading in usual[cast.colleagues_client.pk]] == [8]


def test_several_sites_count_as_their_highest(cast):
    report = log(cast.client, 4)
    ReportSiteFactory(report=report, score=7)
    ReportSiteFactory(report=report, score=2, side="left")
    assert PainReport.objects.usual_by_client()[cast.client.pk][0].score == 7


@pytest.mark.parametrize("count", [1, 30])
def test_history_is_two_queries(cast, count, django_assert_num_queries):
    for day in range(count):
        log(cast.client, 4, day, note="words")
    with django_assert_num_queries(2):
        rows = Session.objects.of(cast.client).history(90)
    assert [row["scores"] for row in rows] == [{"check_in": 4}] * count
    assert rows[0]["note"] == "words"


def test_history_ends_at_its_limit_and_leaves_out_what_was_removed(cast):
    for day in range(5):
        log(cast.client, day, day)
    log(cast.client, 9, 0, removed_at=NOW)
    assert [row["scores"]["check_in"] for row in Session.objects.of(cast.client).history(3)] == [0, 1, 2]


def test_a_reading_for_the_chart_is_one_log(cast):
    session = SessionFactory(client=cast.client)
    for moment, score in (("before", 5), ("after", 3)):
        PainReportFactory(session=session, moment=moment, score=score)
    log(cast.client, 6)
    first, second = PainReport.objects.of(cast.client).readings()
    assert (first.before, first.after, first.check_in) == (5, 3, None)
    assert (second.before, second.after, second.check_in) == (None, None, 6)
