"""A mail server without a network: it takes letters, or behaves badly, and remembers what it took."""

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from accounts.post.delivery import Answer, Channel, NotTaken
from accounts.post.rules import AttemptEnd

from .reference import NEVER
from .workers import stand


class Mode(StrEnum):
    """How the server behaves."""

    KIND = "kind"
    DOWN = "down"  # nobody there
    LATER = "later"  # 451 to every recipient
    LATER_TEXT = "later text"  # 451 after the last dot
    SILENT = "silent"  # keeps the letter, never answers
    DROPS = "drops"  # loses the letter, never answers


@dataclass(frozen=True)
class Taken:
    """One text that the server kept, and when. `is_late`: its sender had handed it off, and slept before it spoke."""

    message_id: str
    to: str
    subject: str
    body: str
    at: dt.datetime
    was_answered: bool
    is_late: bool


class Server:
    """Every text that came, in order."""

    def __init__(self) -> None:
        self.mode, self.now = Mode.KIND, NEVER
        self.taken: list[Taken] = []
        self.unanswered: Counter[str] = Counter()
        self.hears_a_sleeper = False

    def line(self) -> "Line":
        return Line(self)

    def keep(self, message: bytes, *, was_answered: bool) -> None:
        words = message.decode("ascii", "replace")
        name, to, subject = (_head(words, head) for head in ("Message-ID", "To", "Subject"))
        self.taken.append(Taken(name, to, subject, words, self.now, was_answered, self.hears_a_sleeper))


def _head(words: str, name: str) -> str:
    found = re.search(rf"^{name}: *(.*?)\r?$", words, re.MULTILINE | re.IGNORECASE)
    return found.group(1) if found else ""


class Line(Channel):
    """One conversation with it; a worker may be killed before and after every word."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def offer(self, *, address: str) -> None:
        stand("before the offer")
        mode = self.server.mode
        if mode is Mode.DOWN:
            raise NotTaken(Answer(AttemptEnd.UNREACHABLE, None, "nobody there"))
        if mode is Mode.LATER:
            raise NotTaken(Answer(AttemptEnd.POSTPONED, 451, "later"))

    def give(self, message: bytes) -> Answer:
        stand("before the text")
        mode = self.server.mode
        if mode is Mode.LATER_TEXT:
            return Answer(AttemptEnd.POSTPONED, 451, "later")
        if mode in {Mode.SILENT, Mode.DROPS}:
            self.server.unanswered[_head(message.decode("ascii", "replace"), "Message-ID")] += 1
            if mode is Mode.SILENT:
                self.server.keep(message, was_answered=False)
            return Answer(AttemptEnd.UNANSWERED, None, "no answer after the text")
        self.server.keep(message, was_answered=True)
        stand("after the text")
        return Answer(AttemptEnd.ACCEPTED, 250, "kept")

    def withdraw(self) -> None:
        pass

    def close(self) -> None:
        pass
