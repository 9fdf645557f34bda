"""Changes to a clinic's library."""

from .importing import STARTER, Imported, import_library

__all__ = ["STARTER", "Imported", "import_library"]
