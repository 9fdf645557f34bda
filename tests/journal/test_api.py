"""Logs by API, as a phone sends them."""

import json
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts.people.models import AuditEvent
from plans.journal.models import PainReport, RefusedLog, Session, SessionRevision
from tests.clock import NOW
from tests.journal.conftest import run_program
from tests.journal.logs import BUTTOCK, check_in, session

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def as_client(cast):
    browser = Browser()
    browser.force_login(cast.client.user)
    return browser


def address(uuid):
    return f"/api/v1/sessions/{uuid}/"


def put(browser, body, uuid=None, **headers):
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return browser.put(address(uuid or uuid4()), text, content_type="application/json", headers=headers)


def patch(browser, uuid, body, **headers):
    return browser.patch(address(uuid), json.dumps(body), content_type="application/json", headers=headers)


def faults(answer):
    return {(row["field"], row["code"]) for row in answer.json()["errors"]}


def test_a_session_is_created_then_known(as_client, running):
    uuid, body = uuid4(), session(running.program.uuid, items=[{"prescription": str(running.first.uuid), "done": True}])
    first, again = put(as_client, body, uuid), put(as_client, body, uuid)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["reports"][0] == {"moment": "before", "score": 5, "sites": []}
    assert first["ETag"] == '"1"'
    assert Session.objects.count() == 1


def test_another_body_under_the_same_uuid_is_a_conflict_that_shows_both(as_client):
    uuid = uuid4()
    put(as_client, check_in(4), uuid)
    answer = put(as_client, check_in(5), uuid)
    assert answer.status_code == 409
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["stored"]["reports"][0]["score"] == 4
    assert answer.json()["refused"]["reports"][0]["score"] == 5
    assert answer.json()["shown"] == []
    assert as_client.get(answer.json()["choose"]).status_code == 200
    assert (PainReport.objects.get().score, RefusedLog.objects.count()) == (4, 1)


def test_a_warning_sign_in_a_refused_log_is_answered_all_the_same(as_client, flag):
    uuid = uuid4()
    put(as_client, check_in(4), uuid)
    answer = put(as_client, check_in(4, red_flags=[{"slug": flag.slug, "answer": True, "version": 1}]), uuid)
    assert (answer.status_code, answer.json()["shown"][0]["text"]) == (409, flag.client_message)
    assert "Stop your program now." in as_client.get(answer.json()["choose"]).content.decode()


@pytest.mark.parametrize("score", [11, "seven", -1, 3.5, True])
def test_a_bad_score_is_named(as_client, score):
    answer = put(as_client, check_in(0, reports=[{"moment": "check_in", "score": score}]))
    assert (answer.status_code, faults(answer)) == (400, {("reports[0].score", "not_a_score")})
    assert not Session.objects.exists()


def test_an_unknown_field_is_named(as_client):
    answer = put(as_client, check_in(4, mood="fine"))
    assert (answer.status_code, faults(answer)) == (400, {("mood", "unknown_field")})


@pytest.mark.parametrize("year", [2025, 2027])
def test_a_time_a_year_off_is_named(as_client, year):
    answer = put(as_client, check_in(4, performed_at=f"{year}-03-10T09:00:00+00:00"))
    assert answer.status_code == 400
    assert {field for field, _ in faults(answer)} == {"performed_at"}


def test_a_phone_clock_ten_minutes_fast_is_accepted(as_client):
    answer = put(as_client, check_in(4, performed_at="2026-03-10T09:10:00+00:00"))
    assert (answer.status_code, answer.json()["performed_at"]) == (201, NOW.isoformat())


def test_a_megabyte_of_note_is_refused_by_its_field(as_client):
    answer = put(as_client, check_in(4, note="a" * 1_000_000))
    assert (answer.status_code, faults(answer)) == (400, {("note", "too_long")})
    assert len(answer.content) < 1000


def test_three_megabytes_are_not_even_read(as_client):
    answer = put(as_client, check_in(4, note="a" * 3_000_000))
    assert (answer.status_code, faults(answer)) == (413, {("note", "too_long")})


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b'{"note": NaN}', b"\xff", b"", b"[]", b"7", b"null"])
def test_what_is_not_a_log_is_a_clear_400(as_client, body):
    answer = put(as_client, body)
    assert answer.status_code == 400
    assert answer.json()["status"] == 400


