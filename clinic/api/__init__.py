"""The API's manners: errors as problem details that name the field, pages by cursor."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

log = logging.getLogger(__name__)


class DatabaseAway(exceptions.APIException):
    """The database does not answer, or cannot write: what was sent is not accepted, and may be sent again as it is."""

    status_code = 503
    default_detail = _("Nothing of this was saved. Send the same again in a minute.")
    wait = 60  # seconds, told as Retry-After


class PageByCursor(CursorPagination):
    """Twenty rows from a stable place, newest first; `page_size` may ask for up to 100."""

    ordering = "-id"
    page_size_query_param = "page_size"
    max_page_size = 100

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Raises ValidationError for words that are no cursor: the address exists, the parameter is wrong."""
        try:
            return super().decode_cursor(request)
        except exceptions.NotFound:
            wrong = _("This is no cursor of ours. Follow “next”, or leave it out for the first page.")
            raise exceptions.ValidationError({"cursor": [wrong]})


def _flatten(detail: Any, path: str = "") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        return [row for key, value in detail.items() for row in _flatten(value, f"{path}.{key}" if path else str(key))]
    if isinstance(detail, list):
        if all(not isinstance(value, dict | list) for value in detail):
            return [
                {"field": path, "message": str(value), "code": getattr(value, "code", "invalid")} for value in detail
            ]
        return [row for index, value in enumerate(detail) for row in _flatten(value, f"{path}[{index}]")]
    return [_row(path, detail)]


def _row(path: str, value: Any) -> dict[str, str]:
    return {"field": path, "message": str(value), "code": getattr(value, "code", "invalid")}


TITLES = {
    400: _("Some of this cannot be accepted"),
    401: _("Say who you are"),
    404: _("There is nothing here that you may see"),
    405: _("This address does not take that verb"),
    409: _("This stands in the way of something already accepted"),
    412: _("Somebody changed this in the meantime"),
    413: _("This is too large"),
    415: _("Send JSON"),
    428: _("Say which version you saw"),
    429: _("Too many tries; wait a little"),
    500: _("This did not work"),
    503: _("We cannot read or write at the moment"),
}


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """RFC 9457: type, title, status, detail, and for bad input `errors` with a field, a message and a code each.

    What may not be seen is a 404, so a refused permission reads like an unknown address. An error
    may bring more members in `extra`.
    """
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        error = Http404()
    elif isinstance(error, OperationalError | InterfaceError):
        log.error("the database does not answer: %s", type(error).__name__)
        error = DatabaseAway()
    response = exception_handler(error, context)
    if response is None:
        return None
    title = str(TITLES.get(response.status_code, _("This did not work")))
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": response.status_code}
    if isinstance(error, exceptions.ValidationError):
        body["errors"] = _flatten(error.detail)
        body["detail"] = "; ".join(": ".join(filter(None, (row["field"], row["message"]))) for row in body["errors"])
    elif not isinstance(error, Http404):
        body["detail"] = str(getattr(error, "detail", title))
    body.update(getattr(error, "extra", {}))
    response.data = body
    response.content_type = "application/problem+json"
    return response
