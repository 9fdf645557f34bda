"""A curator approves a template with its techniques."""

import pytest

from accounts.people.models import AuditEvent
from plans.library.actions import NotACurator, QualificationMissing
from plans.library.models import ClinicalReview, TechniqueRevision
from plans.library.rules import RevisionState
from plans.programs.actions import TemplateEmpty, TemplateNotInReview, approve_template
from plans.programs.rules import TemplateState
from tests.clock import NOW
from tests.factories.programs import ProgramTemplateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(shelf):
    """The template and its techniques wait for review."""
    TechniqueRevision.objects.update(state=RevisionState.IN_REVIEW, published_at=None, published_by=None)
    template = shelf.template
    template.state, template.approved_at, template.approved_by = TemplateState.IN_REVIEW, None, None
    template.save()
    return template


def approve(template, by, qualification="Physiotherapist"):
    return approve_template(template=template, by=by.user, now=NOW, qualification=qualification)


def test_one_step_publishes_the_techniques_and_approves_the_template(cast, shelf, waiting):
    template = approve(waiting, cast.curator)
    assert (template.state, template.approved_by) == (TemplateState.APPROVED, cast.curator.user)
    states = {slug: technique.revisions.get().state for slug, technique in shelf.techniques.items()}
    assert {slug for slug, state in states.items() if state == RevisionState.PUBLISHED} == {
        "ball",
        "walk",
        "hands",
        "pigeon",
        "heated",
    }
    assert ClinicalReview.objects.filter(reviewed_by=cast.curator.user).count() == 5
    assert AuditEvent.objects.filter(verb="template_approved").count() == 1


def test_only_a_curator_of_the_clinic_may(cast, waiting):
    for member in (cast.owner, cast.bodyworker, cast.meadow_owner):
        with pytest.raises(NotACurator):
            approve(waiting, member)


def test_a_name_without_a_qualification_is_not_enough(cast, waiting):
    with pytest.raises(QualificationMissing):
        approve(waiting, cast.curator, qualification=" ")
    assert not ClinicalReview.objects.exists()


def test_what_is_approved_is_not_approved_again(cast, shelf):
    with pytest.raises(TemplateNotInReview):
        approve(shelf.template, cast.curator)


def test_an_empty_template_cannot_be_approved(cast):
    empty = ProgramTemplateFactory(clinic=cast.harbour, state="in_review", approved_at=None, approved_by=None)
    with pytest.raises(TemplateEmpty):
        approve(empty, cast.curator)