def test_half_a_letter_is_refused(as_client):
    answer = put(as_client, '{"program": null, "\\ud800": 1, "note": "\\ud800"}')
    assert answer.status_code == 400
    assert ("note", "not_text") in faults(answer)


def test_another_clinic_s_program_is_not_there(as_client, cast):
    theirs = run_program(cast.meadow_client, cast.meadow_bodyworker.user)
    answer = put(as_client, session(theirs.program.uuid))
    assert (answer.status_code, faults(answer)) == (404, {("program", "no_such_program")})


def test_a_finished_program_is_named(as_client, cast):
    over = run_program(cast.client, cast.bodyworker.user, state="finished", finished_on=NOW.date())
    answer = put(as_client, session(over.program.uuid))
    assert (answer.status_code, faults(answer)) == (400, {("program", "program_finished")})


def test_a_prescription_of_another_clinic_is_named(as_client, cast, running):
    theirs = run_program(cast.meadow_client, cast.meadow_bodyworker.user)
    item = {"prescription": str(theirs.first.uuid), "done": True}
    answer = put(as_client, session(running.program.uuid, items=[item]))
    assert (answer.status_code, faults(answer)) == (400, {("items[0].prescription", "no_such_prescription")})


def test_pain_of_7_must_say_whether_it_can_wait(as_client):
    answer = put(as_client, check_in(7, can_wait=None))
    assert (answer.status_code, faults(answer)) == (400, {("can_wait", "can_wait_asked")})


def test_a_red_flag_answers_with_its_own_words(as_client, running, flag):
    answer = put(as_client, check_in(2, red_flags=[{"slug": flag.slug, "answer": True, "version": 1}]))
    assert [shown["text"] for shown in answer.json()["shown"]] == [flag.client_message]


def test_a_very_severe_log_is_accepted_and_says_what_to_ask(as_client, flag):
    uuid = uuid4()
    body = check_in(9, reports=[{"moment": "check_in", "score": 9, "sites": [BUTTOCK]}])
    asked = put(as_client, body, uuid).json()["ask"]
    assert asked == [{"slug": flag.slug, "question": flag.question, "version": flag.version}]
    given = [{"slug": flag.slug, "answer": True, "version": flag.version}]
    answer = patch(as_client, uuid, {"red_flags": given}, if_match='"1"').json()
    assert (answer["ask"], answer["shown"][0]["text"]) == ([], flag.client_message)


def test_a_log_with_many_items_costs_as_much_as_one_with_few(as_client, cast):
    as_client.get("/api/v1/sessions/")  # the sitting begins here
    costs = []
    for count in (2, 12):
        running = run_program(cast.client, cast.bodyworker.user, items=count)
        moves = running.version.phases.get().prescriptions.all()
        items = [{"prescription": str(move.uuid), "done": True} for move in moves]
        with CaptureQueriesContext(connection) as asked:
            assert put(as_client, session(running.program.uuid, items=items)).status_code == 201
        costs.append(len([query for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]))
    # Sitting: session, user, client, membership; permission is that client. Then nine to write.
    assert costs[0] == costs[1] <= 13


# Reading


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("client", 200),
        ("bodyworker", 200),
        ("owner", 200),
        ("colleague", 404),
        ("curator", 404),
        ("colleagues_client", 404),
        ("meadow_owner", 404),
        ("meadow_client", 404),
    ],
)
def test_who_cares_for_the_client_may_read_a_log(as_client, cast, who, status):
    uuid = uuid4()
    put(as_client, check_in(4), uuid)
    reader = Browser()
    reader.force_login(getattr(cast, who).user)
    assert reader.get(address(uuid)).status_code == status
    listed = reader.get("/api/v1/sessions/").json()["results"]
    assert [row["uuid"] for row in listed] == ([str(uuid)] if status == 200 else [])


def test_a_read_by_staff_is_on_record(as_client, cast):
    uuid = uuid4()
    put(as_client, check_in(4), uuid)
    reader = Browser()
    reader.force_login(cast.bodyworker.user)
    reader.get(address(uuid))
    assert AuditEvent.objects.filter(verb="client_read", by=cast.bodyworker.user).count() == 1


