"""What people decides without a database: invitations, codes, waiting times, roles."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.people.rules import (
    ALLOWED,
    LIMITS,
    SHORT_CODE_ALPHABET,
    InvitationStanding,
    Limit,
    Permission,
    Role,
    covered_address,
    permissions_of,
    plain_code,
    spaced_code,
    standing_of,
    wait_for,
)
from tests.clock import NOW

HOUR = dt.timedelta(hours=1)


def standing(**facts):
    usual = {
        "now": NOW,
        "opened_generation": 1,
        "generation": 1,
        "expires_at": NOW + HOUR,
        "is_accepted": False,
        "is_revoked": False,
    }
    return standing_of(**usual | facts)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, InvitationStanding.OPEN),
        ({"expires_at": NOW}, InvitationStanding.EXPIRED),
        ({"generation": 2}, InvitationStanding.REPLACED),
        ({"generation": 2, "is_accepted": True}, InvitationStanding.USED),
        ({"is_revoked": True, "expires_at": NOW - HOUR}, InvitationStanding.REVOKED),
        ({"is_accepted": True, "expires_at": NOW - HOUR}, InvitationStanding.USED),
    ],
)
def test_what_became_of_an_invitation_comes_before_its_age(facts, expected):
    assert standing(**facts) == expected


def test_no_two_letters_of_a_code_are_mistaken_for_each_other():
    assert not set("01ILOU") & set(SHORT_CODE_ALPHABET)
    assert len(set(SHORT_CODE_ALPHABET)) == len(SHORT_CODE_ALPHABET)


@given(st.text(alphabet=SHORT_CODE_ALPHABET, min_size=8, max_size=8))
def test_a_code_is_understood_however_it_was_typed(code):
    assert plain_code(spaced_code(code)) == code
    assert plain_code(f" {code[:4].lower()} - {code[4:].lower()}\t") == code


@given(st.text())
def test_any_text_is_a_code_of_plain_letters_and_digits(typed):
    assert all(letter.isascii() and letter.isalnum() for letter in plain_code(typed))


@pytest.mark.parametrize(
    ("email", "shown"),
    [("hanna.berg@example.org", "h•••@example.org"), ("x@example.org", "x•••@example.org"), ("", ""), ("junk", "")],
)
def test_a_covered_address_tells_only_its_owner(email, shown):
    assert covered_address(email) == shown


seconds = st.integers(min_value=0, max_value=7200)


@given(st.lists(seconds), st.integers(min_value=1, max_value=9))
def test_after_the_wait_there_is_no_more_waiting(ages, attempts):
    limit = Limit(attempts, HOUR)
    times = [NOW - dt.timedelta(seconds=age) for age in ages]
    wait = wait_for(limit, times, NOW)
    assert dt.timedelta() <= wait <= HOUR
    assert wait_for(limit, times, NOW + wait) == dt.timedelta()


@given(st.lists(seconds), st.integers(min_value=1, max_value=9))
def test_one_waits_only_after_so_many_attempts(ages, attempts):
    recent = [age for age in ages if age < 3600]
    waits = wait_for(Limit(attempts, HOUR), [NOW - dt.timedelta(seconds=age) for age in ages], NOW) > dt.timedelta()
    assert waits == (len(recent) >= attempts)


def test_every_way_in_is_limited_per_address():
    assert {what for what, counted in LIMITS if counted == "address"} == {what for what, _ in LIMITS}


def test_every_role_has_its_permissions():
    assert set(ALLOWED) == set(Role)
    assert permissions_of(frozenset(Role)) == set(Permission)
    assert permissions_of(frozenset()) == frozenset()


def test_a_curator_reads_no_client():
    assert Permission.SEE_CASELOAD not in permissions_of(frozenset({Role.CURATOR}))
