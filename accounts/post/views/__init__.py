"""Pages about letters: the owner's list, the way out of reminders, and the demo's letter box."""

from .letters import incident_close, letters, letters_release, letters_stop
from .sink import sink
from .unsubscribing import unsubscribe

__all__ = ["incident_close", "letters", "letters_release", "letters_stop", "sink", "unsubscribe"]
