"""The short questions by API: what is open, what was answered, and an answer."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.people.actions import record_reads
from accounts.people.models import Client
from plans.journal.actions import Answered, answer_outcome
from plans.journal.forms import open_questions
from plans.journal.models import OutcomeAnswer
from plans.journal.rules import LogRefused, MeasureSlug, Occasion, read_outcome

from .problems import refuse
from .views import CLIENT, PROBLEM, client_asked_for, own_client, person

LONGEST_LIST = 500


class GivenSerializer(serializers.Serializer[Any]):
    item = serializers.IntegerField(min_value=1, max_value=5, help_text="Counted from 1")
    value = serializers.IntegerField(min_value=-5, max_value=10, help_text="PEG and PSFS 0 to 10, GROC -5 to 5")
    label = serializers.CharField(  # type: ignore[assignment]  # the contract's own word
        max_length=80, required=False, help_text="PSFS: the client's own activity, named the first time"
    )


@extend_schema_serializer(component_name="OutcomeGiven")
class OutcomeSerializer(serializers.Serializer[Any]):
    """One measure answered whole: PEG 3 items, PSFS 3 to 5 activities, GROC 1. The rules read and refuse."""

    measure = serializers.ChoiceField(choices=[slug.value for slug in MeasureSlug])
    answered_at = serializers.DateTimeField(required=False, help_text="By the phone's clock, with its offset")
    sent_at = serializers.DateTimeField(required=False, help_text="The phone's clock when sending")
    answers = GivenSerializer(many=True)


@extend_schema_serializer(component_name="Outcome")
class AnsweredSerializer(serializers.Serializer[Any]):
    client = serializers.UUIDField()
    measure = serializers.ChoiceField(choices=[slug.value for slug in MeasureSlug])
    on = serializers.DateField(help_text="The client's own day")
    answered_at = serializers.DateTimeField()
    score = serializers.FloatField(allow_null=True, help_text="The mean of the items; PSFS and GROC: higher is better")
    answers = GivenSerializer(many=True)


class QuestionSerializer(serializers.Serializer[Any]):
    item = serializers.IntegerField()
    text = serializers.CharField(help_text="The question, or the client's own activity")


class OpenMeasureSerializer(serializers.Serializer[Any]):
    measure = serializers.ChoiceField(choices=[slug.value for slug in MeasureSlug])
    lowest = serializers.IntegerField()
    highest = serializers.IntegerField()
    questions = QuestionSerializer(many=True, help_text="Empty where the client names 3 to 5 activities first")


class OpenSerializer(serializers.Serializer[Any]):
    """What is asked now; `occasion` is null when nothing is due."""

    occasion = serializers.ChoiceField(choices=[each.value for each in Occasion], allow_null=True)
    until = serializers.DateField(allow_null=True)
    measures = OpenMeasureSerializer(many=True)


class OutcomeView(APIView):
    """The short questions of the client who calls; who cares for a client may read the answers."""

    @extend_schema(
        operation_id="outcome_list",
        parameters=[CLIENT],
        responses={200: AnsweredSerializer(many=True)},
        summary="Answers to the short questions of everyone you may see, newest first",
    )
    def get(self, request: Request) -> Response:
        found = OutcomeAnswer.objects.visible_to(request.user).standing()
        asked = client_asked_for(request)
        found = found.filter(client__uuid=asked) if asked else found
        rows = found.whole(LONGEST_LIST)
        own = getattr(request._request, "acting_client", None)
        others = {row["client_id"] for row in rows} - {own and own.pk}
        record_reads(clients=Client.objects.filter(pk__in=others), by=person(request), now=timezone.now())
        return Response(AnsweredSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="outcome_answer",
        parameters=[CLIENT],
        request=OutcomeSerializer,
        responses={201: AnsweredSerializer, 200: AnsweredSerializer, 400: PROBLEM, 404: PROBLEM},
        summary="Answer one measure; again on the same day puts it right, the same again changes nothing",
    )
    def post(self, request: Request) -> Response:
        client = own_client(request)
        try:
            body = read_outcome(dict(request.data) if isinstance(request.data, dict) else {})
            answered = answer_outcome(client=client, body=body, by=person(request), now=timezone.now())
        except LogRefused as refused:
            refuse(refused)
        return Response(as_answered(client, answered), status=201 if answered.created else 200)


class OutcomeDueView(APIView):
    """What is asked now."""

    @extend_schema(
        operation_id="outcome_due",
        parameters=[CLIENT],
        responses={200: OpenSerializer, 404: OpenApiResponse(description="No such client")},
        summary="The short questions that are open today: at baseline, weeks 2, 4 and 6, and at the end",
    )
    def get(self, request: Request) -> Response:
        asked = open_questions(client=own_client(request), now=timezone.now())
        return Response(
            {
                "occasion": asked.due.occasion if asked.due else None,
                "until": asked.due.until.isoformat() if asked.due else None,
                "measures": [
                    {
                        "measure": slug,
                        "lowest": asked.measure(slug).lowest,
                        "highest": asked.measure(slug).highest,
                        "questions": [{"item": n, "text": str(text)} for n, text in asked.texts(slug).items()],
                    }
                    for slug in (asked.due.measures if asked.due else ())
                ],
            }
        )


def as_answered(client: Client, answered: Answered) -> dict[str, Any]:
    return dict(
        AnsweredSerializer(
            {
                "client": client.uuid,
                "measure": answered.measure,
                "on": answered.on,
                "answered_at": answered.answered_at,
                "score": answered.score,
                "answers": [{"item": each.item, "value": each.value, "label": each.label} for each in answered.answers],
            }
        ).data
    )
