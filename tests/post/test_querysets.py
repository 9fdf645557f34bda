"""Who reads which letters, and which are due."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.post.models import Incident, KillSwitch, Letter
from tests.clock import NOW
from tests.factories.post import IncidentFactory, KillSwitchFactory, LetterFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def to_jo(cast, **fields):
    return LetterFactory(
        client=None,
        clinic=cast.harbour,
        audience="staff",
        membership=cast.bodyworker,
        subject_kind="escalation",
        **fields,
    )


SEES = [
    ("owner", {"client", "staff"}),
    ("bodyworker", {"staff"}),
    ("colleague", set()),
    ("curator", set()),
    ("meadow_owner", set()),
    ("client", {"client"}),
]


@pytest.mark.parametrize(("who", "audiences"), SEES)
def test_the_owner_reads_all_letters_and_others_their_own(cast, who, audiences):
    to_jo(cast)
    LetterFactory(client=cast.client)
    seen = Letter.objects.visible_to(getattr(cast, who).user)
    assert set(seen.values_list("audience", flat=True)) == audiences


def test_incidents_are_the_owners(cast):
    IncidentFactory(clinic=cast.harbour)
    assert Incident.objects.visible_to(cast.owner.user).exists()
    for other in (cast.bodyworker.user, cast.meadow_owner.user, AnonymousUser()):
        assert not Incident.objects.visible_to(other).exists()
    assert not Letter.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.parametrize(
    ("state", "at", "due"),
    [("pending", NOW, True), ("retry", NOW, True), ("pending", NOW + HOUR, False), ("held", None, False)],
)
def test_a_letter_is_due_when_it_waits_and_its_time_has_come(cast, state, at, due):
    to_jo(cast, state=state, next_attempt_at=at)
    assert Letter.objects.due(NOW).exists() is due


def test_a_stop_is_on_until_it_ends_or_is_lifted(cast):
    switch = KillSwitchFactory(clinic=cast.harbour, from_at=NOW, until_at=NOW + HOUR)
    assert KillSwitch.objects.on_at(NOW).exists()
    assert not KillSwitch.objects.on_at(NOW - HOUR).exists()
    assert not KillSwitch.objects.on_at(NOW + HOUR).exists()
    switch.lifted_at = NOW
    switch.save()
    assert not KillSwitch.objects.on_at(NOW).exists()
