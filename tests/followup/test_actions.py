"""A case is told on, tier by tier, until somebody answers."""

import copy
import datetime as dt

import pytest

from accounts.post.actions import sweep_letters
from accounts.post.models import Incident, Letter
from plans.followup.actions import (
    sweep_escalations,
    sweep_looks,
)
from tests.clock import NOW, at
from tests.factories.people import AbsenceFactory, CareRelationshipFactory, MembershipFactory
from tests.followup.speaking import DAY, case_of, flag, severe_days, tick, told
from tests.post.postman import NO_SUCH_MAILBOX, Postman

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_an_unanswered_routine_case_goes_to_cover_and_owner_in_working_time(cast):
    severe_days(cast.client)  # Tuesday 09:00, target two working days
    tick()
    case = case_of(cast.client)
    assert case.next_action_at == at("2026-03-10", "17:00")
    sweep_escalations(now=at("2026-03-10", "17:00"))
    assert told(case)[1:] == [("Ana Ruiz", "case-unanswered")]
    sweep_escalations(now=at("2026-03-11", "16:59"))
    assert len(told(case)) == 2
    sweep_escalations(now=at("2026-03-11", "17:00"))
    assert told(case)[2:] == [("Ruth Ekwall", "case-unanswered"), ("client", "nobody-answered")]
    case.refresh_from_db()
    assert (case.tier, case.nobody_answered_at) == (3, at("2026-03-11", "17:00"))


def test_all_who_were_told_are_reminded_until_somebody_answers(cast):
    severe_days(cast.client)
    for day, time in [("10", "09:00"), ("10", "17:00"), ("11", "17:00"), ("12", "17:00"), ("13", "17:00")]:
        tick(at(f"2026-03-{day}", time))
    case = case_of(cast.client)
    assert (
        told(case)[4:]
        == [
            ("Jo Marsh", "case-unanswered"),
            ("Ana Ruiz", "case-unanswered"),
            ("Ruth Ekwall", "case-unanswered"),
        ]
        * 2
    )
    assert case.next_action_at == at("2026-03-16", "17:00")


def test_an_emergency_tells_everybody_at_once(cast):
    flag(cast.client, "emergency_now")
    tick()
    case = case_of(cast.client)
    assert told(case) == [(name, "case-opened") for name in ("Jo Marsh", "Ana Ruiz", "Ruth Ekwall")]
    assert case.next_action_at == NOW + dt.timedelta(minutes=30)


def test_a_tick_twice_tells_nobody_twice(cast):
    flag(cast.client, "emergency_now")
    for _ in range(3):
        tick()
    assert len(told(case_of(cast.client))) == 3


def test_an_engine_that_stood_still_tells_all_who_are_due(cast):
    flag(cast.client, "same_day")
    sweep_looks(now=NOW)
    sweep_escalations(now=NOW + 10 * HOUR)
    case = case_of(cast.client)
    assert [name for name, _ in told(case)] == ["Jo Marsh", "Ana Ruiz", "Ruth Ekwall", "client"]


def test_the_cover_is_told_while_a_bodyworker_is_away(cast):
    AbsenceFactory(bodyworker=cast.bodyworker, clinic=cast.harbour, cover=cast.colleague)
    severe_days(cast.client)
    tick()
    assert told(case_of(cast.client)) == [("Ana Ruiz", "case-opened")]


def test_who_co_treats_the_client_is_the_second_person(cast):
    other = MembershipFactory(clinic=cast.harbour)
    CareRelationshipFactory(client=cast.client, bodyworker=other, is_primary=False)
    flag(cast.client, "emergency_now")
    tick()
    assert told(case_of(cast.client))[1][0] == str(other.user)


@pytest.mark.parametrize("spoil", ["ended", "inactive", "unverified", "away"])
def test_a_bodyworker_who_cannot_be_reached_hands_on_at_once_and_the_owner_knows(cast, spoil):
    jo = cast.bodyworker
    if spoil == "ended":
        jo.ended_at = NOW - DAY
    elif spoil == "inactive":
        jo.user.is_active = False
        jo.user.save()
    elif spoil == "unverified":
        jo.email_verified_at = None
    else:
        AbsenceFactory(bodyworker=jo, clinic=cast.harbour, from_at=NOW - DAY)
    jo.save()
    severe_days(cast.client)
    tick()
    case = case_of(cast.client)
    assert told(case) == [("Ana Ruiz", "case-opened")]
    assert case.holder == cast.colleague
    assert Incident.objects.get().kind == "nobody_reachable"
    assert Letter.objects.filter(kind="incident", membership=cast.owner).count() == 1


def test_a_client_without_a_bodyworker_goes_to_the_owner_at_once(cast):
    cast.care.ended_on = NOW.date()
    cast.care.save()
    severe_days(cast.client)
    tick()
    case = case_of(cast.client)
    assert (told(case), case.holder) == ([("Ruth Ekwall", "case-opened")], cast.owner)


