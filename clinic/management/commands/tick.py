import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.post.querysets import database_now
from clinic.tick import tick


class Command(BaseCommand):
    help = "One round of the engine: read reports, remind, tell cases on, carry letters out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", help="An instant such as 2026-03-10T18:30:00Z instead of the database's time (in a demo)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        given = options["now"]
        if given and not settings.DEMO:
            raise CommandError("Only a demo is played at another time: what a round does can't be undone.")
        now = _instant(given) if given else database_now()
        done = tick(now=now, by=None if given else "command")
        for part, result in done.items():
            self.stdout.write(f"{part}: {result}")
        if "failed" in done.values():
            raise CommandError("A part of the engine failed; the lines above say which.")


def _instant(words: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(words)
    except ValueError:
        raise CommandError(f"{words!r} is no instant; write it as 2026-03-10T18:30:00Z.") from None
    if found.tzinfo is None:
        raise CommandError("The instant needs a zone; add Z for UTC.")
    return found
