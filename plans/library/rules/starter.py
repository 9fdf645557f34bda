"""Is a starter file fit to be used, and what rows does it make?

A file is JSON with a list of records. One table says for each field what it must be, what it refers to
and where it is kept, so that the check and the rows cannot disagree. The first thing that is wrong
refuses the whole library, with the file, the record, the field and what to do.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .body import AREAS, CONTENT_REGIONS
from .checks import (
    Check,
    kind_of,
    listed,
    many_of,
    number,
    one_of,
    rows_of_codes,
    slug,
    text,
    text_or_nothing,
    texts,
    yes_or_no,
)
from .states import (
    MAX_DISCOMFORT,
    ContraindicationEffect,
    DeliveredBy,
    Equipment,
    FlagUrgency,
    Intensity,
    MeasureUse,
    ProgramAction,
    Suits,
    TechniqueKind,
    Tissue,
)

ANY_SITE = "any"


class BadStarterFile(ValueError):
    """A starter file cannot be used. Names file, record and field and says what to do."""

    def __init__(self, file: str, problem: str, *, record: str = "", where: str = "") -> None:
        self.file, self.record, self.field, self.problem = file, record, where, problem
        place = ", ".join(
            part for part in (file, record and f"record “{record}”", where and f"field “{where}”") if part
        )
        super().__init__(f"{place}: {problem}. Mend the file and import again; nothing was changed.")


@dataclass(frozen=True)
class Field:
    """One field of a record.

    `name` may be a path (“dosage.sets”). `kept_as` is the column, by default the path's last word; a field
    that is not kept is only checked. `refers_to` is the file whose slugs the value, or each of the values,
    must be one of.
    """

    name: str
    check: Check
    kept_as: str = ""
    is_kept: bool = True
    is_optional: bool = False
    refers_to: str = ""
    is_many: bool = False
    stored: Callable[[Any], Any] = lambda value: value

    @property
    def column(self) -> str:
        return self.kept_as or self.name.rpartition(".")[2]


@dataclass(frozen=True)
class Row:
    """One record as it is kept: plain columns, one reference, many references (by slug)."""

    slug: str
    values: Mapping[str, Any]
    one: Mapping[str, str] = field(default_factory=dict)
    many: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    version: int = 1

    @property
    def fingerprint(self) -> str:
        """The same for the same text, however it is written down; a version alone changes nothing."""
        whole = [self.slug, dict(self.values), dict(self.one), {k: sorted(v) for k, v in self.many.items()}]
        return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def refs(name: str, file: str, kept_as: str = "") -> Field:
    return Field(name, texts(), kept_as=kept_as, refers_to=file, is_many=True)


SOURCES = refs("sources", "sources")
# What every record carries beside its own fields; the mark of review is the product's, not a column.
USUAL = (
    Field("slug", slug, is_kept=False),
    Field("review", text(), is_kept=False, is_optional=True),
    Field("version", number(1, 10_000), is_kept=False, is_optional=True),
    Field("language", text(10), is_kept=False, is_optional=True),
)
FIELDS: Mapping[str, tuple[Field, ...]] = {
    "sources": (
        Field("citation", text()),
        Field("url", text(400, may_be_empty=True)),
        Field("verify", yes_or_no, kept_as="is_verified", stored=lambda to_verify: not to_verify),
        Field("read", text(300, may_be_empty=True)),
    ),
    "muscles": (
        Field("name", text(120)),
        Field("group", text(80)),
        Field("region", one_of(AREAS)),
        Field("tissue", one_of(Tissue)),
        Field("origin", text(may_be_empty=True)),
        Field("insertion", text(may_be_empty=True)),
        Field("actions", texts()),
        Field("innervation", text(may_be_empty=True)),
        Field("common_trigger_sites", text(may_be_empty=True)),
        Field("referred_pain_summary", text(may_be_empty=True), kept_as="referred_pain"),
        Field("aggravating_activities", texts()),
        Field("editor_note", text(may_be_empty=True)),
        SOURCES,
    ),
    "contraindications": (
        Field("name", text(200)),
        Field("intake_question", text()),
        Field("default_action", one_of(ContraindicationEffect)),
        Field("client_text", text()),
        Field("bodyworker_text", text()),
        Field("recheck_after_days", number(1, 3650, may_be_missing=True)),
        Field("needs_medical_clearance", yes_or_no),
        Field("applies_to", texts()),
        SOURCES,
    ),
    "red_flags": (
        Field("group", text(60)),
        Field("question", text()),
        Field("urgency", one_of(FlagUrgency)),
        Field(
            "ask_for_regions",
            many_of(CONTENT_REGIONS, also=ANY_SITE),
            # A site named twice asks no more often; “any” is kept as no site at all.
            stored=lambda sites: [] if ANY_SITE in sites else list(dict.fromkeys(sites)),
        ),
        Field("client_message", text()),
        Field("bodyworker_view", text()),
        Field("program_action", one_of(ProgramAction)),
        Field("combine_rule", text_or_nothing, stored=lambda rule: rule or ""),
        SOURCES,
    ),
    "weekly_bundles": (Field("question", text()), refs("flags", "red_flags")),
    "outcome_measures": (
        Field("name", text(120)),
        Field("use", one_of(MeasureUse)),
        Field("items", texts()),
        Field("scoring", text(may_be_empty=True)),
        Field("mcid", text(may_be_empty=True), kept_as="meaningful_change"),
        Field("licence", text(may_be_empty=True)),
        Field("when", texts(), kept_as="asked_when"),
        Field("codes", rows_of_codes),
        Field("note", text(), is_kept=False, is_optional=True),
        SOURCES,
    ),
    "trigger_points": (
        Field("muscle", slug, refers_to="muscles"),
        Field("name", text(120)),
        Field("location", text(may_be_empty=True)),
        Field("referral", text(may_be_empty=True)),
        Field("referral_regions", many_of(CONTENT_REGIONS)),
        Field("can_look_like", texts()),
        Field("caution", text(may_be_empty=True)),
        SOURCES,
    ),
    "techniques": (
        Field("name", text(120)),
        Field("kind", one_of(TechniqueKind)),
        Field("delivered_by", one_of(DeliveredBy)),
        Field("position", text(may_be_empty=True)),
        Field("steps", texts(may_be_empty=False)),
        Field("intensity", one_of(Intensity)),
        Field("suits", many_of(Suits)),
        Field("not_for", many_of(Suits)),
        Field("tags", texts()),
        Field("equipment", many_of(Equipment)),
        Field("dosage.sets", number(1, 20, may_be_missing=True)),
        Field("dosage.reps", number(1, 200, may_be_missing=True)),
        Field("dosage.hold_s", number(1, 3600, may_be_missing=True)),
        Field("dosage.duration_s", number(1, 7200, may_be_missing=True)),
        Field("dosage.per_side", yes_or_no),
        Field("dosage.rest_s", number(0, 3600, may_be_missing=True)),
        Field("dosage.sessions_per_week_min", number(1, 7, may_be_missing=True)),
        Field("dosage.sessions_per_week_max", number(1, 7, may_be_missing=True)),
        Field("max_discomfort_nrs", number(0, 10), kept_as="max_discomfort"),
        Field("pressure_text", text(may_be_empty=True)),
        Field("evidence_note", text(may_be_empty=True)),
        Field("stop_when", texts(may_be_empty=False)),
        Field("extra_stop", texts(), is_kept=False, is_optional=True),
        Field("estimated_minutes", number(0, 240)),
        Field("expected_soreness", text(may_be_empty=True)),
        refs("target_muscles", "muscles", "muscles"),
        refs("target_trigger_points", "trigger_points", "trigger_points"),
        refs("progressions", "techniques"),
        refs("regressions", "techniques"),
        refs("contraindications", "contraindications"),
        refs("cautions", "contraindications"),
        SOURCES,
    ),
}
# The file and the list in it; bundles live beside the flags they open. Referred files come first.
LISTS: Mapping[str, tuple[str, str]] = {
    name: ("red_flags", name) if name == "weekly_bundles" else (name, "records") for name in FIELDS
}
FILES = tuple(dict.fromkeys(file for file, _ in LISTS.values()))


def read_library(written: Mapping[str, str]) -> dict[str, list[Row]]:
    """The rows of a whole library, from the text of each file by its name without “.json”.

    Raises:
        BadStarterFile: a file is missing, cut off, or has a record that cannot be used.
    """
    files = {name: opened(name, written) for name in FILES}
    records = {name: records_of(f"{file}.json", files[file], key) for name, (file, key) in LISTS.items()}
    slugs = {name: frozenset(record["slug"] for record in found) for name, found in records.items()}
    return {
        name: [row_of(name, record, position, slugs) for position, record in enumerate(found)]
        for name, found in records.items()
    }


def opened(name: str, written: Mapping[str, str]) -> dict[str, Any]:
    """The object a file holds."""
    file = f"{name}.json"
    if name not in written:
        raise BadStarterFile(file, "is missing from the folder")
    try:
        found = json.loads(written[name])
    except json.JSONDecodeError as error:
        raise BadStarterFile(
            file, f"is not whole JSON: {error.msg} in line {error.lineno}, column {error.colno}; it may be cut off"
        ) from None
    except RecursionError:
        raise BadStarterFile(file, "is nested beyond reading") from None
    if not isinstance(found, dict):
        raise BadStarterFile(file, f"must hold an object with “records”, and holds {kind_of(found)}")
    return found


def records_of(file: str, found: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The records of one list, each with a slug of its own."""
    records = found.get(key)
    if not isinstance(records, list) or not records:
        raise BadStarterFile(file, "must be a list with at least one record", where=key)
    seen: set[str] = set()
    for position, record in enumerate(records, 1):
        if not isinstance(record, dict):
            raise BadStarterFile(file, f"must be an object, and is {kind_of(record)}", record=f"number {position}")
        if wrong := slug(record.get("slug")):
            raise BadStarterFile(file, wrong, record=f"number {position}", where="slug")
        if record["slug"] in seen:
            raise BadStarterFile(file, "is there twice", record=record["slug"], where="slug")
        seen.add(record["slug"])
    if key == "records" and found.get("count", len(records)) != len(records):
        raise BadStarterFile(file, f"says {found['count']}, and there are {len(records)} records", where="count")
    return records