def test_an_owner_who_treats_people_is_the_second_person_where_there_is_no_other(cast):
    cast.meadow_owner.is_bodyworker = True
    cast.meadow_owner.save()
    flag(cast.meadow_client, "same_day")
    tick()
    for hours in (2, 4):
        sweep_escalations(now=NOW + hours * HOUR)
    case = case_of(cast.meadow_client)
    assert [name for name, _ in told(case)] == ["Pia Lund", "Otto Frey", "client"]
    assert not Incident.objects.exists()


def clinic_of_one(cast, **changes):
    """Otto owns Meadow and treats Lea himself; Pia has left."""
    cast.meadow_bodyworker.ended_at = NOW - DAY
    cast.meadow_bodyworker.save()
    cast.meadow_owner.is_bodyworker = True
    cast.meadow_owner.save()
    cast.meadow_client.care.update(bodyworker=cast.meadow_owner)
    for name, value in changes.items():
        setattr(cast.meadow, name, value)
    cast.meadow.save()


def test_in_a_clinic_of_one_the_client_is_told_when_nobody_answers(cast):
    clinic_of_one(cast)
    flag(cast.meadow_client, "same_day")
    tick()
    case = case_of(cast.meadow_client)
    assert told(case) == [("Otto Frey", "case-opened")]
    sweep_escalations(now=NOW + 4 * HOUR)
    assert told(case)[1:] == [("client", "nobody-answered")]
    case.refresh_from_db()
    assert case.holder == cast.meadow_owner


def test_a_clinic_of_one_with_a_backup_contact_has_a_second_person(cast):
    clinic_of_one(cast, backup_email="friend@elsewhere.example.org", backup_confirmed_at=NOW)
    flag(cast.meadow_client, "same_day")
    tick()
    sweep_escalations(now=NOW + 2 * HOUR)
    assert told(case_of(cast.meadow_client))[1:] == [("backup", "backup-case")]


def test_when_nobody_at_all_can_be_reached_the_client_is_told_at_once(cast):
    for member in (cast.bodyworker, cast.colleague, cast.owner):
        member.email_verified_at = None
        member.save()
    severe_days(cast.client)
    tick()
    case = case_of(cast.client)
    assert told(case) == [("client", "nobody-answered")]
    assert Incident.objects.count() >= 1
    assert case.next_action_at > NOW


def test_somebody_who_can_be_reached_again_is_told_at_the_next_reminder(cast):
    for member in (cast.bodyworker, cast.colleague, cast.owner):
        member.email_verified_at = None
        member.save()
    severe_days(cast.client)
    tick()
    cast.bodyworker.email_verified_at = NOW
    cast.bodyworker.save()
    case = case_of(cast.client)
    sweep_escalations(now=case.next_action_at)
    assert told(case, tier=3)[-1] == ("Jo Marsh", "case-unanswered")


def test_letters_about_a_case_hold_no_health_data(cast):
    severe_days(cast.client)
    tick()
    postman = Postman()
    sweep_letters(now=NOW, channel=postman)
    mail = b"".join(postman.given).decode().lower()
    for word in ("maya", "lindqvist", "pain", "8/10", "severe"):
        assert word not in mail
    assert f"/escalations/{case_of(cast.client).uuid}/" in mail


def test_nothing_due_costs_one_statement(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert sweep_escalations(now=NOW) == 0


def test_a_letter_that_died_hands_the_case_on_at_once(cast):
    flag(cast.client, "same_day")
    tick()
    sweep_letters(now=NOW, channel=Postman(offers=[NO_SUCH_MAILBOX]))
    case = case_of(cast.client)
    sweep_escalations(now=NOW + dt.timedelta(seconds=10))
    assert told(case) == [("Jo Marsh", "case-opened"), ("Ana Ruiz", "case-unanswered")]
    assert sweep_escalations(now=NOW + dt.timedelta(seconds=20)) == 0


def test_a_template_that_cannot_be_written_is_an_incident_and_the_next_person_is_told_at_once(cast, settings, tmp_path):
    broken = tmp_path / "mail" / "case-opened"
    broken.mkdir(parents=True)
    (broken / "subject.txt").write_text("{% load no_such_library %}")
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [tmp_path, *templates[0]["DIRS"]]
    settings.TEMPLATES = templates
    severe_days(cast.client)
    tick()
    sweep_letters(now=NOW, channel=Postman())
    case = case_of(cast.client)
    assert Letter.objects.get(kind="case-opened").state == "dead"
    assert Incident.objects.filter(kind="letter_dead", clinic=cast.harbour).exists()
    sweep_escalations(now=NOW + dt.timedelta(seconds=10))
    assert told(case)[1:] == [("Ana Ruiz", "case-unanswered")]


@pytest.mark.parametrize("zone", ["", "Atlantis/Capital"])
def test_a_zone_that_does_not_exist_keeps_nobody_from_being_told(cast, zone):
    for record in (cast.client, cast.harbour):
        record.zone = zone
        record.save()
    severe_days(cast.client)
    tick()
    case = case_of(cast.client)
    assert case.tier == 1
    assert told(case) == [("Jo Marsh", "case-opened")]
