"""A shelf of six techniques and one template, small enough to know by heart."""

from dataclasses import dataclass
from typing import Any

import pytest

from accounts.people.models import Clinic
from plans.library.models import Contraindication, Technique, TechniqueRevision
from plans.library.rules import RevisionState
from plans.programs.actions import record_intake
from plans.programs.models import ProgramTemplate
from plans.programs.rules import Answer, IntakeReply
from tests.clock import NOW
from tests.factories.library import (
    ContraindicationFactory,
    MuscleFactory,
    TechniqueFactory,
    TechniqueRevisionFactory,
)
from tests.factories.programs import ProgramTemplateFactory, TemplateItemFactory, TemplatePhaseFactory


@dataclass
class ShelfOfTests:
    """Heat blocks the heated class, the cool one takes its place; a sore knee makes pigeon a matter of trust.

    Two phases of two weeks. Settle: ball 4 a week, walk 5, hands once a week (by the bodyworker).
    Open: pigeon 3 a week, heated class once, if the client likes.
    """

    template: ProgramTemplate
    techniques: dict[str, Technique]
    questions: dict[str, Contraindication]

    def everything(self, *yes: str) -> list[Answer]:
        """An answer to every question of the template: yes to these, no to the others."""
        return [Answer(slug, IntakeReply.YES if slug in yes else IntakeReply.NO) for slug in self.template.intake_slugs]


def link(name: str, pairs: list[tuple[TechniqueRevision, Any]]) -> None:
    """All references of one kind in one statement."""
    field = TechniqueRevision._meta.get_field(name)
    here, there = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    through = field.remote_field.through
    through.objects.bulk_create(through(**{here: one.pk, there: other.pk}) for one, other in pairs)


def fill_shelf(clinic: Clinic, by) -> ShelfOfTests:
    glutes = MuscleFactory(clinic=clinic, slug="gluteus-maximus", region="hip-buttock")
    calf = MuscleFactory(clinic=clinic, slug="gastrocnemius", region="lower-leg-foot")
    questions = {
        slug: ContraindicationFactory.build(
            clinic=clinic,
            slug=slug,
            name=slug.replace("-", " ").capitalize(),
            intake_question=f"Is there {slug.replace('-', ' ')}?",
            default_action=effect,
            applies_to=applies,
            recheck_after_days=days,
        )
        for slug, effect, applies, days in (
            ("heat", "block", ["heated"], 365),
            ("knee", "sign_off", [], 180),
            ("wound", "local_block", [], 14),
            ("under-18", "sign_off", ["any"], None),
        )
    }
    Contraindication.objects.bulk_create(questions.values())
    techniques = dict[str, Technique]()
    revisions, muscles, blocked, warned = [], [], [], []

    def put(slug: str, *, blocks: list[str] = [], cautions: list[str] = [], muscle=glutes, **fields) -> None:  # noqa: B006
        techniques[slug] = TechniqueFactory.build(clinic=clinic, slug=slug)
        revision = TechniqueRevisionFactory.build(
            clinic=clinic,
            technique=techniques[slug],
            name=slug.capitalize(),
            state=RevisionState.PUBLISHED,
            published_at=NOW,
            published_by=by,
            **fields,
        )
        revisions.append(revision)
        muscles.append((revision, muscle))
        blocked.extend((revision, questions[name]) for name in blocks)
        warned.extend((revision, questions[name]) for name in cautions)

    put("ball", kind="ball", blocks=["wound"])
    put("walk", kind="aerobic", muscle=calf, sets=1, hold_s=None, duration_s=600, per_side=False)
    put("pigeon", kind="yoga", cautions=["knee"], intensity="vigorous")
    put("figure-four", kind="yoga")
    put("heated", kind="yoga", tags=["heated"], blocks=["heat"], intensity="vigorous")
    put("cool", kind="yoga", duration_s=900, hold_s=None, per_side=False, sets=1)
    put("hands", kind="manual", delivered_by="bodyworker")
    easier = [("heated", "cool"), ("pigeon", "figure-four")]
    Technique.objects.bulk_create(techniques.values())
    TechniqueRevision.objects.bulk_create(revisions)
    for revision in revisions:
        revision.technique.current = revision
    Technique.objects.bulk_update(techniques.values(), ["current"])
    link("muscles", muscles)
    link("contraindications", blocked)
    link("cautions", warned)
    link("regressions", [(techniques[one].current, techniques[other]) for one, other in easier])
    template = ProgramTemplateFactory(
        clinic=clinic,
        slug="hips",
        name="Hips after running",
        intake_slugs=["heat", "knee", "wound", "under-18"],
        approved_by=by,
    )
    settle = TemplatePhaseFactory(template=template, position=1, key="settle", title="Settle", week_from=1, week_to=2)
    opens = TemplatePhaseFactory(template=template, position=2, key="open", title="Open", week_from=3, week_to=4)
    for position, (phase, slug, count, optional) in enumerate(
        (
            (settle, "ball", 4, False),
            (settle, "walk", 5, False),
            (settle, "hands", 1, False),
            (opens, "pigeon", 3, False),
            (opens, "heated", 1, True),
        )
    ):
        TemplateItemFactory(
            phase=phase,
            position=position,
            technique=techniques[slug],
            sessions_per_week=count,
            is_optional=optional,
        )
    return ShelfOfTests(template, techniques, questions)


@pytest.fixture
def shelf(cast) -> ShelfOfTests:
    return fill_shelf(cast.harbour, cast.curator.user)


@pytest.fixture
def answered(cast, shelf) -> ShelfOfTests:
    """Maya has said no to everything."""
    record_intake(client=cast.client, answers=shelf.everything(), by=cast.bodyworker.user, now=NOW)
    return shelf
