"""Who is calling the API: a token in the Authorization header, or a sitting in the browser."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.people.actions import find_token
from accounts.people.models import ApiToken, User

KEYWORD = "Token"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token …`; the request gets the place of the token's person, as a sitting would."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != KEYWORD.lower().encode():
            return None
        if len(words) != 2:
            raise AuthenticationFailed(_("Write the header as: Authorization: Token, a space, and the token"))
        found = find_token(plain=words[1].decode("ascii", errors="replace"), now=timezone.now())
        if found is None or found[1].clinic is None:
            raise AuthenticationFailed(_("This token is unknown, has expired or was ended"))
        token, place = found
        for name in ("membership", "acting_client", "clinic"):
            setattr(request._request, name, getattr(place, name))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return KEYWORD


class SittingAuthentication(SessionAuthentication):
    """The web session, with its CSRF token for everything that changes something."""

    def authenticate_header(self, request: Request) -> str:
        """With a header named, no sitting is a 401 and not a 403."""
        return KEYWORD
