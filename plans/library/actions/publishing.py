"""How does a text become one that new clients may be given?"""

import datetime as dt

from django.db import transaction

from accounts.people.actions import record_audit
from accounts.people.models import Membership, User
from plans.library.models import ClinicalReview, TechniqueRevision
from plans.library.rules import RevisionState


class RevisionNotInReview(ValueError):
    """Only a text in review can be published; this one is a draft, published already, or retired."""


class NotACurator(PermissionError):
    """A text is published by a curator of its clinic, by name."""


class QualificationMissing(ValueError):
    """A review says what the reader is qualified as."""


@transaction.atomic
def publish_revision(
    *, revision: TechniqueRevision, by: User, now: dt.datetime, qualification: str, note: str = ""
) -> ClinicalReview:
    """A named clinician has read the text: it is published, and the one published before it is retired.

    Running programs keep the revision they were given.

    Raises:
        NotACurator: the reader does not curate this clinic's library.
        QualificationMissing: nothing says what the reader is qualified as.
        RevisionNotInReview: the text is not in review, or no longer.
    """
    text = TechniqueRevision.objects.select_for_update().select_related("technique").get(pk=revision.pk)
    if not Membership.objects.live().filter(clinic=text.clinic_id, user=by, is_curator=True).exists():
        raise NotACurator(f"{by} is not a curator of this clinic")
    if not qualification.strip():
        raise QualificationMissing("Say what you are qualified as, such as physiotherapist")
    if text.state != RevisionState.IN_REVIEW:
        raise RevisionNotInReview(f"{text} is {text.state}")
    before = TechniqueRevision.objects.filter(technique=text.technique_id, state=RevisionState.PUBLISHED)
    before.update(state=RevisionState.RETIRED, retired_at=now)
    text.state, text.published_at, text.published_by = RevisionState.PUBLISHED, now, by
    text.save(update_fields=["state", "published_at", "published_by"])
    text.technique.current = text
    text.technique.save(update_fields=["current"])
    review = ClinicalReview.objects.create(
        clinic_id=text.clinic_id,
        revision=text,
        reviewed_by=by,
        reviewed_at=now,
        qualification=qualification.strip(),
        note=note.strip(),
    )
    record_audit(
        clinic=text.clinic,
        verb="revision_published",
        subject_kind="technique_revision",
        subject_id=text.pk,
        by=by,
        now=now,
        details={"technique": text.technique_id, "number": text.number},
    )
    return review
