"""The clients a caller may see: who they are and when they meet next, and nothing about their health."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from rest_framework import generics, serializers

from accounts.people.actions import record_read
from accounts.people.models import CareRelationship, Client, User


class ClientSerializer(serializers.ModelSerializer[Client]):
    """`state` is invited, in_care or discharged; dates are the client's own days."""

    state = serializers.SerializerMethodField()
    next_visit_on = serializers.DateField(read_only=True, allow_null=True)
    clinic = serializers.CharField(source="clinic.slug", read_only=True)

    class Meta:
        model = Client
        fields = ["uuid", "name", "clinic", "zone", "state", "next_visit_on"]
        read_only_fields = fields

    def get_state(self, client: Client) -> str:
        if client.discharged_at is not None:
            return "discharged"
        return "in_care" if client.accepted_at is not None else "invited"


def clients_of(user: User | AnonymousUser) -> QuerySet[Client]:
    """`visible_to` first, then when client and bodyworker meet next."""
    care = CareRelationship.objects.primary().filter(client=OuterRef("pk"))
    visible: QuerySet[Client] = Client.objects.visible_to(user).select_related("clinic")
    return visible.annotate(next_visit_on=Subquery(care.values("next_visit_on")[:1]))


class ClientList(generics.ListAPIView[Client]):
    """The clients you may see, newest first, by cursor."""

    serializer_class = ClientSerializer
    queryset = Client.objects.none()

    def get_queryset(self) -> QuerySet[Client]:
        return clients_of(self.request.user)


class ClientDetail(generics.RetrieveAPIView[Client]):
    """One client you may see; that you looked is written down."""

    serializer_class = ClientSerializer
    queryset = Client.objects.none()
    lookup_field = "uuid"

    def get_queryset(self) -> QuerySet[Client]:
        return clients_of(self.request.user)

    def get_object(self) -> Client:
        client = super().get_object()
        if isinstance(self.request.user, User):
            record_read(client=client, by=self.request.user, now=timezone.now())
        return client
