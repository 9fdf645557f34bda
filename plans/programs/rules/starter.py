"""Is the file of program templates fit to be used, and what does each template ask?

The first thing that is wrong refuses the whole file, with the record, the field and what to do.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plans.library.rules import CONTENT_REGIONS, Intensity, Suits
from plans.library.rules.checks import Check, kind_of, many_of, number, one_of, slug, text, texts, yes_or_no
from plans.library.rules.starter import BadStarterFile, opened, records_of

from .changes import BOUNDS, MAY_BE_EMPTY
from .dosage import DOSE_FIELDS

FILE = "programs.json"
# Where the slugs of a field live; the library's own lists, and the templates of this file.
Slugs = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class ItemRow:
    technique: str
    sessions_per_week: int
    is_optional: bool
    note: str
    sets: int | None
    override: Mapping[str, Any]


@dataclass(frozen=True)
class PhaseRow:
    key: str
    title: str
    goal: str
    week_from: int
    week_to: int
    progress_when: Mapping[str, Any]
    items: tuple[ItemRow, ...]


@dataclass(frozen=True)
class TemplateRow:
    """One record: plain columns, three references by slug (or none), phases."""

    slug: str
    version: int
    values: Mapping[str, Any]
    gentler: str | None
    harder: str | None
    escalate_to: str | None
    phases: tuple[PhaseRow, ...]
    fingerprint: str


def whole_numbers(value: Any) -> str:
    if not isinstance(value, list):
        return f"must be a list, and is {kind_of(value)}"
    return next((f"has an item that {wrong}" for item in value if (wrong := number(1, 52)(item))), "")


def slug_or_nothing(value: Any) -> str:
    return "" if value is None else slug(value)


def an_object(value: Any) -> str:
    return "" if isinstance(value, dict) else f"must be an object, and is {kind_of(value)}"


def a_list(value: Any) -> str:
    if not isinstance(value, list):
        return f"must be a list, and is {kind_of(value)}"
    return "" if value else "is an empty list"


# Field, check, and the column it is kept in ("" where it is checked or read elsewhere).
TEMPLATE: tuple[tuple[str, Check, str], ...] = (
    ("name", text(120), "name"),
    ("level", one_of(Intensity), "level"),
    ("audience", many_of(Suits), "audience"),
    ("summary", text(), "summary"),
    ("regions", many_of(CONTENT_REGIONS), "regions"),
    ("target_muscles", texts(), ""),
    ("duration_weeks", number(1, 52), "duration_weeks"),
    ("entry_criteria", texts(), "entry_criteria"),
    ("not_for", texts(), "not_for"),
    ("stop_rules", texts(), "stop_rules"),
    ("review_weeks", whole_numbers, "review_weeks"),
    ("outcome_measures", texts(), "outcome_measures"),
    ("red_flags", texts(), "red_flags"),
    ("screen_contraindications", texts(), ""),
    ("screen_cautions", texts(), ""),
    ("escalate_to_technique", slug_or_nothing, ""),
    ("gentler_program", slug_or_nothing, ""),
    ("harder_program", slug_or_nothing, ""),
    ("max_items_per_session", number(1, 12), "max_items_per_session"),
    ("bodyworker_notes", text(may_be_empty=True), "bodyworker_notes"),
    ("sources", texts(), "sources"),
    ("phases", a_list, ""),
)
PHASE: tuple[tuple[str, Check], ...] = (
    ("key", slug),
    ("title", text(120)),
    ("goal", text(may_be_empty=True)),
    ("week_from", number(1, 52)),
    ("week_to", number(1, 52)),
    ("progress_when", an_object),
    ("items", a_list),
)
ITEM: tuple[tuple[str, Check], ...] = (
    ("technique", slug),
    ("sessions_per_week", number(1, 7)),
    ("optional", yes_or_no),
    ("note", text(300, may_be_empty=True)),
    ("dosage_override", an_object),
    ("sets", number(1, 20, may_be_missing=True)),
)
# Which list of slugs a field refers to.
REFERENCES = {
    "target_muscles": "muscles",
    "outcome_measures": "outcome_measures",
    "red_flags": "red_flags",
    "screen_contraindications": "contraindications",
    "screen_cautions": "contraindications",
    "escalate_to_technique": "techniques",
    "gentler_program": "programs",
    "harder_program": "programs",
    "sources": "sources",
}
USUAL = {"slug", "review", "version", "language"}


def read_templates(written: str, slugs: Slugs) -> list[TemplateRow]:
    """The templates of a file; `slugs` are those of the library the templates will refer to.

    Raises:
        BadStarterFile: the file is cut off, or a record cannot be used.
    """
    records = records_of(FILE, opened("programs", {"programs": written}), "records")
    known = {**slugs, "programs": frozenset(record["slug"] for record in records)}
    return [_template(record, known) for record in records]


def _template(record: Mapping[str, Any], slugs: Slugs) -> TemplateRow:
    for where, wrong in _wrongs(record, slugs):
        raise BadStarterFile(FILE, wrong, record=record["slug"], where=where)
    asked = [*record["screen_contraindications"], *record["screen_cautions"]]
    return TemplateRow(
        slug=record["slug"],
        version=record.get("version", 1),
        values={
            **{column: record[name] for name, _, column in TEMPLATE if column},
            "intake_slugs": list(dict.fromkeys(asked)),
        },
        gentler=record["gentler_program"],
        harder=record["harder_program"],
        escalate_to=record["escalate_to_technique"],
        phases=tuple(_phase(phase) for phase in record["phases"]),
        fingerprint=_fingerprint(record),
    )


def _phase(phase: Mapping[str, Any]) -> PhaseRow:
    fields = {name: phase[name] for name, _ in PHASE if name != "items"}
    return PhaseRow(**fields, items=tuple(_item(item) for item in phase["items"]))


def _item(item: Mapping[str, Any]) -> ItemRow:
    return ItemRow(
        technique=item["technique"],
        sessions_per_week=item["sessions_per_week"],
        is_optional=item["optional"],
        note=item["note"],
        sets=item["sets"],
        override=item["dosage_override"],
    )


def _fingerprint(record: Mapping[str, Any]) -> str:
    """The same for the same template, however it is written down; marks of review and version change nothing."""
    told = {name: value for name, value in record.items() if name not in USUAL or name == "slug"}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _wrongs(record: Mapping[str, Any], slugs: Slugs) -> Iterator[tuple[str, str]]:
    """What is wrong, the first thing first."""
    yield from _misfits(record, {name: check for name, check, _ in TEMPLATE}, allowed=USUAL)
    for name, target in REFERENCES.items():
        value = record[name]
        for named in value if isinstance(value, list) else [value]:
            if named is not None and named not in slugs[target]:
                yield name, f"names “{named}”, which {target}.json does not have"
    week = 0
    for index, phase in enumerate(record["phases"]):
        where = f"phases[{index}]"
        yield from _phase_wrongs(phase, where, slugs)
        if phase["week_from"] <= week or phase["week_to"] < phase["week_from"]:
            yield f"{where}.week_from", "weeks must go forward from phase to phase"
        week = phase["week_to"]
    if week > record["duration_weeks"]:
        yield "duration_weeks", f"is {record['duration_weeks']}, and the last phase ends in week {week}"


def _phase_wrongs(phase: Any, where: str, slugs: Slugs) -> Iterator[tuple[str, str]]:
    yield from _misfits(phase, dict(PHASE), where=where)
    for index, item in enumerate(phase["items"]):
        place = f"{where}.items[{index}]"
        yield from _misfits(item, dict(ITEM), where=place)
        if item["technique"] not in slugs["techniques"]:
            yield f"{place}.technique", f"names “{item['technique']}”, which techniques.json does not have"
        for name, value in item["dosage_override"].items():
            if wrong := _dose_wrong(name, value):
                yield f"{place}.dosage_override.{name}", wrong


def _dose_wrong(name: str, value: Any) -> str:
    if name not in DOSE_FIELDS:
        return "is not a field of a dosage; it may be misspelt"
    if name == "per_side":
        return yes_or_no(value)
    return number(*BOUNDS[name], may_be_missing=name in MAY_BE_EMPTY)(value)


def _misfits(
    record: Any, checks: Mapping[str, Check], *, where: str = "", allowed: frozenset[str] | set[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """Missing, wrong and unknown fields of one object."""
    if not isinstance(record, dict):
        yield where, f"must be an object, and is {kind_of(record)}"
        return
    prefix = f"{where}." if where else ""
    for name, check in checks.items():
        if wrong := "is missing" if name not in record else check(record[name]):
            yield f"{prefix}{name}", wrong
    for extra in sorted(set(record) - set(checks) - allowed):
        yield f"{prefix}{extra}", "is not a field of this file; it may be misspelt"
