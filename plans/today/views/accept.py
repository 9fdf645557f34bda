"""A client opens the invitation: the page shows it, the button says yes."""

from django.http import HttpRequest, HttpResponse


def accept(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse(status=404)
