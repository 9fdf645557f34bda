"""Who may do what in a clinic, decided without a database."""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


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
    MANAGE_CLINIC = "manage_clinic"
    SEE_LETTERS = "see_letters"
    SET_RULES = "set_rules"


ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(
        {
            Permission.SEE_CASELOAD,
            Permission.INVITE_CLIENT,
            Permission.ASSIGN_PROGRAM,
            Permission.ANSWER_ESCALATION,
            Permission.SEE_LIBRARY,
            Permission.MANAGE_STAFF,
            Permission.MANAGE_CLINIC,
            Permission.SEE_LETTERS,
            Permission.SET_RULES,
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


class Reach(StrEnum):
    """How many would be told of a case, one after the other."""

    NOBODY = "nobody"
    ALONE = "alone"
    ENOUGH = "enough"


def reach_of(*, answering: int, has_backup: bool) -> Reach:
    """`answering` staff have a confirmed address; a backup contact is a second person, not a first."""
    if not answering:
        return Reach.NOBODY
    return Reach.ENOUGH if answering + has_backup > 1 else Reach.ALONE


class ContactKind(StrEnum):
    """How a bodyworker and a client were in touch."""

    VISIT = "visit"
    CALL = "call"
    MESSAGE = "message"


class ConsentPurpose(StrEnum):
    """What a client agrees to, one row each, so that each can be withdrawn alone."""

    CARE_RECORD = "care_record"
    REMINDERS = "reminders"


CONSENT_VERSION = 1


class InvitationStanding(StrEnum):
    """What a link says to the person who opens it."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"


def zone_of(name: str, fallback: str = "UTC") -> ZoneInfo:
    """The zone called `name`; a name that is empty or no longer exists gives the fallback, never an error."""
    for candidate in (name, fallback):
        try:
            return ZoneInfo(candidate)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")


def is_zone(name: str) -> bool:
    """Does this machine know a time zone of that name?"""
    return bool(name) and zone_of(name, "UTC").key == name


INVITATION_LASTS = dt.timedelta(hours=72)
# Somebody outside the clinic does not wait for this letter.
BACKUP_LINK_LASTS = dt.timedelta(days=7)
# The page belongs to `today`, which this slice does not know; a test holds the two together.
INVITATION_PATH = "/i/{token}/"

# Digits and letters that cannot be mistaken for one another when read out or written down.
SHORT_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SHORT_CODE_LENGTH = 8


def standing_of(
    *,
    now: dt.datetime,
    opened_generation: int,
    generation: int,
    expires_at: dt.datetime,
    is_accepted: bool,
    is_revoked: bool,
) -> InvitationStanding:
    """How a link stands: what became of the invitation comes before how old the link is."""
    if is_revoked:
        return InvitationStanding.REVOKED
    if is_accepted:
        return InvitationStanding.USED
    if opened_generation != generation:
        return InvitationStanding.REPLACED
    return InvitationStanding.OPEN if now < expires_at else InvitationStanding.EXPIRED


def plain_code(typed: str) -> str:
    """A short code as it was read out, whatever case, spaces and dashes it was typed with."""
    return "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())


def spaced_code(code: str) -> str:
    """4T7K9M2P as 4T7K 9M2P: two groups of four are easier to read out."""
    return f"{code[:4]} {code[4:]}"


def covered_address(email: str) -> str:
    """h•••@example.org: enough to know one's own address by, too little to learn it from an old link."""
    name, _, host = email.partition("@")
    return f"{name[:1]}•••@{host}" if host else ""


class Attempt(StrEnum):
    """What somebody tries at the door."""

    PASSWORD = "password"  # noqa: S105
    CODE_SENT = "code_sent"
    CODE = "code"
    SHORT_CODE = "short_code"
    RESET = "reset"


class Counted(StrEnum):
    """Whose attempts are counted: those at one account, or those from one network address."""

    ACCOUNT = "account"
    ADDRESS = "address"


@dataclass(frozen=True)
class Limit:
    """So many attempts within a sliding window; the next one waits until the oldest has left it."""

    attempts: int
    window: dt.timedelta


# Per address the limit is wide: a whole clinic sits behind one router.
LIMITS: dict[tuple[Attempt, Counted], Limit] = {
    (Attempt.PASSWORD, Counted.ACCOUNT): Limit(5, dt.timedelta(minutes=15)),
    (Attempt.PASSWORD, Counted.ADDRESS): Limit(40, dt.timedelta(minutes=15)),
    (Attempt.CODE_SENT, Counted.ACCOUNT): Limit(5, dt.timedelta(minutes=15)),
    (Attempt.CODE_SENT, Counted.ADDRESS): Limit(40, dt.timedelta(minutes=15)),
    (Attempt.CODE, Counted.ACCOUNT): Limit(9, dt.timedelta(minutes=30)),
    (Attempt.CODE, Counted.ADDRESS): Limit(60, dt.timedelta(minutes=30)),
    (Attempt.SHORT_CODE, Counted.ADDRESS): Limit(10, dt.timedelta(minutes=15)),
    (Attempt.RESET, Counted.ACCOUNT): Limit(3, dt.timedelta(minutes=30)),
    (Attempt.RESET, Counted.ADDRESS): Limit(20, dt.timedelta(minutes=30)),
}


def wait_for(limit: Limit, times: list[dt.datetime], now: dt.datetime) -> dt.timedelta:
    """How long until another attempt is allowed; zero when it is allowed now.

    `times` are the attempts so far, in any order; those outside the window do not count.
    """
    recent = sorted(at for at in times if at > now - limit.window)
    if len(recent) < limit.attempts:
        return dt.timedelta()
    return recent[-limit.attempts] + limit.window - now


# Whom the one-tap entry of the demo lets in.
DEMO_EMAILS = {
    "owner": "owner@demo.unknot.test",
    "bodyworker": "bodyworker@demo.unknot.test",
    "curator": "curator@demo.unknot.test",
    "client": "client@demo.unknot.test",
}


SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|to)\s*(\d{1,2})(?:[:.](\d{2}))?")


class HoursUnclear(ValueError):
    """These words are no opening hours."""


def hours_of(words: str) -> list[list[str]]:
    """“9-12, 13:30-17” as [["09:00", "12:00"], ["13:30", "17:00"]]; nothing is a closed day.

    Raises:
        HoursUnclear: not times, a span that ends before it begins, or two that overlap.
    """
    spans: list[list[str]] = []
    for part in filter(None, (part.strip() for part in words.split(","))):
        found = SPAN.fullmatch(part)
        if found is None:
            raise HoursUnclear
        opens, closes = _clock(found[1], found[2]), _clock(found[3], found[4])
        if opens >= closes or opens > "23:59" or closes > "24:00" or (spans and opens < spans[-1][1]):
            raise HoursUnclear
        spans.append([opens, closes])
    return spans


def _clock(hour: str, minute: str | None) -> str:
    if minute is not None and int(minute) > 59:
        raise HoursUnclear
    return f"{int(hour):02}:{minute or '00'}"


def hours_words(spans: list[list[str]]) -> str:
    """The same the other way round, as a form shows it."""
    return ", ".join(f"{opens}-{closes}" for opens, closes in spans)
