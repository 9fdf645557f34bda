"""People over the API: who is calling, and the clients they may see."""

from .authentication import SittingAuthentication, TokenAuthentication
from .clients import ClientDetail, ClientList

__all__ = ["ClientDetail", "ClientList", "SittingAuthentication", "TokenAuthentication"]
