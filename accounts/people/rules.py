"""Who may do what in a clinic, decided without a database."""

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff does in a clinic; one person may hold several."""

    OWNER = "owner"
    BODYWORKER = "bodyworker"
    CURATOR = "curator"


class Permission(StrEnum):
    """What a role allows; doors ask for one of these, never for a role."""

    SEE_CASELOAD = "see_caseload"
    INVITE_CLIENT = "invite_client"
    ASSIGN_PROGRAM = "assign_program"
    ANSWER_ESCALATION = "answer_escalation"
    SEE_LIBRARY = "see_library"
    CURATE_LIBRARY = "curate_library"
    MANAGE_STAFF = "manage_staff"
    SEE_LETTERS = "see_letters"


ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(
        {
            Permission.SEE_CASELOAD,
            Permission.INVITE_CLIENT,
            Permission.ASSIGN_PROGRAM,
            Permission.ANSWER_ESCALATION,
            Permission.SEE_LIBRARY,
            Permission.MANAGE_STAFF,
            Permission.SEE_LETTERS,
        }
    ),
    Role.BODYWORKER: frozenset(
        {
            Permission.SEE_CASELOAD,
            Permission.INVITE_CLIENT,
            Permission.ASSIGN_PROGRAM,
            Permission.ANSWER_ESCALATION,
            Permission.SEE_LIBRARY,
        }
    ),
    Role.CURATOR: frozenset({Permission.SEE_LIBRARY, Permission.CURATE_LIBRARY}),
}


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Everything a set of roles allows together."""
    return frozenset(permission for role in roles for permission in ALLOWED[role])


class ContactKind(StrEnum):
    """How a bodyworker and a client were in touch."""

    VISIT = "visit"
    CALL = "call"
    MESSAGE = "message"


class ConsentPurpose(StrEnum):
    """What a client agrees to, one row each, so that each can be withdrawn alone."""

    CARE_RECORD = "care_record"
    REMINDERS = "reminders"
