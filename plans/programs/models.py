"""What is asked: templates, a client's own program with its versions, and the answers that keep it safe."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Client, Clinic, User
from plans.library.models import Contraindication, Record, Technique, TechniqueRevision
from plans.library.rules import Side

from .querysets import PlannedSessionQuerySet, PrescriptionQuerySet, ProgramQuerySet, TemplateQuerySet
from .rules import IntakeReply, PlannedState, ProgramState, TemplateState


class ProgramTemplate(Record):
    """A program to start from, in the clinic's own copy."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in TemplateState], default=TemplateState.IN_REVIEW
    )
    level = models.CharField(max_length=10)
    audience = models.JSONField(default=list)
    summary = models.TextField(blank=True)
    regions = models.JSONField(default=list, help_text="Content regions")
    duration_weeks = models.PositiveSmallIntegerField()
    entry_criteria = models.JSONField(default=list)
    not_for = models.JSONField(default=list)
    stop_rules = models.JSONField(default=list)
    review_weeks = models.JSONField(default=list)
    outcome_measures = models.JSONField(default=list)
    red_flags = models.JSONField(default=list, help_text="Slugs of the red flags asked at intake")
    intake_slugs = models.JSONField(default=list, help_text="Slugs of the contraindications asked at intake")
    gentler = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    harder = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    escalate_to = models.ForeignKey(Technique, on_delete=models.SET_NULL, null=True, related_name="+")
    max_items_per_session = models.PositiveSmallIntegerField(default=4)
    bodyworker_notes = models.TextField(blank=True)
    sources = models.JSONField(default=list)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = TemplateQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="template_approved_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_at__isnull=False), name="template_approved_has_time"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TemplatePhase(models.Model):
    """One stretch of a template; positions count from 1, as people say them."""

    template = models.ForeignKey(ProgramTemplate, on_delete=models.CASCADE, related_name="phases")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    goal = models.TextField(blank=True)
    week_from = models.PositiveSmallIntegerField()
    week_to = models.PositiveSmallIntegerField()
    progress_when = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "position"], name="template_phase_position_once"),
            models.CheckConstraint(condition=Q(week_to__gte=F("week_from")), name="template_phase_weeks_forward"),
        ]

    def __str__(self) -> str:
        return self.title


class Dosage(models.Model):
    """How much of a technique: sets, repetitions, seconds, and how many sessions a week."""

    sets = models.PositiveSmallIntegerField(default=1)
    reps = models.PositiveSmallIntegerField(null=True)
    hold_s = models.PositiveIntegerField(null=True)
    duration_s = models.PositiveIntegerField(null=True)
    per_side = models.BooleanField(default=False)
    rest_s = models.PositiveIntegerField(null=True)
    sessions_per_week = models.PositiveSmallIntegerField()
    is_optional = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


