"""Logs by API: put, read, correct, take back, list."""

import re
from typing import Any, cast
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.people.actions import record_read, record_reads
from accounts.people.models import Client, User
from plans.journal.actions import (
    LogConflict,
    RevisionMismatch,
    bodies_of,
    body_of,
    correct_session,
    lines_of,
    log_session,
    remove_session,
)
from plans.journal.forms import questions_at
from plans.journal.models import Session
from plans.journal.querysets import SessionQuerySet
from plans.journal.rules import LogBody, LogRefused, LogSource, as_contract, asks_safety_questions, read_log
from plans.library.models import RedFlag
from plans.library.rules import map_region_at

from .problems import LARGEST_BODY, LogTaken, TooLarge, VersionGone, VersionNeeded, refuse
from .serializers import LogSerializer, SessionSerializer, stored

IF_MATCH = re.compile(r'^(?:W/)?"?(\d{1,9})"?$')
CLIENT = OpenApiParameter("client", OpenApiTypes.UUID, description="Whose; needed by a person who acts for several")
PROBLEM = OpenApiResponse(description="Problem details (RFC 9457)")


class LogParser(JSONParser):
    """JSON, refused when it is nested beyond reading."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError


class SessionView(APIView):
    """One log under the UUID its phone made. The client writes; who cares for the client may read."""

    parser_classes = [LogParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
            raise TooLarge(errors=[{"field": "note", "message": str(TooLarge.default_detail), "code": "too_long"}])

    @extend_schema(
        operation_id="session_log",
        parameters=[CLIENT],
        request=LogSerializer,
        responses={201: SessionSerializer, 200: SessionSerializer, 400: PROBLEM, 404: PROBLEM, 409: PROBLEM},
        summary="Log a session or a check-in; the same body again is the same log, for ever",
    )
    def put(self, request: Request, uuid: UUID) -> Response:
        client = own_client(request)
        body = read(request.data, uuid)
        try:
            logged = log_session(client=client, body=body, by=person(request), now=timezone.now(), source=LogSource.API)
        except LogRefused as refused:
            refuse(refused)
        except LogConflict as taken:
            raise LogTaken(
                stored=SessionSerializer(taken.session).data,
                refused=taken.refused.said,
                shown=taken.shown,
                choose=reverse("journal:choose", args=[uuid]),
            )
        if not logged.created:
            return answer(one(Session.objects.of(client), uuid))
        return answer(logged.session, 201, body=body, ask=questions(body, client))

    @extend_schema(operation_id="session_read", parameters=[CLIENT], responses=SessionSerializer, summary="Read a log")
    def get(self, request: Request, uuid: UUID) -> Response:
        session = visible_session(request, uuid)
        record_read(client=session.client, by=person(request), now=timezone.now())
        return answer(session)

    @extend_schema(
        operation_id="session_correct",
        parameters=[CLIENT, OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)],
        request=LogSerializer,
        responses={200: SessionSerializer, 400: PROBLEM, 404: PROBLEM, 412: PROBLEM, 428: PROBLEM},
        summary="Put a log right: send what changes, with the revision you saw",
    )
    def patch(self, request: Request, uuid: UUID) -> Response:
        session = own_session(request, uuid)
        expected = revision_seen(request)
        said = as_contract(body_of(session))
        del said["sent_at"]
        body = read({**said, **request.data} if isinstance(request.data, dict) else request.data, uuid)
        try:
            corrected = correct_session(
                session=session, body=body, expected=expected, by=person(request), now=timezone.now()
            )
        except RevisionMismatch as mismatch:
            raise VersionGone(session=SessionSerializer(mismatch.session).data)
        except LogRefused as refused:
            refuse(refused)
        return answer(corrected, body=body, ask=questions(body, session.client))

    @extend_schema(
        operation_id="session_remove",
        parameters=[CLIENT],
        responses={204: None, 404: PROBLEM},
        summary="Take a log back; it stays on record",
    )
    def delete(self, request: Request, uuid: UUID) -> Response:
        session = own_session(request, uuid)
        remove_session(session=session, by=person(request), now=timezone.now())
        return Response(status=204)


class SessionList(ListAPIView[Session]):
    """Logs, newest first; removed ones are left out."""

    serializer_class = SessionSerializer

    @extend_schema(parameters=[CLIENT], summary="Logs of everyone you may see, newest first")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> SessionQuerySet:
        return for_client(Session.objects.visible_to(self.request.user), self.request).standing()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Rows and no model objects: ninety logs have a thousand parts."""
        page: Any = self.paginate_queryset(self.get_queryset().as_rows())
        own = getattr(request._request, "acting_client", None)
        others = {row["client_id"] for row in page} - {own and own.pk}
        record_reads(clients=Client.objects.filter(pk__in=others), by=person(request), now=timezone.now())
        rows = [stored(row, body) for row, body in zip(page, bodies_of(page), strict=True)]
        return self.get_paginated_response(rows)


