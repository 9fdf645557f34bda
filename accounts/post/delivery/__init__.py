"""How a letter leaves the building; a channel is one small class, so that another can come."""

from .channel import Answer, Channel, NotTaken
from .email import EmailChannel
from .wording import Wording, compose, shown_links, words_of, write

__all__ = ["Answer", "Channel", "EmailChannel", "NotTaken", "Wording", "compose", "shown_links", "words_of", "write"]
