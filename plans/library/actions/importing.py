"""How does a clinic get its own copy of the starter library, and keep what it changed in it?"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_noop

from accounts.people.actions import record_audit
from accounts.people.models import Clinic, User
from plans.library.models import (
    Contraindication,
    Muscle,
    OutcomeMeasure,
    Record,
    RedFlag,
    Source,
    Technique,
    TechniqueRevision,
    TriggerPoint,
    WeeklyBundle,
)
from plans.library.rules import RevisionState
from plans.library.rules.starter import FIELDS, FILES, BadStarterFile, Row, read_library

STARTER = Path(__file__).parents[1] / "starter"
IMPORTED = gettext_noop("library_imported")

# Whatever is referred to comes first. Techniques come last and by themselves: their text is in revisions.
MODELS: Mapping[str, type[Record]] = {
    "sources": Source,
    "muscles": Muscle,
    "contraindications": Contraindication,
    "red_flags": RedFlag,
    "weekly_bundles": WeeklyBundle,
    "outcome_measures": OutcomeMeasure,
    "trigger_points": TriggerPoint,
}
# Primary keys by list and slug: what the references of a row become.
Known = dict[str, dict[str, int]]


@dataclass
class Imported:
    """What an import did: rows in the clinic's copy by list, and slugs of what changed."""

    counts: dict[str, int] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def has_changed(self) -> bool:
        return bool(self.made or self.renewed)


def read_folder(folder: Path) -> dict[str, list[Row]]:
    """The checked rows of the starter files in a folder.

    Raises:
        BadStarterFile: a file is missing, not text, cut off, or has a record that cannot be used.
    """
    written = {}
    for name in FILES:
        path = folder / f"{name}.json"
        try:
            written[name] = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise BadStarterFile(path.name, f"is missing from {folder}") from None
        except (OSError, UnicodeDecodeError) as error:
            raise BadStarterFile(path.name, f"cannot be read as text ({error.__class__.__name__})") from None
    return read_library(written)


@transaction.atomic
def import_library(*, clinic: Clinic, folder: Path | None = None, by: User | None, now: dt.datetime) -> Imported:
    """Bring the clinic's copy of the starter library up to date, all of it or nothing.

    A record that is new arrives; a technique arrives in review. A record whose original changed is renewed,
    unless the clinic changed it too: then it is left as it is and named in the answer. A technique is
    renewed by a new revision in review, so that running programs keep the text they were given.

    Raises:
        BadStarterFile: before anything is written.
    """
    library = read_folder(folder or STARTER)
    # Two imports of one clinic at once wait for each other here and not at a unique key.
    Clinic.objects.select_for_update().get(pk=clinic.pk)
    report, known = Imported(), Known()
    for name, model in MODELS.items():
        known[name] = _import_records(name, model, library[name], clinic, known, report)
    known["techniques"] = _import_techniques(library["techniques"], clinic, known, now, report)
    report.counts = {name: len(slugs) for name, slugs in known.items()}
    if report.has_changed:
        record_audit(
            clinic=clinic,
            verb=IMPORTED,
            subject_kind="clinic",
            subject_id=clinic.pk,
            by=by,
            now=now,
            details={"made": len(report.made), "renewed": len(report.renewed), "left": len(report.left)},
        )
    return report


def _import_records(
    name: str, model: type[Record], rows: list[Row], clinic: Clinic, known: Known, report: Imported
) -> dict[str, int]:
    """Make, renew or leave the records of one list; answers the primary key of every slug."""
    present = {record.slug: record for record in model.objects.of(clinic)}
    fresh = [row for row in rows if row.slug not in present]
    made = model._default_manager.bulk_create(
        [model(clinic=clinic, **_origin(row), **row.values, **_ones(name, row, known)) for row in fresh]
    )
    for column in _manys(name):
        _link(model, column, zip(made, fresh, strict=True), known[_target(name, column)])
    report.made += [row.slug for row in fresh]
    for row in rows:
        record = present.get(row.slug)
        if record is not None and record.origin_hash != row.fingerprint:
            _renew(name, record, row, known, report)
    return {record.slug: record.pk for record in chain(present.values(), made)}


def _renew(name: str, record: Record, row: Row, known: Known, report: Imported) -> None:
    """Take over a changed original, unless the clinic changed the record or made it itself."""
    if record.origin_hash == "" or _row_kept(name, record, record.slug).fingerprint != record.origin_hash:
        report.left.append(row.slug)
        return
    for column, value in {**_origin(row), **row.values, **_ones(name, row, known)}.items():
        setattr(record, column, value)
    record.save()
    for column, slugs in row.many.items():
        getattr(record, column).set([known[_target(name, column)][slug] for slug in slugs])
    report.renewed.append(row.slug)


