"""Who sees which clients, colleagues and clinics."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.people.models import Absence, Client, Clinic, Membership, User
from tests.clock import NOW
from tests.factories.people import CareRelationshipFactory, UserFactory

SEEN = {
    "owner": {"Maya Lindqvist", "Tomasz Nowak"},
    "bodyworker": {"Maya Lindqvist"},
    "colleague": {"Tomasz Nowak"},
    "curator": set(),
    "meadow_owner": {"Lea Brandt"},
    "meadow_bodyworker": {"Lea Brandt"},
}


def names(user):
    return set(Client.objects.visible_to(user).values_list("name", flat=True))


@pytest.mark.parametrize("who", SEEN)
def test_staff_see_the_clients_that_are_theirs(cast, who):
    assert names(getattr(cast, who).user) == SEEN[who]


@pytest.mark.parametrize("who", ["client", "colleagues_client", "meadow_client"])
def test_a_client_sees_their_own_record(cast, who):
    record = getattr(cast, who)
    assert names(record.user) == {record.name}


def test_nobody_sees_nothing(cast):
    assert names(AnonymousUser()) == set()


def test_the_installer_sees_no_client(cast):
    assert names(UserFactory(is_superuser=True)) == set()


@pytest.mark.parametrize("who", ["owner", "bodyworker"])
def test_whoever_left_sees_nothing(cast, who):
    place = getattr(cast, who)
    place.ended_at = NOW
    place.save()
    assert names(place.user) == set()


def test_an_inactive_person_sees_nothing(cast):
    cast.owner.user.is_active = False
    assert names(cast.owner.user) == set()


def test_a_discharged_client_is_out_but_the_clinic_keeps_the_record(cast):
    cast.client.discharged_at = NOW
    cast.client.save()
    assert names(cast.client.user) == set()
    assert "Maya Lindqvist" in names(cast.owner.user)


def test_ended_care_is_no_longer_seen(cast):
    cast.care.ended_on = cast.care.began_on
    cast.care.save()
    assert names(cast.bodyworker.user) == set()


def test_whoever_treats_too_sees_too(cast):
    CareRelationshipFactory(client=cast.client, bodyworker=cast.colleague, is_primary=False)
    assert names(cast.colleague.user) == {"Maya Lindqvist", "Tomasz Nowak"}


@pytest.mark.parametrize(("hours", "seen"), [(0, True), (48, False), (-48, False)])
def test_cover_sees_while_it_lasts(cast, hours, seen):
    now = timezone.now() + dt.timedelta(hours=hours)
    Absence.objects.create(
        clinic=cast.harbour,
        bodyworker=cast.bodyworker,
        cover=cast.colleague,
        from_at=now - dt.timedelta(hours=1),
        until_at=now + dt.timedelta(hours=1),
    )
    assert ("Maya Lindqvist" in names(cast.colleague.user)) == seen


def test_colleagues_see_each_other_and_no_other_staff(cast):
    seen = set(Membership.objects.visible_to(cast.curator.user))
    assert seen == {cast.owner, cast.bodyworker, cast.colleague, cast.curator}
    assert not Membership.objects.visible_to(cast.client.user).exists()


def test_everyone_sees_the_clinic_they_belong_to(cast):
    for person in (cast.curator.user, cast.client.user):
        assert list(Clinic.objects.visible_to(person)) == [cast.harbour]


def test_staff_and_clients_sign_in_by_different_doors(cast):
    staff, clients = set(User.objects.staff()), set(User.objects.clients())
    assert cast.bodyworker.user in staff
    assert cast.client.user in clients
    assert not staff & clients


def test_staff_who_are_clients_too_sign_in_as_staff(cast):
    cast.client.user = cast.colleague.user
    cast.client.save()
    assert cast.colleague.user in User.objects.staff()
    assert cast.colleague.user not in User.objects.clients()


def test_somebody_who_left_and_became_a_client_signs_in_as_a_client(cast):
    cast.colleague.ended_at = NOW
    cast.colleague.save()
    cast.client.user = cast.colleague.user
    cast.client.save()
    assert cast.colleague.user in User.objects.clients()
