"""What a person types about a session, and the words for what is wrong with it."""

from .alone import CheckInForm, HurtsForm, MorningForm
from .asked import (
    AskedSession,
    asked_again,
    asked_session,
    bodyworker_of,
    last_sites,
    newest_moves_of,
    questions_at,
    session_of_yesterday,
)
from .care import Care, care_card
from .log import LogForm, SessionForm
from .measured import Shown, measured
from .outcomes import OpenQuestions, OutcomeForm, due_questions, open_questions
from .problems import text_of
from .standing import form_for, in_words, standing_words, week_of
from .weekly import weekly_bundles

__all__ = [
    "AskedSession",
    "Care",
    "CheckInForm",
    "HurtsForm",
    "LogForm",
    "MorningForm",
    "OpenQuestions",
    "OutcomeForm",
    "SessionForm",
    "Shown",
    "asked_again",
    "asked_session",
    "bodyworker_of",
    "care_card",
    "due_questions",
    "form_for",
    "in_words",
    "last_sites",
    "measured",
    "newest_moves_of",
    "open_questions",
    "questions_at",
    "session_of_yesterday",
    "standing_words",
    "text_of",
    "week_of",
    "weekly_bundles",
]
