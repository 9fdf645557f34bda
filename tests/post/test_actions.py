"""Letters are written once, leave once, and are never lost on the way."""

import datetime as dt

import pytest
from django.db import OperationalError, connection

from accounts.post.actions import (
    cancel_letters,
    lift_stop,
    recover_letters,
    resubscribe,
    stop_letters,
    sweep_letters,
    unsubscribe,
)
from accounts.post.actions.claiming import claim_letters
from accounts.post.models import ContactPreferences, Delivery, Incident, Letter
from tests.clock import NOW, at
from tests.factories.post import LetterFactory
from tests.post.letters import case_letter
from tests.post.postman import LATER, NO_SUCH_MAILBOX, NOBODY_THERE, SILENCE, Postman

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def nudge(cast, **changes):
    fields = {"client": cast.client, "clinic": cast.harbour, "subject_id": cast.client.pk}
    return LetterFactory(**{**fields, **changes})


def test_the_same_key_again_is_the_same_letter(cast):
    assert case_letter(cast) == case_letter(cast, kind="case-raised", now=NOW + MINUTE)
    assert Letter.objects.count() == 1


def test_the_message_id_comes_from_the_key(cast, settings):
    letter = case_letter(cast)
    letter.delete()
    assert case_letter(cast).message_id == letter.message_id
    assert letter.message_id.endswith(f"@{settings.MESSAGE_ID_DOMAIN}>")


def test_a_due_letter_leaves_and_every_step_is_on_record(cast):
    letter = case_letter(cast)
    postman = Postman()
    assert sweep_letters(now=NOW, channel=postman).sent == 1
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at, letter.attempts, letter.address) == ("sent", NOW, 1, "jo@harbour.example.org")
    attempt = letter.deliveries.get()
    assert (attempt.outcome, attempt.code, attempt.handed_off_at) == ("sent", 250, NOW)
    assert letter.message_id.encode() in postman.given[0]
    assert b"/escalations/7/" in postman.given[0]


def test_a_letter_that_is_not_due_waits(cast):
    case_letter(cast, due_at=NOW + MINUTE)
    assert sweep_letters(now=NOW, channel=Postman()).claimed == 0


def test_the_words_are_frozen_at_the_first_claim(cast):
    letter = case_letter(cast)
    postman = Postman(offers=[LATER])
    sweep_letters(now=NOW, channel=postman)
    cast.harbour.name = "Another name"
    cast.harbour.save()
    sweep_letters(now=NOW + MINUTE, channel=postman)
    assert b"Harbour Bodywork" in postman.given[0]
    assert "[[link]]" in Letter.objects.get(pk=letter.pk).rendered_text


def test_every_try_carries_the_same_bytes(cast):
    case_letter(cast)
    postman = Postman(ends=[SILENCE])
    sweep_letters(now=NOW, channel=postman)
    sweep_letters(now=NOW + MINUTE, channel=postman)
    assert len(postman.given) == 2
    assert postman.given[0] == postman.given[1]


def test_a_postponed_letter_is_tried_again_later(cast):
    letter = case_letter(cast)
    sweep_letters(now=NOW, channel=Postman(offers=[LATER]))
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == ("retry", 1)
    assert NOW < letter.next_attempt_at <= NOW + dt.timedelta(seconds=30)
    assert letter.deliveries.get().outcome == "retry"


def test_a_refused_letter_is_dead_and_the_owner_is_told(cast):
    letter = nudge(cast)
    sweep_letters(now=NOW, channel=Postman(offers=[NO_SUCH_MAILBOX]))
    letter.refresh_from_db()
    assert (letter.state, letter.reason) == ("dead", "the mail server refused it")
    incident = Incident.objects.get()
    assert (incident.kind, incident.letter) == ("letter_dead", letter)
    assert Letter.objects.get(kind="incident").membership == cast.owner


def test_an_address_that_does_not_exist_is_marked(cast):
    nudge(cast)
    sweep_letters(now=NOW, channel=Postman(offers=[NO_SUCH_MAILBOX]))
    cast.client.refresh_from_db()
    assert cast.client.email_failed_at == NOW


