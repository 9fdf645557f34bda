"""docs/reliability.md, from the figures of one run."""

from collections.abc import Sequence
from pathlib import Path

from tests.chaos.figures import Figures

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
HEAD = """# What was broken on purpose, and what became of the people

Written by `make chaos` itself. Every line is real processes: senders and sweepers that are killed, a mail server
whose own log is compared with what the scenario owed (worked out from the scenario, never from the table of letters),
and at the end the audit of every invariant. Times are virtual where a fault takes hours.

- **lost**: owed, and never in the mail server's log, nor in a list that a person sees.
- **second IDs**: letters under a Message-ID, with a text or at an address that no obligation explains.
- **ambiguous**: hand-offs that ended without an answer. Each is a row; a reminder stays there, the rest is sent again.
- **came twice**: texts that reached the mail server again under the same Message-ID after such a hand-off.
"""
COLUMNS = ["fault", "scale", "of", "owed", "lost", "second IDs", "ambiguous", "came twice", "latest", "audit", ""]


def page(found: Sequence[Figures], failed: Sequence[str], absent: Sequence[str], *, seed: int, has_server: bool) -> str:
    where = "PostgreSQL, and SQLite where the line says so" if has_server else "SQLite"
    rows = [COLUMNS, ["---"] * len(COLUMNS), *(one.cells() for one in found)]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    parts = [HEAD, f"This run: seed {seed}, {where}.\n", table + "\n"]
    if absent:
        parts.append(f"Not in this run: {', '.join(absent)}.\n")
    if failed:
        parts.append("**Failed: " + ", ".join(failed) + ".**\n")
    return "\n".join(parts)