def person(request: Request) -> User:
    return cast(User, request.user)


def read(data: Any, uuid: UUID) -> LogBody:
    """The body as the contract reads it, or a 400 with every field."""
    try:
        return read_log(data, uuid=uuid)
    except LogRefused as refused:
        refuse(refused)


def client_asked_for(request: Request) -> UUID | None:
    asked = request.query_params.get("client")
    try:
        return UUID(asked) if asked else None
    except ValueError:
        raise ValidationError({"client": "Send a UUID."})


def own_client(request: Request) -> Client:
    """The client this person writes for: the one asked for, the one they sit as, or the first."""
    asked = client_asked_for(request)
    seated: Client | None = getattr(request._request, "acting_client", None)
    if asked is None and seated is not None:
        return seated
    own = Client.objects.own(request.user).visible_to(request.user).select_related("clinic").order_by("pk")
    found: Client | None = own.filter(uuid=asked).first() if asked else own.first()
    if found is None:
        raise Http404
    return found


def for_client(sessions: SessionQuerySet, request: Request) -> SessionQuerySet:
    asked = client_asked_for(request)
    return sessions.filter(client__uuid=asked) if asked else sessions


def own_session(request: Request, uuid: UUID) -> Session:
    return one(Session.objects.of(own_client(request)), uuid)


def visible_session(request: Request, uuid: UUID) -> Session:
    return one(for_client(Session.objects.visible_to(request.user), request), uuid)


def one(sessions: SessionQuerySet, uuid: UUID) -> Session:
    found: Session | None = sessions.filter(uuid=uuid).with_parts().order_by("pk").first()
    if found is None:
        raise Http404
    return found


def revision_seen(request: Request) -> int:
    header = request.headers.get("If-Match")
    if header is None:
        raise VersionNeeded
    match = IF_MATCH.match(header.strip())
    # A tag that is none of ours names a version that never was.
    return int(match[1]) if match else 0


def questions(body: LogBody, client: Client) -> list[dict[str, object]]:
    """The safety questions that this log calls for and leaves open; none once there is a yes."""
    if not asks_safety_questions(body, lines_of(client)) or any(given.answer for given in body.red_flags):
        return []
    answered = {given.slug for given in body.red_flags}
    flags = RedFlag.objects.of(client.clinic_id).order_by("position")
    asked = questions_at(flags, [map_region_at(site.region, site.side).id for site in body.sites])
    return [
        {"slug": flag.slug, "question": flag.question, "version": flag.version}
        for flag in asked
        if flag.slug not in answered
    ]


def answer(session: Session, status: int = 200, **known: Any) -> Response:
    """The stored log with its revision as ETag; `known` spares reading again what was just written."""
    told = SessionSerializer(session, context=known).data
    return Response(told, status=status, headers={"ETag": f'"{session.revision}"'})
