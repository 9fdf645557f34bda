"""Which addresses exist: read from the URLconf itself, so that a new one cannot be forgotten."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def names_of(resolver: URLResolver, inside: str = "") -> Iterator[tuple[str, str]]:
    """Every route as (name with its namespaces, pattern); a route without a name has an empty one."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{inside}{entry.name}" if entry.name else "", str(entry.pattern)
        else:
            yield from names_of(entry, f"{inside}{entry.namespace}:" if entry.namespace else inside)


def routes() -> list[tuple[str, str]]:
    return list(names_of(get_resolver()))
