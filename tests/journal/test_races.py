"""The same log sent many times at once, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from accounts.people.models import AuditEvent
from plans.journal.actions import LogConflict, log_session
from plans.journal.models import PainReport, RefusedLog, Session
from plans.journal.rules import LogSource
from tests.clock import NOW
from tests.journal.logs import check_in, read

pytestmark = pytest.mark.django_db(transaction=True)

HANDS = 8


def at_once(send, count):
    def one(number):
        try:
            return send(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(one, range(count)))


def test_a_thousand_sendings_of_one_log_make_one_row(cast):
    body = read(check_in(4), uuid4())

    def send(_):
        return log_session(client=cast.client, body=body, by=cast.client.user, now=NOW, source=LogSource.API).created

    assert sum(at_once(send, 1000)) == 1
    assert (Session.objects.count(), PainReport.objects.count()) == (1, 1)
    assert AuditEvent.objects.filter(verb="session_logged").count() == 1


def test_of_different_logs_under_one_uuid_one_is_stored_and_none_is_lost(cast):
    uuid = uuid4()

    def send(score):
        body = read(check_in(score), uuid)
        try:
            return log_session(
                client=cast.client, body=body, by=cast.client.user, now=NOW, source=LogSource.API
            ).created
        except LogConflict:
            return None

    sent = at_once(send, 7)
    assert sent.count(True) == 1
    assert Session.objects.count() == 1
    assert RefusedLog.objects.count() == 6
    scores = {refused.said["reports"][0]["score"] for refused in RefusedLog.objects.all()}
    assert scores | {PainReport.objects.get().score} == set(range(7))
