"""The day by API: what is asked of a client now, for the same pages on a phone."""

from .views import TodayView

__all__ = ["TodayView"]
