"""What happened: sessions, pain by moment and site, safety answers; corrected, never overwritten."""

import json
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q

from accounts.people.models import Client, Clinic, EncryptedTextField, User
from plans.library.models import OutcomeMeasure, RedFlag
from plans.library.rules import Side, site_label
from plans.programs.models import PlannedSession, Prescription, Program, ProgramVersion

from .querysets import OutcomeAnswerQuerySet, PainReportQuerySet, RefusedLogQuerySet, SessionQuerySet
from .rules import Felt, LogSource, Moment, Occasion, StopReason

SCORE_0_TO_10 = Q(score__range=(0, 10))


class Session(models.Model):
    """One log: a session of a program, or a check-in when it has none.

    The UUID is made by the client's phone and is unique per client for ever; `first_digest` is the
    SHA-256 of the first accepted body, so the same body again is the same log and another is refused.
    """

    uuid = models.UUIDField(default=uuid4)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.ForeignKey(ProgramVersion, on_delete=models.PROTECT, null=True, related_name="+")
    planned_session = models.ForeignKey(PlannedSession, on_delete=models.SET_NULL, null=True, related_name="+")
    performed_at = models.DateTimeField(help_text="UTC, corrected by the phone's skew")
    local_on = models.DateField(help_text="The client's own day")
    zone = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(help_text="When the phone or page says it was written down")
    received_at = models.DateTimeField(help_text="When the server accepted it")
    clock_suspect = models.BooleanField(default=False)
    logged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=[(s.value, s.value) for s in LogSource])
    can_wait = models.BooleanField(null=True, help_text="Asked at 7 and over: can it wait until the next visit")
    slept_badly = models.BooleanField(null=True)
    harm = models.JSONField(default=list)
    felt = models.CharField(max_length=12, choices=[(f.value, f.value) for f in Felt], blank=True)
    note = EncryptedTextField(max_length=4000, blank=True)
    first_digest = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1, help_text="The version an If-Match names")
    removed_at = models.DateTimeField(null=True)
    shown = models.JSONField(default=list, help_text="The exact texts shown in answer, with their message ids")
    shown_at = models.DateTimeField(null=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "uuid"], name="session_uuid_once_per_client"),
            models.CheckConstraint(
                condition=Q(program__isnull=True, version__isnull=True)
                | Q(program__isnull=False, version__isnull=False),
                name="session_program_with_version",
            ),
            models.CheckConstraint(
                condition=Q(shown=[], shown_at__isnull=True) | Q(shown_at__isnull=False), name="session_shown_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-performed_at"], name="session_client_performed"),
            models.Index(fields=["clinic", "local_on"], name="session_clinic_day"),
        ]

    def __str__(self) -> str:
        return f"log {self.uuid}"


class SessionItem(models.Model):
    """What became of one prescription in one session."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="items")
    prescription = models.ForeignKey(Prescription, on_delete=models.PROTECT, related_name="+")
    is_done = models.BooleanField()
    peak = models.PositiveSmallIntegerField(null=True, help_text="Highest pain during the item, 0-10")
    stop_reason = models.CharField(max_length=12, choices=[(r.value, r.value) for r in StopReason], blank=True)
    eased = models.BooleanField(null=True, help_text="Whether it eased within 30 seconds of easing off")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "prescription"], name="session_item_once"),
            models.CheckConstraint(condition=Q(peak__isnull=True) | Q(peak__range=(0, 10)), name="item_peak_0_to_10"),
        ]

    def __str__(self) -> str:
        return f"{self.prescription}: {'done' if self.is_done else 'not done'}"


class PainReport(models.Model):
    """One pain score, 0-10, at one moment."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="reports")
    moment = models.CharField(max_length=12, choices=[(m.value, m.value) for m in Moment])
    score = models.PositiveSmallIntegerField()
    performed_at = models.DateTimeField()
    local_on = models.DateField()

    objects = PainReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "moment"], name="report_moment_once"),
            models.CheckConstraint(condition=SCORE_0_TO_10, name="report_score_0_to_10"),
        ]
        indexes = [models.Index(fields=["client", "local_on"], include=["score", "moment"], name="report_client_day")]

    def __str__(self) -> str:
        return f"{self.moment} {self.local_on}"


