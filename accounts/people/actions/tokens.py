"""Keys to the API: shown once when made, kept as a digest."""

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.people.models import ApiToken, Membership, User

from .audit import record_audit
from .sittings import Place, first_place_of

TOKEN_BYTES = 32


def digest_of(plain: str) -> str:
    """SHA-256 is enough here: the key is 256 random bits, so there is nothing to guess."""
    return hashlib.sha256(plain.encode()).hexdigest()


@transaction.atomic
def create_token(
    *, user: User, name: str, expires_at: dt.datetime, by: User | None, now: dt.datetime
) -> tuple[ApiToken, str]:
    """A named, expiring key for one person, and its plain text, which is nowhere afterwards."""
    plain = "unknot_" + secrets.token_urlsafe(TOKEN_BYTES)
    token = ApiToken.objects.create(
        user=user, name=name, digest=digest_of(plain), created_at=now, expires_at=expires_at
    )
    record_audit(clinic=None, verb="token_created", subject_kind="token", subject_id=token.pk, by=by, now=now)
    return token, plain


def find_token(*, plain: str, now: dt.datetime) -> tuple[ApiToken, Place] | None:
    """The live token with this plain text and its person's place, or None; its last day of use is kept."""
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=digest_of(plain), revoked_at__isnull=True, expires_at__gt=now, user__is_active=True)
        .annotate(is_of_staff=Exists(Membership.objects.live().filter(user=OuterRef("user"))))
        .first()
    )
    if token is None:
        return None
    if token.used_on != now.date():
        ApiToken.objects.filter(pk=token.pk).update(used_on=now.date())
    return token, first_place_of(user=token.user, is_of_staff=token.is_of_staff)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User, now: dt.datetime) -> None:
    """End a key at once; ending it twice changes nothing."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now):
        record_audit(clinic=None, verb="token_revoked", subject_kind="token", subject_id=token.pk, by=by, now=now)
