"""Fifty people press the same button at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from accounts.people.actions import InvitationUsed, TooManyAttempts, accept_invitation, try_door
from accounts.people.models import Client, Consent, SignInAttempt
from accounts.people.rules import LIMITS, Attempt, Counted
from tests.clock import NOW
from tests.factories.people import InvitationFactory

AT_ONCE = 50


def all_at_once(work):
    """Run `work` in threads with connections of their own; one that shares memory has only one place to write."""

    def one(_number):
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        return list(pool.map(one, range(AT_ONCE)))


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs a database with many writers: DATABASE_URL")
@pytest.mark.django_db(transaction=True)
def test_fifty_acceptances_give_one_client():
    invitation = InvitationFactory()

    def accept():
        try:
            accept_invitation(invitation=invitation, by=None, now=NOW)
        except InvitationUsed:
            return "used"
        return "accepted"

    assert sorted(all_at_once(accept)) == ["accepted"] + ["used"] * (AT_ONCE - 1)
    assert Client.objects.get().user is not None
    assert Consent.objects.count() == 2


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs a database with many writers: DATABASE_URL")
@pytest.mark.django_db(transaction=True)
def test_fifty_guesses_at_once_are_no_more_than_the_limit():
    def guess():
        try:
            try_door(what=Attempt.PASSWORD, account="jo@example.org", address="", now=NOW)
        except TooManyAttempts:
            return "wait"
        return "tried"

    limit = LIMITS[Attempt.PASSWORD, Counted.ACCOUNT].attempts
    assert all_at_once(guess).count("tried") <= limit
    assert SignInAttempt.objects.count() <= limit
