"""The audit looks while the engine works."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from accounts.people.models import Clinic
from clinic import invariants
from clinic.invariants import Invariant, broken
from tests.clock import NOW
from tests.factories.people import ClinicFactory


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs a database with many writers: DATABASE_URL")
@pytest.mark.django_db(transaction=True)
def test_what_is_written_between_two_statements_of_a_question_is_not_seen_by_the_second(monkeypatch):
    def write():
        try:
            ClinicFactory()
        finally:
            connections.close_all()

    def find(asked):
        before = Clinic.objects.count()
        with ThreadPoolExecutor(1) as somebody:
            somebody.submit(write).result()
        return [(None, "half of it was seen")] if Clinic.objects.count() != before else []

    monkeypatch.setattr(invariants, "INVARIANTS", [Invariant("I0", "two looks see the same", find)])
    assert broken(now=NOW) == []
    assert Clinic.objects.count() == 1
