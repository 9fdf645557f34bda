"""The tables refuse nonsense, whoever writes it."""

import pytest
from django.db import IntegrityError, transaction

from tests.clock import NOW
from tests.factories.journal import (
    OutcomeAnswerFactory,
    PainReportFactory,
    RedFlagAnswerFactory,
    RefusedLogFactory,
    ReportSiteFactory,
    SessionFactory,
    SessionItemFactory,
    SessionRevisionFactory,
)

pytestmark = pytest.mark.django_db


def refused(make, **fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**fields)
    return True


def test_a_uuid_is_a_client_s_once():
    session = SessionFactory()
    assert refused(SessionFactory, client=session.client, uuid=session.uuid)
    assert SessionFactory(uuid=session.uuid)


@pytest.mark.parametrize("score", [11, 200])
def test_a_score_lies_between_0_and_10(score):
    assert refused(PainReportFactory, score=score)
    assert refused(ReportSiteFactory, score=score)


def test_a_moment_is_reported_once():
    report = PainReportFactory()
    assert refused(PainReportFactory, session=report.session, moment=report.moment)


def test_a_site_is_named_once():
    site = ReportSiteFactory()
    assert refused(ReportSiteFactory, report=site.report)


def test_a_program_comes_with_its_version(running):
    assert refused(SessionFactory, client=running.program.client, program=running.program)
    assert SessionFactory(client=running.program.client, program=running.program, version=running.version)


def test_what_was_shown_has_its_time():
    assert refused(SessionFactory, shown=[{"id": "saved", "flag": "", "text": "Saved."}])


def test_a_yes_shows_its_words():
    assert refused(RedFlagAnswerFactory, answer=True)
    assert RedFlagAnswerFactory(answer=True, shown_text="Call now.", shown_at=NOW)


def test_an_item_is_logged_once_with_a_peak_of_ten_at_most(running):
    session = SessionFactory(client=running.program.client, program=running.program, version=running.version)
    item = SessionItemFactory(session=session, prescription=running.first)
    assert refused(SessionItemFactory, session=session, prescription=item.prescription)
    assert refused(SessionItemFactory, session=session, prescription=running.second, peak=11)


def test_a_refused_body_is_kept_once_and_a_revision_counted_once():
    kept, revision = RefusedLogFactory(), SessionRevisionFactory()
    assert refused(RefusedLogFactory, session=kept.session, digest=kept.digest)
    assert refused(SessionRevisionFactory, session=revision.session, number=revision.number)


def test_an_outcome_is_answered_once_a_day_and_in_range():
    answer = OutcomeAnswerFactory()
    assert refused(OutcomeAnswerFactory, client=answer.client, measure=answer.measure)
    assert refused(OutcomeAnswerFactory, value=101)


@pytest.mark.parametrize("make", [SessionRevisionFactory, RefusedLogFactory])
def test_what_was_said_reads_back(make):
    row = make()
    row.refresh_from_db()
    assert isinstance(row.said, dict)
