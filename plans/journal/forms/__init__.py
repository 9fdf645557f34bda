"""What a person types about a session, and the words for what is wrong with it."""

from .problems import text_of

__all__ = ["text_of"]
