"""What did the client answer to the safety questions, in which wording, and for how long does it count?"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.people.actions import mark_needs_look, record_audit
from accounts.people.models import Client, User
from plans.library.models import Contraindication
from plans.programs.models import IntakeAnswer
from plans.programs.rules import Answer


class UnknownQuestion(Exception):
    """The clinic asks no such safety question."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"no safety question is called {slug!r}")
        self.slug = slug


@transaction.atomic
def record_intake(*, client: Client, answers: Sequence[Answer], by: User, now: dt.datetime) -> list[IntakeAnswer]:
    """Keep the answers with the wording that was asked; each takes the place of an older one.

    Raises:
        UnknownQuestion: nothing was kept.
    """
    said = {answer.question: answer for answer in answers}
    questions = {row.slug: row for row in Contraindication.objects.of(client.clinic).filter(slug__in=said)}
    for slug in said:
        if slug not in questions:
            raise UnknownQuestion(slug)
    older = IntakeAnswer.objects.filter(client=client, contraindication__slug__in=said, superseded_at__isnull=True)
    older.update(superseded_at=now)
    kept = IntakeAnswer.objects.bulk_create(
        IntakeAnswer(
            clinic=client.clinic,
            client=client,
            contraindication=questions[slug],
            question_version=questions[slug].version,
            reply=answer.reply,
            regions=sorted(answer.regions),
            answered_at=now,
            expires_at=_expiry(questions[slug], now),
            by=by,
        )
        for slug, answer in said.items()
    )
    record_audit(
        clinic=client.clinic,
        verb="intake_recorded",
        subject_kind="client",
        subject_id=client.pk,
        client=client,
        by=by,
        now=now,
        details={"questions": len(kept)},
    )
    mark_needs_look(client=client, now=now)
    return kept


def _expiry(question: Contraindication, now: dt.datetime) -> dt.datetime | None:
    if question.recheck_after_days is None:
        return None
    return now + dt.timedelta(days=question.recheck_after_days)
