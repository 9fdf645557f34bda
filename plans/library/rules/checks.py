"""What must a value of a starter file be? Each check ends a sentence about what is wrong, or says nothing."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG = 80
# No text: the zero character, and halves of characters that lost their other half.
UNKEPT = re.compile("[\x00\ud800-\udfff]")

Check = Callable[[Any], str]


def text(longest: int = 0, *, may_be_empty: bool = False) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str):
            return f"must be text, and is {kind_of(value)}"
        if not value.strip() and not may_be_empty:
            return "is empty"
        if UNKEPT.search(value):
            return "has a character that no database keeps"
        if longest and len(value) > longest:
            return f"has {len(value)} characters, and {longest} is the most"
        return ""

    return check


def texts(*, may_be_empty: bool = True) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, list):
            return f"must be a list, and is {kind_of(value)}"
        if not value and not may_be_empty:
            return "is an empty list"
        return next((f"has an item that {wrong}" for item in value if (wrong := text()(item))), "")

    return check


def number(low: int, high: int, *, may_be_missing: bool = False) -> Check:
    def check(value: Any) -> str:
        if value is None and may_be_missing:
            return ""
        if isinstance(value, bool) or not isinstance(value, int):
            return f"must be a whole number, and is {kind_of(value)}"
        return "" if low <= value <= high else f"is {value}, and must be from {low} to {high}"

    return check


def yes_or_no(value: Any) -> str:
    return "" if isinstance(value, bool) else f"must be true or false, and is {kind_of(value)}"


def slug(value: Any) -> str:
    wrong = text(LONGEST_SLUG)(value)
    return wrong or ("" if SLUG.fullmatch(value) else f"is “{value}”; small letters, digits and hyphens only")


def one_of(words: type[StrEnum] | Mapping[str, str]) -> Check:
    known = set(words) if isinstance(words, Mapping) else {word.value for word in words}

    def check(value: Any) -> str:
        return text()(value) or ("" if value in known else f"is “{value}”, and must be one of {listed(known)}")

    return check


def many_of(words: type[StrEnum] | Mapping[str, str], *, also: str = "") -> Check:
    allowed = one_of(words)

    def check(value: Any) -> str:
        wrong = texts()(value)
        return wrong or next((f"has an item that {w}" for v in value if v != also and (w := allowed(v))), "")

    return check


def rows_of_codes(value: Any) -> str:
    if not isinstance(value, list) or not all(isinstance(code, dict) for code in value):
        return "must be a list of codes, each with a system and a code"
    if not all({"system", "code"} <= set(code) for code in value):
        return "has a code without system or code"
    parts = (part for code in value for part in code.values())
    return next((f"has a code with a part that {wrong}" for part in parts if (wrong := text()(part))), "")


def text_or_nothing(value: Any) -> str:
    return "" if value is None else text()(value)


def kind_of(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "nothing")


def listed(words: set[str]) -> str:
    return ", ".join(sorted(words))
