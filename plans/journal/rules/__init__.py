"""What a log may say and what it means at once, before anyone has read it."""

from .answer import (
    VERY_SEVERE_FROM,
    Answer,
    Effect,
    Flag,
    Level,
    Message,
    answer_to,
    asks_safety_questions,
    cannot_wait,
    is_very_severe,
    items_that_hurt,
    tells_someone,
)
from .body import FlagAnswer, ItemLog, LogBody, Report, Site, as_contract, digest_of, put_right
from .clock import Settled, TimeTooFarAhead, TimeTooFarBack, settle_time
from .contract import ASK_CAN_WAIT_FROM, LONGEST_NOTE, read_log
from .problems import Fault, LogRefused, Problem
from .readings import Scored, UsualReading, baseline_of, usual_readings
from .severity import DEFAULT_BANDS, Bands, Severity, is_score, severity_of
from .terms import Felt, Harm, LogSource, Moment, StopReason
from .trend import Direction, Trend, direction_of, trend_of

__all__ = [
    "ASK_CAN_WAIT_FROM",
    "DEFAULT_BANDS",
    "LONGEST_NOTE",
    "VERY_SEVERE_FROM",
    "Answer",
    "Bands",
    "Direction",
    "Effect",
    "Fault",
    "Felt",
    "Flag",
    "FlagAnswer",
    "Harm",
    "ItemLog",
    "Level",
    "LogBody",
    "LogRefused",
    "LogSource",
    "Message",
    "Moment",
    "Problem",
    "Report",
    "Scored",
    "Settled",
    "Severity",
    "Site",
    "StopReason",
    "TimeTooFarAhead",
    "TimeTooFarBack",
    "Trend",
    "UsualReading",
    "answer_to",
    "as_contract",
    "asks_safety_questions",
    "baseline_of",
    "cannot_wait",
    "digest_of",
    "direction_of",
    "is_score",
    "is_very_severe",
    "items_that_hurt",
    "put_right",
    "read_log",
    "settle_time",
    "severity_of",
    "tells_someone",
    "trend_of",
    "usual_readings",
]
