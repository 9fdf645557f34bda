"""People over the API: who is calling, and the clients they may see.

Only the ways in are named here: settings.py names them, and the framework asks for them while it is still
importing its own views, on which the rest stands.
"""

from .authentication import SittingAuthentication, TokenAuthentication

__all__ = ["SittingAuthentication", "TokenAuthentication"]
