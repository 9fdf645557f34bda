"""What one log says: the body of `PUT /api/v1/sessions/{uuid}/`, and of every form, as plain facts."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from plans.library.rules import Side

from .terms import STOPPED_BY_THE_BODY, Felt, Harm, Moment, StopReason

ORDER = {moment: place for place, moment in enumerate(Moment)}


@dataclass(frozen=True)
class Site:
    """A region of the body map without its side, such as back-buttock; its own score 0-10 where given."""

    region: str
    side: Side
    score: int | None = None


@dataclass(frozen=True)
class Report:
    """One pain score, 0-10, at one moment."""

    moment: Moment
    score: int
    sites: tuple[Site, ...] = ()


@dataclass(frozen=True)
class ItemLog:
    """What became of one prescription. `peak` is the highest pain during it, 0-10; `eased` within 30 seconds."""

    prescription: UUID
    is_done: bool
    peak: int | None = None
    stop_reason: StopReason | None = None
    eased: bool | None = None


@dataclass(frozen=True)
class FlagAnswer:
    """The answer to one safety question, in the wording of `version`."""

    slug: str
    answer: bool
    version: int


@dataclass(frozen=True)
class LogBody:
    """One session, or a check-in when `program` is None.

    `performed_at` and `sent_at` are what the phone's clock said, with their offset. A page leaves
    `performed_at` None for “just now”, which then is the moment the server receives it: so the same
    page sent twice is the same log. `can_wait` is None where it was not asked.
    """

    uuid: UUID
    program: UUID | None
    performed_at: dt.datetime | None
    reports: tuple[Report, ...]
    sent_at: dt.datetime | None = None
    items: tuple[ItemLog, ...] = ()
    can_wait: bool | None = None
    slept_badly: bool | None = None
    harm: tuple[Harm, ...] = ()
    red_flags: tuple[FlagAnswer, ...] = ()
    felt: Felt | None = None
    note: str = ""

    @property
    def highest(self) -> int:
        """The highest score at any moment, 0-10."""
        return max(report.score for report in self.reports)

    @property
    def is_stopped(self) -> bool:
        """Whether the body, and not the clock on the wall, ended an item."""
        return any(item.stop_reason in STOPPED_BY_THE_BODY for item in self.items)

    @property
    def sites(self) -> tuple[Site, ...]:
        return tuple(site for report in self.reports for site in report.sites)


def as_contract(body: LogBody) -> dict[str, Any]:
    """The log in the words of the contract, lists in one fixed order, ready for JSON."""
    return {
        "program": str(body.program) if body.program else None,
        "performed_at": _instant(body.performed_at),
        "sent_at": _instant(body.sent_at),
        "items": [
            {
                "prescription": str(item.prescription),
                "done": item.is_done,
                "peak": item.peak,
                "stop_reason": item.stop_reason,
                "eased": item.eased,
            }
            for item in sorted(body.items, key=lambda item: item.prescription)
        ],
        "reports": [
            {
                "moment": report.moment,
                "score": report.score,
                "sites": [
                    {"region": site.region, "side": site.side, "score": site.score}
                    for site in sorted(report.sites, key=lambda site: (site.region, site.side))
                ],
            }
            for report in sorted(body.reports, key=lambda report: ORDER[report.moment])
        ],
        "can_wait": body.can_wait,
        "slept_badly": body.slept_badly,
        "harm": sorted(body.harm),
        "red_flags": [
            {"slug": flag.slug, "answer": flag.answer, "version": flag.version}
            for flag in sorted(body.red_flags, key=lambda flag: flag.slug)
        ],
        "felt": body.felt or "",
        "note": body.note,
    }


def digest_of(body: LogBody) -> str:
    """SHA-256 of what the log says. `sent_at` is left out: a phone that tries again sends it later."""
    said = as_contract(body) | {"sent_at": None}
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _instant(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(dt.UTC).isoformat() if moment else None


def put_right(stored: LogBody, typed: LogBody, *, asks_stops: bool = False) -> LogBody:
    """A page's correction of a stored log: what the page did not ask stays as it was said.

    `asks_stops` where the page had the reasons for stopping on it, so that an empty one takes a reason back.
    """
    told = {report.moment for report in typed.reports}
    asked = {given.slug for given in typed.red_flags}
    before = {item.prescription: item for item in stored.items}
    kept = [
        item if asks_stops else replace(before.get(item.prescription, item), is_done=item.is_done, peak=item.peak)
        for item in typed.items
    ]
    return replace(
        typed,
        uuid=stored.uuid,
        program=stored.program,
        performed_at=None,
        reports=typed.reports + tuple(report for report in stored.reports if report.moment not in told),
        items=tuple(
            item if asks_stops or item.peak is not None else replace(item, peak=_peak(before, item)) for item in kept
        ),
        red_flags=typed.red_flags + tuple(given for given in stored.red_flags if given.slug not in asked),
    )


def _peak(before: dict[UUID, ItemLog], item: ItemLog) -> int | None:
    known = before.get(item.prescription)
    return known.peak if known else None
