"""Fifty people take one case while the clock wants to tell it on."""

import datetime as dt
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, connections

from accounts.post.models import Letter
from plans.followup.actions import AlreadyAcknowledged, acknowledge_escalation, sweep_escalations
from tests.clock import NOW
from tests.factories.people import MembershipFactory
from tests.followup.speaking import acts, case_of, severe_days, tick

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 8
LATER = NOW + dt.timedelta(days=1)


@pytest.fixture
def people(cast):
    """Maya has a case, and fifty may take it."""
    severe_days(cast.client)
    tick()
    return [MembershipFactory(clinic=cast.harbour) for _ in range(50)]


@pytest.fixture
def hands(people, tmp_path):
    """Runs work in threads with connections of their own; on SQLite over a file, since memory has no real locks."""
    kept = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        file = tmp_path / "race.sqlite3"
        with sqlite3.connect(file) as copy:
            connection.connection.backup(copy)
        copy.close()
        connections.settings["default"]["NAME"] = str(file)

    def one(work):
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        yield lambda works: list(pool.map(one, works))
    connections.settings["default"]["NAME"] = kept


def test_of_fifty_who_take_a_case_one_has_it_and_the_timer_tells_nobody_after(cast, people, hands):
    case = case_of(cast.client)

    def take(member):
        def work():
            while True:
                try:
                    acknowledge_escalation(escalation=case, by=member.user, now=LATER)
                except AlreadyAcknowledged as earlier:
                    return ("late", earlier.by.pk)
                except OperationalError:  # SQLite: somebody else writes
                    continue
                return ("first", member.user.pk)

        return work

    works = [take(member) for member in people]
    for place in range(0, 55, 5):
        works.insert(place, lambda: ("timer", sweep_escalations(now=LATER)))
    answers = hands(works)
    first = [who for said, who in answers if said == "first"]
    assert len(first) == 1
    assert {who for said, who in answers if said == "late"} == set(first)

    def look():
        found = case_of(cast.client)
        waiting = Letter.objects.filter(subject_kind="escalation", state__in=["pending", "retry"]).count()
        return found.state, found.acked_by_id, acts(found), waiting

    [(state, by, happened, waiting)] = hands([look])
    assert (state, by, waiting) == ("acknowledged", first[0], 0)
    assert happened.count("acknowledge") == 1
    assert happened[-1] == "acknowledge"
