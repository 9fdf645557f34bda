"""After a backup was restored: `manage.py hold_letters --reason "backup of 3 March"`, before anything else starts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.post.actions import hold_letters
from accounts.post.querysets import database_now


class Command(BaseCommand):
    help = "Hold every letter of every clinic until an owner releases them on the page of letters."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reason", required=True, help="what the owners read, such as: restored from 3 March")

    def handle(self, *args: Any, **options: Any) -> None:
        reason = options["reason"].strip()
        if not reason:
            raise CommandError("Say why, in words the owners will read.")
        count = hold_letters(reason=reason, now=database_now())
        self.stdout.write(f"Nothing leaves any more. {count} letters wait for an owner, on the page of letters.")
