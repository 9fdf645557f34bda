"""How a technique is written down for a program that reads it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from plans.library.drawings import poses
from plans.library.models import Contraindication, Muscle, Source, Technique, TriggerPoint
from plans.library.rules import AREAS, DeliveredBy, Equipment, TechniqueKind

DOSAGE = (
    "sets",
    "reps",
    "hold_s",
    "duration_s",
    "per_side",
    "rest_s",
    "sessions_per_week_min",
    "sessions_per_week_max",
)


class AskedSerializer(serializers.Serializer[Any]):
    """What may stand in the address of the list."""

    q = serializers.CharField(
        required=False, max_length=100, help_text="Words such as “piriformis knot”; likeliest first"
    )
    region = serializers.ChoiceField(required=False, choices=list(AREAS.items()), help_text="One of the eight areas")
    kind = serializers.ChoiceField(required=False, choices=[kind.value for kind in TechniqueKind])
    equipment = serializers.ChoiceField(required=False, choices=[tool.value for tool in Equipment])
    delivered_by = serializers.ChoiceField(required=False, choices=[who.value for who in DeliveredBy])


class TechniqueSerializer(serializers.ModelSerializer[Technique]):
    """A technique in a list. `needs_clinician_review` stays true until a named clinician has read the text."""

    name = serializers.CharField(source="current.name")
    kind = serializers.CharField(source="current.kind")
    delivered_by = serializers.CharField(source="current.delivered_by")
    intensity = serializers.CharField(source="current.intensity")
    equipment = serializers.ListField(source="current.equipment", child=serializers.CharField())
    estimated_minutes = serializers.IntegerField(source="current.estimated_minutes")
    revision = serializers.IntegerField(source="current.number")
    state = serializers.CharField(source="current.state")
    needs_clinician_review = serializers.SerializerMethodField()

    class Meta:
        model = Technique
        fields = [
            "uuid",
            "slug",
            "name",
            "kind",
            "delivered_by",
            "intensity",
            "equipment",
            "estimated_minutes",
            "revision",
            "state",
            "needs_clinician_review",
        ]
        read_only_fields = fields

    def get_needs_clinician_review(self, technique: Technique) -> bool:
        assert technique.current is not None
        return not technique.current.reviews.all()


class DosageSerializer(serializers.Serializer[Any]):
    """How much is usual; `_s` is seconds, for each side when `per_side`."""

    sets = serializers.IntegerField(allow_null=True)
    reps = serializers.IntegerField(allow_null=True)
    hold_s = serializers.IntegerField(allow_null=True)
    duration_s = serializers.IntegerField(allow_null=True)
    per_side = serializers.BooleanField()
    rest_s = serializers.IntegerField(allow_null=True)
    sessions_per_week_min = serializers.IntegerField(allow_null=True)
    sessions_per_week_max = serializers.IntegerField(allow_null=True)


class MuscleSerializer(serializers.ModelSerializer[Muscle]):
    class Meta:
        model = Muscle
        fields = ["slug", "name", "region"]


class PointSerializer(serializers.ModelSerializer[TriggerPoint]):
    class Meta:
        model = TriggerPoint
        fields = ["slug", "name", "location", "referral_regions"]


class ConditionSerializer(serializers.ModelSerializer[Contraindication]):
    class Meta:
        model = Contraindication
        fields = ["slug", "name", "default_action"]


class SourceSerializer(serializers.ModelSerializer[Source]):
    class Meta:
        model = Source
        fields = ["slug", "citation", "url", "read"]


class PictureSerializer(serializers.Serializer[Any]):
    """What a drawing shows, in words."""

    number = serializers.IntegerField()
    caption = serializers.CharField()
    alt = serializers.CharField()


class TechniqueDetailSerializer(TechniqueSerializer):
    """One technique with all that keeps people safe. `contraindications` block it, `cautions` need a sign-off."""

    position = serializers.CharField(source="current.position")
    steps = serializers.ListField(source="current.steps", child=serializers.CharField())
    dosage = serializers.SerializerMethodField()
    max_discomfort = serializers.IntegerField(source="current.max_discomfort", help_text="0-10; 0 is no pain at all")
    pressure_text = serializers.CharField(source="current.pressure_text")
    expected_soreness = serializers.CharField(source="current.expected_soreness")
    stop_when = serializers.ListField(source="current.stop_when", child=serializers.CharField())
    suits = serializers.ListField(source="current.suits", child=serializers.CharField())
    not_for = serializers.ListField(source="current.not_for", child=serializers.CharField())
    evidence_note = serializers.CharField(source="current.evidence_note")
    muscles = MuscleSerializer(source="current.named_muscles", many=True)
    trigger_points = PointSerializer(source="current.trigger_points", many=True)
    contraindications = ConditionSerializer(source="current.contraindications", many=True)
    cautions = ConditionSerializer(source="current.cautions", many=True)
    easier = serializers.SerializerMethodField()
    harder = serializers.SerializerMethodField()
    sources = SourceSerializer(source="current.sources", many=True)
    drawings = serializers.SerializerMethodField()

    class Meta(TechniqueSerializer.Meta):
        fields = [
            *TechniqueSerializer.Meta.fields,
            "position",
            "steps",
            "dosage",
            "max_discomfort",
            "pressure_text",
            "expected_soreness",
            "stop_when",
            "suits",
            "not_for",
            "evidence_note",
            "muscles",
            "trigger_points",
            "contraindications",
            "cautions",
            "easier",
            "harder",
            "sources",
            "drawings",
        ]
        read_only_fields = fields

    def get_easier(self, technique: Technique) -> list[UUID]:
        assert technique.current is not None
        return [other.uuid for other in technique.current.regressions.order_by("pk")]

    def get_harder(self, technique: Technique) -> list[UUID]:
        assert technique.current is not None
        return [other.uuid for other in technique.current.progressions.order_by("pk")]

    @extend_schema_field(DosageSerializer)
    def get_dosage(self, technique: Technique) -> dict[str, Any]:
        return {unit: getattr(technique.current, unit) for unit in DOSAGE}

    @extend_schema_field(PictureSerializer(many=True))
    def get_drawings(self, technique: Technique) -> list[dict[str, Any]]:
        return [
            {"number": step.number, "caption": step.caption, "alt": step.alt} for step in poses.steps_of(technique.slug)
        ]
