"""What does a piece of JSON say, in the types of the contract? Every fault is named with its path."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from .problems import Fault, Problem
from .severity import is_score

# A leap of centuries is a broken clock, and time zones cannot be reckoned at the ends of the calendar.
FIRST_YEAR, LAST_YEAR = 2000, 2199
LONGEST_LIST = 60

Word = TypeVar("Word", bound=StrEnum)


def is_plain(text: str) -> bool:
    """Whether a text can be stored and sent: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


class Reader:
    """One object of the body. Reading goes on after a fault, so that all are told at once."""

    def __init__(self, data: object, fields: frozenset[str], path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems
        self.data: Mapping[str, object] = data if isinstance(data, Mapping) else {}
        if not isinstance(data, Mapping):
            self.fault("", Fault.NOT_AN_OBJECT)
        for name in self.data:
            if name not in fields:
                self.fault(str(name)[:60], Fault.UNKNOWN_FIELD)

    def fault(self, name: str, fault: Fault, **params: object) -> None:
        name = name if is_plain(name) else "?"
        path = f"{self.path}.{name}" if self.path and name else self.path or name
        self.problems.append(Problem(path, fault, params))

    def value(self, name: str, *, required: bool = False) -> object:
        found = self.data.get(name)
        if found is None and required:
            self.fault(name, Fault.REQUIRED)
        return found

    def score(self, name: str, *, required: bool = False) -> int | None:
        found = self.value(name, required=required)
        if found is None or is_score(found):
            return found  # type: ignore[return-value]
        self.fault(name, Fault.NOT_A_SCORE)
        return None

    def number(self, name: str, *, required: bool = False) -> int | None:
        found = self.value(name, required=required)
        if found is None or (isinstance(found, int) and not isinstance(found, bool) and 0 < found < 10**9):
            return found
        self.fault(name, Fault.NOT_A_NUMBER)
        return None

    def between(self, name: str, lowest: int, highest: int) -> int | None:
        """A whole number of a scale, which is needed."""
        found = self.value(name, required=True)
        if found is None:
            return None
        if isinstance(found, int) and not isinstance(found, bool) and lowest <= found <= highest:
            return found
        self.fault(name, Fault.OUT_OF_RANGE, lowest=lowest, highest=highest)
        return None

    def yes_or_no(self, name: str, *, required: bool = False) -> bool | None:
        found = self.value(name, required=required)
        if found is None or isinstance(found, bool):
            return found
        self.fault(name, Fault.NOT_YES_OR_NO)
        return None

    def text(self, name: str, *, longest: int) -> str:
        found = self.value(name)
        if found is None:
            return ""
        if not isinstance(found, str) or not is_plain(found):
            self.fault(name, Fault.NOT_TEXT)
            return ""
        if len(found) > longest:
            self.fault(name, Fault.TOO_LONG, longest=longest, length=len(found))
            return ""
        return found.strip()

    def uuid(self, name: str, *, required: bool = False) -> UUID | None:
        found = self.value(name, required=required)
        if found is None or isinstance(found, UUID):
            return found
        try:
            return UUID(str(found))
        except ValueError:
            self.fault(name, Fault.NOT_A_UUID)
            return None

    def word(self, name: str, words: type[Word], *, required: bool = False) -> Word | None:
        found = self.value(name, required=required)
        if found is None or found == "":
            return None
        try:
            return words(found)  # type: ignore[arg-type]
        except ValueError:
            self.fault(name, Fault.UNKNOWN_WORD, words=", ".join(words))
            return None

    def moment(self, name: str, *, required: bool = False) -> dt.datetime | None:
        """An instant with its offset; a time without one could be any of two dozen."""
        found = self.value(name, required=required)
        if found is None:
            return None
        try:
            read = found if isinstance(found, dt.datetime) else dt.datetime.fromisoformat(str(found))
        except ValueError:
            self.fault(name, Fault.NOT_A_TIME)
            return None
        if read.tzinfo is None:
            self.fault(name, Fault.NO_OFFSET)
            return None
        if not FIRST_YEAR <= read.year <= LAST_YEAR:
            self.fault(name, Fault.NOT_A_TIME)
            return None
        return read

    def rows(self, name: str) -> list[tuple[str, object]]:
        """The entries of a list, each with its path."""
        found = self.value(name)
        if found is None:
            return []
        if not isinstance(found, list | tuple):
            self.fault(name, Fault.NOT_A_LIST)
            return []
        if len(found) > LONGEST_LIST:
            self.fault(name, Fault.TOO_MANY, longest=LONGEST_LIST)
            return []
        path = f"{self.path}.{name}" if self.path else name
        return [(f"{path}[{index}]", row) for index, row in enumerate(found)]

    def once(self, name: str, keys: list[object]) -> None:
        """Refuse a list that names the same thing twice."""
        if len(set(keys)) < len(keys):
            self.fault(name, Fault.TWICE)
