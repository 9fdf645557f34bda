"""The shapes of a log in the schema, and the stored row as an answer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from plans.journal.actions import body_of
from plans.journal.models import Session
from plans.journal.rules import Felt, Harm, LogBody, Moment, StopReason, as_contract
from plans.library.rules import Side

STORED = (
    "uuid", "performed_at", "local_on", "received_at", "clock_suspect", "revision", "removed_at", "shown",
)  # fmt: skip


class SiteSerializer(serializers.Serializer[Any]):
    region = serializers.CharField(help_text="A body-map region without its side, such as back-buttock")
    side = serializers.ChoiceField(choices=[Side.LEFT.value, Side.RIGHT.value, Side.NONE.value])
    score = serializers.IntegerField(min_value=0, max_value=10, required=False, allow_null=True)


class ReportSerializer(serializers.Serializer[Any]):
    moment = serializers.ChoiceField(choices=[m.value for m in Moment])
    score = serializers.IntegerField(min_value=0, max_value=10)
    sites = SiteSerializer(many=True, required=False)


class ItemSerializer(serializers.Serializer[Any]):
    prescription = serializers.UUIDField()
    done = serializers.BooleanField()
    peak = serializers.IntegerField(min_value=0, max_value=10, required=False, allow_null=True)
    stop_reason = serializers.ChoiceField(choices=[r.value for r in StopReason], required=False, allow_null=True)
    eased = serializers.BooleanField(required=False, allow_null=True, help_text="Within 30 seconds of easing off")


class FlagAnswerSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    answer = serializers.BooleanField()
    version = serializers.IntegerField(min_value=1)


class ShownSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    flag = serializers.CharField(help_text="The red flag whose own words these are, or empty")
    text = serializers.CharField()


@extend_schema_serializer(component_name="Log")
class LogSerializer(serializers.Serializer[Any]):
    """One session, or a check-in when `program` is null. plans.journal.rules reads and refuses; this describes."""

    program = serializers.UUIDField(allow_null=True, required=False, help_text="Null for a check-in")
    performed_at = serializers.DateTimeField(help_text="By the phone's clock, with its offset")
    sent_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="The phone's clock when sending: corrects a wrong one"
    )
    items = ItemSerializer(many=True, required=False)
    reports = ReportSerializer(
        many=True, help_text="A session: before and after. A check-in: check_in or next_morning, alone"
    )
    can_wait = serializers.BooleanField(
        required=False, allow_null=True, help_text="Needed with a score of 7 or more: can it wait until the next visit"
    )
    slept_badly = serializers.BooleanField(required=False, allow_null=True)
    harm = serializers.ListField(child=serializers.ChoiceField(choices=[h.value for h in Harm]), required=False)
    red_flags = FlagAnswerSerializer(many=True, required=False)
    felt = serializers.ChoiceField(choices=[f.value for f in Felt], required=False, allow_blank=True)
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class AskSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    question = serializers.CharField()
    version = serializers.IntegerField()


@extend_schema_serializer(component_name="Session")
class SessionSerializer(LogSerializer):
    """A stored log. Nothing of it is ever overwritten: corrections count up `revision`."""

    sent_at = None  # type: ignore[assignment]  # a phone's clock when sending is no part of the stored log
    uuid = serializers.UUIDField()
    client = serializers.UUIDField()
    local_on = serializers.DateField(help_text="The client's own day")
    received_at = serializers.DateTimeField()
    clock_suspect = serializers.BooleanField()
    revision = serializers.IntegerField(help_text="Send it as If-Match to correct")
    removed_at = serializers.DateTimeField(allow_null=True)
    shown = ShownSerializer(many=True, help_text="The exact texts shown in answer")
    ask = AskSerializer(many=True, required=False, help_text="Safety questions to ask now; PATCH the answers")

    def to_representation(self, instance: Session) -> dict[str, Any]:
        """Pass the `body` just accepted in the context and nothing is read again."""
        body = self.context.get("body") or body_of(instance)
        row = {name: getattr(instance, name) for name in STORED} | {"client_uuid": instance.client.uuid}
        return stored(row, body) | {"ask": self.context.get("ask", [])}


def stored(row: Mapping[str, Any], body: LogBody) -> dict[str, Any]:
    """A log as it is answered, from its row and what it says."""
    said = as_contract(replace(body, performed_at=row["performed_at"]))
    del said["sent_at"]
    return {
        "uuid": str(row["uuid"]),
        "client": str(row["client_uuid"]),
        **said,
        "local_on": row["local_on"].isoformat(),
        "received_at": row["received_at"].isoformat(),
        "clock_suspect": row["clock_suspect"],
        "revision": row["revision"],
        "removed_at": row["removed_at"].isoformat() if row["removed_at"] else None,
        "shown": row["shown"],
        "ask": [],
    }
