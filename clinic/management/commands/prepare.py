import secrets
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from accounts.people.models import User
from accounts.people.rules import DEMO_EMAILS
from accounts.post.delivery.sealing import KEY_BYTES, to_words
from accounts.post.querysets import database_now
from clinic.tick import tick


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
        if settings.DEMO:
            make_push_key(Path(settings.VAPID_KEY_FILE))
            call_command("demo", stdout=sys.stderr)
            # Whoever comes in first is not told that follow-up has never run.
            tick(now=database_now(), by="command")
            self.stdout.write(who_can_sign_in())
        else:
            call_command("import_library", stdout=sys.stderr)


def make_push_key(file: Path) -> None:
    """The demo's own key for letters to browsers, made once; a real clinic names its own in VAPID_PRIVATE_KEY."""
    if file.exists():
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(to_words(secrets.token_bytes(KEY_BYTES)) + "\n")


def who_can_sign_in() -> str:
    """The demo's people, one a line, and where their letters go."""
    names = dict(User.objects.filter(email__in=DEMO_EMAILS.values()).values_list("email", "name"))
    lines = [f"  {names[email]:24} {role}" for role, email in DEMO_EMAILS.items() if email in names]
    return "\n".join(
        [
            "One tap on the sign-in page lets you in as",
            *lines,
            "The letters they are sent stay on this machine: in var/mail, and on the demo's page of letters.",
        ]
    )
