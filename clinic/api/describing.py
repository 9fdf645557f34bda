"""What the schema cannot read from the code: how a caller says who they are, and what shared choices are called."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension

from plans.followup.rules import EscalationState
from plans.library.rules import Side
from plans.programs.rules import ProgramState

# Fields of the same name with different choices; settings.py gives each set its name in the schema.
SIDES = [side.value for side in Side]
SIDES_OF_A_SITE = [Side.LEFT.value, Side.RIGHT.value, Side.NONE.value]
PROGRAM_STATES = [state.value for state in ProgramState]
ESCALATION_STATES = [state.value for state in EscalationState]


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.people.api.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "The word Token, a space, and the token that manage.py create_token printed.",
        }


class SittingScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.people.api.SittingAuthentication"
    name = "sitting"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
