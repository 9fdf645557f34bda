"""Changes to a clinic's library."""

from .importing import STARTER, Imported, import_library
from .publishing import NotACurator, QualificationMissing, RevisionNotInReview, publish_revision
from .rulebook import RuleFacts, rule_facts

__all__ = [
    "STARTER",
    "Imported",
    "NotACurator",
    "QualificationMissing",
    "RevisionNotInReview",
    "RuleFacts",
    "import_library",
    "publish_revision",
    "rule_facts",
]