class ReportSite(models.Model):
    """Where it hurt: a body-map region with its side."""

    report = models.ForeignKey(PainReport, on_delete=models.CASCADE, related_name="sites")
    region = models.CharField(max_length=40, help_text="A body-map region without its side, such as back-buttock")
    side = models.CharField(max_length=5, choices=[(s.value, s.value) for s in Side])
    score = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "region", "side"], name="site_once_per_report"),
            models.CheckConstraint(condition=Q(score__isnull=True) | SCORE_0_TO_10, name="site_score_0_to_10"),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.side}"

    @property
    def words(self) -> str:
        """The site as it stands inside a sentence, such as “right buttock”."""
        return site_label(self.region, self.side).lower()


class RedFlagAnswer(models.Model):
    """One safety question answered, with the exact words shown to a yes."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, null=True, related_name="red_flags")
    red_flag = models.ForeignKey(RedFlag, on_delete=models.PROTECT, related_name="+")
    question_version = models.PositiveIntegerField()
    answer = models.BooleanField()
    answered_at = models.DateTimeField()
    shown_text = models.TextField(blank=True)
    shown_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "red_flag"], name="red_flag_once_per_session"),
            models.CheckConstraint(
                condition=Q(answer=False) | (~Q(shown_text="") & Q(shown_at__isnull=False)),
                name="red_flag_yes_shows_its_text",
            ),
        ]

    def __str__(self) -> str:
        return f"answer to {self.red_flag}"


class OutcomeAnswer(models.Model):
    """One answered item of an outcome measure; put right on the same day, the old answer stays as replaced."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    measure = models.ForeignKey(OutcomeMeasure, on_delete=models.PROTECT, related_name="+")
    item = models.PositiveSmallIntegerField(help_text="Counted from 1, in the measure's own order")
    label = EncryptedTextField(max_length=80, blank=True, help_text="The client's own activity, for PSFS")
    value = models.SmallIntegerField()
    local_on = models.DateField(help_text="The client's own day")
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    objects = OutcomeAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "measure", "item", "local_on"],
                condition=Q(replaced_at__isnull=True),
                name="outcome_once_a_day",
            ),
            models.CheckConstraint(condition=Q(value__range=(-5, 100)), name="outcome_value_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} item {self.item}"


class OutcomeSkip(models.Model):
    """The short questions of one week were laid aside: nobody asks them again for that week."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="+")
    occasion = models.CharField(max_length=10, choices=[(o.value, o.value) for o in Occasion])
    skipped_at = models.DateTimeField()
    skipped_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "occasion"], name="outcome_skip_once")]

    def __str__(self) -> str:
        return f"{self.occasion} of {self.program} laid aside"


class SessionRevision(models.Model):
    """What a log said before a correction; append-only."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    body = EncryptedTextField(help_text="The log as it stood, as JSON in the contract's words")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="session_revision_once")]

    def __str__(self) -> str:
        return f"revision {self.number} of log {self.session_id}"

    @property
    def said(self) -> dict[str, Any]:
        """The log as it stood, in the contract's words."""
        return dict(json.loads(self.body))


class RefusedLog(models.Model):
    """A body that came under a UUID already taken: kept whole, for the person to choose."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="refused")
    body = EncryptedTextField(help_text="As JSON in the contract's words")
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    received_from = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = RefusedLogQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "digest"], name="refused_body_kept_once")]

    def __str__(self) -> str:
        return f"refused body for log {self.session_id}"

    @property
    def said(self) -> dict[str, Any]:
        """The refused log in the contract's words."""
        return dict(json.loads(self.body))
