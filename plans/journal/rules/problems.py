"""What is wrong with a log, by field, so that a door can say it in the reader's words."""

import dataclasses
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Why a field cannot be accepted."""

    REQUIRED = "required"
    UNKNOWN_FIELD = "unknown_field"
    NOT_AN_OBJECT = "not_an_object"
    NOT_A_LIST = "not_a_list"
    NOT_A_SCORE = "not_a_score"
    NOT_A_TIME = "not_a_time"
    NO_OFFSET = "no_offset"
    NOT_A_UUID = "not_a_uuid"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_TEXT = "not_text"
    NOT_A_NUMBER = "not_a_number"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    UNKNOWN_WORD = "unknown_word"
    UNKNOWN_SITE = "unknown_site"
    TWICE = "twice"
    NEEDS_BEFORE_AND_AFTER = "needs_before_and_after"
    CHECK_IN_ALONE = "check_in_alone"
    ITEMS_NEED_PROGRAM = "items_need_program"
    CAN_WAIT_ASKED = "can_wait_asked"
    TOO_FAR_AHEAD = "too_far_ahead"
    TOO_FAR_BACK = "too_far_back"
    NO_SUCH_PROGRAM = "no_such_program"
    PROGRAM_FINISHED = "program_finished"
    PROGRAM_NOT_STARTED = "program_not_started"
    NO_SUCH_PRESCRIPTION = "no_such_prescription"
    NO_SUCH_QUESTION = "no_such_question"
    OUT_OF_RANGE = "out_of_range"
    NO_SUCH_MEASURE = "no_such_measure"
    ITEM_MISSING = "item_missing"
    ACTIVITY_MISSING = "activity_missing"
    OTHER_ACTIVITIES = "other_activities"
    DAY_IS_OVER = "day_is_over"


@dataclass(frozen=True)
class Problem:
    """One field, in the contract's own path such as `reports[0].score`, and what is wrong with it."""

    field: str
    fault: Fault
    params: dict[str, object] = dataclasses.field(default_factory=dict)


class LogRefused(ValueError):
    """The log breaks the contract; `problems` says where, every one of them at once."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(f"{problem.field}: {problem.fault}" for problem in problems))
        self.problems = problems
