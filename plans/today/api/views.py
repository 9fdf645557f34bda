"""GET /api/v1/today/."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from plans.journal.api.views import CLIENT, PROBLEM, own_client
from plans.journal.forms import weekly_bundles
from plans.today.querysets.day import courses_of, logs_of
from plans.today.querysets.standing import card_of

from .serializers import TodaySerializer


class TodayView(APIView):
    """What today asks of the client who calls; nobody else's day is read here."""

    @extend_schema(
        operation_id="today",
        parameters=[CLIENT],
        responses={200: TodaySerializer, 404: PROBLEM},
        summary="What is planned today, with the client's own dosage, and when the next session is",
    )
    def get(self, request: Request) -> Response:
        client = own_client(request)
        now = timezone.now()
        on = now.astimezone(client.local_zone).date()
        logs = logs_of(client, today=on)
        cards = [card_of(course, logs, on) for course in courses_of(client, today=on)]
        weekly = weekly_bundles(client=client, now=now)
        day = {"client": client.uuid, "zone": client.zone, "on": on, "programs": cards, "weekly": weekly}
        return Response(TodaySerializer(day).data)
