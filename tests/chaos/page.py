"""docs/reliability.md: what every play found when it last ran at its full size."""

import fcntl
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.chaos.figures import Figures

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"
KEPT = ROOT / "var" / "chaos.json"
HEAD = """# What was broken on purpose, and what became of the people

Written by `make chaos` itself. Every line is real processes: senders and sweepers that are killed, a mail server
whose own log is compared with what the scenario owed (worked out from the scenario, never from the table of letters),
and at the end the audit of every invariant. Times are virtual where a fault takes hours. A line is of the last time
its play ran at full size; behind it stands the code it ran on.

- **lost**: owed, and never in the mail server's log, nor in a list that a person sees.
- **second IDs**: letters under a Message-ID, with a text or at an address that no obligation explains.
- **ambiguous**: hand-offs that ended without an answer. Each is a row; a reminder stays there, the rest is sent again.
- **came twice**: texts that reached the mail server again under the same Message-ID after such a hand-off.
"""
COLUMNS = ["fault", "scale", "of", "owed", "lost", "second IDs", "ambiguous", "came twice", "latest", "audit", ""]


@dataclass(frozen=True)
class Played:
    """One play at full size. `on`: its database; `code`: the commit, empty outside a repository."""

    on: str
    seed: int
    code: str
    figures: list[Figures]

    @property
    def is_good(self) -> bool:
        return bool(self.figures) and all(one.is_good for one in self.figures)


def keep(name: str, figures: Sequence[Figures], *, seed: int, on: str) -> None:
    """Put this play's figures in place of its older ones; other plays may run and end at the same time."""
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.with_suffix(".lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        all_plays = {each: asdict(played) for each, played in kept().items()}
        all_plays[name] = asdict(Played(on, seed, commit(), list(figures)))
        half = KEPT.with_suffix(".half")
        half.write_text(json.dumps(all_plays, indent=1))
        half.rename(KEPT)


def kept() -> dict[str, Played]:
    written = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    return {
        name: Played(**{**found, "figures": [Figures(**one) for one in found["figures"]]})
        for name, found in written.items()
    }


def commit() -> str:
    """The code that runs, with a plus where it is changed in more than this page; empty outside a repository."""
    name = git("rev-parse", "--short", "HEAD")
    return name + "+" if name and git("status", "--porcelain", "--", ".", f":!{PAGE.relative_to(ROOT)}") else name


def git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def page(plays: Mapping[str, Played], names: Sequence[str]) -> str:
    """`names`: every play there is, in order."""
    rows = [COLUMNS, ["---"] * len(COLUMNS)]
    for name in names:
        if name in plays:
            rows += [cells(one, plays[name]) for one in plays[name].figures]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    parts = [HEAD, table + "\n"]
    if absent := [name for name in names if name not in plays]:
        parts.append(f"Not yet run at full size: {', '.join(absent)}.\n")
    if failed := [name for name in names if name in plays and not plays[name].is_good]:
        parts.append("**Failed: " + ", ".join(failed) + ".**\n")
    return "\n".join(parts)


def cells(one: Figures, played: Played) -> list[str]:
    *figures, note = one.cells()
    has_place = any(word in one.scale.lower() for word in ("sqlite", "postgresql"))
    words = [note, "" if has_place else played.on, f"seed {played.seed}" if "seed" not in note else "", played.code]
    return [*figures, ", ".join(word for word in words if word)]
