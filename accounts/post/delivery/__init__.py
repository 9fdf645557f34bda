"""How a letter leaves the building; a channel is one small class, so that another can come."""

from .channel import Answer, Channel, NotTaken, Wording
from .email import EmailChannel
from .push import PushChannel
from .wording import shown_links, words_of, write

# Every way out. Another one is a class like these and its name here.
CHANNELS: dict[str, type[Channel]] = {channel.name: channel for channel in (EmailChannel, PushChannel)}

__all__ = [
    "CHANNELS",
    "Answer",
    "Channel",
    "EmailChannel",
    "NotTaken",
    "PushChannel",
    "Wording",
    "shown_links",
    "words_of",
    "write",
]
