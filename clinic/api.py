"""The API's manners: errors as problem details that name the field, pages by cursor."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback


class PageByCursor(CursorPagination):
    """Twenty rows from a stable place, newest first; `page_size` may ask for up to 100."""

    ordering = "-id"
    page_size_query_param = "page_size"
    max_page_size = 100


def _flatten(detail: Any, path: str = "") -> list[dict[str, str]]:
    if isinstance(detail, dict):
        return [row for key, value in detail.items() for row in _flatten(value, f"{path}.{key}" if path else str(key))]
    if isinstance(detail, list):
        if all(not isinstance(value, dict | list) for value in detail):
            return [{"field": path, "message": str(value), "code": getattr(value, "code", "invalid")} for value in detail]
        return [row for index, value in enumerate(detail) for row in _flatten(value, f"{path}[{index}]")]
    return [{"field": path, "message": str(detail), "code": getattr(detail, "code", "invalid")}]


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """RFC 9457: type, title, status, detail, and `errors` with a field, a message and a code each."""
    response = exception_handler(error, context)
    if response is None:
        return None
    body: dict[str, Any] = {"type": "about:blank", "status": response.status_code}
    if isinstance(error, exceptions.ValidationError):
        body["title"] = "Some of this cannot be accepted"
        body["errors"] = _flatten(error.detail)
        body["detail"] = "; ".join(f"{row['field']}: {row['message']}" if row["field"] else row["message"] for row in body["errors"])
    else:
        body["title"] = getattr(error, "default_detail", None) and str(error.default_detail) or _title(error)  # type: ignore[attr-defined]
        body["detail"] = str(getattr(error, "detail", "")) or body["title"]
    extra = getattr(error, "extra", None)
    if isinstance(extra, dict):
        body.update(extra)
    response.data = body
    response.content_type = "application/problem+json"
    set_rollback()
    return response


def _title(error: Exception) -> str:
    if isinstance(error, Http404):
        return "There is nothing here that you may see"
    if isinstance(error, PermissionDenied):
        return "There is nothing here that you may see"
    return status_title(status.HTTP_400_BAD_REQUEST)


def status_title(code: int) -> str:
    return {400: "This cannot be accepted", 404: "There is nothing here that you may see"}.get(code, "Error")
