"""The charts of the journal, written on the server as SVG from plain facts."""

from plans.journal.drawings.axes import PHONE, WIDE, Frame
from plans.journal.drawings.pain import Change, Reading, pain_chart
from plans.journal.drawings.small import sparkline, trend_chart

__all__ = ["PHONE", "WIDE", "Change", "Frame", "Reading", "pain_chart", "sparkline", "trend_chart"]
