"""The library for the staff."""

from .browsing import home
from .reading import muscle, technique

__all__ = ["home", "muscle", "technique"]
