"""The one now of the tests: a Tuesday morning in a London winter. Nothing computes from the real today."""

import datetime as dt

NOW = dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)
TODAY = NOW.date()


def at(day: str, time: str = "09:00") -> dt.datetime:
    """An instant in UTC from two plain words: at("2026-03-12", "18:30")."""
    return dt.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=dt.UTC)