def test_a_letter_to_a_failed_address_is_dead_without_a_try(cast):
    cast.client.email_failed_at = NOW
    cast.client.save()
    letter = nudge(cast)
    postman = Postman()
    sweep_letters(now=NOW, channel=postman)
    letter.refresh_from_db()
    assert (letter.state, letter.reason) == ("dead", "the address does not work")
    assert b"example.org" not in b"".join(m for m in postman.given if b"Your session" in m)


def test_a_case_without_an_answer_is_sent_again(cast):
    letter = case_letter(cast)
    sweep_letters(now=NOW, channel=Postman(ends=[SILENCE]))
    letter.refresh_from_db()
    assert letter.state == "retry"
    assert letter.deliveries.get().outcome == "ambiguous"


def test_a_nudge_without_an_answer_is_uncertain_and_listed(cast):
    letter = nudge(cast)
    sweep_letters(now=NOW, channel=Postman(ends=[SILENCE]))
    letter.refresh_from_db()
    assert letter.state == "uncertain"
    assert Incident.objects.get().kind == "letter_uncertain"


def test_a_refusal_after_an_ambiguous_try_is_uncertain_and_not_dead(cast):
    letter = case_letter(cast)
    sweep_letters(now=NOW, channel=Postman(ends=[SILENCE]))
    sweep_letters(now=NOW + MINUTE, channel=Postman(offers=[NO_SUCH_MAILBOX]))
    letter.refresh_from_db()
    assert letter.state == "uncertain"


def test_no_mail_server_costs_no_letter_a_try(cast):
    letters = [case_letter(cast, dedupe_key=f"k{n}") for n in range(3)]
    for hours in range(24):
        swept = sweep_letters(now=NOW + dt.timedelta(hours=hours), channel=Postman(offers=[NOBODY_THERE]))
        assert not swept.is_reachable
    assert set(Letter.objects.values_list("state", "attempts")) == {("pending", 0)}
    sweep_letters(now=NOW + dt.timedelta(hours=25), channel=Postman())
    assert Letter.objects.filter(pk__in=[letter.pk for letter in letters], state="sent").count() == len(letters)


def test_a_letter_cancelled_between_offer_and_giving_is_withdrawn(cast):
    letter = case_letter(cast)

    def acknowledge():
        cancel_letters(subject_kind="escalation", subject_ids=[7], reason="acknowledged", now=NOW)

    postman = Postman(on_offer=acknowledge)
    sweep_letters(now=NOW, channel=postman)
    letter.refresh_from_db()
    assert (letter.state, letter.reason, postman.given, postman.withdrawn) == ("cancelled", "acknowledged", [], 1)
    assert letter.deliveries.count() == 0


def test_a_letter_that_has_left_is_not_cancelled(cast):
    letter = case_letter(cast)
    sweep_letters(now=NOW, channel=Postman())
    assert cancel_letters(subject_kind="escalation", subject_ids=[7], reason="acknowledged", now=NOW) == 0
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_a_late_nudge_is_dropped_and_counted(cast):
    letter = nudge(cast, expires_at=NOW)
    swept = sweep_letters(now=NOW, channel=Postman())
    letter.refresh_from_db()
    assert (swept.expired, swept.claimed, letter.state) == (1, 0, "expired")


def test_no_nudge_is_handed_off_inside_quiet_hours(cast):
    letter = nudge(cast, expires_at=at("2026-03-12"))
    sweep_letters(now=at("2026-03-10", "22:15"), channel=Postman())
    letter.refresh_from_db()
    assert (letter.state, letter.next_attempt_at) == ("pending", at("2026-03-11", "08:00"))


def test_a_nudge_that_would_outlive_its_time_in_quiet_hours_expires(cast):
    letter = nudge(cast, expires_at=at("2026-03-10", "23:00"))
    sweep_letters(now=at("2026-03-10", "22:15"), channel=Postman())
    letter.refresh_from_db()
    assert letter.state == "expired"


def test_a_case_knows_no_quiet_hours(cast):
    night = at("2026-03-11", "03:00")
    case_letter(cast, due_at=night)
    assert sweep_letters(now=night, channel=Postman()).sent == 1


def test_unsubscribing_takes_back_what_waits_and_stops_what_is_in_hand(cast):
    waiting = nudge(cast, next_attempt_at=NOW + MINUTE)
    unsubscribe(client=cast.client, by=None, now=NOW)
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"
    later = nudge(cast)
    sweep_letters(now=NOW, channel=Postman())
    later.refresh_from_db()
    assert (later.state, later.reason) == ("cancelled", "unsubscribed")