class TemplateItem(Dosage):
    phase = models.ForeignKey(TemplatePhase, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    technique = models.ForeignKey(Technique, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phase", "position"], name="template_item_position_once"),
            models.CheckConstraint(condition=Q(sessions_per_week__range=(1, 7)), name="template_item_1_to_7_a_week"),
        ]

    def __str__(self) -> str:
        return f"{self.technique} {self.sessions_per_week} a week"


class Program(models.Model):
    """One client's program; what it asks for lives in its versions."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    template = models.ForeignKey(ProgramTemplate, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ProgramState])
    state_reason = models.CharField(
        max_length=80, blank=True, help_text="Rule or red flag that locked or paused it, or client"
    )
    state_at = models.DateTimeField()
    starts_on = models.DateField(help_text="In the client's own day")
    ends_on = models.DateField(help_text="Last day of the last phase, in the client's own day")
    finished_on = models.DateField(null=True)
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()

    objects = ProgramQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in ProgramState]), name="program_state_known"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="program_ends_after_start"),
            models.CheckConstraint(
                condition=(Q(state="finished") & Q(finished_on__isnull=False))
                | (~Q(state="finished") & Q(finished_on__isnull=True)),
                name="program_finished_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["locked", "paused"]) | ~Q(state_reason=""), name="program_held_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "client"], name="program_clinic_client"),
            # The engine asks every minute which running programs are over.
            models.Index(fields=["ends_on"], condition=Q(state="running"), name="program_running_ends"),
        ]

    def __str__(self) -> str:
        return self.name


class ProgramVersion(models.Model):
    """What the program asked for from a day on; sessions stay tied to the version that was done."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "number"], name="program_version_once")]

    def __str__(self) -> str:
        return f"{self.program}, version {self.number}"


class Phase(models.Model):
    """One stretch of a program; positions count from 1, as people say them."""

    version = models.ForeignKey(ProgramVersion, on_delete=models.CASCADE, related_name="phases")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    goal = models.TextField(blank=True)
    week_from = models.PositiveSmallIntegerField()
    week_to = models.PositiveSmallIntegerField()
    progress_when = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="phase_position_once"),
            models.CheckConstraint(condition=Q(week_to__gte=F("week_from")), name="phase_weeks_forward"),
        ]

    def __str__(self) -> str:
        return self.title


class Prescription(Dosage):
    """One technique in one phase, with this client's dosage and side."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    line = models.UUIDField(default=uuid4, help_text="The same through all versions of the program")
    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="prescriptions")
    position = models.PositiveSmallIntegerField()
    revision = models.ForeignKey(TechniqueRevision, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=5, choices=[(s.value, s.value) for s in Side], default=Side.NONE)
    hidden_at = models.DateTimeField(null=True, help_text="Left out until a bodyworker answers")
    hidden_reason = models.CharField(max_length=80, blank=True)

    objects = PrescriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phase", "position"], name="prescription_position_once"),
            models.CheckConstraint(condition=Q(sessions_per_week__range=(1, 7)), name="prescription_1_to_7_a_week"),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, hidden_reason="")
                | (Q(hidden_at__isnull=False) & ~Q(hidden_reason="")),
                name="prescription_hidden_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision} {self.sessions_per_week} a week"


class PlannedSession(models.Model):
    """One session on one of the client's own days."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="planned_sessions")
    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="planned_sessions")
    on = models.DateField()
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in PlannedState], default=PlannedState.PLANNED
    )
    prescriptions = models.ManyToManyField(Prescription, related_name="planned_sessions")

    objects = PlannedSessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "on"], condition=~Q(state="withdrawn"), name="planned_session_once_a_day"
            )
        ]
        indexes = [
            models.Index(fields=["client", "on"], name="planned_client_on"),
            # The engine asks every minute whose session is today.
            models.Index(fields=["on"], name="planned_on"),
        ]

    def __str__(self) -> str:
        return f"{self.program} on {self.on}"


class IntakeAnswer(models.Model):
    """What the client said to one safety question, in which wording, and until when it counts."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    contraindication = models.ForeignKey(Contraindication, on_delete=models.PROTECT, related_name="+")
    question_version = models.PositiveIntegerField()
    reply = models.CharField(max_length=6, choices=[(r.value, r.value) for r in IntakeReply])
    regions = models.JSONField(default=list, help_text="Content regions of a local block; empty is everywhere")
    answered_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "contraindication"],
                condition=Q(superseded_at__isnull=True),
                name="intake_one_live_answer",
            )
        ]

    def __str__(self) -> str:
        return f"{self.contraindication}: {self.reply}"


class SignOff(models.Model):
    """A named bodyworker takes a caution on, with a reason."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    technique = models.ForeignKey(Technique, on_delete=models.PROTECT, related_name="+")
    prescription = models.ForeignKey(Prescription, on_delete=models.CASCADE, null=True, related_name="sign_offs")
    contraindication = models.ForeignKey(Contraindication, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="sign_off_has_reason")]

    def __str__(self) -> str:
        return f"sign-off for {self.technique}"