@pytest.mark.parametrize("who", ["bodyworker", "owner", "curator"])
def test_only_the_client_writes(cast, who):
    writer = Browser()
    writer.force_login(getattr(cast, who).user)
    assert put(writer, check_in(4)).status_code == 404


def test_nobody_else_corrects_or_removes(as_client, cast):
    uuid = uuid4()
    put(as_client, check_in(4), uuid)
    for who in ("bodyworker", "owner", "colleagues_client"):
        other = Browser()
        other.force_login(getattr(cast, who).user)
        assert patch(other, uuid, {"note": "x"}, if_match='"1"').status_code == 404
        assert other.delete(address(uuid)).status_code == 404


def test_without_a_name_there_is_no_entry(cast):
    browser = Browser()
    assert {put(browser, check_in(4)).status_code, browser.get("/api/v1/sessions/").status_code} == {401}


def test_the_list_has_pages_and_leaves_out_what_was_removed(as_client):
    uuids = [uuid4() for _ in range(4)]
    for uuid in uuids:
        put(as_client, check_in(4), uuid)
    as_client.delete(address(uuids[3]))
    page = as_client.get("/api/v1/sessions/?page_size=2").json()
    rest = as_client.get(page["next"]).json()
    assert [row["uuid"] for row in page["results"] + rest["results"]] == [str(uuid) for uuid in uuids[2::-1]]


def test_the_list_costs_the_same_for_one_log_as_for_twenty(as_client, running, django_assert_max_num_queries):
    for _ in range(20):
        put(as_client, session(running.program.uuid, items=[{"prescription": str(running.first.uuid), "done": True}]))
    with django_assert_max_num_queries(13):
        assert len(as_client.get("/api/v1/sessions/").json()["results"]) == 20


# Putting right


def test_a_correction_names_the_revision_it_saw(as_client):
    uuid = uuid4()
    put(as_client, check_in(4), uuid)
    answer = patch(as_client, uuid, {"note": "worse on the stairs"}, if_match='"1"')
    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    assert answer.json()["note"] == "worse on the stairs"
    assert answer.json()["reports"][0]["score"] == 4
    assert SessionRevision.objects.count() == 1


def test_a_correction_without_a_revision_is_asked_for_one(as_client):
    uuid = uuid4()
    put(as_client, check_in(4), uuid)
    assert patch(as_client, uuid, {"note": "x"}).status_code == 428


@pytest.mark.parametrize("seen", ['"7"', "nonsense", "*"])
def test_a_correction_of_an_old_revision_is_refused_with_the_new_one(as_client, seen):
    uuid = uuid4()
    put(as_client, check_in(4), uuid)
    answer = patch(as_client, uuid, {"note": "x"}, if_match=seen)
    assert (answer.status_code, answer.json()["session"]["revision"]) == (412, 1)


def test_a_bad_correction_changes_nothing(as_client):
    uuid = uuid4()
    put(as_client, check_in(4), uuid)
    answer = patch(as_client, uuid, {"reports": [{"moment": "check_in", "score": 12}]}, if_match='"1"')
    assert (answer.status_code, faults(answer)) == (400, {("reports[0].score", "not_a_score")})
    assert PainReport.objects.get().score == 4


def test_a_removed_log_keeps_its_uuid(as_client):
    uuid, body = uuid4(), check_in(4)
    put(as_client, body, uuid)
    assert as_client.delete(address(uuid)).status_code == 204
    again = put(as_client, body, uuid)
    assert (again.status_code, bool(again.json()["removed_at"])) == (200, True)
    assert Session.objects.count() == 1


def test_a_guardian_says_for_whom(cast):
    ward = cast.colleagues_client
    ward.guardian = cast.client.user
    ward.save()
    browser = Browser()
    browser.force_login(cast.client.user)
    uuid = uuid4()
    answer = browser.put(
        f"{address(uuid)}?client={ward.uuid}", json.dumps(check_in(4)), content_type="application/json"
    )
    assert answer.json()["client"] == str(ward.uuid)
    assert Session.objects.get().logged_by == cast.client.user
