from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.people.models import Clinic
from plans.library.actions import Imported, import_library
from plans.library.rules.starter import BadStarterFile

NO_CLINIC = (
    "There is no clinic yet, so nothing was imported. A new clinic gets the starter library by this same command."
)


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
                with transaction.atomic():
                    report = import_library(clinic=found, folder=folder, by=None, now=timezone.now())
            except BadStarterFile as error:
                raise CommandError(str(error)) from None
            self.tell(found, report)

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

    def tell(self, clinic: Clinic, report: Imported) -> None:
        counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in report.counts.items())
        self.stdout.write(f"{clinic.name}: {counts}.")
        self.stdout.write(f"  {len(report.made)} new, {len(report.renewed)} renewed, {len(report.left)} left alone.")
        if report.left:
            self.stdout.write(f"  Changed by the clinic, and by the starter library too: {', '.join(report.left)}.")