def _import_techniques(
    rows: list[Row], clinic: Clinic, known: Known, now: dt.datetime, report: Imported
) -> dict[str, int]:
    """Make techniques with a first revision in review, or add a revision to those whose original changed."""
    present = {technique.slug: technique for technique in Technique.objects.of(clinic)}
    fresh = [row for row in rows if row.slug not in present]
    made = Technique.objects.bulk_create([Technique(clinic=clinic, **_origin(row)) for row in fresh])
    report.made += [row.slug for row in fresh]
    techniques = {**present, **{technique.slug: technique for technique in made}}
    keys = {slug: technique.pk for slug, technique in techniques.items()}
    changed = [row for row in rows if row.slug in present and present[row.slug].origin_hash != row.fingerprint]
    newest = _newest_revisions([present[row.slug] for row in changed])
    renewable = [row for row in changed if _is_untouched(present[row.slug], newest.get(keys[row.slug]))]
    report.renewed += [row.slug for row in renewable]
    report.left += [row.slug for row in changed if row not in renewable]
    revisions = TechniqueRevision.objects.bulk_create(
        [
            TechniqueRevision(
                clinic=clinic,
                technique=techniques[row.slug],
                number=newest[keys[row.slug]].number + 1 if keys[row.slug] in newest else 1,
                state=RevisionState.IN_REVIEW,
                made_at=now,
                **row.values,
            )
            for row in [*fresh, *renewable]
        ]
    )
    known["techniques"] = keys
    for column in _manys("techniques"):
        pairs = zip(revisions, [*fresh, *renewable], strict=True)
        _link(TechniqueRevision, column, pairs, known[_target("techniques", column)])
    _make_current(revisions, {row.slug: row for row in renewable}, newest, now)
    return keys


def _make_current(
    revisions: Iterable[TechniqueRevision],
    renewed: Mapping[str, Row],
    newest: Mapping[int, TechniqueRevision],
    now: dt.datetime,
) -> None:
    """The new text is the one to show, unless a published one stands: that stays until the new is published."""
    pointed, changed = [], []
    for revision in revisions:
        technique, old = revision.technique, newest.get(revision.technique_id)
        if technique.slug in renewed:
            for column, value in _origin(renewed[technique.slug]).items():
                setattr(technique, column, value)
            changed.append(technique)
        if old is not None and old.state == RevisionState.IN_REVIEW:
            old.state, old.retired_at = RevisionState.RETIRED, now
            old.save(update_fields=["state", "retired_at"])
        if technique.current is None or technique.current.state != RevisionState.PUBLISHED:
            technique.current = revision
        pointed.append(technique)
    Technique.objects.bulk_update(pointed, ["current"])
    Technique.objects.bulk_update(changed, ["origin_slug", "origin_hash", "version"])


def _newest_revisions(techniques: list[Technique]) -> dict[int, TechniqueRevision]:
    found = TechniqueRevision.objects.filter(technique__in=techniques).order_by("number")
    return {revision.technique_id: revision for revision in found}


def _is_untouched(technique: Technique, newest: TechniqueRevision | None) -> bool:
    """Whether the newest text is still word for word what the starter library gave."""
    if technique.origin_hash == "" or newest is None:
        return False
    return _row_kept("techniques", newest, technique.slug).fingerprint == technique.origin_hash


def _row_kept(name: str, record: models.Model, slug: str) -> Row:
    """What a file would have to say for this record to be as it is."""
    fields = FIELDS[name]
    values = {f.column: getattr(record, f.column) for f in fields if f.is_kept and not f.refers_to}
    if isinstance(record, RedFlag | WeeklyBundle):
        values["position"] = record.position
    one = {f.column: getattr(record, f.column).slug for f in fields if f.refers_to and not f.is_many}
    many = {f.column: tuple(getattr(record, f.column).values_list("slug", flat=True)) for f in fields if f.is_many}
    return Row(slug, values, one, many)


def _origin(row: Row) -> dict[str, Any]:
    return {"slug": row.slug, "origin_slug": row.slug, "origin_hash": row.fingerprint, "version": row.version}


def _ones(name: str, row: Row, known: Known) -> dict[str, int]:
    """The columns of foreign keys."""
    return {f"{column}_id": known[_target(name, column)][slug] for column, slug in row.one.items()}


def _manys(name: str) -> list[str]:
    return [each.column for each in FIELDS[name] if each.is_many]


def _target(name: str, column: str) -> str:
    """The list that a column of references points into."""
    return next(each.refers_to for each in FIELDS[name] if each.column == column)


def _link(model: type[models.Model], column: str, pairs: Iterable[tuple[Any, Row]], keys: Mapping[str, int]) -> None:
    """Write all references of one column at once."""
    relation = getattr(model, column).field
    through = relation.remote_field.through
    here, there = f"{relation.m2m_field_name()}_id", f"{relation.m2m_reverse_field_name()}_id"
    through._default_manager.bulk_create(
        [through(**{here: record.pk, there: keys[slug]}) for record, row in pairs for slug in row.many[column]],
        batch_size=1000,
    )
