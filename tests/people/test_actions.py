"""Inviting, accepting, handing over, leaving: each written down, each whole or not at all."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.people.actions import (
    HeirNeeded,
    InvitationExpired,
    InvitationRevoked,
    InvitationUsed,
    LastOwner,
    accept_invitation,
    add_staff,
    create_clinic,
    create_token,
    end_membership,
    find_by_code,
    find_invitation,
    find_token,
    hand_over_client,
    invitation_token,
    invite_client,
    place_of,
    record_contact,
    record_read,
    resend_invitation,
    revoke_invitation,
    revoke_token,
    set_next_visit,
    short_code,
)
from accounts.people.models import AuditEvent, CareRelationship, Client, Clinic, Contact, Invitation, User
from accounts.people.rules import ContactKind, Role
from tests.clock import NOW, TODAY
from tests.factories.people import CareRelationshipFactory, ClientFactory

LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def invitation(cast):
    return invite_client(
        clinic=cast.harbour,
        name="  Hanna Berg ",
        email=" Hanna@Home.Example.org",
        phone="",
        bodyworker=cast.bodyworker,
        message="See you",
        by=cast.bodyworker.user,
        now=NOW,
    )


def verbs(client):
    return list(AuditEvent.objects.filter(client=client).order_by("pk").values_list("verb", flat=True))


def test_inviting_makes_the_record_and_its_care_at_once(cast, invitation):
    client = invitation.client
    assert (client.name, client.email, client.zone) == ("Hanna Berg", "hanna@home.example.org", "Europe/London")
    care = client.care.get()
    assert (care.bodyworker, care.is_primary, care.began_on) == (cast.bodyworker, True, TODAY)
    assert invitation.expires_at == NOW + dt.timedelta(hours=72)
    assert verbs(client) == ["client_invited"]


def test_care_begins_on_the_clinics_day(cast):
    cast.harbour.zone = "Pacific/Auckland"
    cast.harbour.save()
    late = dt.datetime(2026, 3, 10, 22, tzinfo=dt.UTC)
    made = invite_client(
        clinic=cast.harbour,
        name="Kiri",
        email="",
        phone="",
        bodyworker=cast.bodyworker,
        message="",
        by=cast.bodyworker.user,
        now=late,
    )
    assert made.client.care.get().began_on == dt.date(2026, 3, 11)


def test_nothing_that_opens_the_door_is_kept(invitation):
    kept = str([str(value) for value in vars(invitation).values()])
    assert invitation_token(invitation).split("-")[2] not in kept
    assert short_code(invitation) not in kept


def test_accepting_gives_the_record_its_person(cast, invitation):
    client = accept_invitation(invitation=invitation, by=None, now=LATER)
    assert client.user.email == "hanna@home.example.org"
    assert not client.user.has_usable_password()
    assert client.accepted_at == LATER
    assert verbs(client) == ["client_invited", "invitation_accepted"]


def test_accepting_tells_follow_up(invitation):
    accept_invitation(invitation=invitation, by=None, now=LATER)
    assert Client.objects.get(pk=invitation.client_id).needs_look_since == NOW


def test_accepting_twice_is_refused_and_changes_nothing(invitation):
    accept_invitation(invitation=invitation, by=None, now=LATER)
    before = AuditEvent.objects.count()
    with pytest.raises(InvitationUsed):
        accept_invitation(invitation=invitation, by=None, now=LATER)
    assert AuditEvent.objects.count() == before


def test_an_old_generation_does_not_accept(invitation):
    resend_invitation(invitation=invitation, by=None, now=LATER)
    with pytest.raises(InvitationExpired):
        accept_invitation(invitation=invitation, by=None, now=LATER, generation=1)


def test_the_last_moment_is_too_late(invitation):
    with pytest.raises(InvitationExpired):
        accept_invitation(invitation=invitation, by=None, now=invitation.expires_at)


def test_what_was_taken_back_is_not_accepted(cast, invitation):
    revoke_invitation(invitation=invitation, by=cast.owner.user, now=NOW)
    with pytest.raises(InvitationRevoked):
        accept_invitation(invitation=invitation, by=None, now=LATER)


def test_what_was_accepted_is_not_taken_back(cast, invitation):
    accept_invitation(invitation=invitation, by=None, now=LATER)
    with pytest.raises(InvitationUsed):
        revoke_invitation(invitation=invitation, by=cast.owner.user, now=LATER)


@pytest.mark.parametrize("change", ["accept", "revoke"])
def test_a_spent_invitation_is_not_sent_again(cast, invitation, change):
    if change == "accept":
        accept_invitation(invitation=invitation, by=None, now=NOW)
    else:
        revoke_invitation(invitation=invitation, by=cast.owner.user, now=NOW)
    with pytest.raises((InvitationUsed, InvitationRevoked)):
        resend_invitation(invitation=invitation, by=cast.bodyworker.user, now=LATER)


def test_a_client_without_email_is_let_in_again_by_the_bodyworker(cast, invitation):
    Client.objects.filter(pk=invitation.client_id).update(email="")
    first = accept_invitation(invitation=invitation, by=None, now=NOW)
    fresh = resend_invitation(invitation=invitation, by=cast.bodyworker.user, now=LATER)
    again = accept_invitation(invitation=fresh, by=None, now=LATER)
    assert (again.user, again.accepted_at) == (first.user, NOW)
    assert again.consents.count() == 2


def test_a_client_without_email_does_not_let_themselves_in_again(cast, invitation):
    Client.objects.filter(pk=invitation.client_id).update(email="")
    accept_invitation(invitation=invitation, by=None, now=NOW)
    with pytest.raises(InvitationUsed):
        resend_invitation(invitation=invitation, by=None, now=LATER)


def test_a_new_link_ends_the_older_code_too(invitation):
    old = short_code(invitation)
    fresh = resend_invitation(invitation=invitation, by=None, now=LATER)
    assert find_by_code(typed=old, now=LATER) is None
    assert find_by_code(typed=short_code(fresh), now=LATER) == invitation


def test_a_code_of_an_expired_invitation_opens_nothing(invitation):
    assert find_by_code(typed=short_code(invitation), now=invitation.expires_at) is None


def test_a_link_made_with_the_key_before_still_works(invitation, settings):
    token = invitation_token(invitation)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-key-since-this-morning"
    assert find_invitation(token).invitation == invitation


def test_a_link_of_another_installation_is_unknown(invitation, settings):
    token = invitation_token(invitation)
    settings.SECRET_KEY = "another-installation"
    assert find_invitation(token) is None


def test_an_agreement_is_kept_once_for_each_purpose(invitation):
    client = accept_invitation(invitation=invitation, by=None, now=LATER)
    assert sorted(client.consents.values_list("purpose", flat=True)) == ["care_record", "reminders"]


def test_a_contact_is_written_down_and_looked_at(cast):
    record_contact(client=cast.client, kind=ContactKind.CALL, at=NOW, by=cast.bodyworker.user, now=LATER)
    contact = Contact.objects.get()
    assert (contact.kind, contact.at, contact.by) == ("call", NOW, cast.bodyworker.user)
    cast.client.refresh_from_db()
    assert cast.client.needs_look_since == LATER


def test_the_next_visit_stands_with_the_primary_bodyworker(cast):
    set_next_visit(client=cast.client, on=TODAY, by=cast.bodyworker.user, now=NOW)
    cast.care.refresh_from_db()
    assert cast.care.next_visit_on == TODAY


def test_a_look_is_kept_once_an_hour_and_person(cast):
    for by in (cast.bodyworker.user, cast.bodyworker.user, cast.owner.user):
        record_read(client=cast.client, by=by, now=NOW)
    assert verbs(cast.client) == ["client_read", "client_read"]


def test_a_client_is_handed_over_with_the_next_visit(cast):
    set_next_visit(client=cast.client, on=TODAY, by=cast.bodyworker.user, now=NOW)
    cast.care.refresh_from_db()
    hand_over_client(care=cast.care, heir=cast.colleague, by=cast.owner.user, now=LATER)
    live = CareRelationship.objects.primary().get(client=cast.client)
    assert (live.bodyworker, live.next_visit_on) == (cast.colleague, TODAY)
    cast.care.refresh_from_db()
    assert cast.care.ended_on == TODAY


def test_a_colleague_who_treats_too_becomes_the_primary(cast):
    CareRelationshipFactory(client=cast.client, bodyworker=cast.colleague, is_primary=False)
    hand_over_client(care=cast.care, heir=cast.colleague, by=cast.owner.user, now=LATER)
    assert CareRelationship.objects.live().get(client=cast.client).is_primary


def test_nobody_leaves_clients_behind(cast):
    with pytest.raises(HeirNeeded):
        end_membership(membership=cast.bodyworker, by=cast.owner.user, now=NOW)
    cast.bodyworker.refresh_from_db()
    assert cast.bodyworker.ended_at is None


@pytest.mark.parametrize("heir", ["bodyworker", "curator", "meadow_bodyworker"])
def test_clients_go_to_a_bodyworker_of_the_same_clinic_only(cast, heir):
    with pytest.raises(HeirNeeded):
        end_membership(membership=cast.bodyworker, by=cast.owner.user, now=NOW, heir=getattr(cast, heir))


def test_leaving_hands_over_and_ends_the_tokens(cast):
    _row, plain = create_token(user=cast.bodyworker.user, name="x", expires_at=LATER, by=cast.bodyworker.user, now=NOW)
    end_membership(membership=cast.bodyworker, by=cast.owner.user, now=NOW, heir=cast.colleague)
    assert set(Client.objects.in_care_of(cast.colleague)) == {cast.client, cast.colleagues_client}
    assert find_token(plain=plain, now=NOW) is None
    assert place_of(user=cast.bodyworker.user).clinic is None


def test_discharged_clients_hold_nobody_back(cast):
    cast.client.discharged_at = NOW
    cast.client.save()
    end_membership(membership=cast.bodyworker, by=cast.owner.user, now=NOW)
    cast.bodyworker.refresh_from_db()
    assert cast.bodyworker.ended_at == NOW


def test_a_clinic_keeps_an_owner(cast):
    with pytest.raises(LastOwner):
        end_membership(membership=cast.owner, by=cast.owner.user, now=NOW)


def test_a_colleague_comes_back_to_the_same_place(cast):
    end_membership(membership=cast.curator, by=cast.owner.user, now=NOW)
    back = add_staff(
        clinic=cast.harbour,
        email="NADIA@harbour.example.org",
        name="Nadia Roy",
        roles=frozenset({Role.BODYWORKER}),
        by=cast.owner.user,
        now=LATER,
    )
    assert (back.pk, back.ended_at, back.roles) == (cast.curator.pk, None, {Role.BODYWORKER})


def test_a_new_clinic_is_empty_and_written_down(db):
    clinic = create_clinic(slug="quiet", name="Quiet", zone="Europe/Oslo", phone="", by=None, now=NOW)
    assert Clinic.objects.get() == clinic
    assert AuditEvent.objects.get().verb == "clinic_created"


def test_a_token_ends_once(cast):
    row, _plain = create_token(user=cast.owner.user, name="x", expires_at=LATER, by=None, now=NOW)
    revoke_token(token=row, by=cast.owner.user, now=NOW)
    revoke_token(token=row, by=cast.owner.user, now=LATER)
    assert AuditEvent.objects.filter(verb="token_revoked").count() == 1


def test_an_action_that_fails_leaves_no_trace(cast):
    before = AuditEvent.objects.count(), Invitation.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        invite_client(
            clinic=cast.harbour,
            name="Hanna",
            email="",
            phone="",
            bodyworker=cast.bodyworker,
            message="",
            by=User(pk=999_999),
            now=NOW,
        )
        transaction.get_connection().check_constraints()
    assert (AuditEvent.objects.count(), Invitation.objects.count()) == before


def test_a_client_of_two_clinics_has_two_records_and_one_person(cast):
    other = ClientFactory(clinic=cast.meadow, user=None, name="Maya", email="maya@home.example.org", accepted_at=None)
    CareRelationshipFactory(client=other, bodyworker=cast.meadow_bodyworker)
    made = Invitation.objects.create(
        clinic=cast.meadow,
        client=other,
        invited_by=cast.meadow_bodyworker.user,
        sent_at=NOW,
        expires_at=LATER,
    )
    assert accept_invitation(invitation=made, by=None, now=NOW).user == cast.client.user
    assert place_of(user=cast.client.user, client_chosen=other.pk).clinic == cast.meadow
