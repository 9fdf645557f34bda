"""Visits, calls and messages between staff and a client, as staff write them down. The clients' own API has none."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.people.actions import record_contact, record_read
from accounts.people.models import Client, Contact, User
from accounts.people.rules import ContactKind, Permission

# A phone's clock may run ahead by so much, as a log's may.
MAY_BE_AHEAD = dt.timedelta(minutes=10)


class ContactSerializer(serializers.ModelSerializer[Contact]):
    """`at` is when it was, just now where it is left out; `by` is the name of who wrote it down."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in ContactKind])
    at = serializers.DateTimeField(required=False)
    by = serializers.CharField(source="by.name", read_only=True)

    class Meta:
        model = Contact
        fields = ["kind", "at", "by"]

    def validate_at(self, at: dt.datetime) -> dt.datetime:
        now: dt.datetime = self.context["now"]
        if at > now + MAY_BE_AHEAD:
            raise serializers.ValidationError(_("This time has not come yet. A contact is written down afterwards."))
        return min(at, now)


class ContactList(generics.ListAPIView[Contact]):
    """What staff write down; rules about silence and about care read it."""

    serializer_class = ContactSerializer
    queryset = Contact.objects.none()

    def get_queryset(self) -> QuerySet[Contact]:
        return Contact.objects.filter(client=self.client).select_related("by")

    @extend_schema(operation_id="contact_list", summary="Contacts of a client in your care, newest first, by cursor")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        record_read(client=self.client, by=self.person(), now=timezone.now())
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="contact_record",
        request=ContactSerializer,
        responses={201: ContactSerializer},
        summary="Write down a visit, call or message that happened",
    )
    def post(self, request: Request, uuid: UUID) -> Response:
        client, now = self.client, timezone.now()
        said = ContactSerializer(data=request.data, context={"now": now})
        said.is_valid(raise_exception=True)
        contact = record_contact(
            client=client,
            kind=ContactKind(said.validated_data["kind"]),
            at=said.validated_data.get("at", now),
            by=self.person(),
            now=now,
        )
        return Response(ContactSerializer(contact).data, status=status.HTTP_201_CREATED)

    @cached_property
    def client(self) -> Client:
        """A client of the clinic this person works in now, and whom they may see as its staff."""
        place = getattr(self.request._request, "membership", None)
        if place is None or not place.may(Permission.SEE_CASELOAD):
            raise Http404
        mine = Client.objects.visible_to(self.request.user).filter(clinic=place.clinic_id)
        client: Client = get_object_or_404(mine, uuid=self.kwargs["uuid"])
        return client

    def person(self) -> User:
        """Whoever has a place on the staff is a user."""
        assert isinstance(self.request.user, User)
        return self.request.user
