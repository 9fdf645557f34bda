"""Who is away, who covers, and what the cover sees."""

import datetime as dt

import pytest
import time_machine

from accounts.people.models import Absence, AuditEvent, Client
from accounts.post.actions import sweep_letters
from accounts.post.models import Letter
from tests.clock import NOW, at
from tests.factories.followup import EscalationFactory
from tests.factories.people import AbsenceFactory
from tests.post.postman import Postman

AWAY = "/clinic/away/"
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def jo(cast, client):
    client.force_login(cast.bodyworker.user)
    return client


def said(first="2026-03-12", last="2026-03-20", **more):
    return {"from_on": first, "until_on": last, "cover": "", **more}


def back(absence) -> str:
    return f"{AWAY}{absence.uuid}/back/"


def test_a_bodyworker_writes_down_a_time_away_and_the_cover_gets_a_letter(cast, jo):
    answer = jo.post(AWAY, said(cover=cast.colleague.uuid), follow=True)
    assert "Jo Marsh is down as away." in answer.content.decode()
    absence = Absence.objects.get()
    assert (absence.bodyworker, absence.cover) == (cast.bodyworker, cast.colleague)
    assert (absence.from_at, absence.until_at) == (at("2026-03-12", "00:00"), at("2026-03-21", "00:00"))
    postman = Postman()
    sweep_letters(now=absence.from_at - dt.timedelta(seconds=1), channel=postman)
    assert postman.given == []
    sweep_letters(now=absence.from_at, channel=postman)
    assert Letter.objects.get().membership == cast.colleague
    assert b"until Friday 20 March. It begins on Thursday 12 March." in postman.given[0]
    assert AuditEvent.objects.filter(verb="absence_planned", by=cast.bodyworker.user).count() == 1


def test_an_absence_marks_the_clients_it_is_about(cast, jo):
    jo.post(AWAY, said())
    assert list(Client.objects.needing_a_look()) == [cast.client]


@pytest.mark.parametrize(("first", "due_at"), [("2026-03-11", NOW), ("2026-03-12", at("2026-03-12", "00:00"))])
def test_the_cover_is_written_to_when_it_begins_or_at_once_when_that_is_within_a_day(cast, jo, first, due_at):
    jo.post(AWAY, said(first=first, cover=cast.colleague.uuid))
    assert Letter.objects.get().due_at == due_at
    jo.post(back(Absence.objects.get()))
    assert Letter.objects.get().state == "cancelled"


def test_from_today_on_means_from_now_on(cast, jo):
    jo.post(AWAY, said(first="2026-03-10"))
    assert Absence.objects.get().from_at == NOW


def test_an_owner_writes_it_for_anybody_and_a_bodyworker_for_themselves_alone(cast, jo):
    jo.post(AWAY, said(bodyworker=cast.colleague.uuid))
    assert Absence.objects.get().bodyworker == cast.bodyworker
    jo.force_login(cast.owner.user)
    jo.post(AWAY, said(bodyworker=cast.colleague.uuid))
    assert Absence.objects.filter(bodyworker=cast.colleague).exists()


WRONG = {
    "the last day first": (said("2026-03-20", "2026-03-12"), "The last day comes before the first"),
    "a day that has passed": (said("2026-03-01", "2026-03-12"), "This day has passed"),
    "no days": ({"from_on": "", "until_on": ""}, "Choose the first day"),
    "no date": (said("next week"), "Write the day as 2026-03-14"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_time_away_is_said_beside_the_field_and_kept(jo, what):
    body, words = WRONG[what]
    answer = jo.post(AWAY, body)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Absence.objects.exists()


def test_nobody_covers_for_themselves(cast, jo):
    answer = jo.post(AWAY, said(cover=cast.bodyworker.uuid))
    assert "Who is away cannot cover" in answer.content.decode()


def test_two_times_away_do_not_overlap(cast, jo):
    AbsenceFactory(bodyworker=cast.bodyworker, from_at=NOW + 5 * DAY, until_at=NOW + 6 * DAY)
    answer = jo.post(AWAY, said())
    assert "Jo Marsh is down as away from 15 March until 16 March already" in answer.content.decode()
    assert Absence.objects.count() == 1


def test_who_is_away_cannot_cover(cast, jo):
    AbsenceFactory(bodyworker=cast.colleague, from_at=NOW + 5 * DAY, until_at=NOW + 6 * DAY)
    answer = jo.post(AWAY, said(cover=cast.colleague.uuid))
    assert "Ana Ruiz is away from 15 March until 16 March. Choose somebody who is here" in answer.content.decode()


def test_who_covers_does_not_go_away_unnoticed(cast, jo):
    AbsenceFactory(bodyworker=cast.colleague, cover=cast.bodyworker, from_at=NOW + 5 * DAY)
    answer = jo.post(AWAY, said())
    assert "counts on this cover" in answer.content.decode()


def test_back_early_ends_it_and_a_plan_is_taken_off(cast, jo):
    now = AbsenceFactory(bodyworker=cast.bodyworker, from_at=NOW - DAY)
    assert jo.post(back(now)).status_code == 302
    now.refresh_from_db()
    assert now.until_at == NOW
    jo.post(AWAY, said(cover=cast.colleague.uuid))
    planned = Absence.objects.get(from_at__gt=NOW)
    jo.post(back(planned))
    assert not Absence.objects.filter(pk=planned.pk).exists()
    assert Letter.objects.get().state == "cancelled"


def test_what_is_over_is_said_to_be_over(cast, jo):
    over = AbsenceFactory(bodyworker=cast.bodyworker, from_at=NOW - 5 * DAY, until_at=NOW - DAY)
    assert "over already" in jo.post(back(over), follow=True).content.decode()


def test_a_colleague_ends_nobodys_absence(cast, jo):
    assert jo.post(back(AbsenceFactory(bodyworker=cast.colleague))).status_code == 404


def test_the_cover_sees_the_clients_for_that_time_and_not_after(cast, client):
    AbsenceFactory(bodyworker=cast.bodyworker, cover=cast.colleague, until_at=NOW + 3650 * DAY)
    EscalationFactory(client=cast.client)
    client.force_login(cast.colleague.user)
    caseload = client.get("/caseload/").content.decode()
    assert "Jo Marsh is away." in caseload
    assert "You cover." in caseload
    assert "Maya Lindqvist" in caseload
    assert "Maya Lindqvist" in client.get("/escalations/").content.decode()
    assert "Jo Marsh is away." in client.get(f"/clients/{cast.client.uuid}/").content.decode()
    # Who may see is asked of the database's own clock.
    Absence.objects.update(from_at=NOW - 3000 * DAY, until_at=NOW - 2999 * DAY)
    assert client.get(f"/clients/{cast.client.uuid}/").status_code == 404


def test_the_list_asks_as_much_for_many_absences_as_for_few(cast, jo, django_assert_max_num_queries):
    AbsenceFactory(bodyworker=cast.bodyworker, cover=cast.colleague)
    with django_assert_max_num_queries(30) as few:
        jo.get(AWAY)
    for day in range(10, 15):
        AbsenceFactory(bodyworker=cast.bodyworker, cover=cast.colleague, from_at=NOW + day * DAY)
    with django_assert_max_num_queries(len(few.captured_queries)):
        jo.get(AWAY)
