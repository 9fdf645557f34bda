"""Everything follow-up does: look at what changed, raise and move cases, answer them, remind kindly."""

from .answering import (
    AlreadyAcknowledged,
    AlreadyResolved,
    NoteRequired,
    acknowledge_and_resolve,
    acknowledge_escalation,
    resolve_escalation,
    snooze_escalation,
)
from .cases import act_on_findings, raise_escalation
from .looking import sweep_looks
from .nudging import sweep_nudges
from .reviews import close_review
from .telling import sweep_escalations

__all__ = [
    "AlreadyAcknowledged",
    "AlreadyResolved",
    "NoteRequired",
    "acknowledge_and_resolve",
    "acknowledge_escalation",
    "act_on_findings",
    "close_review",
    "raise_escalation",
    "resolve_escalation",
    "snooze_escalation",
    "sweep_escalations",
    "sweep_looks",
    "sweep_nudges",
]
