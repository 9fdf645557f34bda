"""Doors of bodyworkers and owners about the people in their care."""

from tests.access.groups import carers, caring_staff
from tests.access.personas import Door

DOORS = {
    "desk:caseload": Door(GET=caring_staff(200)),
    "desk:own-letters": Door(GET=caring_staff(200), POST=caring_staff(302)),
    "followup:own-numbers": Door(GET=carers(200), POST=carers(302), args=("uuid=maya.client",), data="own numbers"),
    "followup:end-own-numbers": Door(POST=carers(302), args=("uuid=maya.client",)),
    "desk:client": Door(GET=carers(200), args=("uuid=maya.client",)),
    "desk:invite": Door(GET=caring_staff(200), POST=caring_staff(200), data="invite"),
    "desk:invited": Door(GET=carers(200), args=("uuid=maya.invited",)),
    "desk:resend_invitation": Door(POST=carers(302), args=("uuid=maya.invited",)),
    "desk:assign": Door(GET=carers(200), POST=carers(200), args=("uuid=maya.client",), data="assign"),
    "desk:handout": Door(GET=carers(200), args=("uuid=maya.client",)),
    "desk:care": Door(GET=carers(200), POST=carers(422), args=("uuid=maya.client",)),
    "desk:co-treat": Door(POST=carers(422), args=("uuid=maya.client",)),
    "desk:end-co-treat": Door(POST=carers(302), args=("uuid=maya.client", "member=harbour.curator.uuid")),
    "desk:email": Door(POST=carers(302), args=("uuid=maya.client",), data="email"),
    "desk:contact": Door(POST=carers(302), args=("uuid=maya.client",), data="contact"),
    "desk:next-visit": Door(POST=carers(302), args=("uuid=maya.client",), data="visit"),
    "desk:pause": Door(POST=carers(302), args=("uuid=maya.client", "program=maya.program.uuid"), data="pause"),
    "desk:finish": Door(POST=carers(302), args=("uuid=maya.client", "program=maya.program.uuid")),
    "desk:resume": Door(POST=carers(302), args=("uuid=maya.client", "program=maya.program.uuid")),
    "desk:settle": Door(GET=carers(200), POST=carers(200), args=("uuid=maya.client", "program=maya.program.uuid")),
    "desk:show-technique": Door(POST=carers(302), args=("uuid=maya.client", "prescription=maya.prescription.uuid")),
    "followup:escalations": Door(GET=caring_staff(200)),
    "followup:case": Door(GET=carers(200), args=("uuid=maya.case",)),
    "followup:acknowledge": Door(POST=carers(302), args=("uuid=maya.case",)),
    "followup:snooze": Door(POST=carers(302), args=("uuid=maya.case",), data="snooze"),
    "followup:resolve": Door(POST=carers(302), args=("uuid=maya.case",), data="outcome"),
    "followup:hand-over": Door(POST=carers(422), args=("uuid=maya.case",)),
    "followup:close-review": Door(POST=carers(302), args=("uuid=maya.review",)),
}
