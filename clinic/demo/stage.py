"""A clinic played in virtual time: the real actions, the real sweeps, a real mail server, an invented clock."""

import datetime as dt
import heapq
import itertools
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SMTPSession

from accounts.people.models import Client, User
from accounts.post.actions import sweep_letters
from accounts.post.delivery import Channel, EmailChannel
from clinic.running.broker import free_port
from plans.followup.actions import sweep_escalations, sweep_looks, sweep_nudges
from plans.journal.actions import log_session
from plans.journal.models import Session
from plans.journal.rules import ItemLog, LogBody, LogSource, Moment, Report, Site
from plans.library.rules import Side
from plans.programs.models import PlannedSession

NAMESPACE = uuid.UUID("6a1f3d7e-4d0c-4f0e-9d8e-2b7a3c9f1e55")


class Kept:
    """A mail server's handler that answers like a real one and keeps the newest letters."""

    def __init__(self) -> None:
        self.letters: deque[Envelope] = deque(maxlen=40)

    async def handle_DATA(self, server: SMTP, session: SMTPSession, envelope: Envelope) -> str:  # noqa: N802
        self.letters.append(envelope)
        return "250 2.0.0 kept"


@contextmanager
def mail_server(kept: Kept | None = None) -> Iterator[Channel]:
    """A mail server of this process's own on loopback, and the channel that speaks SMTP to it."""
    port = free_port()
    controller = Controller(kept or Kept(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield EmailChannel(host="127.0.0.1", port=port)
    finally:
        controller.stop()


class Stage:
    """An agenda of what happens when, and the tick that follows each of it."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.agenda: list[tuple[dt.datetime, int, Callable[[dt.datetime], None]]] = []
        self.order = itertools.count()

    def at(self, when: dt.datetime, happens: Callable[[dt.datetime], None]) -> None:
        heapq.heappush(self.agenda, (when, next(self.order), happens))

    def play(self, until: dt.datetime) -> None:
        """Everything on the agenda up to then, in order; what happens may add to it."""
        while self.agenda and self.agenda[0][0] <= until:
            when, _order, happens = heapq.heappop(self.agenda)
            happens(when)

    def tick(self, now: dt.datetime) -> None:
        sweep_looks(now=now)
        sweep_nudges(now=now)
        self.tell(now)

    def look(self, now: dt.datetime) -> None:
        """A tick at an hour at which nobody is reminded."""
        sweep_looks(now=now)
        self.tell(now)

    def tell(self, now: dt.datetime) -> None:
        """A tick in which no report is new: the clocks of cases, and the letters that wait."""
        sweep_escalations(now=now)
        sweep_letters(now=now, channel=self.channel)


def local(day: dt.date, hour: int, minute: int, zone: str) -> dt.datetime:
    """That wall time of that day in the zone, as an instant in UTC."""
    return dt.datetime.combine(day, dt.time(hour, minute), ZoneInfo(zone)).astimezone(dt.UTC)


def write_log(
    *,
    client: Client,
    before: int,
    after: int,
    sites: tuple[tuple[str, str], ...],
    now: dt.datetime,
    note: str = "",
    source: LogSource = LogSource.DEMO,
) -> Session | None:
    """What the client's phone would send now: the session planned for today, or a check-in when none is."""
    today = now.astimezone(ZoneInfo(client.zone)).date()
    planned = (
        PlannedSession.objects.on_day(today)
        .filter(client=client, program__state="running")
        .select_related("program")
        .first()
    )
    if planned is None and before < 7:
        return None
    places = tuple(Site(region, Side(side)) for region, side in sites)
    if planned is None:
        reports: tuple[Report, ...] = (Report(Moment.CHECK_IN, before, places),)
        items: tuple[ItemLog, ...] = ()
    else:
        reports = (Report(Moment.BEFORE, before, places), Report(Moment.AFTER, after, places))
        shown = planned.prescriptions.shown().order_by("position").values_list("uuid", flat=True)
        items = tuple(ItemLog(prescription, is_done=True) for prescription in shown)
    body = LogBody(
        uuid=uuid.uuid5(NAMESPACE, f"{client.uuid}:{now.isoformat()}"),
        program=planned.program.uuid if planned else None,
        performed_at=now,
        sent_at=now,
        reports=reports,
        items=items,
        can_wait=True if max(before, after) >= 7 else None,
        note=note,
    )
    return log_session(client=client, body=body, by=person_of(client), now=now, source=source).session


def person_of(client: Client) -> User:
    """The person behind a record that has been accepted."""
    return User.objects.get(clients=client)
