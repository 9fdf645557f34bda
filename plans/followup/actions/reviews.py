"""Hints and offers on the bodyworker's list: opened once, closed by a person or by what the client does."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.db.models import Q

from accounts.people.actions import record_audit
from accounts.people.models import Client, User
from accounts.post.actions import cancel_letters
from accounts.post.rules import NUDGE
from plans.followup.models import Review
from plans.followup.rules import STOP_REMINDERS, Found, Hint, Opens, Rule

SUBJECT = "review"
RESTS = dt.timedelta(days=14)
"""How long a rule says nothing more after a person closed its review: the list is no alarm clock (design)."""


def reviews_of(client_ids: Collection[int], *, now: dt.datetime) -> dict[int, list[Review]]:
    """Reviews that keep a rule from opening another: open, or closed by a person not long ago. One statement."""
    recent = Q(closed_at__gt=now - RESTS, closed_by__isnull=False)
    found: dict[int, list[Review]] = defaultdict(list)
    for review in Review.objects.filter(Q(closed_at__isnull=True) | recent, client__in=client_ids):
        found[review.client_id].append(review)
    return found


def open_reviews(*, client: Client, hints: Sequence[Hint], known: Iterable[Review], now: dt.datetime) -> list[Review]:
    """A review for each rule that found something, at most one; marks stay with their log. Answers the new ones.

    `known` is what `reviews_of` said in this transaction; one that somebody else has opened since stays as it is.
    """
    held = {review.rule for review in known}
    wanted = {hint.rule: hint for hint in hints if hint.opens is not Opens.MARK and hint.rule not in held}
    if STOP_REMINDERS & wanted.keys():
        cancel_letters(subject_kind=NUDGE, subject_ids=[client.pk], reason="a review is open", now=now)
    reviews = [
        Review(
            clinic_id=client.clinic_id,
            client=client,
            rule=hint.rule,
            message=hint.message,
            params=hint.params,
            opened_at=now,
        )
        for hint in wanted.values()
    ]
    return Review.objects.bulk_create(reviews, ignore_conflicts=True)


def close_broken_silence(*, client: Client, found: Iterable[Found], known: Iterable[Review], now: dt.datetime) -> None:
    """A client who was silent and is so no more needs no look for it. Nobody's name stands under this close."""
    if any(each.rule == Rule.SILENT for each in found):
        return
    for review in known:
        if review.rule == Rule.SILENT and review.closed_at is None:
            _close(review, by=None, now=now)


@transaction.atomic
def close_review(*, review: Review, by: User, now: dt.datetime) -> bool:
    """A person has looked. False where it was closed before; the first one stays."""
    return _close(review, by=by, now=now)


def _close(review: Review, *, by: User | None, now: dt.datetime) -> bool:
    closed = Review.objects.open().filter(pk=review.pk).update(closed_at=now, closed_by=by)
    if closed:
        record_audit(
            clinic=review.clinic,
            verb="review_closed",
            subject_kind=SUBJECT,
            subject_id=review.pk,
            by=by,
            now=now,
            client=review.client,
        )
    return bool(closed)
