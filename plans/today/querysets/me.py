"""What the page about the client themselves asks."""

import datetime as dt

from accounts.people.models import AuditEvent, Client
from accounts.post.models import ContactPreferences
from plans.programs.models import PlannedSession, Program

SHOWN_LOOKS = 10


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
