"""How a refused log answers: the field, the code and a sentence; a conflict brings both logs."""

from typing import Any, NoReturn

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status

from plans.journal.forms import text_of
from plans.journal.rules import Fault, LogRefused

LARGEST_BODY = 2_000_000


class Told(exceptions.APIException):
    """A problem with members of its own."""

    def __init__(self, **extra: Any) -> None:
        super().__init__()
        self.extra = extra


class LogTaken(Told):
    status_code = status.HTTP_409_CONFLICT
    default_detail = _("Another log was accepted under this UUID. Both are kept; the client chooses.")


class VersionNeeded(Told):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = _('Send If-Match with the revision you saw, such as If-Match: "1".')


class VersionGone(Told):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = _("The log was corrected since. Read it again, then correct it.")


class NotVisible(Told):
    status_code = status.HTTP_404_NOT_FOUND
    default_detail = _("There is no such program that you may see.")


class TooLarge(Told):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("A log has at most two million bytes; its note at most 4,000 characters.")


def refuse(refused: LogRefused) -> NoReturn:
    """Answer a refused log.

    Raises:
        NotVisible: the program is not one that may be seen.
        ValidationError: anything else, by field.
    """
    rows: dict[str, list[exceptions.ErrorDetail]] = {}
    for problem in refused.problems:
        rows.setdefault(problem.field, []).append(exceptions.ErrorDetail(text_of(problem), code=problem.fault))
    if any(problem.fault is Fault.NO_SUCH_PROGRAM for problem in refused.problems):
        told = [{"field": f, "message": str(d), "code": d.code} for f, details in rows.items() for d in details]
        raise NotVisible(errors=told)
    raise exceptions.ValidationError(rows)
