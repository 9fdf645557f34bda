"""`make chaos`: every fault that processes of one machine can make, and what became of the letters and cases.

make chaos                                  the whole of it, on the embedded database
make chaos DATABASE_URL=postgres://…        on PostgreSQL, and the letters once more on SQLite with four processes
make chaos ARGS="--quick"                   small, to see where one stands; writes no page
make chaos ARGS="--only letters --seed 7"   one play again, with its seed; its lines of the page are written anew
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from tests.chaos.figures import Figures, figures_in
from tests.chaos.page import PAGE, keep, kept, page
from tests.chaos.stage import play, short_folder
from tests.processes import scratch_database


@dataclass(frozen=True)
class Play:
    """A module of tests.chaos, with its sizes in a full run; without them it is as small as `--quick`."""

    name: str
    module: str
    sizes: dict[str, str] = field(default_factory=dict)
    where: str = "both"
    """`sqlite`: never on a server; `postgres`: only on one."""

    def is_alone(self, has_server: bool) -> bool:
        return self.where == "sqlite" or not has_server


PLAYS = (
    Play("letters", "letters_play", {"LETTERS": "10000", "KILLS": "50"}),
    Play("letters-sqlite", "letters_play", {"LETTERS": "3000", "KILLS": "50", "SENDERS": "4"}, "sqlite"),
    Play("mail", "mail_play", {"LETTERS": "30"}),
    Play("frozen", "frozen_play", {"LETTERS": "60"}),
    Play("acknowledged", "acknowledged_play", {"CASES": "300", "PEOPLE": "4"}),
    Play("migrating", "migrating_play", {"LETTERS": "2000", "SHARE": "40"}),
    Play("restored", "restored_play", {"LETTERS": "600", "THIRDS": "30"}),
    Play("clock", "clock_play", {"CLIENTS": "8"}),
    Play("logs", "logs_play", {"SAME": "1002", "QUEUED": "510"}),
    Play("push", "push_play", {"PHONES": "40"}),
    Play("template", "template_play", {"LETTERS": "600"}),
    Play("cases", "cases_play", {"CASES": "2000", "KILLS": "50", "RATE": "15"}),
    Play("cases-sqlite", "cases_play", {"CASES": "300", "KILLS": "40", "SWEEPERS": "4"}, "sqlite"),
    Play("flush", "flush_play", {"REPORTS": "300", "LETTERS": "300"}),
    Play("beats", "beats_play", {"REPORTS": "150", "LETTERS": "300"}),
    Play("broker-gone", "broker_gone_play", {"GONE": "600", "PATIENCE": "120", "REPORTS": "120"}),
    Play("database-killed", "database_killed_play", {"REPORTS": "300", "LETTERS": "1000", "KILLS": "12"}, "postgres"),
    Play("disk-full", "disk_full_play", {"FULL": "30", "REPORTS": "120", "LETTERS": "120"}, "sqlite"),
    Play("simulation", "mutants_play", {"SEEDS": "20", "DAYS": "7", "ALL": "1", "PAIRS": "200"}, "sqlite"),
)
SECONDS = 3600


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make chaos", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="small sizes; nothing is written")
    parser.add_argument("--only", default="", help=f"some of {','.join(each.name for each in PLAYS)}")
    parser.add_argument("--seed", type=int, default=1, help="the seed of every play")
    asked = parser.parse_args()
    has_server = os.environ.get("DATABASE_URL", "").startswith("postgres")
    names = set(asked.only.split(",")) if asked.only else {each.name for each in PLAYS}
    if strangers := names - {each.name for each in PLAYS}:
        parser.error(f"there is no play {', '.join(sorted(strangers))}")
    failed = []
    with ExitStack() as stack:
        on_file = stack.enter_context(migrated(alone=True))
        usual = stack.enter_context(migrated(alone=False)) if has_server else on_file
        for each in PLAYS:
            if each.name not in names or (each.where == "postgres" and not has_server):
                continue
            figures = played(each, asked, like=on_file if each.where == "sqlite" else usual)
            failed += [] if figures and all(one.is_good for one in figures) else [each.name]
            if not asked.quick:
                # After each play: who stops half-way keeps what was found.
                keep(each.name, figures, seed=asked.seed, on="SQLite" if each.is_alone(has_server) else "PostgreSQL")
                PAGE.write_text(page(kept(), [one.name for one in PLAYS]))
    for name in failed:
        print(f'failed: {name}; again with make chaos ARGS="--only {name} --seed {asked.seed}"')
    return 1 if failed else 0


@contextmanager
def migrated(*, alone: bool) -> Iterator[str]:
    """A database with the tables and no rows, for every play to begin as a copy of."""
    with short_folder() as folder, scratch_database(folder, alone=alone) as address:
        more = {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "clinic.settings", "DEMO": "1"}
        subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", "migrate", "-v0"], check=True, env={**os.environ, **more}
        )
        yield address


def played(each: Play, asked: argparse.Namespace, *, like: str) -> list[Figures]:
    """The figures of one play; none where it failed, after its own words."""
    sizes = {} if asked.quick else each.sizes
    began = time.monotonic()
    print(f"{each.name} …", flush=True)
    try:
        with short_folder() as folder:
            alone = each.where == "sqlite"
            said = play(each.module, folder, seconds=SECONDS, like=like, alone=alone, SEED=str(asked.seed), **sizes)
    except AssertionError as failure:
        print(failure)
        return []
    figures = figures_in(said)
    for one in figures:
        print("   ", " | ".join(cell for cell in one.cells() if cell))
    print(f"    {time.monotonic() - began:.0f} s", flush=True)
    return figures


if __name__ == "__main__":
    sys.exit(main())
