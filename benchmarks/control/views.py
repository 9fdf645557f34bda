"""The control: the plainest code for each kind of page. It is never optimised again, so that ratios stay comparable."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from rest_framework import serializers
from rest_framework.authentication import TokenAuthentication
from rest_framework.generics import CreateAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .models import Entry, Token

ROWS = [(f"Person {n}", f"/people/{n}/", "Hip release, phase 2", "6, 5, 4, 4, 3", "2 days ago") for n in range(200)]


class OwnMap:
    """The control answers under addresses of its own, beside the site's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.urlconf = "benchmarks.control.urls"
        return self.get_response(request)


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"")


@login_required
def session(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"<!doctype html><title>Hello</title><p>{request.user.pk}</p>")


def joined(request: HttpRequest) -> HttpResponse:
    """A page of 200 rows out of ready strings: the floor of every list."""
    rows = "".join(
        f'<tr><th><a href="{address}">{name}</a></th><td>{program}</td><td>{scores}</td><td>{last}</td></tr>'
        for name, address, program, scores, last in ROWS
    )
    return HttpResponse(f"<!doctype html><title>List</title><table>{rows}</table>")


class ControlAuthentication(TokenAuthentication):
    model = Token


class ControlView(APIView):
    authentication_classes = [ControlAuthentication]
    permission_classes = [IsAuthenticated]


class EntrySerializer(serializers.ModelSerializer[Entry]):
    class Meta:
        model = Entry
        fields = ["id", "at", "score", "note"]


class Write(ControlView, CreateAPIView[Entry]):
    serializer_class = EntrySerializer

    def perform_create(self, serializer: serializers.BaseSerializer[Entry]) -> None:
        serializer.save(user=self.request.user)


class History(ControlView):
    def get(self, request: Request) -> Response:
        rows = Entry.objects.filter(user=request.user.pk).order_by("-at")
        return Response(list(rows.values("id", "at", "score", "note")[:90]))


class Keyset(ControlView):
    def get(self, request: Request) -> Response:
        rows: Any = Entry.objects.order_by("-pk")
        if "before" in request.query_params:
            rows = rows.filter(pk__lt=request.query_params["before"])
        return Response(list(rows.values("id", "at", "score", "note")[:20]))


def missing(request: HttpRequest, exception: Exception) -> JsonResponse:
    return JsonResponse({}, status=404)
