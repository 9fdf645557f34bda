"""What every way out of the building can do."""

from dataclasses import dataclass

from ..rules import AttemptEnd


@dataclass(frozen=True)
class Answer:
    """How a try ended, with the other side's own words; the words never hold the letter's text."""

    end: AttemptEnd
    code: int | None = None
    words: str = ""


class NotTaken(Exception):
    """The other side did not take the letter, and nothing of its text was given: safe to try again."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.words)
        self.answer = answer


class Channel:
    """One conversation that may carry many letters.

    A letter is first offered; between the offer and the giving its row is committed as handed off,
    so that a crash on either side of that line can be told apart afterwards.
    """

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
