"""What is known: each clinic's own copy of muscles, trigger points, techniques and safety questions."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Clinic, User

from .querysets import LibraryQuerySet, TechniqueQuerySet, TechniqueRevisionQuerySet
from .rules import (
    ContraindicationEffect,
    DeliveredBy,
    FlagUrgency,
    ProgramAction,
    RevisionState,
)


class Record(models.Model):
    """What every record of a clinic's copy carries: its name in the starter library and that text's hash."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=80)
    origin_slug = models.SlugField(max_length=80, blank=True)
    origin_hash = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["clinic", "slug"], name="%(class)s_slug_once")]

    def __str__(self) -> str:
        return self.slug


class Source(Record):
    """Where a fact or a number comes from."""

    citation = models.TextField()
    url = models.CharField(max_length=400, blank=True)
    is_verified = models.BooleanField(default=False)
    read = models.CharField(max_length=300, blank=True, help_text="What of it was read")


class Muscle(Record):
    name = models.CharField(max_length=120)
    group = models.CharField(max_length=80)
    region = models.CharField(max_length=40)
    tissue = models.CharField(max_length=20)
    origin = models.TextField(blank=True)
    insertion = models.TextField(blank=True)
    actions = models.JSONField(default=list)
    innervation = models.TextField(blank=True)
    common_trigger_sites = models.TextField(blank=True)
    referred_pain = models.TextField(blank=True)
    aggravating_activities = models.JSONField(default=list)
    editor_note = models.TextField(blank=True)
    sources = models.ManyToManyField(Source, related_name="+")


class TriggerPoint(Record):
    muscle = models.ForeignKey(Muscle, on_delete=models.CASCADE, related_name="trigger_points")
    name = models.CharField(max_length=120)
    location = models.TextField(blank=True)
    referral = models.TextField(blank=True)
    referral_regions = models.JSONField(default=list, help_text="Content regions the pain is felt in")
    can_look_like = models.JSONField(default=list)
    caution = models.TextField(blank=True)
    sources = models.ManyToManyField(Source, related_name="+")


class Contraindication(Record):
    """A safety question asked at intake and what a yes does."""

    name = models.CharField(max_length=200)
    intake_question = models.TextField()
    default_action = models.CharField(max_length=12, choices=[(e.value, e.value) for e in ContraindicationEffect])
    client_text = models.TextField()
    bodyworker_text = models.TextField()
    recheck_after_days = models.PositiveIntegerField(null=True)
    needs_medical_clearance = models.BooleanField(default=False)
    applies_to = models.JSONField(default=list, help_text="Technique kinds, tags or any")
    sources = models.ManyToManyField(Source, related_name="+")


class RedFlag(Record):
    """A warning sign: asked plainly, answered with its own message on the same screen."""

    group = models.CharField(max_length=60)
    question = models.TextField()
    urgency = models.CharField(max_length=14, choices=[(u.value, u.value) for u in FlagUrgency])
    ask_for_regions = models.JSONField(default=list, help_text="Content regions, or empty for every site")
    client_message = models.TextField()
    bodyworker_view = models.TextField()
    program_action = models.CharField(max_length=20, choices=[(a.value, a.value) for a in ProgramAction])
    combine_rule = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    sources = models.ManyToManyField(Source, related_name="+")


class WeeklyBundle(Record):
    """One combined question of the weekly check; a yes opens its single flags."""

    question = models.TextField()
    position = models.PositiveSmallIntegerField(default=0)
    flags = models.ManyToManyField(RedFlag, related_name="bundles")


class OutcomeMeasure(Record):
    name = models.CharField(max_length=120)
    use = models.CharField(max_length=10)
    items = models.JSONField(default=list)
    scoring = models.TextField(blank=True)
    meaningful_change = models.TextField(blank=True)
    licence = models.TextField(blank=True)
    asked_when = models.JSONField(default=list)
    codes = models.JSONField(default=list)
    sources = models.ManyToManyField(Source, related_name="+")


class Technique(Record):
    """One release, stretch or strengthening move; its text lives in revisions."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    current = models.ForeignKey(
        "TechniqueRevision",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The newest published revision, or the newest one in review",
    )

    objects = TechniqueQuerySet.as_manager()


class TechniqueRevision(models.Model):
    """One state of a technique's text. What running clients were given never changes under them."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    technique = models.ForeignKey(Technique, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in RevisionState], default=RevisionState.IN_REVIEW
    )
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    delivered_by = models.CharField(max_length=10, choices=[(d.value, d.value) for d in DeliveredBy])
    position = models.TextField(blank=True)
    steps = models.JSONField(default=list)
    intensity = models.CharField(max_length=10)
    suits = models.JSONField(default=list)
    not_for = models.JSONField(default=list)
    tags = models.JSONField(default=list)
    equipment = models.JSONField(default=list)
    sets = models.PositiveSmallIntegerField(null=True)
    reps = models.PositiveSmallIntegerField(null=True)
    hold_s = models.PositiveIntegerField(null=True)
    duration_s = models.PositiveIntegerField(null=True, help_text="Seconds, per side when per_side")
    per_side = models.BooleanField(default=False)
    rest_s = models.PositiveIntegerField(null=True)
    sessions_per_week_min = models.PositiveSmallIntegerField(null=True)
    sessions_per_week_max = models.PositiveSmallIntegerField(null=True)
    max_discomfort = models.PositiveSmallIntegerField(default=0, help_text="0-10 limit during the item; 0 is none")
    pressure_text = models.TextField(blank=True)
    evidence_note = models.TextField(blank=True)
    stop_when = models.JSONField(default=list)
    estimated_minutes = models.PositiveSmallIntegerField(default=0)
    expected_soreness = models.TextField(blank=True)
    muscles = models.ManyToManyField(Muscle, related_name="+")
    trigger_points = models.ManyToManyField(TriggerPoint, related_name="+")
    progressions = models.ManyToManyField(Technique, related_name="+")
    regressions = models.ManyToManyField(Technique, related_name="+")
    contraindications = models.ManyToManyField(
        Contraindication, related_name="+", help_text="A yes blocks this technique"
    )
    cautions = models.ManyToManyField(Contraindication, related_name="+", help_text="A yes needs a sign-off")
    sources = models.ManyToManyField(Source, related_name="+")
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)

    objects = TechniqueRevisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["technique", "number"], name="revision_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in RevisionState]), name="revision_state_known"
            ),
            models.CheckConstraint(condition=Q(max_discomfort__lte=10), name="revision_discomfort_0_to_10"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="revision_published_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="revision_published_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, revision {self.number}"

    def named_muscles(self) -> list[Muscle]:
        """The muscles in the order in which the text names them: the one it is mainly for comes first."""
        links = self.muscles.through.objects.filter(techniquerevision=self).select_related("muscle").order_by("pk")
        return [link.muscle for link in links]


class ClinicalReview(models.Model):
    """A named clinician read this revision: a fact apart from its being published."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey(TechniqueRevision, on_delete=models.CASCADE, related_name="reviews")
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()
    qualification = models.CharField(_("qualification"), max_length=120)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(qualification=""), name="review_has_qualification")]

    def __str__(self) -> str:
        return f"review of revision {self.revision_id}"
