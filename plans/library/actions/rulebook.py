"""What does the starter library say about each rule of follow-up: since when, from which sources, reviewed or not?"""

import json
from dataclasses import dataclass
from functools import cache

from .importing import STARTER


@dataclass(frozen=True)
class RuleFacts:
    """One record of rules.json. `kind` is design (our choice) or evidence (published figures)."""

    slug: str
    name: str
    kind: str
    basis: str
    sources: tuple[str, ...]
    review: str


@cache
def rule_facts() -> dict[str, RuleFacts]:
    """By slug, in the order of precedence."""
    said = json.loads((STARTER / "rules.json").read_text())
    found = {
        row["slug"]: RuleFacts(
            row["slug"], row["name"], row["kind"], row["evidence_basis"], tuple(row["sources"]), row["review"]
        )
        for row in said["records"]
    }
    return {slug: found[slug] for slug in said["precedence"]}
