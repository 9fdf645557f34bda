"""How does a clinic get its own copy of the starter templates?"""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

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
)
from plans.library.rules.starter import BadStarterFile
from plans.programs.models import ProgramTemplate, TemplateItem, TemplatePhase
from plans.programs.rules import TemplateState, resolve_dose
from plans.programs.rules.starter import FILE, ItemRow, TemplateRow, read_templates

from .planning import dose_of

STARTER = Path(__file__).parents[1] / "starter"
REFERRED: dict[str, type[Record]] = {
    "contraindications": Contraindication,
    "muscles": Muscle,
    "outcome_measures": OutcomeMeasure,
    "red_flags": RedFlag,
    "sources": Source,
    "techniques": Technique,
}


@dataclass
class ImportedTemplates:
    """Slugs of the templates that arrived, that were renewed, and that were left as the clinic has them."""

    made: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


@transaction.atomic
def import_templates(
    *, clinic: Clinic, folder: Path | None = None, by: User | None, now: dt.datetime
) -> ImportedTemplates:
    """Bring the clinic's copy of the starter templates up to date, all of it or nothing.

    New templates arrive in review. One whose original changed is renewed while nobody has approved it;
    an approved one is left as it is and named in the answer. The library is imported before.

    Raises:
        BadStarterFile: before anything is written.
    """
    Clinic.objects.select_for_update().get(pk=clinic.pk)
    slugs = {name: frozenset(_slugs(model, clinic)) for name, model in REFERRED.items()}
    rows = read_templates(_written(folder or STARTER), slugs)
    present = {template.slug: template for template in ProgramTemplate.objects.of(clinic)}
    report = ImportedTemplates()
    for row in rows:
        _import_one(row, clinic, present, report)
    if report.made or report.renewed:
        _tie_together(rows, clinic)
        record_audit(
            clinic=clinic,
            verb="templates_imported",
            subject_kind="clinic",
            subject_id=clinic.pk,
            by=by,
            now=now,
            details={"made": len(report.made), "renewed": len(report.renewed), "left": len(report.left)},
        )
    return report


def _slugs(model: type[Record], clinic: Clinic) -> list[str]:
    return list(model.objects.of(clinic).values_list("slug", flat=True))


def _written(folder: Path) -> str:
    path = folder / FILE
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadStarterFile(FILE, f"is missing from {folder}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadStarterFile(FILE, f"cannot be read as text ({error.__class__.__name__})") from None


def _import_one(
    row: TemplateRow, clinic: Clinic, present: dict[str, ProgramTemplate], report: ImportedTemplates
) -> None:
    template = present.get(row.slug)
    if template is None:
        template = ProgramTemplate(clinic=clinic, slug=row.slug, state=TemplateState.IN_REVIEW)
        report.made.append(row.slug)
    elif template.origin_hash == row.fingerprint:
        return
    elif template.state != TemplateState.IN_REVIEW or not template.origin_slug:
        report.left.append(row.slug)
        return
    else:
        template.phases.all().delete()
        report.renewed.append(row.slug)
    for column, value in row.values.items():
        setattr(template, column, value)
    template.origin_slug, template.origin_hash, template.version = row.slug, row.fingerprint, row.version
    template.save()
    _write_phases(template, row)


def _write_phases(template: ProgramTemplate, row: TemplateRow) -> None:
    phases = TemplatePhase.objects.bulk_create(
        TemplatePhase(
            template=template,
            position=position,
            key=phase.key,
            title=phase.title,
            goal=phase.goal,
            week_from=phase.week_from,
            week_to=phase.week_to,
            progress_when=dict(phase.progress_when),
        )
        for position, phase in enumerate(row.phases, 1)
    )
    texts = _texts(template.clinic, row)
    TemplateItem.objects.bulk_create(
        _item(phase, position, item, texts[item.technique])
        for phase, source in zip(phases, row.phases, strict=True)
        for position, item in enumerate(source.items)
    )


def _texts(clinic: Clinic, row: TemplateRow) -> dict[str, TechniqueRevision]:
    wanted = {item.technique for phase in row.phases for item in phase.items}
    current = Technique.objects.of(clinic).filter(slug__in=wanted).values("current")
    found = TechniqueRevision.objects.filter(pk__in=current).select_related("technique")
    return {revision.technique.slug: revision for revision in found}


def _item(phase: TemplatePhase, position: int, item: ItemRow, text: TechniqueRevision) -> TemplateItem:
    dose = resolve_dose(dose_of(text), item.sets, item.override)
    return TemplateItem(
        phase=phase,
        position=position,
        technique=text.technique,
        sets=dose.sets,
        reps=dose.reps,
        hold_s=dose.hold_s,
        duration_s=dose.duration_s,
        per_side=dose.per_side,
        rest_s=dose.rest_s,
        sessions_per_week=item.sessions_per_week,
        is_optional=item.is_optional,
        note=item.note,
    )


def _tie_together(rows: list[TemplateRow], clinic: Clinic) -> None:
    """Gentler and harder templates may come later in the file, so they are tied once all are there."""
    templates = {template.slug: template for template in ProgramTemplate.objects.of(clinic)}
    techniques = dict(Technique.objects.of(clinic).values_list("slug", "pk"))
    for row in rows:
        template = templates[row.slug]
        if template.state != TemplateState.IN_REVIEW:
            continue
        template.gentler = templates.get(row.gentler or "")
        template.harder = templates.get(row.harder or "")
        template.escalate_to_id = techniques.get(row.escalate_to or "")
    ProgramTemplate.objects.bulk_update(templates.values(), ["gentler", "harder", "escalate_to"])
