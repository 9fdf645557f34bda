"""Doors of a client about themselves."""

from tests.access.groups import clients, maya_alone, with_a_place
from tests.access.personas import Door

DOORS = {
    "today:acting-for": Door(POST=maya_alone(302), data="act for Maya"),
    "today:today": Door(GET=clients(200)),
    "today:program": Door(GET=clients(200)),
    "today:day": Door(GET=maya_alone(200), args=("program=maya.program.uuid",)),
    "today:technique": Door(GET=maya_alone(200), args=("uuid=maya.prescription",)),
    "today:me": Door(GET=clients(200)),
    "today:reminders": Door(POST=clients(302), data="reminders"),
    "today:reminder-test": Door(POST=clients(302)),
    "today:why": Door(GET=clients(200)),
    "today:why-letter": Door(GET=maya_alone(200), args=("letter=maya.letter.uuid",)),
    "today:in-the-way": Door(GET=clients(200), POST=clients(302), data="in the way"),
    "today:theme": Door(POST=clients(302), data="theme"),
    "post:devices": Door(GET=with_a_place(200)),
    "post:nudge-channel": Door(POST=clients(302), data="nudge channel"),
    "post:device-remove": Door(POST=maya_alone(302), args=("uuid=maya.device",)),
    "post:device-test": Door(POST=maya_alone(302), args=("uuid=maya.device",)),
    "today:intake": Door(GET=clients(302), POST=clients(302)),
    # Tomasz has no program: he is led to the check-in.
    "journal:log": Door(GET=clients(200) | {"other_client": 302}, POST=clients(200) | {"other_client": 302}),
    "journal:check_in": Door(GET=clients(200), POST=clients(200)),
    "journal:hurts": Door(GET=clients(200), POST=clients(200)),
    "journal:answer": Door(GET=maya_alone(200), args=("uuid=maya.session",)),
    "journal:edit": Door(GET=maya_alone(200), POST=maya_alone(200), args=("uuid=maya.session",)),
    "journal:remove": Door(POST=maya_alone(302), args=("uuid=maya.session",)),
    "journal:restore": Door(POST=maya_alone(302), args=("uuid=maya.session",)),
    "journal:choose": Door(GET=maya_alone(302), POST=maya_alone(302), args=("uuid=maya.session",)),
    "journal:progress": Door(GET=clients(200)),
    # Nobody here had a session yesterday: they are led to the check-in.
    "journal:morning": Door(GET=clients(302), POST=clients(200)),
    "journal:outcomes": Door(GET=clients(200), POST=clients(302)),
    "journal:skip_outcomes": Door(POST=clients(302)),
}
