"""What the installer does at the prompt."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.people.actions import find_token
from accounts.people.models import ApiToken


def run(*words):
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_a_token_is_printed_alone(cast, settings):
    printed = run("create_token", "Jo@harbour.example.org")
    token = ApiToken.objects.get()
    assert printed == printed.strip() + "\n"
    found = find_token(plain=printed.strip(), now=token.created_at)
    assert found is not None
    assert found[0] == token
    assert token.user == cast.bodyworker.user


def test_a_token_for_nobody_is_refused_with_a_sentence(cast):
    with pytest.raises(CommandError, match="Nobody signs in with oj@harbour"):
        run("create_token", "oj@harbour.example.org")


@pytest.mark.parametrize("days", ["0", "-3", "9999"])
def test_a_token_lives_a_year_at_most(cast, days):
    with pytest.raises(CommandError, match="1 to 366"):
        run("create_token", "jo@harbour.example.org", "--days", days)


def test_a_token_for_somebody_who_left_is_refused(cast, now):
    cast.bodyworker.ended_at = now
    cast.bodyworker.save()
    with pytest.raises(CommandError, match="no place in any clinic"):
        run("create_token", "jo@harbour.example.org")
