"""A key to the API for one person: `manage.py create_token jo@example.org` prints it, once and alone."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.people.actions import create_token, place_of
from accounts.people.models import User

LONGEST_DAYS = 366


class Command(BaseCommand):
    help = "Make an API token for a person and print it, alone, so that it can go into a variable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the email the person signs in with")
        parser.add_argument("--name", default="command line", help="what the token is for")
        parser.add_argument("--days", type=int, default=90, help=f"how long it works, 1 to {LONGEST_DAYS}")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if not 1 <= options["days"] <= LONGEST_DAYS:
            raise CommandError(f"--days must be 1 to {LONGEST_DAYS}.")
        user = User.objects.with_email(options["email"]).filter(is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody signs in with {options['email']}. Check the address, or invite them first.")
        if place_of(user=user).clinic is None:
            raise CommandError(f"{options['email']} has no place in any clinic, so a token would open nothing.")
        expires_at = now + dt.timedelta(days=options["days"])
        _token, plain = create_token(user=user, name=options["name"][:80], expires_at=expires_at, by=None, now=now)
        self.stdout.write(plain)
