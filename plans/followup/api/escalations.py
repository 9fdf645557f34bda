"""Cases that a caller may see, and answering them."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.people.actions import record_read
from accounts.people.models import User
from plans.followup import actions
from plans.followup.models import Escalation
from plans.followup.rules import EscalationState

from .serializers import AcknowledgeSerializer, EscalationSerializer, EscalationWithEvents, ResolveSerializer


class TakenBefore(exceptions.APIException):
    """Somebody was first; `by` and `at` say who and when."""

    status_code = status.HTTP_409_CONFLICT

    def __init__(self, before: actions.AlreadyAcknowledged | actions.AlreadyResolved) -> None:
        words = "resolved" if isinstance(before, actions.AlreadyResolved) else "acknowledged"
        super().__init__(f"{before.by} {words} this case before you.")
        self.extra = {"by": str(before.by), "at": before.at}


def cases_of(request: Request) -> QuerySet[Escalation]:
    visible: QuerySet[Escalation] = Escalation.objects.visible_to(request.user)
    return visible.select_related("client", "clinic", "holder__user", "acked_by")


def _person(request: Request) -> User:
    """Who answers; a caller without a place in the clinic has found no case before this is asked."""
    assert isinstance(request.user, User)
    return request.user


class EscalationList(generics.ListAPIView[Escalation]):
    """The cases you may see, newest first, by cursor."""

    serializer_class = EscalationSerializer
    queryset = Escalation.objects.none()

    @extend_schema(parameters=[OpenApiParameter("state", str, enum=[s.value for s in EscalationState])])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The cases you may see, newest first, by cursor; `state` picks one state."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Escalation]:
        wanted = self.request.query_params.get("state")
        if wanted is None:
            return cases_of(self.request)
        if wanted not in set(EscalationState):
            raise exceptions.ValidationError({"state": [f"There is no state {wanted!r}."]})
        return cases_of(self.request).filter(state=wanted)


class EscalationDetail(generics.RetrieveAPIView[Escalation]):
    """One case with its events; that you looked is written down."""

    serializer_class = EscalationWithEvents
    queryset = Escalation.objects.none()
    lookup_field = "uuid"

    def get_queryset(self) -> QuerySet[Escalation]:
        return cases_of(self.request)

    def get_object(self) -> Escalation:
        case = super().get_object()
        if isinstance(self.request.user, User):
            record_read(client=case.client, by=self.request.user, now=timezone.now())
        return case


class EscalationAcknowledge(APIView):
    @extend_schema(request=AcknowledgeSerializer, responses=EscalationWithEvents)
    def post(self, request: Request, uuid: UUID) -> Response:
        """Take the case. 409 says who was first."""
        case = get_object_or_404(cases_of(request), uuid=uuid)
        asked = AcknowledgeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        now = timezone.now()
        by_then = asked.validated_data.get("follow_up_by")
        if by_then is not None and by_then <= now:
            raise exceptions.ValidationError({"follow_up_by": ["Choose a time that is still to come."]})
        try:
            actions.acknowledge_escalation(escalation=case, by=_person(request), now=now, follow_up_by=by_then)
        except (actions.AlreadyAcknowledged, actions.AlreadyResolved) as before:
            raise TakenBefore(before) from before
        return Response(EscalationWithEvents(cases_of(request).get(pk=case.pk)).data)


class EscalationResolve(APIView):
    @extend_schema(request=ResolveSerializer, responses=EscalationWithEvents)
    def post(self, request: Request, uuid: UUID) -> Response:
        """End the case with an outcome; one that nobody took is taken as well. 409 says who ended it before."""
        case = get_object_or_404(cases_of(request), uuid=uuid)
        asked = ResolveSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            actions.resolve_escalation(
                escalation=case,
                outcome=asked.validated_data["outcome"],
                note=asked.validated_data["note"],
                by=_person(request),
                now=timezone.now(),
            )
        except actions.NoteRequired:
            raise exceptions.ValidationError({"note": ["This outcome needs a note."]})
        except actions.AlreadyResolved as before:
            raise TakenBefore(before) from before
        return Response(EscalationWithEvents(cases_of(request).get(pk=case.pk)).data)
