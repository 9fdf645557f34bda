import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection

from accounts.post.querysets import ClockInDoubt, database_now, round_time
from clinic.tick import silent_parts, tick


class Command(BaseCommand):
    help = "Does the engine's rounds itself while Celery has been silent for two minutes; until it is ended."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=10.0, help="Seconds between two looks")
        parser.add_argument("--rounds", type=int, default=0, help="End after so many looks; 0 is never")

    def handle(self, *args: Any, **options: Any) -> None:
        ended = threading.Event()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: ended.set())
        since = database_now()
        looks, standing_in = 0, False
        while not ended.is_set():
            try:
                now = round_time()
                silent = silent_parts(now=now, since=since)
                standing_in = self._say(standing_in, silent)
                if silent:
                    tick(now=now, by="watchdog", only=silent)
            except ClockInDoubt as doubt:
                self.stderr.write(str(doubt))
            except DatabaseError as problem:
                self.stderr.write(f"the database does not answer: {type(problem).__name__}")
                connection.close()
            looks += 1
            if options["rounds"] and looks >= options["rounds"]:
                return
            ended.wait(options["every"])

    def _say(self, was: bool, silent: list[str]) -> bool:
        """One line when it takes over, one when Celery is back."""
        if silent and not was:
            self.stderr.write(f"Celery is silent; standing in for {', '.join(silent)}")
        elif was and not silent:
            self.stderr.write("Celery is back")
        return bool(silent)
