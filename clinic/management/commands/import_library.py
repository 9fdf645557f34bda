from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.people.models import Clinic
from plans.library.actions import Imported, import_library
from plans.library.rules.starter import BadStarterFile
from plans.programs.actions import ImportedTemplates, import_templates

NO_CLINIC = (
    "There is no clinic yet, so nothing was imported. A new clinic gets the starter library by this same command."
)

TEMPLATES = "programs.json"


class Command(BaseCommand):
    help = "Bring each clinic's copy of the starter library up to date. Everything arrives in review."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clinic", metavar="SLUG", help="only this clinic; every clinic otherwise")
        parser.add_argument("--folder", type=Path, metavar="PATH", help="other starter files than the product's own")

    def handle(self, *args: Any, clinic: str | None, folder: Path | None, **options: Any) -> None:
        if folder is not None and not folder.is_dir():
            raise CommandError(f"{folder} is not a folder. Name the folder that holds techniques.json and its like.")
        for found in self.clinics(clinic):
            try:
                self.bring(found, folder)
            except BadStarterFile as error:
                raise CommandError(str(error)) from None

    def bring(self, clinic: Clinic, folder: Path | None) -> None:
        """Library and templates together or neither: a template without its technique is of no use."""
        now = timezone.now()
        with transaction.atomic():
            library = import_library(clinic=clinic, folder=folder, by=None, now=now)
            # A folder may hold a library alone; the product's own templates then still fit it or are refused.
            others = folder if folder is not None and (folder / TEMPLATES).exists() else None
            templates = import_templates(clinic=clinic, folder=others, by=None, now=now)
        self.tell(clinic, library, templates)

    def clinics(self, slug: str | None) -> list[Clinic]:
        """The clinics asked for. None at all is no error: a new installation has nothing to import into."""
        clinics = list(Clinic.objects.order_by("pk"))
        if slug is None:
            if not clinics:
                self.stdout.write(NO_CLINIC)
            return clinics
        found = [clinic for clinic in clinics if clinic.slug == slug]
        if not found:
            known = ", ".join(clinic.slug for clinic in clinics) or "none yet"
            raise CommandError(f"There is no clinic “{slug}”. Clinics: {known}.")
        return found

    def tell(self, clinic: Clinic, library: Imported, templates: ImportedTemplates) -> None:
        counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in library.counts.items())
        made, renewed = len(library.made) + len(templates.made), len(library.renewed) + len(templates.renewed)
        left = [*library.left, *templates.left]
        self.stdout.write(f"{clinic.name}: {counts}.")
        self.stdout.write(f"  {made} new, {renewed} renewed, {len(left)} left alone, program templates included.")
        if left:
            self.stdout.write(f"  Changed by the clinic, and by the starter library too: {', '.join(left)}.")
