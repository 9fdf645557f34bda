"""The owner says when the clinic works, which numbers clients see, and who is asked when nobody answers."""

import datetime as dt

import pytest
import time_machine

from accounts.people.models import AuditEvent, ClinicClosure, Membership
from accounts.people.rules import HoursUnclear, hours_of, hours_words
from tests.clock import NOW
from tests.factories.people import ClinicClosureFactory

SETTINGS = "/clinic/settings/"


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ruth(cast, client):
    client.force_login(cast.owner.user)
    return client


def shown(browser) -> dict[str, str]:
    """The page's own fields, as a browser would send them back."""
    form = browser.get(SETTINGS).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


@pytest.mark.parametrize(
    ("words", "spans"),
    [
        ("", []),
        ("9-17", [["09:00", "17:00"]]),
        ("9:00 - 12:30, 13.30–17", [["09:00", "12:30"], ["13:30", "17:00"]]),
        ("18 to 24", [["18:00", "24:00"]]),
    ],
)
def test_hours_are_read_as_people_write_them(words, spans):
    assert hours_of(words) == spans
    assert hours_of(hours_words(spans)) == spans


@pytest.mark.parametrize("words", ["nine to five", "17-9", "9-9", "9-25", "9-12, 11-17", "9:75-12"])
def test_what_is_no_hours_is_refused(words):
    with pytest.raises(HoursUnclear):
        hours_of(words)


def test_an_owner_changes_hours_numbers_closed_days_and_the_backup(cast, ruth):
    body = shown(ruth) | {
        "hours_0": "8-12, 13-18",
        "hours_4": "",
        "crisis_number": "116 123",
        "closed_on": "2026-12-25\n2026-12-26",
        "backup_name": "Sam Ost",
        "backup_email": "sam@example.org",
    }
    assert ruth.post(SETTINGS, body).status_code == 302
    cast.harbour.refresh_from_db()
    assert cast.harbour.opening_hours["0"] == [["08:00", "12:00"], ["13:00", "18:00"]]
    assert "4" not in cast.harbour.opening_hours
    assert (cast.harbour.crisis_number, cast.harbour.backup_email) == ("116 123", "sam@example.org")
    assert list(ClinicClosure.objects.order_by("on").values_list("on", flat=True)) == [
        dt.date(2026, 12, 25),
        dt.date(2026, 12, 26),
    ]
    event = AuditEvent.objects.get(verb="settings_changed")
    assert event.details == {"changed": ["backup_email", "backup_name", "closed_on", "crisis_number", "opening_hours"]}


def test_a_closed_day_is_taken_out_and_the_past_is_left_alone(cast, ruth):
    ClinicClosureFactory(clinic=cast.harbour, on=dt.date(2025, 12, 25))
    ClinicClosureFactory(clinic=cast.harbour, on=dt.date(2026, 12, 25))
    ruth.post(SETTINGS, shown(ruth) | {"closed_on": ""})
    assert ClinicClosure.objects.get().on == dt.date(2025, 12, 25)


WRONG = {
    "zone": ("Atlantis/Capital", "There is no time zone of that name"),
    "hours_2": ("17-9", "Write it like 9:00-17:00"),
    "closed_on": ("Christmas", "Christmas is no day"),
    "backup_email": ("sam", "Write it like name@example.org"),
    "phone": ("", "Write the number that clients call"),
    "emergency_number": ("", "Write the number for an emergency"),
}


@pytest.mark.parametrize("field", WRONG)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(cast, ruth, field):
    typed, words = WRONG[field]
    answer = ruth.post(SETTINGS, shown(ruth) | {field: typed, "name": "Harbour by the Sea"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Harbour by the Sea" in answer.content.decode()
    cast.harbour.refresh_from_db()
    assert cast.harbour.name == "Harbour Bodywork"


def test_of_two_owners_the_second_is_told_what_was_saved_meanwhile_and_loses_nothing(cast, ruth):
    mine = shown(ruth) | {"phone": "020 1111", "crisis_number": "116 123"}
    ruth.post(SETTINGS, shown(ruth) | {"phone": "020 2222"})
    answer = ruth.post(SETTINGS, mine)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody saved other settings since you opened this page" in page
    assert "Saved meanwhile: 020 2222" in page
    assert 'value="020 1111"' in page
    cast.harbour.refresh_from_db()
    assert cast.harbour.phone == "020 2222"
    form = answer.context["form"]
    again = {name: form[name].value() or "" for name in form.fields}
    assert ruth.post(SETTINGS, again).status_code == 302
    cast.harbour.refresh_from_db()
    assert (cast.harbour.phone, cast.harbour.crisis_number) == ("020 1111", "116 123")


def test_a_page_that_was_only_looked_at_changes_nothing(cast, ruth):
    ruth.post(SETTINGS, shown(ruth))
    assert not AuditEvent.objects.filter(verb="settings_changed").exists()


def test_a_clinic_of_one_is_told_that_there_is_no_second_person(cast, client):
    Membership.objects.filter(pk=cast.meadow_bodyworker.pk).update(ended_at=NOW)
    client.force_login(cast.meadow_owner.user)
    assert "There is no second person." in client.get(SETTINGS).content.decode()
    cast.meadow.backup_email, cast.meadow.backup_confirmed_at = "sam@example.org", NOW
    cast.meadow.save()
    assert "There is no second person." not in client.get(SETTINGS).content.decode()


def test_an_owner_whom_no_letter_reaches_is_told_so(cast, ruth):
    Membership.objects.filter(pk=cast.owner.pk).update(email_verified_at=None)
    assert "would reach no owner" in ruth.get(SETTINGS).content.decode()


def test_a_zone_that_is_gone_is_said_and_the_page_still_opens(cast, ruth):
    cast.harbour.zone = "Atlantis/Capital"
    cast.harbour.save()
    assert "not known any more" in ruth.get(SETTINGS).content.decode()
