"""The shapes of a case in the schema."""

from typing import Any

from rest_framework import serializers

from plans.followup.models import Escalation, EscalationEvent
from plans.followup.rules import EscalationState, Family, Outcome, Urgency


class EventSerializer(serializers.ModelSerializer[EscalationEvent]):
    by = serializers.CharField(source="by.name", default=None, read_only=True)

    class Meta:
        model = EscalationEvent
        fields = ["sequence", "at", "act", "by", "generation", "tier"]
        read_only_fields = fields


class EscalationSerializer(serializers.ModelSerializer[Escalation]):
    """`message` is the id of the finding's words, `params` and `readings` what proves it (scores 0-10)."""

    client = serializers.UUIDField(source="client.uuid", read_only=True)
    clinic = serializers.CharField(source="clinic.slug", read_only=True)
    family = serializers.ChoiceField(choices=[f.value for f in Family], read_only=True)
    urgency = serializers.ChoiceField(choices=[u.value for u in Urgency], read_only=True)
    state = serializers.ChoiceField(choices=[s.value for s in EscalationState], read_only=True)
    outcome = serializers.CharField(read_only=True)
    holder = serializers.CharField(source="holder.user.name", default=None, read_only=True)
    acked_by = serializers.CharField(source="acked_by.name", default=None, read_only=True)
    readings = serializers.SerializerMethodField()

    class Meta:
        model = Escalation
        fields = [
            "uuid",
            "number",
            "client",
            "clinic",
            "family",
            "rule",
            "urgency",
            "message",
            "params",
            "readings",
            "state",
            "generation",
            "tier",
            "opened_at",
            "target_at",
            "next_action_at",
            "holder",
            "acked_at",
            "acked_by",
            "follow_up_by",
            "snoozed_until",
            "nobody_answered_at",
            "resolved_at",
            "outcome",
        ]
        read_only_fields = fields

    def get_readings(self, case: Escalation) -> list[dict[str, Any]]:
        """Day and score; row numbers stay inside."""
        return [{"on": reading["on"], "score": reading["score"]} for reading in case.readings]


class EscalationWithEvents(EscalationSerializer):
    """A case with everything that happened to it, in sequence; the note is for those who answer cases."""

    events = serializers.SerializerMethodField()

    class Meta(EscalationSerializer.Meta):
        fields = [*EscalationSerializer.Meta.fields, "note", "events"]
        read_only_fields = fields

    def get_events(self, case: Escalation) -> list[dict[str, Any]]:
        return list(EventSerializer(case.events.select_related("by").order_by("sequence"), many=True).data)


class AcknowledgeSerializer(serializers.Serializer[Any]):
    """`follow_up_by`: when to look again, in the future; left out, the urgency's own time."""

    follow_up_by = serializers.DateTimeField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return refuse_unknown(self, attrs)


class ResolveSerializer(serializers.Serializer[Any]):
    """`note` is required for the outcomes no_answer and not_a_concern."""

    outcome = serializers.ChoiceField(choices=[o.value for o in Outcome])
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=4000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return refuse_unknown(self, attrs)


def refuse_unknown(serializer: serializers.Serializer[Any], attrs: dict[str, Any]) -> dict[str, Any]:
    """Raises ValidationError naming each field that nobody knows."""
    given = serializer.initial_data if isinstance(serializer.initial_data, dict) else {}
    unknown = sorted(set(given) - set(serializer.fields))
    if unknown:
        raise serializers.ValidationError({str(name): ["There is no such field."] for name in unknown})
    return attrs
