"""Where the letter of a nudge leads, and the few words in it that are not the same for everybody."""

from collections.abc import Mapping

from django.urls import reverse

from accounts.people.models import Client
from plans.followup.rules import NudgeDay, NudgeKind, week_of
from plans.programs.models import PlannedSession, Prescription
from plans.programs.rules import Dose, minutes_of

# Pages of the client, which this slice does not know; a test holds them together.
TODAY_PAGE = "/today/"
REMINDERS_PAGE = "/me/"
IN_THE_WAY_PAGE = "/in-the-way/"
WHY_PAGE = "/me/reminders/why/"
DOSE = ("sets", "reps", "hold_s", "duration_s", "per_side", "rest_s")
NEW_MOVES_TOLD = 2


def params_of(client: Client, day: NudgeDay, kind: NudgeKind, session_id: int | None) -> dict[str, object]:
    """The page that a letter opens, the one that says why it came, and its words. No health data."""
    params: dict[str, object] = {"path": path_of(kind), "why": WHY_PAGE}
    words = _words(day, kind, session_id)
    return params | {"words": words} if words else params


def path_of(kind: NudgeKind) -> str:
    pages: Mapping[NudgeKind, str] = {
        NudgeKind.CHECK_IN: IN_THE_WAY_PAGE,
        NudgeKind.NEXT_MORNING: reverse("journal:check_in"),
        NudgeKind.OUTCOME_WEEK: reverse("journal:outcomes"),
        NudgeKind.GOOD_WEEK: reverse("journal:progress"),
        NudgeKind.STOPPED: REMINDERS_PAGE,
    }
    return pages.get(kind, TODAY_PAGE)


def _words(day: NudgeDay, kind: NudgeKind, session_id: int | None) -> dict[str, object]:
    if kind is NudgeKind.GOOD_WEEK:
        return {"sessions_done": week_of(day)[0]}
    if kind is NudgeKind.PHASE_CHANGE:
        return {"is_as_told": _brings_two_and_no_more_time(session_id)}
    return {}


def _brings_two_and_no_more_time(session_id: int | None) -> bool:
    """“Two new moves, same short session”: said only where it is so."""
    session = PlannedSession.objects.filter(pk=session_id or 0).first()
    if session is None:
        return False
    earlier = PlannedSession.objects.standing().filter(program=session.program_id, on__lt=session.on)
    before = earlier.order_by("-on").first()
    if before is None:
        return False
    moves, minutes = _asked_by(session)
    known, minutes_before = _asked_by(before)
    return len(moves - known) == NEW_MOVES_TOLD and minutes <= minutes_before


def _asked_by(session: PlannedSession) -> tuple[set[int], int]:
    lines = Prescription.objects.shown().filter(planned_sessions=session)
    rows = list(lines.values_list("revision__technique_id", *DOSE))
    doses = [Dose(**dict(zip(DOSE, dose, strict=True))) for _, *dose in rows]
    return {technique for technique, *_ in rows}, minutes_of(doses)
