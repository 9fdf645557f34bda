from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from clinic.demo.stage import Stage, mail_server
from clinic.demo.story import missing, play_story, timeline, told


class Command(BaseCommand):
    help = "Play a fortnight of one client in virtual time on a scratch database, and tell it from its rows."

    def handle(self, *args: Any, **options: Any) -> None:
        real = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = None if connection.vendor == "sqlite" else "unknot_story"
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            with mail_server() as channel:
                clinic = play_story(stage=Stage(channel))
            lines = timeline(clinic)
        finally:
            connection.creation.destroy_test_db(real, verbosity=0)
        for line in told(lines):
            self.stdout.write(line)
        absent = missing(lines)
        if absent:
            raise CommandError("No row tells of: " + ", ".join(absent))
        self.stdout.write("\nEvery step of the story stands in the database.")