def test_subscribing_again_makes_old_links_useless(cast):
    unsubscribe(client=cast.client, by=None, now=NOW)
    resubscribe(client=cast.client, by=cast.client.user, now=NOW)
    preferences = ContactPreferences.objects.get()
    assert (preferences.unsubscribed_at, preferences.generation) == (None, 2)


def test_a_stop_holds_letters_and_a_release_lets_them_go(cast):
    case_letter(cast)
    stop_letters(
        clinic=cast.harbour, scope="all", reason="drill", until_at=NOW + 60 * MINUTE, by=cast.owner.user, now=NOW
    )
    assert sweep_letters(now=NOW, channel=Postman()).claimed == 0
    lift_stop(clinic=cast.harbour, by=cast.owner.user, now=NOW + MINUTE)
    assert sweep_letters(now=NOW + MINUTE, channel=Postman()).sent == 1


def test_a_stop_of_nudges_lets_cases_go(cast):
    nudge(cast)
    case_letter(cast)
    stop_letters(
        clinic=cast.harbour, scope="nudges", reason="holiday", until_at=NOW + 60 * MINUTE, by=cast.owner.user, now=NOW
    )
    assert sweep_letters(now=NOW, channel=Postman()).sent == 1


def test_a_stop_at_the_last_moment_puts_the_letter_back(cast):
    letter = case_letter(cast)
    until = NOW + 60 * MINUTE

    def stop():
        stop_letters(clinic=cast.harbour, scope="all", reason="now", until_at=until, by=cast.owner.user, now=NOW)

    sweep_letters(now=NOW, channel=Postman(on_offer=stop))
    letter.refresh_from_db()
    assert (letter.state, letter.next_attempt_at) == ("pending", until)


def test_a_case_goes_before_a_nudge(cast):
    nudge(cast, next_attempt_at=NOW - MINUTE)
    case = case_letter(cast)
    assert claim_letters(now=NOW, limit=1).letters == [case]


def test_two_claims_never_hold_the_same_letter(cast):
    for n in range(5):
        case_letter(cast, dedupe_key=f"k{n}")
    one, two = claim_letters(now=NOW, limit=3), claim_letters(now=NOW, limit=3)
    assert len(one.letters) == 3
    assert len(two.letters) == 2
    assert not {letter.pk for letter in one.letters} & {letter.pk for letter in two.letters}


def test_a_lease_lost_before_hand_off_is_as_if_nothing_was(cast):
    letter = case_letter(cast)
    claim_letters(now=NOW, limit=1)
    assert recover_letters(now=NOW + dt.timedelta(seconds=29)) == 0
    assert recover_letters(now=NOW + MINUTE) == 1
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == ("pending", 0)


@pytest.mark.parametrize(("make", "state"), [(case_letter, "retry"), (nudge, "uncertain")])
def test_a_lease_lost_past_hand_off_is_ambiguous(cast, make, state):
    letter = make(cast)
    Letter.objects.filter(pk=letter.pk).update(
        state="handoff",
        attempts=1,
        lease_token="0" * 32,
        lease_until=NOW + 5 * MINUTE,
    )
    Delivery.objects.create(letter=letter, number=1, began_at=NOW, handed_off_at=NOW)
    recover_letters(now=NOW + 6 * MINUTE)
    letter.refresh_from_db()
    assert letter.state == state
    assert letter.deliveries.get().outcome == "ambiguous"


def test_a_sender_that_overslept_finds_nothing_to_hand_off(cast):
    """Its token was taken back and another sent the letter meanwhile."""
    letter = case_letter(cast)
    other = Postman()

    def oversleep():
        recover_letters(now=NOW + 6 * MINUTE)
        sweep_letters(now=NOW + 6 * MINUTE, channel=other)

    sleeper = Postman(on_offer=oversleep)
    sweep_letters(now=NOW, channel=sleeper)
    letter.refresh_from_db()
    assert (letter.state, len(other.given), sleeper.given) == ("sent", 1, [])


