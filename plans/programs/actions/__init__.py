"""Changes to templates and programs; every one that asks something of a client goes through the safety check."""

from .approving import TemplateNotInReview, approve_template, texts_in_review
from .assigning import (
    ClientDischarged,
    ProgramAlreadyLive,
    TechniqueNotAssignable,
    TemplateEmpty,
    TemplateNotApproved,
    TemplateOfAnotherClinic,
    assign_program,
)
from .changing import LineNotFound, change_dosage, hide_prescription, replace_version, show_prescription
from .ending import finish_ended
from .importing import STARTER, ImportedTemplates, import_templates
from .intake import UnknownQuestion, record_intake
from .planning import FirstSession, current_version, dose_of, first_session_of, own_days_of, spans_of
from .running import (
    HELD_BY_INTAKE,
    IntakeOutcome,
    answer_intake,
    finish_program,
    hold_program,
    resume_program,
    start_offered,
    start_program,
)
from .safety import (
    AssignmentBlocked,
    IntakeUnanswered,
    Shelf,
    answers_of,
    check_assignment,
    check_template,
    items_of,
    local_day,
    swapped,
    with_age,
)
from .settling import settle_program
from .standing import check_program, left_open, signed_off

__all__ = [
    "HELD_BY_INTAKE",
    "STARTER",
    "AssignmentBlocked",
    "ClientDischarged",
    "FirstSession",
    "ImportedTemplates",
    "IntakeOutcome",
    "IntakeUnanswered",
    "LineNotFound",
    "ProgramAlreadyLive",
    "Shelf",
    "TechniqueNotAssignable",
    "TemplateEmpty",
    "TemplateNotApproved",
    "TemplateNotInReview",
    "TemplateOfAnotherClinic",
    "UnknownQuestion",
    "answer_intake",
    "answers_of",
    "approve_template",
    "assign_program",
    "change_dosage",
    "check_assignment",
    "check_program",
    "check_template",
    "current_version",
    "dose_of",
    "finish_ended",
    "finish_program",
    "first_session_of",
    "hide_prescription",
    "hold_program",
    "import_templates",
    "items_of",
    "left_open",
    "local_day",
    "own_days_of",
    "record_intake",
    "replace_version",
    "resume_program",
    "settle_program",
    "show_prescription",
    "signed_off",
    "spans_of",
    "start_offered",
    "start_program",
    "swapped",
    "texts_in_review",
    "with_age",
]
