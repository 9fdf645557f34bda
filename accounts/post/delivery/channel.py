"""What every way out of the building can do."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise

from ..models import Letter
from ..rules import AttemptEnd


@dataclass(frozen=True)
class Answer:
    """How a try ended, with the other side's own words; the words never hold the letter's text."""

    end: AttemptEnd
    code: int | None = None
    words: str = ""
    wait_seconds: float | None = None
    """How long the other side asks us to wait before the next try."""


class NotTaken(Exception):
    """The other side did not take the letter, and nothing of its text was given: safe to try again."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.words)
        self.answer = answer


@dataclass(frozen=True)
class Wording:
    """What the reader will see, but for the links. A channel without a second form leaves `html` empty."""

    subject: str
    text: str
    html: str = ""


class Channel:
    """One way out: how a letter is addressed and worded on it, and one conversation that may carry many.

    A letter is first offered; between the offer and the giving its row is committed as handed off,
    so that a crash on either side of that line can be told apart afterwards.
    """

    name: str
    label: str | Promise

    @classmethod
    def address_for(cls, letter: Letter) -> str:
        """Where this letter goes now; empty when its reader can't be reached this way."""
        raise NotImplementedError

    @classmethod
    def write(cls, letter: Letter) -> Wording:
        """The words, frozen at the first claim; they hold no health data."""
        raise NotImplementedError

    @classmethod
    def compose(cls, letter: Letter, *, now: dt.datetime) -> bytes:
        """The whole message as it goes over the line, links and all."""
        raise NotImplementedError

    def offer(self, *, address: str) -> None:
        """Ask whether a letter to `address` would be taken.

        Raises:
            NotTaken: refused, postponed, or nobody there.
        """
        raise NotImplementedError

    def give(self, message: bytes) -> Answer:
        """Give the text of the letter just offered; never raises for what the other side does."""
        raise NotImplementedError

    def withdraw(self) -> None:
        """Take the offer back."""
        raise NotImplementedError

    def close(self) -> None:
        """End the conversation."""
        raise NotImplementedError
