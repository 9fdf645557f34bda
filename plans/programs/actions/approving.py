"""A curator puts their name to a template and everything it asks."""

import datetime as dt

from django.db import transaction

from accounts.people.actions import record_audit
from accounts.people.models import Membership, User
from plans.library.actions import NotACurator, QualificationMissing, publish_revision
from plans.library.models import Technique, TechniqueRevision
from plans.library.rules import RevisionState
from plans.programs.models import ProgramTemplate
from plans.programs.rules import TemplateState

from .assigning import TemplateEmpty


class TemplateNotInReview(Exception):
    """Only a template in review can be approved; this one is approved already, or retired."""


def texts_in_review(*, template: ProgramTemplate) -> list[TechniqueRevision]:
    """The texts that approving the template would publish."""
    asked = Technique.objects.filter(pk__in=template.phases.values("items__technique"))
    found = TechniqueRevision.objects.filter(pk__in=asked.values("current"), state=RevisionState.IN_REVIEW)
    return list(found.order_by("name"))


@transaction.atomic
def approve_template(*, template: ProgramTemplate, by: User, now: dt.datetime, qualification: str) -> ProgramTemplate:
    """One step: every technique of the template that waits for review is published, and the template approved.

    Raises:
        NotACurator, QualificationMissing: whoever approves is a named curator and says what they are.
        TemplateNotInReview, TemplateEmpty: there is nothing to approve.
    """
    template = ProgramTemplate.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=template.pk)
    if not Membership.objects.live().filter(clinic=template.clinic, user=by, is_curator=True).exists():
        raise NotACurator(f"{by} is not a curator of this clinic")
    if not qualification.strip():
        raise QualificationMissing("Say what you are qualified as, such as physiotherapist")
    if template.state != TemplateState.IN_REVIEW:
        raise TemplateNotInReview
    if not template.phases.filter(items__isnull=False).exists():
        raise TemplateEmpty
    texts = texts_in_review(template=template)
    for text in texts:
        publish_revision(revision=text, by=by, now=now, qualification=qualification)
    template.state, template.approved_at, template.approved_by = TemplateState.APPROVED, now, by
    template.save(update_fields=["state", "approved_at", "approved_by"])
    record_audit(
        clinic=template.clinic,
        verb="template_approved",
        subject_kind="template",
        subject_id=template.pk,
        by=by,
        now=now,
        details={"published": len(texts)},
    )
    return template