def test_an_answer_after_the_lease_was_lost_still_counts(cast):
    letter = case_letter(cast)

    class Slow(Postman):
        def give(self, message):
            recover_letters(now=NOW + 6 * MINUTE)
            return super().give(message)

    sweep_letters(now=NOW, channel=Slow())
    letter.refresh_from_db()
    assert letter.state == "sent"


def test_a_database_that_is_away_while_a_letter_is_worded_ends_no_letter(cast):
    """Only a template's own failure is the letter's end; here the next round writes it."""
    letter = nudge(cast)
    with pytest.raises(OperationalError), connection.execute_wrapper(_no_preferences):
        sweep_letters(now=NOW, channel=Postman())
    letter.refresh_from_db()
    assert (letter.state, Incident.objects.count()) == ("claimed", 0)
    assert sweep_letters(now=NOW + MINUTE, channel=Postman()).sent == 1


def _no_preferences(execute, sql, params, many, context):
    if sql.startswith('SELECT "post_contactpreferences"."generation"'):
        raise OperationalError("the connection is lost")
    return execute(sql, params, many, context)


def test_a_template_that_raises_harms_no_other_letter(cast):
    broken = case_letter(cast, kind="no-such-kind", dedupe_key="broken")
    fine = case_letter(cast)
    sweep_letters(now=NOW, channel=Postman())
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.state, broken.reason, fine.state) == ("dead", "its text could not be written", "sent")


def test_a_letter_that_cannot_be_composed_harms_no_other(cast):
    broken, fine = case_letter(cast, dedupe_key="broken"), case_letter(cast)
    sweep_letters(now=NOW, channel=Postman(offers=[LATER, LATER]))
    Letter.objects.filter(pk=broken.pk).update(rendered_subject="two\nlines")
    sweep_letters(now=NOW + MINUTE, channel=Postman())
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.state, fine.state) == ("dead", "sent")


def test_a_failure_nobody_foresaw_harms_no_other_letter(cast, caplog):
    letters = [case_letter(cast, dedupe_key=f"k{n}") for n in range(3)]

    class Odd(Postman):
        def offer(self, *, address):
            super().offer(address=address)
            if not self.given:
                self.given.append(b"")
                raise ZeroDivisionError

    sweep_letters(now=NOW, channel=Odd())
    left = Letter.objects.filter(kind="case-opened", state="sent")
    assert left.count() == len(letters) - 1
    sweep_letters(now=NOW + 5 * MINUTE, channel=Postman())
    assert left.count() == len(letters)


@pytest.mark.parametrize("spoil", ["ended", "inactive", "unverified"])
def test_staff_who_cannot_be_reached_get_no_letter(cast, spoil):
    jo = cast.bodyworker
    if spoil == "ended":
        jo.ended_at = NOW
    elif spoil == "inactive":
        jo.user.is_active = False
        jo.user.save()
    else:
        jo.email_verified_at = None
    jo.save()
    letter = case_letter(cast)
    sweep_letters(now=NOW, channel=Postman())
    letter.refresh_from_db()
    assert (letter.state, letter.reason) == ("dead", "no address to send to")


def test_the_backup_contact_is_written_to_at_the_clinics_address(cast):
    cast.harbour.backup_email, cast.harbour.backup_confirmed_at = "friend@elsewhere.example.org", NOW
    cast.harbour.save()
    letter = case_letter(cast, audience="backup", membership=None)
    sweep_letters(now=NOW, channel=Postman())
    letter.refresh_from_db()
    assert letter.address == "friend@elsewhere.example.org"


def test_a_nudge_carries_the_way_out_and_names_nothing(cast):
    nudge(cast)
    postman = Postman()
    sweep_letters(now=NOW, channel=postman)
    message = postman.given[0].decode()
    assert "List-Unsubscribe: <http" in message
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in message
    assert "Harbour" not in message


def test_a_case_carries_no_way_out(cast):
    case_letter(cast)
    postman = Postman()
    sweep_letters(now=NOW, channel=postman)
    assert b"List-Unsubscribe" not in postman.given[0]


def test_one_round_costs_few_statements_for_each_letter(cast, django_assert_max_num_queries):
    for n in range(20):
        case_letter(cast, dedupe_key=f"k{n}")
    with django_assert_max_num_queries(20 * 10 + 16):
        sweep_letters(now=NOW, channel=Postman())
