"""What a real mail server's answers mean, over a real line."""

import datetime as dt
import socket

import pytest

from accounts.post.actions import cancel_letters, sweep_letters
from accounts.post.delivery import EmailChannel, NotTaken
from accounts.post.delivery.email import _stuffed
from accounts.post.models import Letter
from accounts.post.rules import AttemptEnd
from clinic.running.broker import free_port
from tests.clock import NOW
from tests.factories.post import LetterFactory
from tests.post.letters import case_letter
from tests.post.postman import LATER, SILENCE, Postman
from tests.post.server import Handler, mail_server

MESSAGE = b"Subject: x\r\n\r\nOne.\r\n.\r\n..two\r\n"


@pytest.fixture
def line(settings):
    """A channel to a server that behaves as told."""
    open_lines = []

    def connect(**behaviour):
        handler = Handler(**behaviour)
        server = mail_server(handler)
        settings.EMAIL_PORT = server.__enter__()
        settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 2
        channel = EmailChannel()
        open_lines.append((server, channel))
        return handler, channel

    yield connect
    for server, channel in open_lines:
        channel.close()
        server.__exit__(None, None, None)


def test_a_letter_is_offered_given_and_taken(line):
    handler, channel = line()
    channel.offer(address="maya@home.example.org")
    answer = channel.give(MESSAGE)
    assert (answer.end, answer.code) == (AttemptEnd.ACCEPTED, 250)
    assert handler.taken == [MESSAGE]


def test_one_line_carries_many_letters(line):
    handler, channel = line()
    for _ in range(5):
        channel.offer(address="maya@home.example.org")
        channel.give(MESSAGE)
    assert (len(handler.taken), handler.lines) == (5, 1)


@pytest.mark.parametrize(
    ("behaviour", "end", "code"),
    [
        ({"mail": "451 later"}, AttemptEnd.POSTPONED, 451),
        ({"rcpt": "450 grey"}, AttemptEnd.POSTPONED, 450),
        ({"rcpt": "550 no such mailbox"}, AttemptEnd.REFUSED, 550),
    ],
)
def test_a_clear_no_before_the_text_is_no_attempt_to_give(line, behaviour, end, code):
    handler, channel = line(**behaviour)
    with pytest.raises(NotTaken) as refusal:
        channel.offer(address="maya@home.example.org")
    assert (refusal.value.answer.end, refusal.value.answer.code) == (end, code)
    assert handler.taken == []


@pytest.mark.parametrize("step", ["mail", "rcpt"])
def test_a_line_that_breaks_before_the_text_may_be_tried_again(line, step):
    _, channel = line(hang_up=step)
    with pytest.raises(NotTaken) as refusal:
        channel.offer(address="maya@home.example.org")
    assert refusal.value.answer.end is AttemptEnd.POSTPONED


def test_a_line_closed_while_idle_is_opened_again(line):
    handler, channel = line()
    channel.offer(address="maya@home.example.org")
    channel.give(MESSAGE)
    channel._line.sock.shutdown(socket.SHUT_RDWR)
    channel.offer(address="maya@home.example.org")
    assert channel.give(MESSAGE).end is AttemptEnd.ACCEPTED
    assert handler.lines == 2


@pytest.mark.parametrize(("data", "end"), [("451 full", AttemptEnd.POSTPONED), ("554 no", AttemptEnd.REFUSED)])
def test_a_clear_no_after_the_text_is_not_ambiguous(line, data, end):
    _, channel = line(data=data)
    channel.offer(address="maya@home.example.org")
    assert channel.give(MESSAGE).end is end


def test_a_line_that_breaks_after_the_dot_is_ambiguous(line):
    handler, channel = line(hang_up="dot")
    channel.offer(address="maya@home.example.org")
    assert channel.give(MESSAGE).end is AttemptEnd.UNANSWERED
    assert len(handler.taken) == 1


def test_a_withdrawn_offer_leaves_the_line_fit_for_the_next(line):
    handler, channel = line()
    channel.offer(address="maya@home.example.org")
    channel.withdraw()
    channel.offer(address="lea@home.example.org")
    assert channel.give(MESSAGE).end is AttemptEnd.ACCEPTED
    assert len(handler.taken) == 1


def test_nobody_at_the_address_of_the_server_is_no_letters_fault(settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    with pytest.raises(NotTaken) as refusal:
        EmailChannel().offer(address="maya@home.example.org")
    assert refusal.value.answer.end is AttemptEnd.UNREACHABLE


def test_an_address_that_mail_cannot_carry_is_refused():
    with pytest.raises(NotTaken) as refusal:
        EmailChannel().offer(address="zoë@home.example.org")
    assert refusal.value.answer.end is AttemptEnd.REFUSED


@pytest.mark.parametrize("text", [b"", b".", b"a", b"a\n.\nb", b"a\r\n.b\r\n\r\n", b"\n\n"])
def test_no_text_can_end_itself_early(text):
    stuffed = _stuffed(text)
    assert stuffed.endswith(b"\r\n.\r\n")
    assert b"\r\n.\r\n" not in stuffed[:-1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("behaviour", "state"),
    [
        ({}, "sent"),
        ({"rcpt": "450 grey"}, "retry"),
        ({"rcpt": "550 no"}, "dead"),
        ({"data": "451 full"}, "retry"),
        ({"hang_up": "rcpt"}, "retry"),
        ({"hang_up": "dot"}, "uncertain"),
    ],
)
def test_a_round_over_a_real_line_ends_where_the_answer_leads(line, cast, behaviour, state):
    line(**behaviour)
    letter = LetterFactory(client=cast.client)
    sweep_letters(now=NOW)
    assert Letter.objects.get(pk=letter.pk).state == state


@pytest.mark.django_db
def test_the_words_of_a_letter_are_wiped_after_thirty_days(cast):
    letter = LetterFactory(client=cast.client)
    sweep_letters(now=NOW, channel=Postman())
    sweep_letters(now=NOW + dt.timedelta(days=30), channel=Postman())
    letter.refresh_from_db()
    assert letter.rendered_text
    sweep_letters(now=NOW + dt.timedelta(days=30, seconds=1), channel=Postman())
    letter.refresh_from_db()
    assert (letter.rendered_text, letter.rendered_html, letter.state) == ("", "", "sent")
    assert letter.rendered_subject == "Your session is ready"


@pytest.mark.django_db
@pytest.mark.parametrize("end", [LATER, SILENCE])
def test_a_letter_taken_back_while_it_was_given_is_not_given_again(cast, end):
    def take_back():
        cancel_letters(subject_kind="escalation", subject_ids=[7], reason="somebody took the case", now=NOW)

    letter = case_letter(cast)
    postman = Postman(ends=[end], on_give=take_back)
    for minutes in (0, 2, 30, 90):
        sweep_letters(now=NOW + dt.timedelta(minutes=minutes), channel=postman)
    letter.refresh_from_db()
    assert (len(postman.given), letter.state) == (1, "expired")
    assert Letter.objects.count() == 1, "it took a second way"
