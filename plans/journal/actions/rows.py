"""The rows of one log: what a body becomes in the tables, in one statement a table, and back."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from plans.journal.models import PainReport, RedFlagAnswer, ReportSite, Session, SessionItem
from plans.journal.rules import (
    Answer,
    Felt,
    FlagAnswer,
    Harm,
    ItemLog,
    LogBody,
    Moment,
    Report,
    Site,
    StopReason,
)
from plans.library.rules import Side

from .places import AskedFlag, Place
from .words import text_of


def shown_for(answer: Answer) -> list[dict[str, str]]:
    """The exact texts of an answer, as they are kept."""
    return [{"id": message.id, "flag": message.flag, "text": text_of(message)} for message in answer.messages]


def write_parts(session: Session, body: LogBody, place: Place) -> None:
    """Items, reports and sites of a log, however many in at most three statements."""
    if body.items:
        SessionItem.objects.bulk_create(
            SessionItem(
                session=session,
                prescription_id=place.prescriptions[item.prescription],
                is_done=item.is_done,
                peak=item.peak,
                stop_reason=item.stop_reason or "",
                eased=item.eased,
            )
            for item in body.items
        )
    reports = PainReport.objects.bulk_create(
        PainReport(
            clinic_id=session.clinic_id,
            client_id=session.client_id,
            session=session,
            moment=report.moment,
            score=report.score,
            performed_at=session.performed_at,
            local_on=session.local_on,
        )
        for report in body.reports
    )
    sites = [
        ReportSite(report=row, region=site.region, side=site.side, score=site.score)
        for row, report in zip(reports, body.reports, strict=True)
        for site in report.sites
    ]
    if sites:
        ReportSite.objects.bulk_create(sites)


def write_flag_answers(
    session: Session, answers: tuple[FlagAnswer, ...], flags: dict[str, AskedFlag], now: dt.datetime
) -> None:
    """Every answer to a safety question; a yes keeps the words it was shown."""
    RedFlagAnswer.objects.bulk_create(
        RedFlagAnswer(
            clinic_id=session.clinic_id,
            client_id=session.client_id,
            session=session,
            red_flag_id=flags[given.slug].id,
            question_version=given.version,
            answer=given.answer,
            answered_at=now,
            shown_text=flags[given.slug].flag.message if given.answer else "",
            shown_at=now if given.answer else None,
        )
        for given in answers
    )


def body_of(session: Session) -> LogBody:
    """What a stored log says, in the contract's words; five queries, one where they were prefetched."""
    return LogBody(
        uuid=session.uuid,
        program=session.program.uuid if session.program else None,
        performed_at=session.performed_at,
        reports=tuple(_report(row) for row in session.reports.all()),
        items=tuple(_item(row) for row in session.items.all()),
        can_wait=session.can_wait,
        slept_badly=session.slept_badly,
        harm=tuple(Harm(word) for word in session.harm),
        red_flags=tuple(
            FlagAnswer(row.red_flag.slug, row.answer, row.question_version) for row in session.red_flags.all()
        ),
        felt=Felt(session.felt) if session.felt else None,
        note=session.note,
    )


def bodies_of(rows: Sequence[Mapping[str, Any]]) -> list[LogBody]:
    """The same for many logs, from `Session.objects.as_rows()`, in three queries however many."""
    ids = [row["id"] for row in rows]
    items, reports, flags = _items_of(ids), _reports_of(ids), _flags_of(ids)
    return [
        LogBody(
            uuid=row["uuid"],
            program=row["program_uuid"],
            performed_at=row["performed_at"],
            reports=tuple(reports[row["id"]]),
            items=tuple(items[row["id"]]),
            can_wait=row["can_wait"],
            slept_badly=row["slept_badly"],
            harm=tuple(Harm(word) for word in row["harm"]),
            red_flags=tuple(flags[row["id"]]),
            felt=Felt(row["felt"]) if row["felt"] else None,
            note=row["note"],
        )
        for row in rows
    ]


def _items_of(ids: list[int]) -> dict[int, list[ItemLog]]:
    found: dict[int, list[ItemLog]] = defaultdict(list)
    rows = SessionItem.objects.filter(session__in=ids).values_list(
        "session_id", "prescription__uuid", "is_done", "peak", "stop_reason", "eased"
    )
    for session, prescription, is_done, peak, reason, eased in rows:
        found[session].append(_item_log(prescription, is_done, peak, reason, eased))
    return found


def _reports_of(ids: list[int]) -> dict[int, list[Report]]:
    """A report comes once for each of its sites, and once when it has none."""
    rows = PainReport.objects.filter(session__in=ids).values_list(
        "session_id", "moment", "score", "sites__region", "sites__side", "sites__score"
    )
    sites: dict[tuple[int, str, int], list[Site]] = {}
    for session, moment, score, region, side, at_site in rows:
        here = sites.setdefault((session, moment, score), [])
        if region is not None:
            here.append(Site(region, Side(side), at_site))
    found: dict[int, list[Report]] = defaultdict(list)
    for (session, moment, score), places in sites.items():
        found[session].append(Report(Moment(moment), score, tuple(places)))
    return found


def _flags_of(ids: list[int]) -> dict[int, list[FlagAnswer]]:
    found: dict[int, list[FlagAnswer]] = defaultdict(list)
    rows = RedFlagAnswer.objects.filter(session__in=ids)
    for session, slug, answer, version in rows.values_list("session", "red_flag__slug", "answer", "question_version"):
        found[session].append(FlagAnswer(slug, answer, version))
    return found


def _item(row: SessionItem) -> ItemLog:
    return _item_log(row.prescription.uuid, row.is_done, row.peak, row.stop_reason, row.eased)


def _item_log(prescription: UUID, is_done: bool, peak: int | None, reason: str, eased: bool | None) -> ItemLog:
    return ItemLog(prescription, is_done, peak, StopReason(reason) if reason else None, eased)


def _report(row: PainReport) -> Report:
    sites = tuple(Site(site.region, Side(site.side), site.score) for site in row.sites.all())
    return Report(Moment(row.moment), row.score, sites)
