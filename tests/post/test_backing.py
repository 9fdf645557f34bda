"""The backup contact: asked by letter, confirmed by a press, and written to about a case only then."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError

from accounts.people.actions import FoundBackup, backup_token, confirm_backup
from accounts.people.models import AuditEvent
from accounts.people.rules import reach_of
from accounts.post.actions import record_bounce, sweep_letters, tell_backup, write_to_backup
from accounts.post.models import Incident, Letter
from accounts.post.rules import Bounce
from tests.clock import NOW
from tests.post.postman import Postman
from tests.post.test_settings_views import SETTINGS, shown

WEEK = dt.timedelta(days=7)


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sam(cast):
    cast.harbour.backup_name, cast.harbour.backup_email = "Sam Ost", "sam@example.org"
    cast.harbour.save()
    write_to_backup(clinic=cast.harbour, by=cast.owner.user, now=NOW)
    cast.harbour.refresh_from_db()
    return cast.harbour


def page(clinic) -> str:
    return f"/b/{backup_token(clinic.pk, clinic.backup_generation)}/"


def of_a_case(clinic, now=NOW) -> Letter:
    letter = tell_backup(clinic=clinic, subject_id=1, generation=1, tier=3, dedupe_key="case:1:1:3:backup", now=now)
    sweep_letters(now=now, channel=Postman())
    letter.refresh_from_db()
    return letter


def test_saving_an_address_asks_whoever_reads_it_and_their_press_confirms_it(cast, client):
    client.force_login(cast.owner.user)
    client.post(SETTINGS, shown(client) | {"backup_name": "Sam Ost", "backup_email": "sam@example.org"})
    postman = Postman()
    sweep_letters(now=NOW, channel=postman)
    cast.harbour.refresh_from_db()
    link = page(cast.harbour)
    assert link.encode() in postman.given[0]
    assert "address is not confirmed." in client.get(SETTINGS).content.decode()
    client.logout()
    assert "Yes, this is my address" in client.get(link).content.decode()
    cast.harbour.refresh_from_db()
    assert not cast.harbour.has_backup
    assert "Your address is confirmed" in client.post(link, follow=True).content.decode()
    cast.harbour.refresh_from_db()
    assert cast.harbour.has_backup
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        "settings_changed",
        "backup_asked",
        "backup_confirmed",
    ]


@pytest.mark.parametrize(
    ("later", "again", "says"),
    [(WEEK, False, "too old"), (WEEK / 2, True, "a newer link"), (WEEK / 2, False, "Be the person to call")],
)
def test_a_link_works_for_a_week_and_only_the_newest_does(cast, sam, client, later, again, says):
    link = page(sam)
    if again:
        write_to_backup(clinic=sam, by=cast.owner.user, now=NOW)
    with time_machine.travel(NOW + later, tick=False):
        assert says in client.get(link).content.decode()
        client.post(link)
    sam.refresh_from_db()
    assert sam.has_backup is (says == "Be the person to call")


@pytest.mark.parametrize("token", ["x", "1-1-00000000000000000000000000000000"])
def test_a_link_we_never_wrote_opens_nothing(sam, client, token):
    assert client.get(f"/b/{token}/").status_code == 404


def test_another_address_is_confirmed_anew_and_the_old_link_is_void(cast, sam, client):
    link = page(sam)
    client.post(link)
    client.force_login(cast.owner.user)
    client.post(SETTINGS, shown(client) | {"backup_email": "kim@example.org"})
    sam.refresh_from_db()
    assert (sam.backup_email, sam.has_backup) == ("kim@example.org", False)
    assert "a newer link" in client.post(link, follow=True).content.decode()
    client.post(SETTINGS, shown(client) | {"backup_name": "", "backup_email": ""})
    assert "not asked any more" in client.get(page(sam)).content.decode()
    assert Letter.objects.filter(kind="backup-confirm", state="cancelled").count() == 2


def test_an_owner_may_ask_again_but_not_for_nothing(cast, sam, client):
    client.force_login(cast.owner.user)
    ask = f"{SETTINGS}backup/"
    assert "on its way" in client.post(ask, follow=True).content.decode()
    sam.refresh_from_db()
    client.post(page(sam))
    assert "confirmed the address already" in client.post(ask, follow=True).content.decode()
    sam.backup_email, sam.backup_confirmed_at = "", None
    sam.save()
    assert "email first" in client.post(ask, follow=True).content.decode()


def test_a_case_goes_to_a_confirmed_address_and_names_whom_to_call(cast, sam):
    confirm_backup(found=FoundBackup(sam, sam.backup_generation), now=NOW)
    sam.refresh_from_db()
    letter = of_a_case(sam)
    assert (letter.state, letter.address) == ("sent", "sam@example.org")
    assert "Please call Ruth Ekwall now: 020 7946 0018." in letter.rendered_text
    assert "http" not in letter.rendered_text + letter.rendered_html
    assert "[[" not in letter.rendered_text + letter.rendered_html


def test_a_case_does_not_go_to_an_address_that_nobody_confirmed(sam):
    assert of_a_case(sam).state == "dead"
    assert Incident.objects.get(kind="letter_dead").clinic == sam


def test_an_address_that_sends_back_is_confirmed_no_more(sam):
    confirm_backup(found=FoundBackup(sam, sam.backup_generation), now=NOW)
    sam.refresh_from_db()
    letter = of_a_case(sam)
    record_bounce(bounce=Bounce(letter.message_id, "5.1.1"), now=NOW)
    sam.refresh_from_db()
    assert not sam.has_backup


def test_nothing_cannot_be_confirmed(cast):
    cast.harbour.backup_confirmed_at = NOW
    with pytest.raises(IntegrityError):
        cast.harbour.save()


@pytest.mark.parametrize(
    ("answering", "has_backup", "reach"),
    [(0, False, "nobody"), (0, True, "nobody"), (1, False, "alone"), (1, True, "enough"), (2, False, "enough")],
)
def test_a_backup_contact_is_a_second_person_and_never_the_first(answering, has_backup, reach):
    assert reach_of(answering=answering, has_backup=has_backup) == reach
