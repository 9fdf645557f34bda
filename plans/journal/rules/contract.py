"""What may a log say? The one contract for form and API.

A session names its program and needs pain `before` and `after`; it may add `next_morning`. A check-in
names none and stands alone: `check_in`, `next_morning` for the day after a session, or both.
`can_wait` must be answered from 7 on at any moment, unless a warning sign is answered yes; a clinic that asks
from a lower score turns away no log that leaves it open. Answers to
safety questions are asked for but never a condition: a severe report is not turned away because a
question was left open.
"""

from collections.abc import Mapping
from uuid import UUID

from plans.library.rules import Side, is_map_region

from .body import FlagAnswer, ItemLog, LogBody, Report, Site
from .problems import Fault, LogRefused, Problem
from .reading import Reader
from .terms import Felt, Harm, Moment, StopReason

LONGEST_NOTE = 4000
ASK_CAN_WAIT_FROM = 7

BODY = frozenset(
    {
        "program", "performed_at", "sent_at", "items", "reports", "can_wait",
        "slept_badly", "harm", "red_flags", "felt", "note",
    }
)  # fmt: skip
ITEM = frozenset({"prescription", "done", "peak", "stop_reason", "eased"})
REPORT = frozenset({"moment", "score", "sites"})
SITE = frozenset({"region", "side", "score"})
FLAG = frozenset({"slug", "answer", "version"})

SESSION_MOMENTS = frozenset({Moment.BEFORE, Moment.AFTER, Moment.NEXT_MORNING})
ALONE_MOMENTS = frozenset({Moment.CHECK_IN, Moment.NEXT_MORNING})


def read_log(data: Mapping[str, object], *, uuid: UUID, may_be_now: bool = False) -> LogBody:
    """The log that a body says. `may_be_now` lets a page leave out when it was performed.

    Raises:
        LogRefused: with every fault and its field.
    """
    problems: list[Problem] = []
    reader = Reader(data, BODY, "", problems)
    body = LogBody(
        uuid=uuid,
        program=reader.uuid("program"),
        performed_at=reader.moment("performed_at", required=not may_be_now),
        sent_at=reader.moment("sent_at"),
        items=tuple(item for path, row in reader.rows("items") for item in _item(row, path, problems)),
        reports=tuple(report for path, row in reader.rows("reports") for report in _report(row, path, problems)),
        can_wait=reader.yes_or_no("can_wait"),
        slept_badly=reader.yes_or_no("slept_badly"),
        harm=_harm(reader),
        red_flags=tuple(flag for path, row in reader.rows("red_flags") for flag in _flag(row, path, problems)),
        felt=reader.word("felt", Felt),
        note=reader.text("note", longest=LONGEST_NOTE),
    )
    reader.once("items", [item.prescription for item in body.items])
    reader.once("reports", [report.moment for report in body.reports])
    reader.once("red_flags", [flag.slug for flag in body.red_flags])
    # Which reports are missing cannot be told from a list that could not be read.
    if not any(problem.field.startswith("reports") for problem in problems):
        problems += _faults_together(body)
    if problems:
        raise LogRefused(*problems)
    return body


def _faults_together(body: LogBody) -> list[Problem]:
    """What each part allows alone and the parts together do not."""
    moments = {report.moment for report in body.reports}
    found = []
    if body.program is not None:
        if not {Moment.BEFORE, Moment.AFTER} <= moments <= SESSION_MOMENTS:
            found.append(Problem("reports", Fault.NEEDS_BEFORE_AND_AFTER))
    else:
        if not moments or not moments <= ALONE_MOMENTS:
            found.append(Problem("reports", Fault.CHECK_IN_ALONE))
        if body.items:
            found.append(Problem("items", Fault.ITEMS_NEED_PROGRAM))
    # A yes to a warning sign cannot wait whatever else is open.
    is_urgent = any(given.answer for given in body.red_flags)
    if not found and not is_urgent and body.can_wait is None and body.highest >= ASK_CAN_WAIT_FROM:
        found.append(Problem("can_wait", Fault.CAN_WAIT_ASKED))
    return found


def _item(row: object, path: str, problems: list[Problem]) -> list[ItemLog]:
    reader = Reader(row, ITEM, path, problems)
    prescription, is_done = reader.uuid("prescription", required=True), reader.yes_or_no("done", required=True)
    peak, reason = reader.score("peak"), reader.word("stop_reason", StopReason)
    eased = reader.yes_or_no("eased")
    if prescription is None or is_done is None:
        return []
    return [ItemLog(prescription, is_done, peak, reason, eased)]


def _report(row: object, path: str, problems: list[Problem]) -> list[Report]:
    reader = Reader(row, REPORT, path, problems)
    moment, score = reader.word("moment", Moment), reader.score("score", required=True)
    if not reader.data.get("moment"):
        reader.fault("moment", Fault.REQUIRED)
    sites = tuple(site for site_path, site_row in reader.rows("sites") for site in _site(site_row, site_path, problems))
    reader.once("sites", [(site.region, site.side) for site in sites])
    return [Report(moment, score, sites)] if moment is not None and score is not None else []


def _site(row: object, path: str, problems: list[Problem]) -> list[Site]:
    reader = Reader(row, SITE, path, problems)
    region, side = reader.text("region", longest=40), reader.word("side", Side) or Side.NONE
    score = reader.score("score")
    if not is_map_region(region, side):
        reader.fault("region", Fault.UNKNOWN_SITE)
        return []
    return [Site(region, side, score)]


def _flag(row: object, path: str, problems: list[Problem]) -> list[FlagAnswer]:
    reader = Reader(row, FLAG, path, problems)
    slug, answer = reader.text("slug", longest=80), reader.yes_or_no("answer", required=True)
    version = reader.number("version", required=True)
    if not slug:
        reader.fault("slug", Fault.REQUIRED)
    return [FlagAnswer(slug, answer, version)] if slug and answer is not None and version is not None else []


def _harm(reader: Reader) -> tuple[Harm, ...]:
    found = []
    for path, row in reader.rows("harm"):
        try:
            found.append(Harm(row))  # type: ignore[arg-type]
        except ValueError:
            reader.problems.append(Problem(path, Fault.UNKNOWN_WORD, {"words": ", ".join(Harm)}))
    reader.once("harm", list(found))
    return tuple(found)
