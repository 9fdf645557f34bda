"""The API for people: our own page over the schema."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator


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
