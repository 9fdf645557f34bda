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
from plans.followup.rules import STOP_REMINDERS, UNTIL_A_LOG, Found, Hint, Opens, Rule, Signal

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


def open_signal(*, client: Client, signal: Signal, params: dict[str, object], now: dt.datetime) -> bool:
    """What the client did, or left, on the bodyworker's list; once while it stands there. True when it is new."""
    if signal in STOP_REMINDERS:
        cancel_letters(subject_kind=NUDGE, subject_ids=[client.pk], reason="a review is open", now=now)
    with transaction.atomic():
        _review, is_new = Review.objects.get_or_create(
            client=client,
            rule=signal,
            closed_at=None,
            defaults={"clinic_id": client.clinic_id, "message": signal, "params": params, "opened_at": now},
        )
    return is_new


def close_answered(
    *,
    client: Client,
    found: Iterable[Found],
    known: Iterable[Review],
    last_log_on: dt.date | None,
    now: dt.datetime,
) -> None:
    """A client who was silent and is heard of again needs no look for it. Nobody's name stands under this close."""
    is_silent = any(each.rule == Rule.SILENT for each in found)
    zone = client.local_zone
    for review in known:
        if review.closed_at is not None:
            continue
        is_back = last_log_on is not None and last_log_on >= review.opened_at.astimezone(zone).date()
        if (review.rule == Rule.SILENT and not is_silent) or (review.rule in UNTIL_A_LOG and is_back):
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
