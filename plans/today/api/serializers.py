"""How a day of programs is written for the API."""

from typing import Any

from rest_framework import serializers

from plans.library.rules import Side
from plans.programs.rules import ProgramState
from plans.today.rules import Today


class AskedSerializer(serializers.Serializer[Any]):
    """One technique with this client's own dosage. Seconds are per side where `per_side`."""

    uuid = serializers.UUIDField()
    technique = serializers.UUIDField(source="revision.technique.uuid")
    revision = serializers.UUIDField(source="revision.uuid")
    name = serializers.CharField(source="revision.name")
    steps = serializers.ListField(child=serializers.CharField(), source="revision.steps")
    stop_when = serializers.ListField(child=serializers.CharField(), source="revision.stop_when")
    max_discomfort = serializers.IntegerField(source="revision.max_discomfort", help_text="0-10 limit while doing it")
    side = serializers.ChoiceField(choices=[side.value for side in Side])
    sets = serializers.IntegerField()
    reps = serializers.IntegerField(allow_null=True)
    hold_s = serializers.IntegerField(allow_null=True)
    duration_s = serializers.IntegerField(allow_null=True)
    rest_s = serializers.IntegerField(allow_null=True)
    per_side = serializers.BooleanField()
    sessions_per_week = serializers.IntegerField()
    is_optional = serializers.BooleanField()
    note = serializers.CharField()


class ProgramDaySerializer(serializers.Serializer[Any]):
    """One program on one day; `prescriptions` is what that day asks, left-out techniques not among it."""

    uuid = serializers.UUIDField(source="course.program.uuid")
    name = serializers.CharField(source="course.program.name")
    state = serializers.ChoiceField(choices=[state.value for state in ProgramState], source="course.program.state")
    stands = serializers.ChoiceField(choices=[stands.value for stands in Today])
    week = serializers.IntegerField(source="course.week")
    weeks = serializers.IntegerField(source="course.weeks")
    phase = serializers.IntegerField(source="course.phase.position", allow_null=True, default=None)
    phase_title = serializers.CharField(source="course.phase.title", allow_null=True, default=None)
    starts_on = serializers.DateField(source="course.program.starts_on")
    ends_on = serializers.DateField(source="course.program.ends_on")
    planned_session = serializers.UUIDField(source="planned", allow_null=True)
    next_on = serializers.DateField(allow_null=True)
    minutes = serializers.IntegerField()
    prescriptions = AskedSerializer(source="lines", many=True)
    left_out = AskedSerializer(source="course.left_out", many=True)


class WeeklyFlagSerializer(serializers.Serializer[Any]):
    """One safety question; a log answers it under `red_flags` with this slug and version."""

    slug = serializers.CharField()
    question = serializers.CharField()
    version = serializers.IntegerField()


class WeeklySerializer(serializers.Serializer[Any]):
    """A combined question. A no answers each of its own with no; a yes opens them."""

    slug = serializers.CharField()
    question = serializers.CharField()
    red_flags = WeeklyFlagSerializer(source="flags.all", many=True)


class TodaySerializer(serializers.Serializer[Any]):
    """Days are the client's own."""

    client = serializers.UUIDField()
    zone = serializers.CharField()
    on = serializers.DateField()
    programs = ProgramDaySerializer(many=True)
    weekly = WeeklySerializer(many=True, help_text="Safety questions due this week, with whatever is logged first")
