"""Every change to a log: accepted once, corrected with its history, taken back and restored."""

from .correcting import (
    RevisionMismatch,
    correct_session,
    remove_session,
    restore_session,
    settle_refused,
)
from .lines import lines_of
from .logging import LogConflict, Logged, log_session
from .outcomes import Answered, answer_outcome, skip_outcomes
from .rows import bodies_of, body_of

__all__ = [
    "Answered",
    "LogConflict",
    "Logged",
    "RevisionMismatch",
    "answer_outcome",
    "bodies_of",
    "body_of",
    "correct_session",
    "lines_of",
    "log_session",
    "remove_session",
    "restore_session",
    "settle_refused",
    "skip_outcomes",
]
