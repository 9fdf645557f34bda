"""What we do about it: what was judged, whom we nudged, and the cases that a person must answer."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from accounts.people.models import Client, Clinic, EncryptedTextField, Membership, User
from accounts.post.models import Letter

from .querysets import EscalationQuerySet, NudgeQuerySet, PolicyOverrideQuerySet, ReviewQuerySet, WatchQuerySet
from .rules import OFFERS, EscalationAct, EscalationState, Family, InTheWay, NudgeState, Outcome, Urgency


class FollowUpPolicy(models.Model):
    """The clinic's numbers for every rule, versioned; an assessment names the version it was judged by."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    numbers = models.JSONField(default=dict, help_text="Only what differs from the defaults in rules.py")
    from_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "version"], name="policy_version_once")]

    def __str__(self) -> str:
        return f"policy {self.version} of {self.clinic}"


class PolicyOverride(models.Model):
    """One client's own numbers in place of the clinic's, with the reason; ended or replaced, never changed."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    numbers = models.JSONField(help_text="Only what differs from the clinic's policy")
    reason = EncryptedTextField()
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, help_text="When it ends by itself")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PolicyOverrideQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(ended_at__isnull=True), name="override_one_standing_per_client"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="override_ended_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gt=F("from_at")), name="override_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"own numbers of client {self.client_id}"


class Watch(models.Model):
    """One per client in care, paused and locked ones included: when follow-up looks next without being asked."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="+")
    next_look_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)
    finds_at = models.DateTimeField(
        null=True, help_text="When a rule about time would find something though nothing new is logged"
    )
    nudges_decided_on = models.DateField(null=True, help_text="The client's own day whose nudge has been decided")

    objects = WatchQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_look_at"], name="watch_next_look")]

    def __str__(self) -> str:
        return f"watch on client {self.client_id}"


class Assessment(models.Model):
    """We have read this report: what was found, by which policy, from which readings."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    trigger = models.CharField(max_length=80, help_text="session:<id>:<revision>, or day:<date>")
    policy_version = models.PositiveIntegerField()
    override = models.ForeignKey(PolicyOverride, on_delete=models.SET_NULL, null=True, related_name="+")
    findings = models.JSONField(default=list, help_text="[{rule, message, params, readings}]")
    judged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "trigger", "policy_version"], name="assessment_once_per_trigger")
        ]

    def __str__(self) -> str:
        return f"assessment of {self.trigger}"


class Review(models.Model):
    """A hint on the bodyworker's list: worth a look, without a clock."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=40)
    message = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "rule"], condition=Q(closed_at__isnull=True), name="review_one_open_per_rule"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} for client {self.client_id}"

    @property
    def is_offer(self) -> bool:
        """Whether it proposes something good instead of asking for a look."""
        return self.rule in OFFERS


