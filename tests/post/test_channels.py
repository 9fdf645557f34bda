"""Another way out of the building is one class and its place in the list."""

import pytest

from accounts.post import delivery
from accounts.post.actions import queue_letter, sweep_letters
from accounts.post.delivery import Answer, Channel, Wording
from accounts.post.models import Letter
from accounts.post.rules import AttemptEnd
from tests.clock import NOW

pytestmark = pytest.mark.django_db


class Pigeon(Channel):
    name, label = "pigeon", "Pigeon"
    flown: list[bytes] = []

    @classmethod
    def address_for(cls, letter):
        return "loft-7@example.org"

    @classmethod
    def write(cls, letter):
        return Wording(subject="News", text="Come home.")

    @classmethod
    def compose(cls, letter, *, now):
        return letter.rendered_text.encode()

    def offer(self, *, address):
        assert address == "loft-7@example.org"

    def give(self, message):
        self.flown.append(message)
        return Answer(AttemptEnd.ACCEPTED, None, "landed")

    def withdraw(self):
        pass

    def close(self):
        pass


def test_a_new_channel_carries_letters_through_the_same_states(cast, monkeypatch):
    monkeypatch.setitem(delivery.CHANNELS, Pigeon.name, Pigeon)
    letter = queue_letter(
        clinic=cast.harbour,
        kind="case-opened",
        audience="staff",
        membership=cast.bodyworker,
        subject_kind="escalation",
        subject_id=7,
        due_at=NOW,
        dedupe_key="k",
        channel="pigeon",
        now=NOW,
    )
    assert sweep_letters(now=NOW).sent == 1
    letter.refresh_from_db()
    assert (letter.state, Pigeon.flown) == ("sent", [b"Come home."])
    attempt = letter.deliveries.get()
    assert (attempt.channel, attempt.outcome, attempt.answer) == ("pigeon", "sent", "landed")


def test_a_letter_of_a_channel_that_is_no_more_is_told_and_holds_nothing_up(cast):
    for channel in ("owl", "email"):
        queue_letter(
            clinic=cast.harbour,
            kind="case-opened",
            audience="staff",
            membership=cast.bodyworker,
            subject_kind="escalation",
            subject_id=7,
            due_at=NOW,
            dedupe_key=channel,
            channel=channel,
            now=NOW,
        )
    from tests.post.postman import Postman

    sweep_letters(now=NOW, channel=Postman())
    assert dict(Letter.objects.exclude(kind="incident").values_list("channel", "state")) == {
        "owl": "dead",
        "email": "sent",
    }
