"""Doors of a client about themselves."""

from tests.access.groups import maya_alone
from tests.access.personas import Door

DOORS = {
    "today:acting-for": Door(POST=maya_alone(302), data="act for Maya"),
}
