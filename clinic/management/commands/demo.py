import random
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.people.models import Clinic
from clinic.demo.playing import play_demo
from clinic.demo.stage import Kept, Stage, mail_server
from clinic.running.mail_sink import FolderHandler


class Command(BaseCommand):
    help = "Make the demo clinic with 120 days behind it, once; needs DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This makes made-up people with one-tap entry. Set DEMO=1 if that is what you want.")
        if Clinic.objects.filter(is_demo=True).exists():
            return
        began = time.monotonic()
        self.stdout.write("Making the demo clinic: 30 clients, 120 days. This takes a minute or two, once.")
        # The back-off's jitter comes from the same seed as the people, so two demos are alike.
        random.seed(0)
        kept = Kept()
        with mail_server(kept) as channel, transaction.atomic():
            play_demo(stage=Stage(channel), now=timezone.now())
        fill_the_letter_box(kept)
        self.stdout.write(f"The demo clinic is there ({time.monotonic() - began:.0f} s).")


def fill_the_letter_box(kept: Kept) -> None:
    """The newest letters lie where the demo's page of letters looks; links in them work."""
    folder = Path(settings.MAIL_SINK_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    box = FolderHandler(folder)
    for envelope in kept.letters:
        box.keep(envelope)
