"""Where the web meets people: which clinic and which role a signed-in request is about."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from zoneinfo import ZoneInfo

from .models import Client, Clinic, Membership

CURRENT_CLINIC = "clinic"
CURRENT_CLIENT = "client"


class SittingMiddleware:
    """Sets `request.clinic`, `request.membership` and `request.acting_client`.

    Staff come first: a person who is both staff and client of a clinic works as staff. The current
    clinic of a person of several is kept in the web session. Times are shown in that person's zone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = None  # type: ignore[attr-defined]
        request.acting_client = None  # type: ignore[attr-defined]
        request.clinic = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            self._seat(request)
        zone = self._zone(request)
        if zone is None:
            return self.get_response(request)
        with timezone.override(ZoneInfo(zone)):
            return self.get_response(request)

    def _seat(self, request: HttpRequest) -> None:
        chosen = request.session.get(CURRENT_CLINIC)
        memberships = list(
            Membership.objects.live().filter(user=request.user).select_related("clinic").order_by("pk")
        )
        seat = next((m for m in memberships if m.clinic_id == chosen), memberships[0] if memberships else None)
        if seat is not None:
            request.membership = seat  # type: ignore[attr-defined]
            request.clinic = seat.clinic  # type: ignore[attr-defined]
            return
        clients = list(Client.objects.own(request.user).select_related("clinic").order_by("pk"))
        wanted = request.session.get(CURRENT_CLIENT)
        client = next((c for c in clients if c.pk == wanted), clients[0] if clients else None)
        if client is not None:
            request.acting_client = client  # type: ignore[attr-defined]
            request.clinic = client.clinic  # type: ignore[attr-defined]

    def _zone(self, request: HttpRequest) -> str | None:
        client: Client | None = request.acting_client  # type: ignore[attr-defined]
        clinic: Clinic | None = request.clinic  # type: ignore[attr-defined]
        if client is not None:
            return str(client.zone)
        return str(clinic.zone) if clinic is not None else None
