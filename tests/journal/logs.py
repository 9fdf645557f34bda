"""Bodies of logs, written as a phone would send them."""

from uuid import UUID, uuid4

from plans.journal.rules import LogBody, read_log

BUTTOCK = {"region": "back-buttock", "side": "right"}


def check_in(score=4, *, performed_at="2026-03-10T08:30:00+00:00", **more):
    """A check-in, as JSON."""
    body = {"program": None, "performed_at": performed_at, "reports": [{"moment": "check_in", "score": score}]}
    if score >= 7:
        body["can_wait"] = True
    return body | more


def session(program, before=5, after=3, *, performed_at="2026-03-10T08:30:00+00:00", **more):
    """A session of a program, as JSON."""
    body = {
        "program": str(program),
        "performed_at": performed_at,
        "reports": [{"moment": "before", "score": before}, {"moment": "after", "score": after, "sites": [BUTTOCK]}],
    }
    if max(before, after) >= 7:
        body["can_wait"] = True
    return body | more


def read(body, uuid: UUID | None = None) -> LogBody:
    return read_log(body, uuid=uuid or uuid4())
