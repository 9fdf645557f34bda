"""Letters as the engine queues them, for the tests of what becomes of them."""

from accounts.post.actions import queue_letter
from tests.clock import NOW


def case_letter(cast, **changes):
    """A letter to Jo that a case needs her."""
    fields = {
        "clinic": cast.harbour,
        "kind": "case-opened",
        "audience": "staff",
        "membership": cast.bodyworker,
        "subject_kind": "escalation",
        "subject_id": 7,
        "params": {"path": "/escalations/7/"},
        "due_at": NOW,
        "dedupe_key": "case:7:1:1:1",
        "now": NOW,
    }
    return queue_letter(**{**fields, **changes})
