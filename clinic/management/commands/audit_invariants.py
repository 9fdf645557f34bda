from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.post.querysets import database_now
from clinic.invariants import broken


class Command(BaseCommand):
    help = "Ask the database whether everything that must be true of the engine is; changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        found = broken(now=database_now())
        for one in found:
            self.stdout.write(f"{one.invariant.id}: not so that {one.invariant.statement}")
            for row in one.rows:
                self.stdout.write(f"    {row}")
        if found:
            raise CommandError(f"{len(found)} invariants are broken.")
        self.stdout.write("Every invariant holds.")
