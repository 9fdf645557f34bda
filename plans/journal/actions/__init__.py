"""Every change to a log: accepted once, corrected with its history, taken back and restored."""

from .asking import due_by_client, spans_by_client
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
    "due_by_client",
    "lines_of",
    "log_session",
    "remove_session",
    "restore_session",
    "settle_refused",
    "skip_outcomes",
    "spans_by_client",
]
