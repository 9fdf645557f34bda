"""A text becomes one that new clients may be given when a named curator has read it."""

import pytest

from accounts.people.models import AuditEvent
from plans.library.actions import NotACurator, QualificationMissing, RevisionNotInReview, publish_revision
from plans.library.models import ClinicalReview, TechniqueRevision
from plans.library.rules import RevisionState
from tests.clock import NOW, at
from tests.factories.library import TechniqueRevisionFactory


@pytest.fixture
def text(cast):
    return TechniqueRevisionFactory(technique__clinic=cast.harbour)


def publish(text, by, qualification="Physiotherapist", now=NOW):
    return publish_revision(revision=text, by=by.user, now=now, qualification=qualification)


def test_a_curator_publishes_a_text_by_name(cast, text):
    review = publish(text, cast.curator)
    text.refresh_from_db()
    assert (text.state, text.published_by, text.published_at) == (RevisionState.PUBLISHED, cast.curator.user, NOW)
    assert (review.revision, review.reviewed_by, review.qualification) == (text, cast.curator.user, "Physiotherapist")
    assert AuditEvent.objects.get(verb="revision_published").subject_id == text.pk


def test_the_one_published_before_is_retired_and_kept(cast, text):
    publish(text, cast.curator)
    second = TechniqueRevisionFactory(technique=text.technique, number=2, shown=False)
    publish(second, cast.curator, now=at("2026-03-12"))
    text.refresh_from_db()
    assert (text.state, text.retired_at) == (RevisionState.RETIRED, at("2026-03-12"))
    text.technique.refresh_from_db()
    assert text.technique.current == second
    assert ClinicalReview.objects.filter(revision=text).exists()


@pytest.mark.parametrize("person", ["owner", "bodyworker", "meadow_owner"])
def test_nobody_but_a_curator_of_the_clinic_publishes(cast, text, person):
    with pytest.raises(NotACurator):
        publish(text, getattr(cast, person))
    assert not ClinicalReview.objects.exists()


def test_a_curator_who_left_publishes_nothing(cast, text):
    cast.curator.ended_at = NOW
    cast.curator.save()
    with pytest.raises(NotACurator):
        publish(text, cast.curator)


@pytest.mark.parametrize("state", [state for state in RevisionState if state != RevisionState.IN_REVIEW])
def test_only_a_text_in_review_is_published(cast, text, state):
    TechniqueRevision.objects.filter(pk=text.pk).update(state=state, published_at=NOW, published_by=cast.curator.user)
    with pytest.raises(RevisionNotInReview, match=state.value):
        publish(text, cast.curator)
    assert not ClinicalReview.objects.exists()


def test_two_who_publish_at_once_leave_one_review(cast, text):
    publish(text, cast.curator)
    with pytest.raises(RevisionNotInReview):
        publish(text, cast.curator)
    assert ClinicalReview.objects.count() == 1


@pytest.mark.parametrize("words", ["", "   "])
def test_a_review_names_the_qualification(cast, text, words):
    with pytest.raises(QualificationMissing):
        publish(text, cast.curator, words)
    text.refresh_from_db()
    assert text.state == RevisionState.IN_REVIEW
