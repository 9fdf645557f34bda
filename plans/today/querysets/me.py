"""What the page about the client themselves asks."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from accounts.people.models import AuditEvent, Client, User
from accounts.post.models import ContactPreferences
from accounts.post.rules import LetterState
from plans.followup.models import Nudge
from plans.programs.models import PlannedSession, Program

SHOWN_LOOKS = 10
SHOWN_NUDGES = dt.timedelta(days=14)


def preferences_of(client: Client) -> ContactPreferences | None:
    return ContactPreferences.objects.filter(client=client).first()


def looks_at(client: Client) -> list[AuditEvent]:
    """Who of the staff opened the record, newest first; once per person and hour."""
    looks = AuditEvent.objects.about(client).filter(verb="client_read", by__isnull=False)
    return list(looks.select_related("by").order_by("-at")[:SHOWN_LOOKS])


def next_session_on(client: Client, *, after: dt.date) -> dt.date | None:
    running = Program.objects.filter(client=client).running()
    planned = PlannedSession.objects.standing().filter(program__in=running, on__gt=after)
    day: dt.date | None = planned.order_by("on").values_list("on", flat=True).first()
    return day


def sent_this_week(client: Client, *, today: dt.date) -> int:
    """Reminders that left in the last 7 days, this one among them."""
    lately = Nudge.objects.of(client).since(today - dt.timedelta(days=6))
    return lately.filter(letter__state=LetterState.SENT).count()


def why_of(user: User, letter: UUID) -> Nudge | None:
    """The nudge behind a letter to this person."""
    told = Nudge.objects.told_to(user).filter(letter__uuid=letter)
    return told.select_related("letter", "client__clinic").first()


def latest_nudges(client: Client, *, today: dt.date) -> list[Nudge]:
    """What was decided in the last fortnight, newest first, sent or not."""
    lately = Nudge.objects.of(client).since(today - SHOWN_NUDGES)
    return list(lately.select_related("letter").order_by("-local_on"))


def planned_behind(nudges: Collection[Nudge]) -> dict[int, PlannedSession]:
    """The session each of them was about, by its id."""
    wanted = {nudge.planned_session_id for nudge in nudges}
    return PlannedSession.objects.select_related("program").in_bulk([pk for pk in wanted if pk])
