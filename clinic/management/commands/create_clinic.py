import zoneinfo
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from accounts.people.actions import add_staff, create_clinic
from accounts.people.models import Clinic
from accounts.people.rules import Role


class Command(BaseCommand):
    help = "Open a clinic: its name, its time zone, its first person (owner, bodyworker and curator) and its library."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help='such as "Harbour Bodywork"')
        parser.add_argument("--zone", required=True, help="the clinic's time zone, such as Europe/London")
        parser.add_argument("--owner-name", required=True, metavar="NAME")
        parser.add_argument("--owner-email", required=True, metavar="EMAIL")
        parser.add_argument("--phone", default="", help="the number clients see")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = slugify(options["name"])[:60]
        self.refuse_nonsense(slug, options)
        now = timezone.now()
        with transaction.atomic():
            clinic = create_clinic(
                slug=slug, name=options["name"], zone=options["zone"], phone=options["phone"], by=None, now=now
            )
            add_staff(
                clinic=clinic,
                email=options["owner_email"],
                name=options["owner_name"],
                roles=frozenset(Role),
                by=None,
                now=now,
            )
            call_command("import_library", clinic=slug, stdout=self.stdout)
        page = settings.SITE_URL + reverse("account_reset_password")
        self.stdout.write(f"{clinic} is open. {options['owner_name']} chooses a password at {page}")
        self.stdout.write(
            "Until then nobody is told of a case: choosing it by the mailed link confirms the address.\n"
            "A second person is needed as well: another member of staff, or a backup contact under Clinic settings."
        )

    def refuse_nonsense(self, slug: str, options: dict[str, Any]) -> None:
        """Raises CommandError naming the word that is wrong and what it should look like."""
        if not slug:
            raise CommandError("The name needs at least one letter or digit.")
        if Clinic.objects.filter(slug=slug).exists():
            raise CommandError(f"There is already a clinic “{slug}”. Give this one another name.")
        if options["zone"] not in zoneinfo.available_timezones():
            raise CommandError(f"{options['zone']!r} is no time zone. It looks like Europe/London or America/New_York.")
        try:
            validate_email(options["owner_email"])
        except ValidationError:
            raise CommandError(f"{options['owner_email']!r} is no email address.") from None
