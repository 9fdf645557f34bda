"""Everything that leaves the building, as rows: the database is the only truth, the broker carries ids."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from accounts.people.models import Client, Clinic, EncryptedTextField, Membership, User

from .querysets import IncidentQuerySet, KillSwitchQuerySet, LetterQuerySet, PushSubscriptionQuerySet
from .rules import Audience, Channel, DeliveryOutcome, IncidentKind, LetterState


class PushSubscription(models.Model):
    """One browser on one device whose holder wants letters there. Only that browser can open what is sent to it."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=1000, unique=True, help_text="The address the browser's maker gave it")
    p256dh = EncryptedTextField(help_text="The browser's public key")
    auth = EncryptedTextField(help_text="The secret it shares with us")
    device = models.CharField(max_length=80, blank=True, help_text="How its holder tells it from others")
    created_at = models.DateTimeField()

    objects = PushSubscriptionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="push_user_created")]
        constraints = [
            models.CheckConstraint(condition=~Q(p256dh="") & ~Q(auth=""), name="push_subscription_has_keys"),
        ]

    def __str__(self) -> str:
        return self.device or f"device {self.pk}"


class Letter(models.Model):
    """One message to one person by one channel.

    It holds a kind and ids, never health data. The address and the rendering are frozen at the
    first claim, so every attempt carries the same body under the same Message-ID.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40, help_text="A message id of the library, such as case-opened")
    channel = models.CharField(max_length=10, help_text="The name of a channel of accounts/post/delivery")
    audience = models.CharField(max_length=10, choices=[(a.value, a.value) for a in Audience])
    client = models.ForeignKey(
        Client,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        help_text="The recipient when the audience is client",
    )
    membership = models.ForeignKey(
        Membership,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        help_text="The recipient when the audience is staff",
    )
    subscription = models.ForeignKey(
        PushSubscription,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The device, when the channel is push",
    )
    subject_kind = models.CharField(max_length=40, help_text="What the letter is about: escalation, nudge, invitation")
    subject_id = models.BigIntegerField()
    generation = models.PositiveIntegerField(default=1)
    tier = models.PositiveSmallIntegerField(default=0)
    params = models.JSONField(default=dict, help_text="Ids, names of clinics, dates: never health data")
    dedupe_key = models.CharField(max_length=200, unique=True)
    message_id = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in LetterState], default=LetterState.PENDING
    )
    next_attempt_at = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    address = models.EmailField(blank=True)
    rendered_subject = models.CharField(max_length=200, blank=True)
    rendered_text = models.TextField(blank=True)
    rendered_html = models.TextField(blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in LetterState]), name="letter_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["claimed", "handoff"])
                | Q(lease_token__isnull=False, lease_until__isnull=False),
                name="letter_in_hand_has_lease",
            ),
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="letter_sent_has_time"),
            models.CheckConstraint(
                condition=~Q(state__in=["pending", "retry"]) | Q(next_attempt_at__isnull=False),
                name="letter_waiting_has_next_attempt",
            ),
            models.CheckConstraint(condition=~Q(state="dead") | ~Q(reason=""), name="letter_dead_has_reason"),
            models.CheckConstraint(condition=Q(attempts__lte=12), name="letter_attempts_bounded"),
            models.CheckConstraint(
                condition=Q(audience="client", client__isnull=False, membership__isnull=True)
                | Q(audience="staff", client__isnull=True, membership__isnull=False)
                | Q(audience="backup", client__isnull=True, membership__isnull=True),
                name="letter_has_its_recipient",
            ),
            models.CheckConstraint(
                condition=Q(channel="push") | Q(subscription__isnull=True), name="letter_device_is_for_push"
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="letter_due", condition=Q(state__in=["pending", "retry"])),
            models.Index(fields=["lease_until"], name="letter_leases", condition=Q(state__in=["claimed", "handoff"])),
            models.Index(fields=["clinic", "-created_at"], name="letter_clinic_created"),
            models.Index(fields=["subject_kind", "subject_id"], name="letter_subject"),
            models.Index(fields=["ended_at"], name="letter_to_wipe", condition=~Q(rendered_text="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Delivery(models.Model):
    """One attempt at handing a letter over; appended, then closed once."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="deliveries")
    number = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10, default=Channel.EMAIL.value)
    began_at = models.DateTimeField()
    handed_off_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=[(o.value, o.value) for o in DeliveryOutcome], blank=True)
    code = models.PositiveSmallIntegerField(null=True, help_text="The mail server's answer, 250, 451 and so on")
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "number"], name="delivery_number_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="delivery_ends_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number}: {self.outcome or 'under way'}"


class ContactPreferences(models.Model):
    """How a client wants to be reached: their days, their time, their quiet."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="preferences")
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    reminders_on = models.BooleanField(default=True)
    reminder_time = models.TimeField(null=True, help_text="The client's own wall clock; empty is the clinic's 18:30")
    session_days = models.JSONField(default=list, help_text="Weekdays 0-6 the client chose; empty is the default")
    nudge_channel = models.CharField(max_length=10, default=Channel.EMAIL.value, help_text="How reminders come")
    kinds_off = models.JSONField(default=list, help_text="Message ids the client switched off")
    kinds_wanted = models.JSONField(default=list, help_text="Message ids nobody gets who has not asked for them")
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    paused_until_on = models.DateField(null=True)
    chosen_at = models.DateTimeField(null=True, help_text="When the client last chose anything of this")
    unsubscribed_at = models.DateTimeField(null=True)
    generation = models.PositiveIntegerField(default=1, help_text="Part of the unsubscribe link's HMAC")

    def __str__(self) -> str:
        return f"preferences of client {self.client_id}"


class KillSwitch(models.Model):
    """An owner stops some or all letters for a while, with a reason."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    scope = models.CharField(max_length=20, default="nudges", help_text="nudges, or all")
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, help_text="Empty after a restored backup: until a person releases")
    lifted_at = models.DateTimeField(null=True)

    objects = KillSwitchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="kill_switch_has_reason"),
            models.CheckConstraint(condition=Q(scope__in=["nudges", "all"]), name="kill_switch_scope_known"),
            models.CheckConstraint(
                condition=Q(until_at__isnull=False, by__isnull=False)
                | Q(until_at__isnull=True, by__isnull=True, scope="all"),
                name="kill_switch_ends_or_is_a_hold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} stopped until {self.until_at or 'released'}"


class Heartbeat(models.Model):
    """When a part of the engine last finished a round."""

    part = models.CharField(max_length=30, unique=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=20, blank=True, help_text="celery, watchdog or command")
    bell_at = models.DateTimeField(null=True, help_text="When Celery last ended one; until then the watchdog stands in")

    def __str__(self) -> str:
        return self.part


class Incident(models.Model):
    """Something in the post or the engine that a person of the clinic must know."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=30, choices=[(k.value, k.value) for k in IncidentKind])
    dedupe_key = models.CharField(max_length=200, unique=True)
    letter = models.ForeignKey(Letter, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    details = models.JSONField(default=dict)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="incident_closed_by_someone",
            )
        ]

    def __str__(self) -> str:
        return self.kind
