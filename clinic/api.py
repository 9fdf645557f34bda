"""The API's manners: errors as problem details that name the field, pages by cursor."""

from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler


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
            return [
                {"field": path, "message": str(value), "code": getattr(value, "code", "invalid")} for value in detail
            ]
        return [row for index, value in enumerate(detail) for row in _flatten(value, f"{path}[{index}]")]
    return [{"field": path, "message": str(detail), "code": getattr(detail, "code", "invalid")}]


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
}


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """RFC 9457: type, title, status, detail, and for bad input `errors` with a field, a message and a code each.

    What may not be seen is a 404, so a refused permission reads like an unknown address. An error
    may bring more members in `extra`.
    """
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        error = Http404()
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


@cache
def _routes() -> list[dict[str, Any]]:
    """The schema as a reader wants it: one row per verb and address, with its parameters and fields."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    components = schema.get("components", {}).get("schemas", {})
    return [
        {
            "verb": verb.upper(),
            "path": address,
            "summary": operation.get("summary") or operation.get("description", "").split("\n")[0],
            "description": operation.get("description", ""),
            "parameters": operation.get("parameters", []),
            "fields": _fields(operation, components),
            "answers": sorted(operation.get("responses", {})),
        }
        for address, verbs in schema["paths"].items()
        for verb, operation in verbs.items()
    ]


def _fields(operation: dict[str, Any], components: dict[str, Any]) -> list[dict[str, Any]]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
    described = components.get(name, {})
    required = set(described.get("required", []))
    return [
        {
            "name": field,
            "type": kind.get("type", "object"),
            "required": field in required,
            "help": kind.get("description", ""),
        }
        for field, kind in described.get("properties", {}).items()
        if not kind.get("readOnly")
    ]


@require_safe
def readable(request: HttpRequest) -> HttpResponse:
    """The API for people: our own page over the schema, without a line of inline script."""
    return render(request, "clinic/api.html", {"routes": _routes()})
