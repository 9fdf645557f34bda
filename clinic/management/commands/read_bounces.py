"""Letters that came back: `manage.py read_bounces < mail`, or a mailbox that the mail server fills."""

import contextlib
import email
import email.policy
import mailbox
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.post.actions import record_bounce
from accounts.post.querysets import database_now
from accounts.post.rules import bounce_of

LARGEST_REPORT = 10 * 1024 * 1024  # bytes


class Command(BaseCommand):
    help = (
        "Read delivery reports (RFC 3464) and stop sending to addresses that do not work. Reads one mail from"
        " standard input, or every mail of a Maildir or mbox. Reading twice is harmless; nothing is deleted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("mailbox", nargs="?", default="-", help="a Maildir folder, an mbox file, or - (default)")

    def handle(self, *args: Any, **options: Any) -> None:
        read = new = 0
        for report in reports_of(options["mailbox"]):
            read += 1
            bounce = bounce_of(report)
            new += bounce is not None and record_bounce(bounce=bounce, now=database_now())
        self.stdout.write(f"Read {read}; {new} told of an address or a letter that failed.")


def reports_of(place: str) -> Iterator[Message]:
    """Raises CommandError when there is no such mailbox."""
    if place == "-":
        yield email.message_from_bytes(sys.stdin.buffer.read(LARGEST_REPORT), policy=email.policy.compat32)
        return
    path = Path(place)
    if not path.exists():
        raise CommandError(f"There is no mailbox at {place}. Name a Maildir folder or an mbox file, or pipe a mail in.")
    kind: type[mailbox.Maildir] | type[mailbox.mbox] = mailbox.Maildir if path.is_dir() else mailbox.mbox
    with contextlib.closing(kind(path, create=False)) as box:
        yield from box
