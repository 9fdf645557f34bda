"""What a mail server says when it could not bring a letter after all (RFC 3464)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

FAILED = "failed"
PERMANENT = re.compile(r"\s*5\.\d{1,3}\.\d{1,3}")
# 5.7 is about policy: the address is good, somebody refused what we sent or how.
POLICY = re.compile(r"\s*5\.7\.")
MESSAGE_ID = re.compile(r"^message-id:\s*(<[^<>\s]{1,250}>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Bounce:
    """One letter that did not arrive, by its own Message-ID, and the server's code such as 5.1.1."""

    message_id: str
    status: str

    @property
    def is_about_the_address(self) -> bool:
        return not POLICY.match(self.status)


def bounce_of(report: Message) -> Bounce | None:
    """The lasting failure that this mail reports; None for anything else: delays, out-of-office, spam."""
    if report.get_content_type() != "multipart/report":
        return None
    status = next(_lasting_failures(report), None)
    message_id = _original_id(report)
    return Bounce(message_id, status) if status and message_id else None


def _lasting_failures(report: Message) -> Iterator[str]:
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload() if part.is_multipart() else []:
            if not isinstance(block, Message):
                continue
            action, status = str(block.get("Action", "")), str(block.get("Status", ""))
            if action.strip().lower() == FAILED and PERMANENT.match(status):
                yield status.strip()[:11]


def _original_id(report: Message) -> str:
    """The Message-ID of the letter that comes back with the report, whole or its head alone."""
    for part in report.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            original = part.get_payload(0)
            return str(original.get("Message-ID", "")).strip() if isinstance(original, Message) else ""
        if kind in {"text/rfc822-headers", "message/rfc822-headers"}:
            found = MESSAGE_ID.search(str(part.get_payload()))
            return found.group(1) if found else ""
    return ""