def row_of(name: str, record: Mapping[str, Any], position: int, slugs: Mapping[str, frozenset[str]]) -> Row:
    """One record, checked field by field."""
    file, key = f"{LISTS[name][0]}.json", record["slug"]
    values: dict[str, Any] = {}
    one: dict[str, str] = {}
    many: dict[str, tuple[str, ...]] = {}
    for each in (*USUAL, *FIELDS[name]):
        is_there, value = looked_up(record, each.name)
        if not is_there and each.is_optional:
            continue
        wrong = "is missing" if not is_there else each.check(value) or dangling(each, value, slugs)
        if wrong:
            raise BadStarterFile(file, wrong, record=key, where=each.name)
        if each.refers_to and each.is_many:
            many[each.column] = tuple(dict.fromkeys(value))
        elif each.refers_to:
            one[each.column] = value
        elif each.is_kept:
            values[each.column] = each.stored(value)
    for where, wrong in contradictions(name, record):
        raise BadStarterFile(file, wrong, record=key, where=where)
    if name in {"red_flags", "weekly_bundles"}:
        values["position"] = position
    return Row(key, values, one, many, record.get("version", 1))


def looked_up(record: Mapping[str, Any], path: str) -> tuple[bool, Any]:
    """Whether the field is there, and its value."""
    first, _, rest = path.partition(".")
    if first not in record:
        return False, None
    if not rest:
        return True, record[first]
    inner = record[first]
    return looked_up(inner, rest) if isinstance(inner, Mapping) else (False, None)


