"""Doors of the library and its templates."""

from tests.access.groups import all_staff, harbour_staff
from tests.access.personas import Door

DOORS = {
    "library:home": Door(GET=all_staff(200)),
    "library:muscle": Door(GET=harbour_staff(200), args=("slug=harbour.muscle",)),
    "library:technique": Door(GET=harbour_staff(200), args=("uuid=harbour.technique",)),
}
