"""What did the client write down, as staff read it? Logs with their scores, places and stops."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plans.journal.drawings import Reading
from plans.journal.models import PainReport, RedFlagAnswer, ReportSite, Session, SessionItem
from plans.journal.rules import Moment
from plans.library.rules import UnknownRegion, site_label


@dataclass
class Log:
    """One log and everything said with it. Scores are 0-10."""

    session: Session
    scores: dict[str, int] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    stops: list[SessionItem] = field(default_factory=list)
    questions: int = 0
    yes: list[RedFlagAnswer] = field(default_factory=list)

    @property
    def before(self) -> int | None:
        return self.scores.get(Moment.BEFORE)

    @property
    def after(self) -> int | None:
        return self.scores.get(Moment.AFTER)

    @property
    def check_in(self) -> int | None:
        return self.scores.get(Moment.CHECK_IN, self.scores.get(Moment.NEXT_MORNING))

    @property
    def highest(self) -> int | None:
        return max(self.scores.values(), default=None)

    @property
    def came_late(self) -> bool:
        """More than two minutes lie between writing it down and its arrival."""
        return (self.session.received_at - self.session.recorded_at).total_seconds() > 120


def place_words(region: str, side: str) -> str:
    """“Right buttock”; the stored id where the map no longer has it."""
    try:
        return _(site_label(region, side))
    except UnknownRegion:
        return region


def logs_of(sessions: QuerySet[Session]) -> list[Log]:
    """The logs with what belongs to them: five queries, however many logs."""
    logs = {session.pk: Log(session) for session in sessions}
    for report in PainReport.objects.filter(session__in=logs):
        logs[report.session_id].scores[report.moment] = report.score
    places: dict[int, dict[str, None]] = defaultdict(dict)
    for session, region, side in (
        ReportSite.objects.filter(report__session__in=logs)
        .order_by("pk")
        .values_list("report__session_id", "region", "side")
    ):
        places[session][place_words(region, side)] = None
    for item in (
        SessionItem.objects.filter(session__in=logs).exclude(stop_reason="").select_related("prescription__revision")
    ):
        logs[item.session_id].stops.append(item)
    for answer in RedFlagAnswer.objects.filter(session__in=logs).select_related("red_flag"):
        assert answer.session_id is not None
        log = logs[answer.session_id]
        log.questions += 1
        log.yes += [answer] if answer.answer else []
    for pk, log in logs.items():
        log.places = list(places[pk])
    return list(logs.values())


def readings_of(logs: list[Log]) -> list[Reading]:
    """The same logs as points of the pain chart."""
    return [Reading(on=log.session.local_on, before=log.before, after=log.after, check_in=log.check_in) for log in logs]
