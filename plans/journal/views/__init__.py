"""The client's pages about what happened."""

from .answering import answer, choose, edit, remove, restore
from .logging import check_in, hurts, log, morning
from .outcomes import outcomes, skip
from .progress import progress

__all__ = [
    "answer",
    "check_in",
    "choose",
    "edit",
    "hurts",
    "log",
    "morning",
    "outcomes",
    "progress",
    "remove",
    "restore",
    "skip",
]
