"""Which short texts does the library let us send or show, and when? Read from the starter file, word for word."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "starter" / "messages.json"


@dataclass(frozen=True)
class ShortText:
    """One message of the library. `is_for_letters`: it may leave the building; the others stay behind sign-in."""

    slug: str
    send_when: str
    text: str
    audience: str
    is_for_letters: bool
    needs_review: bool


@cache
def short_texts() -> tuple[ShortText, ...]:
    """All of them, in the order of the file."""
    records = json.loads(FILE.read_text(encoding="utf-8"))["records"]
    return tuple(
        ShortText(
            slug=record["slug"],
            send_when=record["send_when"],
            text=record["text"],
            audience=record["audience"],
            is_for_letters=record["shown"] == "letter",
            needs_review=record["review"] == "needs clinician review",
        )
        for record in records
    )


def letter_texts() -> tuple[ShortText, ...]:
    return tuple(text for text in short_texts() if text.is_for_letters)
