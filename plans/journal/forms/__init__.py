"""What a person types about a session, and the words for what is wrong with it."""

from .asked import AskedSession, asked_again, asked_session, bodyworker_of, last_sites, newest_moves_of, questions_at
from .care import Care, care_card
from .log import CheckInForm, HurtsForm, LogForm, SessionForm
from .problems import text_of
from .standing import form_for, in_words, standing_words, week_of
from .weekly import weekly_bundles

__all__ = [
    "AskedSession",
    "Care",
    "CheckInForm",
    "HurtsForm",
    "LogForm",
    "SessionForm",
    "asked_again",
    "asked_session",
    "bodyworker_of",
    "care_card",
    "form_for",
    "in_words",
    "last_sites",
    "newest_moves_of",
    "questions_at",
    "standing_words",
    "text_of",
    "week_of",
    "weekly_bundles",
]