class Nudge(models.Model):
    """One kind word to a client, keyed by their own day, so that a repeated hour can't repeat it."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40, help_text="A message id of the library, such as session-ready")
    local_on = models.DateField()
    planned_session_id = models.BigIntegerField(null=True)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in NudgeState], default=NudgeState.PLANNED
    )
    reason = models.CharField(max_length=120, blank=True)
    letter = models.ForeignKey(Letter, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=[(a.value, a.value) for a in InTheWay], blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = NudgeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "local_on"], name="nudge_once_a_day"),
            models.CheckConstraint(condition=~Q(state="dropped") | ~Q(reason=""), name="nudge_dropped_for_a_reason"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="nudge_answered_with_a_word",
            ),
        ]
        indexes = [models.Index(fields=["local_on"], name="nudge_unsettled", condition=Q(state="queued"))]

    def __str__(self) -> str:
        return f"{self.kind} on {self.local_on}"


class Escalation(models.Model):
    """A case that must be answered by a person. A step that was missed cannot be stored."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField(help_text="The clinic's own running number")
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    family = models.CharField(max_length=10, choices=[(f.value, f.value) for f in Family])
    rule = models.CharField(max_length=40)
    urgency = models.CharField(max_length=14, choices=[(u.value, u.value) for u in Urgency])
    message = models.CharField(max_length=40, help_text="Message id of the finding; words are made when read")
    params = models.JSONField(default=dict)
    readings = models.JSONField(default=list, help_text="The readings that prove it: [{on, score, session}]")
    policy_version = models.PositiveIntegerField()
    override = models.ForeignKey(PolicyOverride, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(
        max_length=14, choices=[(s.value, s.value) for s in EscalationState], default=EscalationState.OPEN
    )
    generation = models.PositiveIntegerField(default=1)
    tier = models.PositiveSmallIntegerField(default=0, help_text="The highest tier told in this generation")
    opened_at = models.DateTimeField()
    target_at = models.DateTimeField(help_text="When somebody should have answered")
    next_action_at = models.DateTimeField(null=True)
    holder = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", help_text="Whose turn it is"
    )
    acked_at = models.DateTimeField(null=True)
    acked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    follow_up_by = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    nobody_answered_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=16, choices=[(o.value, o.value) for o in Outcome], blank=True)
    note = EncryptedTextField(blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "number"], name="escalation_number_once"),
            models.UniqueConstraint(
                fields=["client", "family"],
                condition=Q(state__in=["open", "notified", "acknowledged"]),
                name="escalation_one_live_per_family",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in EscalationState]), name="escalation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "notified"], next_action_at__isnull=False)
                | Q(state__in=["acknowledged", "resolved"], next_action_at__isnull=True),
                name="escalation_unanswered_has_next_action",
            ),
            models.CheckConstraint(
                condition=~Q(state="open") & ~Q(state="notified")
                | Q(state="open", tier=0)
                | Q(state="notified", tier__gte=1),
                name="escalation_told_has_a_tier",
            ),
            models.CheckConstraint(condition=Q(tier__lte=3), name="escalation_tier_known"),
            models.CheckConstraint(
                condition=Q(snoozed_until__isnull=True) | Q(state="acknowledged", follow_up_by__isnull=False),
                name="escalation_rests_only_with_a_holder",
            ),
            models.CheckConstraint(
                condition=Q(family__in=[f.value for f in Family]) & Q(urgency__in=[u.value for u in Urgency]),
                name="escalation_family_and_urgency_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="acknowledged") | Q(follow_up_by__isnull=False, acked_at__isnull=False),
                name="escalation_acknowledged_has_follow_up",
            ),
            models.CheckConstraint(
                condition=Q(acked_at__isnull=True, acked_by__isnull=True)
                | Q(acked_at__isnull=False, acked_by__isnull=False),
                name="escalation_acknowledged_by_someone",
            ),
            models.CheckConstraint(
                condition=(Q(state="resolved", resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(outcome=""))
                | (~Q(state="resolved") & Q(resolved_at__isnull=True, resolved_by__isnull=True, outcome="")),
                name="escalation_resolved_with_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["no_answer", "not_a_concern"]) | ~Q(note=""),
                name="escalation_note_where_required",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_action_at"],
                name="escalation_next_action",
                condition=Q(state__in=["open", "notified"]),
            ),
            models.Index(fields=["follow_up_by"], name="escalation_follow_up", condition=Q(state="acknowledged")),
            models.Index(fields=["clinic", "state"], name="escalation_clinic_state"),
        ]

    def __str__(self) -> str:
        return f"case {self.number}"


class EscalationEvent(models.Model):
    """One thing that happened to a case; append-only, in sequence.

    The database refuses to change or delete one. It goes with its case alone: deleting a case marks its
    events as leaving and takes them with it, by trigger; nothing else sets the mark.
    """

    escalation = models.ForeignKey(Escalation, on_delete=models.DO_NOTHING, related_name="events")
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    act = models.CharField(max_length=14, choices=[(a.value, a.value) for a in EscalationAct])
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    generation = models.PositiveIntegerField()
    tier = models.PositiveSmallIntegerField(default=0)
    letter = models.ForeignKey(Letter, on_delete=models.SET_NULL, null=True, related_name="+")
    details = models.JSONField(default=dict)
    is_leaving = models.BooleanField(default=False, db_default=False, help_text="Its case is being deleted")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["escalation", "sequence"], name="event_sequence_once"),
            models.CheckConstraint(condition=Q(tier__lte=3), name="event_tier_known"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.sequence}"
