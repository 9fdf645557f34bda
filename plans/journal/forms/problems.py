"""What is wrong with a log, in words that say what to do."""

from django.utils.translation import gettext_lazy as _

from plans.journal.rules import Fault, Problem

TEXTS = {
    Fault.REQUIRED: _("This is needed."),
    Fault.UNKNOWN_FIELD: _("There is no such field here. Leave it out."),
    Fault.NOT_AN_OBJECT: _("Send an object with fields."),
    Fault.NOT_A_LIST: _("Send a list."),
    Fault.NOT_A_SCORE: _("Pain is a whole number from 0 to 10."),
    Fault.NOT_A_TIME: _("Send a date and time such as 2026-03-10T18:30:00+00:00."),
    Fault.NO_OFFSET: _("Add the offset from UTC, such as +00:00."),
    Fault.NOT_A_UUID: _("Send a UUID."),
    Fault.NOT_YES_OR_NO: _("Send true or false."),
    Fault.NOT_TEXT: _("Send plain text."),
    Fault.NOT_A_NUMBER: _("Send a whole number from 1 on."),
    Fault.TOO_LONG: _("This has %(length)s characters. Use %(longest)s at most."),
    Fault.TOO_MANY: _("Send at most %(longest)s of these."),
    Fault.UNKNOWN_WORD: _("Use one of these: %(words)s."),
    Fault.UNKNOWN_SITE: _("The body map has no such region with this side."),
    Fault.TWICE: _("The same one is named twice. Name it once."),
    Fault.NEEDS_BEFORE_AND_AFTER: _("A session needs pain before and pain after."),
    Fault.CHECK_IN_ALONE: _("A check-in says check_in, next_morning, or both, and nothing else."),
    Fault.ITEMS_NEED_PROGRAM: _("Items belong to a program. Name the program, or leave the items out."),
    Fault.CAN_WAIT_ASKED: _("With pain this high, say whether it can wait until the next visit."),
    Fault.TOO_FAR_AHEAD: _("This time has not come yet. Choose when it was."),
    Fault.TOO_FAR_BACK: _("This is more than %(days)s days ago. Choose a later day, or tell your bodyworker."),
    Fault.NO_SUCH_PROGRAM: _("There is no such program that you may see."),
    Fault.PROGRAM_FINISHED: _("This program is finished. Log a check-in instead."),
    Fault.PROGRAM_NOT_STARTED: _("This program has not started. Log a check-in instead."),
    Fault.NO_SUCH_PRESCRIPTION: _("This is not part of that program."),
    Fault.NO_SUCH_QUESTION: _("The clinic does not ask this question."),
    Fault.OUT_OF_RANGE: _("Send a whole number from %(lowest)s to %(highest)s."),
    Fault.NO_SUCH_MEASURE: _("The clinic does not ask these questions."),
    Fault.ITEM_MISSING: _("These questions count only together. Answer each one: %(missing)s is open."),
    Fault.ACTIVITY_MISSING: _("Name the activity, in 80 characters at most."),
    Fault.OTHER_ACTIVITIES: _("Rate the same activities as last time, each one: %(labels)s."),
    Fault.DAY_IS_OVER: _("The answers of an earlier day stay as they are. Answer again for today."),
}


def text_of(problem: Problem) -> str:
    """The sentence for a problem, in the reader's language."""
    return str(TEXTS[problem.fault]) % problem.params if problem.params else str(TEXTS[problem.fault])
