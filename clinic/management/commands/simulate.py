from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.simulation.running import run_pairs, run_seed, run_seeds
from clinic.simulation.scratch import simulated


class Command(BaseCommand):
    help = "Play a small clinic in virtual time with workers killed and stalled by seeds, beside a plain reference."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seeds", type=int, default=10, help="How many seeds (default 10)")
        parser.add_argument("--first", type=int, default=1, help="The first seed; with --seeds 1 it is replayed alone")
        parser.add_argument("--days", type=int, default=7, help="Virtual days of each (default 7)")
        parser.add_argument("--pairs", type=int, default=0, help="Also so many pairs of places to be killed at")

    def handle(self, *args: Any, **options: Any) -> None:
        first, days = options["first"], options["days"]
        with simulated() as beginning:
            for seed, played in run_seeds(beginning, range(first, first + options["seeds"]), days=days):
                self.stdout.write(f"seed {seed}: {played.steps} steps, digest {played.digest}")
                if played.problem:
                    raise CommandError(f"seed {seed}: {played.problem}")
            for pair, played in run_pairs(beginning, first, most=options["pairs"]):
                if played.problem:
                    raise CommandError(f"seed {first}, killed at {pair}: {played.problem}")
            again = run_seed(beginning, first, days=days).digest
            if again != run_seed(beginning, first, days=days).digest:
                raise CommandError(f"seed {first} did not replay to the same rows.")
        self.stdout.write("Every seed ended well, and the first replays to the same rows.")
