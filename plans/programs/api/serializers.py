"""How a program is written down for a program that reads it. Days are the client's own; seconds where `_s`."""

from rest_framework import serializers

from plans.programs.models import Phase, Prescription, Program, ProgramVersion


class PrescriptionSerializer(serializers.ModelSerializer[Prescription]):
    """One technique with its dosage. `line` stays the same through all versions of the program."""

    technique = serializers.UUIDField(source="revision.technique.uuid", help_text="The technique's address")
    name = serializers.CharField(source="revision.name")
    revision = serializers.UUIDField(source="revision.uuid", help_text="The text the client was given")
    delivered_by = serializers.CharField(source="revision.delivered_by")
    is_hidden = serializers.SerializerMethodField(help_text="Left out until a bodyworker answers")

    class Meta:
        model = Prescription
        fields = [
            "uuid",
            "line",
            "technique",
            "name",
            "revision",
            "delivered_by",
            "side",
            "sets",
            "reps",
            "hold_s",
            "duration_s",
            "per_side",
            "rest_s",
            "sessions_per_week",
            "is_optional",
            "is_hidden",
            "note",
        ]
        read_only_fields = fields

    def get_is_hidden(self, prescription: Prescription) -> bool:
        return prescription.hidden_at is not None


class PhaseSerializer(serializers.ModelSerializer[Phase]):
    """Weeks count from 1 and both ends belong to the phase."""

    prescriptions = PrescriptionSerializer(many=True)

    class Meta:
        model = Phase
        fields = ["title", "goal", "week_from", "week_to", "prescriptions"]
        read_only_fields = fields


class VersionSerializer(serializers.ModelSerializer[ProgramVersion]):
    """What the program asked for from a day on."""

    phases = PhaseSerializer(many=True)

    class Meta:
        model = ProgramVersion
        fields = ["number", "from_on", "made_at", "phases"]
        read_only_fields = fields


class ProgramSerializer(serializers.ModelSerializer[Program]):
    """A program in a list. `state` is offered, running, paused, locked or finished."""

    client = serializers.UUIDField(source="client.uuid")
    version = serializers.IntegerField(source="version_number", help_text="The newest version")

    class Meta:
        model = Program
        fields = ["uuid", "client", "name", "state", "starts_on", "ends_on", "finished_on", "version"]
        read_only_fields = fields


class ProgramDetailSerializer(ProgramSerializer):
    """A whole program, the newest version first."""

    versions = VersionSerializer(many=True)

    class Meta(ProgramSerializer.Meta):
        fields = [*ProgramSerializer.Meta.fields, "versions"]
        read_only_fields = fields
