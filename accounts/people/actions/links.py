"""Links that prove themselves: id and generation in the open, and an HMAC that only we could have written."""

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

MAC_LENGTH = 32


def link_token(pk: int, generation: int, *, salt: str) -> str:
    """“<id>-<generation>-<mac>”, both numbers in base 36; a raised generation makes older links useless."""
    return "-".join([int_to_base36(pk), int_to_base36(generation), _mac(pk, generation, salt, settings.SECRET_KEY)])


def read_link(token: str, *, salt: str) -> tuple[int, int] | None:
    """Id and generation of a link of this salt, by the present key or one before it; None when it is not ours."""
    try:
        first, second, mac = token.split("-")
        pk, generation = base36_to_int(first), base36_to_int(second)
    except ValueError:
        return None
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    is_ours = any(constant_time_compare(mac, _mac(pk, generation, salt, secret)) for secret in secrets)
    return (pk, generation) if is_ours else None


def _mac(pk: int, generation: int, salt: str, secret: str) -> str:
    return salted_hmac(salt, f"{pk}:{generation}", secret=secret, algorithm="sha256").hexdigest()[:MAC_LENGTH]
