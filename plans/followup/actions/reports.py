"""What clients said in the last 60 days, as plain data, in five statements for any number of clients."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max, Q

from plans.followup.rules import FlagYes, Log, Score, stop_of
from plans.journal.models import PainReport, RedFlagAnswer, Session, SessionItem
from plans.journal.rules import Moment, StopReason
from plans.library.rules import FlagUrgency

WINDOW = dt.timedelta(days=60)
LOG_COLUMNS = ("id", "client_id", "revision", "performed_at", "local_on", "can_wait", "slept_badly", "harm")


def logs_of(client_ids: Iterable[int], *, now: dt.datetime) -> dict[int, list[Log]]:
    """Every standing log and safety answer performed since 60 days before `now`, by client."""
    ids = list(client_ids)
    sessions = list(
        Session.objects.standing().filter(client__in=ids, performed_at__gte=now - WINDOW).values(*LOG_COLUMNS)
    )
    said, alone = said_by(sessions, ids, since=now - WINDOW)
    found: dict[int, list[Log]] = defaultdict(list)
    for row in sessions:
        found[row["client_id"]].append(said[row["id"]])
    for client_id, log in alone:
        found[client_id].append(log)
    return found


def said_by(
    sessions: Sequence[dict[str, Any]], client_ids: list[int], *, since: dt.datetime
) -> tuple[dict[int, Log], list[tuple[int, Log]]]:
    """What each of these logs says, by its id, and the answers that stand alone since then, with their clients."""
    ids = [row["id"] for row in sessions]
    scores, stops = _scores(ids), _stops(ids)
    flags, alone = _flags(client_ids, since)
    return {row["id"]: _log(row, scores[row["id"]], stops[row["id"]], flags[row["id"]]) for row in sessions}, alone


def _log(row: dict[str, Any], scores: list[Score], stops: list[StopReason], flags: list[FlagYes]) -> Log:
    evidence = f"session:{row['id']}"
    return Log(
        evidence=evidence,
        trigger=f"{evidence}:{row['revision']}",
        performed_at=row["performed_at"],
        on=row["local_on"],
        scores=tuple(scores),
        can_wait=row["can_wait"],
        slept_badly=row["slept_badly"],
        harm=tuple(row["harm"]),
        stops=tuple(stops),
        flags=tuple(flags),
    )


def _scores(session_ids: list[int]) -> dict[int, list[Score]]:
    rows = (
        PainReport.objects.filter(session__in=session_ids)
        .annotate(highest_site=Max("sites__score"))
        .values_list("session_id", "moment", "score", "highest_site")
    )
    found: dict[int, list[Score]] = defaultdict(list)
    for session, moment, score, highest_site in rows:
        found[session].append(Score(Moment(moment), max(score, highest_site or 0)))
    return found


def _stops(session_ids: list[int]) -> dict[int, list[StopReason]]:
    """Items stopped for a reason, and those whose pain went over the item's limit and stayed there."""
    rows = SessionItem.objects.filter(~Q(stop_reason="") | Q(eased=False), session__in=session_ids).values_list(
        "session_id", "stop_reason", "peak", "prescription__revision__max_discomfort", "eased"
    )
    found: dict[int, list[StopReason]] = defaultdict(list)
    for session, reason, peak, limit, eased in rows:
        stop = stop_of(StopReason(reason) if reason else None, peak=peak, limit=limit, eased=eased)
        if stop is not None:
            found[session].append(stop)
    return found


def _flags(client_ids: list[int], since: dt.datetime) -> tuple[dict[int, list[FlagYes]], list[tuple[int, Log]]]:
    """Questions answered yes: by the log they came with, and those that stand alone as logs of their own."""
    rows = RedFlagAnswer.objects.filter(client__in=client_ids, answer=True, answered_at__gte=since)
    with_log: dict[int, list[FlagYes]] = defaultdict(list)
    alone: list[tuple[int, Log]] = []
    # A dict of anything: the stubs think that a join to a nullable session can't be empty.
    answers: Iterable[dict[str, Any]] = rows.values(
        "id", "client_id", "session_id", "answered_at", "red_flag__slug", "red_flag__urgency"
    )  # type: ignore[assignment]
    for row in answers:
        yes = FlagYes(row["red_flag__slug"], FlagUrgency(row["red_flag__urgency"]))
        if row["session_id"] is not None:
            with_log[row["session_id"]].append(yes)
        else:
            evidence, at = f"answer:{row['id']}", row["answered_at"]
            alone.append((row["client_id"], Log(evidence, f"{evidence}:1", at, at.date(), flags=(yes,))))
    return with_log, alone
