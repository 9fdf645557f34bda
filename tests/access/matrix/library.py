"""Doors of the library and its templates."""

from tests.access.personas import Door

DOORS: dict[str, Door] = {}
