"""Logs by API: the same contract as the pages, `PUT` under a UUID the phone made."""

from .views import SessionList, SessionView

__all__ = ["SessionList", "SessionView"]
