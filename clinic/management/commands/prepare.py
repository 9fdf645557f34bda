from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection


class Command(BaseCommand):
    help = "Bring the database, the starter library and (with DEMO=1) the demo clinic up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # whitenoise warns of a missing one
        try:
            connection.ensure_connection()
        except OperationalError as problem:
            raise CommandError(f"The database does not answer: {problem}".strip()) from None
        # Progress goes to stderr: stdout is the list of who can sign in, which the caller keeps.
        call_command("migrate", interactive=False, verbosity=options["verbosity"] - 1)
        there = get_commands()
        if settings.DEMO and "demo" in there:
            call_command("demo", stdout=self.stderr)
            self.stdout.write(WHO)
        elif "import_library" in there:
            call_command("import_library", stdout=self.stderr)


WHO = (
    "The sign-in page lets you in with one tap as the owner, a bodyworker, the curator or a client.\n"
    "Every letter the clinic sends is kept in var/mail and shown on the demo's page of letters."
)
