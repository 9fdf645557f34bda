"""Doors of the library and its templates."""

from tests.access.groups import all_staff, curator_of_harbour, harbour_staff
from tests.access.personas import Door

DOORS = {
    "library:home": Door(GET=all_staff(200)),
    "library:muscle": Door(GET=harbour_staff(200), args=("slug=harbour.muscle",)),
    "library:technique": Door(GET=harbour_staff(200), args=("uuid=harbour.technique",)),
    "programs:templates": Door(GET=all_staff(200)),
    "programs:template": Door(GET=harbour_staff(200), args=("uuid=harbour.template",)),
    "programs:approve_template": Door(POST=curator_of_harbour(302), args=("uuid=harbour.template",), data="approve"),
}
