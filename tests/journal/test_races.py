"""The same log sent many times at once, on real connections."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, connections

from accounts.people.models import AuditEvent
from plans.journal.actions import LogConflict, log_session
from plans.journal.models import PainReport, RefusedLog, Session
from plans.journal.rules import LogSource
from tests.clock import NOW
from tests.journal.logs import check_in, read

pytestmark = pytest.mark.django_db(transaction=True)

HANDS = 8


@pytest.fixture
def hands(cast, tmp_path):
    """Runs work in threads with connections of their own; on SQLite over a file, since memory has no real locks."""
    kept = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        file = tmp_path / "race.sqlite3"
        with sqlite3.connect(file) as copy:
            connection.connection.backup(copy)
        copy.close()
        connections.settings["default"]["NAME"] = str(file)

    def one(work, *args):
        try:
            return work(*args)
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        yield lambda work, each: list(pool.map(lambda arg: one(work, arg), each))
    connections.settings["default"]["NAME"] = kept


def test_hundreds_of_sendings_of_one_log_make_one_row(cast, hands):
    body = read(check_in(4), uuid4())

    def send(_):
        return log_session(client=cast.client, body=body, by=cast.client.user, now=NOW, source=LogSource.API).created

    assert sum(hands(send, range(300))) == 1
    tables = (Session.objects, PainReport.objects, AuditEvent.objects.filter(verb="session_logged"))
    assert hands(lambda table: table.count(), tables) == [1, 1, 1]


def test_of_different_logs_under_one_uuid_one_is_stored_and_none_is_lost(cast, hands):
    uuid = uuid4()

    def send(score):
        body = read(check_in(score), uuid)
        try:
            sent = log_session(client=cast.client, body=body, by=cast.client.user, now=NOW, source=LogSource.API)
        except LogConflict:
            return None
        return sent.created

    def kept(_):
        return [PainReport.objects.get().score, *(r.said["reports"][0]["score"] for r in RefusedLog.objects.all())]

    assert hands(send, range(7)).count(True) == 1
    (scores,) = hands(kept, [0])
    assert sorted(scores) == list(range(7))
