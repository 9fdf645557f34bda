"""Changes to a clinic's library."""

from .importing import STARTER, Imported, import_library
from .publishing import NotACurator, QualificationMissing, RevisionNotInReview, publish_revision

__all__ = [
    "STARTER",
    "Imported",
    "NotACurator",
    "QualificationMissing",
    "RevisionNotInReview",
    "import_library",
    "publish_revision",
]
