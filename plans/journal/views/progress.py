"""How has it gone? One sentence, one chart, one table."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.people.adapters import clients_only
from accounts.people.models import Client
from plans.journal.drawings import PHONE, Reading, pain_chart
from plans.journal.forms import measured
from plans.journal.models import PainReport, Session
from plans.journal.rules import trend_of
from plans.library.drawings.markup import Drawing
from plans.programs.models import PlannedSession

PERIODS = {"2": 14, "5": 35}
SHOWN_LOGS = 90


@clients_only
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """The client's own way, by default of the last five weeks."""
    client, today = request.acting_client, timezone.localdate()  # type: ignore[attr-defined]
    period = request.GET.get("weeks", "5")
    began = Session.objects.of(client).standing().aggregate(on=Min("local_on"))["on"] or today
    first = today - dt.timedelta(days=PERIODS[period] - 1) if period in PERIODS else began
    readings = PainReport.objects.of(client).since(first - dt.timedelta(days=35)).readings()
    shown = [reading for reading in readings if reading.on >= first]
    planned, done = planned_days(client, first, today), {r.on for r in shown if r.before is not None}
    context = {
        "trend": trend_of([(r.on, r.before) for r in shown if r.before is not None]),
        "chart": chart(readings, shown, planned, first, today) if len(shown) > 1 else None,
        "periods": periods(period),
        "waiting": planned,
        "done": len(done),
        "asked": len(done | set(planned)),
        "has_check_ins": any(reading.check_in is not None for reading in shown),
        "outcomes": measured(client),
        "history": Session.objects.of(client).since(first).history(SHOWN_LOGS),
    }
    return render(request, "journal/progress.html", context)


def periods(chosen: str) -> list[dict[str, Any]]:
    words = {"2": _("2 weeks"), "5": _("5 weeks"), "all": _("All")}
    current = chosen if chosen in PERIODS else "all"
    return [{"url": f"?weeks={key}", "label": word, "current": key == current} for key, word in words.items()]


def planned_days(client: Client, first: dt.date, today: dt.date) -> list[dt.date]:
    """Past days on which a session was planned."""
    planned = PlannedSession.objects.standing().filter(client=client, on__gte=first, on__lt=today)
    return list(planned.order_by("on").values_list("on", flat=True).distinct())


def chart(
    readings: Sequence[Reading], shown: Sequence[Reading], planned: Sequence[dt.date], first: dt.date, today: dt.date
) -> Drawing:
    """The chart in the phone's frame: the client's column is as narrow on a desk."""
    logged = {reading.on for reading in shown}
    summary = _("%(count)s logs, from %(first)s to %(last)s.") % {
        "count": len(shown),
        "first": day_words(shown[0].on),
        "last": day_words(shown[-1].on),
    }
    return pain_chart(
        readings,
        first=first,
        last=today,
        title=_("Pain before and after each session, 0 to 10"),
        summary=summary,
        waiting=[day for day in planned if day not in logged],
        frame=PHONE,
        say=_,
        day_words=day_words,
    )


def day_words(on: dt.date) -> str:
    return formats.date_format(on, "j M")