def dangling(each: Field, value: Any, slugs: Mapping[str, frozenset[str]]) -> str:
    """A reference to a record that is not there."""
    if not each.refers_to:
        return ""
    named = value if each.is_many else [value]
    lost = next((name for name in named if name not in slugs[each.refers_to]), None)
    return f"names “{lost}”, which {each.refers_to}.json does not have" if lost else ""


def contradictions(name: str, record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What no single field can show: unknown fields, and a technique at odds with itself."""
    known = {each.name.partition(".")[0] for each in (*USUAL, *FIELDS[name])}
    for extra in sorted(set(record) - known):
        yield extra, "is not a field of this file; it may be misspelt"
    if name == "techniques":
        yield from technique_contradictions(record)


def technique_contradictions(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    inner = {each.name.partition(".")[2] for each in FIELDS["techniques"] if each.name.startswith("dosage.")}
    for extra in sorted(set(record["dosage"]) - inner):
        yield f"dosage.{extra}", "is not a field of this file; it may be misspelt"
    dosage = record["dosage"]
    if not any(dosage[unit] for unit in ("reps", "hold_s", "duration_s")):
        yield "dosage", "says neither how often nor how long"
    low, high = dosage["sessions_per_week_min"], dosage["sessions_per_week_max"]
    if low and high and low > high:
        yield "dosage.sessions_per_week_max", f"is {high}, and the least is {low}"
    if both := set(record["contraindications"]) & set(record["cautions"]):
        yield "cautions", f"also blocks: {listed(both)}; it is one or the other"
    if both := set(record["suits"]) & set(record["not_for"]):
        yield "not_for", f"also suits: {listed(both)}; it is one or the other"
    for where in ("progressions", "regressions"):
        if record["slug"] in record[where]:
            yield where, "names the technique itself"
    most = MAX_DISCOMFORT[Intensity(record["intensity"])]
    if record["max_discomfort_nrs"] > most:
        yield "max_discomfort_nrs", f"is {record['max_discomfort_nrs']}, and {record['intensity']} allows {most}"
