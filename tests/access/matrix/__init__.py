"""The whole table: every route, every method, thirteen personas. No wildcards; a new route needs its own entry."""

from tests.access.matrix import api, care, clinics, entrance, library, own
from tests.access.matrix.bodies import BODIES
from tests.access.personas import Door

CHAPTERS = (entrance, own, care, library, clinics, api)

MATRIX: dict[str, Door] = {name: door for chapter in CHAPTERS for name, door in chapter.DOORS.items()}

__all__ = ["BODIES", "CHAPTERS", "MATRIX"]
