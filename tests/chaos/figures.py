"""What a play found, as one line that the command collects and writes into docs/reliability.md."""

import json
from dataclasses import asdict, dataclass, field

MARK = "FIGURES "


@dataclass
class Figures:
    """One row of the page. Counts are of letters unless `counted` says otherwise.

    `lost`: owed by the scenario and not in the sink. `second_ids`: Message-IDs that no obligation of the
    scenario explains. `ambiguous`: hand-offs that ended without an answer; `unlisted`: those of them that no
    row names. `came_twice`: texts that reached the sink again under the same Message-ID. `latest`: seconds.
    """

    fault: str
    scale: str
    counted: str = "letters"
    owed: int = 0
    lost: int = 0
    second_ids: int = 0
    ambiguous: int = 0
    unlisted: int = 0
    came_twice: int = 0
    latest: float | None = None
    broken: list[str] = field(default_factory=list)
    note: str = ""

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.second_ids or self.unlisted or self.broken)

    def tell(self) -> None:
        print(MARK + json.dumps(asdict(self)), flush=True)

    def cells(self) -> list[str]:
        late = "" if self.latest is None else f"{self.latest:.0f} s"
        audit = "holds" if not self.broken else "; ".join(self.broken)
        counts = [self.owed, self.lost, self.second_ids, self.ambiguous, self.came_twice]
        return [self.fault, self.scale, self.counted, *(f"{n:,}" for n in counts), late, audit, self.note]


def figures_in(output: str) -> list[Figures]:
    """The lines of a play that carry figures."""
    found = (line.removeprefix(MARK) for line in output.splitlines() if line.startswith(MARK))
    return [Figures(**json.loads(line)) for line in found]
