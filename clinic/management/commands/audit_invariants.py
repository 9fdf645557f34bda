from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.post.querysets import database_now
from clinic.invariants import broken


class Command(BaseCommand):
    help = "Ask the database whether everything that must be true of the engine is; changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--whole", action="store_true", help="All rows, not only the newest 50,000 of each table")

    def handle(self, *args: Any, **options: Any) -> None:
        found = broken(now=database_now(), whole=options["whole"])
        for one in found:
            self.stdout.write(f"{one.invariant.id}: not so that {one.invariant.statement}")
            for row in one.rows:
                self.stdout.write(f"    {row}")
        if found:
            raise CommandError(f"{len(found)} invariants are broken.")
        self.stdout.write("Every invariant holds.")
