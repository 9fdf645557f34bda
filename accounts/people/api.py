"""Who is calling the API: a token in the Authorization header, or a sitting in the browser."""

from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> None:
        return None

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class SittingAuthentication(SessionAuthentication):
    pass
