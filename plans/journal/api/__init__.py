"""Logs by API: the same contract as the pages, `PUT` under a UUID the phone made."""

from .outcomes import OutcomeDueView, OutcomeView
from .views import SessionList, SessionView

__all__ = ["OutcomeDueView", "OutcomeView", "SessionList", "SessionView"]
