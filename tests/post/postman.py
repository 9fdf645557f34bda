"""A way out of the building that answers as a test says and remembers what it was given."""

from accounts.post.delivery import Answer, Channel, NotTaken
from accounts.post.rules import AttemptEnd


class Postman(Channel):
    def __init__(
        self, *, offers: list[Answer] | None = None, ends: list[Answer] | None = None, on_offer=None, on_give=None
    ) -> None:
        self.offers, self.ends = offers or [], ends or []
        self.on_offer, self.on_give = on_offer, on_give
        self.given: list[bytes] = []
        self.withdrawn = 0

    def offer(self, *, address: str) -> None:
        if self.on_offer:
            self.on_offer()
        if self.offers:
            answer = self.offers.pop(0)
            if answer.end is not AttemptEnd.ACCEPTED:
                raise NotTaken(answer)

    def give(self, message: bytes) -> Answer:
        self.given.append(message)
        if self.on_give:
            self.on_give()
        return self.ends.pop(0) if self.ends else TAKEN

    def withdraw(self) -> None:
        self.withdrawn += 1

    def close(self) -> None:
        pass


TAKEN = Answer(AttemptEnd.ACCEPTED, 250, "kept")
LATER = Answer(AttemptEnd.POSTPONED, 451, "try again later")
NO_SUCH_MAILBOX = Answer(AttemptEnd.REFUSED, 550, "no such mailbox")
SILENCE = Answer(AttemptEnd.UNANSWERED, None, "no answer after the text")
NOBODY_THERE = Answer(AttemptEnd.UNREACHABLE, None, "the mail server is not there")
