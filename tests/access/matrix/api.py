"""Doors of the API."""

from tests.access.groups import (
    api_callers,
    api_carers,
    api_clients,
    api_harbour_staff,
    api_maya,
    api_maya_alone,
    everyone,
    nobody_but,
)
from tests.access.personas import Door

DOORS = {
    "api-readable": Door(GET=everyone(200)),
    "api-schema": Door(GET=everyone(200)),
    "api-clients": Door(GET=api_callers(200)),
    "api-client": Door(GET=api_maya(200), args=("uuid=maya.client",)),
    "api-contacts": Door(GET=api_carers(200), POST=api_carers(201), args=("uuid=maya.client",), data="contact by api"),
    "api-sessions": Door(GET=api_callers(200)),
    # A UUID is unique per client: to another client it is a new session of their own, never Maya's.
    "api-session": Door(
        GET=api_maya(200),
        PUT=nobody_but(401, 404, {"client": 409, "other_client": 201, "foreign_client": 201}),
        PATCH=api_maya_alone(428),
        DELETE=api_maya_alone(204),
        args=("uuid=maya.session",),
        data="check-in",
        elsewhere={"PUT client": 201},
    ),
    "api-outcomes": Door(GET=api_callers(200), POST=api_clients(400)),
    "api-outcomes-due": Door(GET=api_clients(200)),
    "api-techniques": Door(GET=api_callers(200)),
    "api-technique": Door(GET=api_harbour_staff(200), args=("uuid=harbour.technique",)),
    "api-escalations": Door(GET=api_callers(200)),
    "api-escalation": Door(GET=api_carers(200), args=("uuid=maya.case",)),
    "api-escalation-acknowledge": Door(POST=api_carers(200), args=("uuid=maya.case",)),
    "api-escalation-resolve": Door(POST=api_carers(200), args=("uuid=maya.case",), data="outcome"),
    "api-programs": Door(GET=api_callers(200)),
    "api-program": Door(GET=api_maya(200), args=("uuid=maya.program",)),
    "api-devices": Door(
        GET=nobody_but(401, 200, {"installer": 404}), PUT=nobody_but(401, 201, {"installer": 404}), data="device"
    ),
    "api-device": Door(DELETE=api_maya_alone(204), args=("uuid=maya.device",)),
    "api-today": Door(GET=api_clients(200)),
}
