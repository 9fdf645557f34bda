"""`make bench`: every part in turn, and what it found into RESULTS.md.

make bench ARGS="--quick --scale 100000"     about two minutes, to see where one stands
make bench DATABASE_URL=postgres://…         the whole of it; a scratch database is made beside that one
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.results import Line

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "benchmarks" / "RESULTS.md"
PARTS = ["inproc", "counts", "sweep", "letters"]
# The small clinic is no second-class one: its pages are measured on its own database too.
ON_SQLITE = ["inproc"]
HEAD = """# What `make bench` found last

Written by the command itself; `benchmarks/` says what each part does. The control (`benchmarks/control/`)
is the plainest code that could answer the same request and is never optimised, so ratios can be compared from one
run to the next and from one machine to another, and milliseconds can't. CPU is of one thread, the 20th percentile of
all rounds; the database's is added where it runs on the same machine. SQL is counted without what opens and ends
a transaction.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the site beside its control and write benchmarks/RESULTS.md.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--scale", type=int, default=1_000_000, help="watches in the sweep (default 1,000,000)")
    parser.add_argument("--only", help="one part: inproc, counts, sweep or letters; nothing is written")
    asked = parser.parse_args()
    if asked.only:
        for line in measured(asked.only, asked):
            print(row(line))
        return
    url = os.environ.get("DATABASE_URL", "")
    runs = [(part, url) for part in PARTS] + [(part, "") for part in ON_SQLITE if url]
    lines: list[Line] = []
    for part, where in runs:
        lines += measured(part, asked, where)
        # After each part: who stops half-way keeps what was found.
        PAGE.write_text(page(lines, asked, has_postgres=bool(url)))
    print(PAGE.read_text())


def measured(part: str, asked: argparse.Namespace, url: str | None = None) -> list[Line]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
    if url is not None:
        environment["DATABASE_URL"] = url
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.part", part, "--scale", str(asked.scale)]
    command += ["--quick"] if asked.quick else []
    print(f"measuring {part}", file=sys.stderr, flush=True)
    told = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [Line(**line) for line in json.loads(told)]


def row(line: Line) -> str:
    cells = [line.goal, line.words, line.must, line.found, line.verdict]
    return "| " + " | ".join(cell for cell in (cells if line.goal else [line.words, line.found])) + " |"


def page(lines: list[Line], asked: argparse.Namespace, *, has_postgres: bool) -> str:
    how = f"{'fewer' if asked.quick else 'all'} rounds, {asked.scale:,} watches in the sweep"
    gates = sorted((line for line in lines if line.goal), key=lambda line: line.goal)
    plain = [line for line in lines if not line.goal]
    parts = [
        HEAD,
        f"This run: {how}; {'PostgreSQL and SQLite' if has_postgres else 'SQLite alone'}.\n",
        "## Goals\n",
        "| goal | what | must | found | |\n|---|---|---|---|---|\n" + "\n".join(map(row, gates)) + "\n",
        "## Figures behind them\n\nOur CPU and the database's, for one request.\n",
        "| what | found |\n|---|---|\n" + "\n".join(map(row, plain)) + "\n",
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    main()
