"""Everything follow-up does: look at what changed, raise and move cases, answer them, remind kindly."""

from .answering import (
    AlreadyAcknowledged,
    AlreadyResolved,
    CannotAnswer,
    NoteRequired,
    NotYours,
    acknowledge_and_resolve,
    acknowledge_escalation,
    hand_over_escalation,
    resolve_escalation,
    snooze_escalation,
)
from .cases import act_on_findings, raise_escalation
from .digests import sweep_digests
from .handing import give_client
from .in_the_way import say_in_the_way
from .judges import Judge, judges_of
from .looking import sweep_looks
from .nudging import sweep_nudges
from .policies import (
    NothingChanged,
    NumbersRefused,
    PolicyMovedOn,
    adopt_policy,
    end_override,
    newest_policy,
    override_numbers,
)
from .refolding import unaccounted_findings
from .rehearsing import Opened, Rehearsal, everybody, rehearse
from .rehearsing_times import rehearse_telling
from .reviews import close_review
from .telling import sweep_escalations

__all__ = [
    "AlreadyAcknowledged",
    "AlreadyResolved",
    "CannotAnswer",
    "Judge",
    "NotYours",
    "NoteRequired",
    "NothingChanged",
    "NumbersRefused",
    "Opened",
    "PolicyMovedOn",
    "Rehearsal",
    "acknowledge_and_resolve",
    "acknowledge_escalation",
    "act_on_findings",
    "adopt_policy",
    "close_review",
    "end_override",
    "everybody",
    "give_client",
    "hand_over_escalation",
    "judges_of",
    "newest_policy",
    "override_numbers",
    "raise_escalation",
    "rehearse",
    "rehearse_telling",
    "resolve_escalation",
    "say_in_the_way",
    "snooze_escalation",
    "sweep_digests",
    "sweep_escalations",
    "sweep_looks",
    "sweep_nudges",
    "unaccounted_findings",
]
