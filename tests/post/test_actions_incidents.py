"""An incident is written once and told to the owners once."""

import pytest

from accounts.post.actions import close_incident, raise_incident, sweep_letters
from accounts.post.models import Incident, Letter
from accounts.post.rules import IncidentKind
from tests.clock import NOW
from tests.post.postman import NO_SUCH_MAILBOX, Postman

pytestmark = pytest.mark.django_db


def test_an_incident_is_raised_once(cast):
    for _ in range(2):
        raise_incident(clinic=cast.harbour, kind=IncidentKind.NOBODY_REACHABLE, dedupe_key="x", now=NOW)
    assert Incident.objects.count() == 1
    assert Letter.objects.filter(kind="incident").count() == 1


def test_a_failed_letter_about_an_incident_makes_no_further_letter(cast):
    raise_incident(clinic=cast.harbour, kind=IncidentKind.NOBODY_REACHABLE, dedupe_key="x", now=NOW)
    sweep_letters(now=NOW, channel=Postman(offers=[NO_SUCH_MAILBOX]))
    assert Letter.objects.filter(kind="incident").count() == 1
    assert Incident.objects.count() == 2


def test_an_incident_is_closed_by_the_first_who_says_so(cast):
    incident = raise_incident(clinic=cast.harbour, kind=IncidentKind.NOBODY_REACHABLE, dedupe_key="x", now=NOW)
    assert close_incident(incident=incident, by=cast.owner.user, now=NOW)
    assert not close_incident(incident=incident, by=cast.owner.user, now=NOW)
