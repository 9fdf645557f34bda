"""Who exists in a clinic, who cares for whom, and who was asked to join."""

from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ..querysets import (
    AbsenceQuerySet,
    AuditEventQuerySet,
    CareRelationshipQuerySet,
    ClientQuerySet,
    ClinicQuerySet,
    InvitationQuerySet,
    MembershipQuerySet,
    UserQuerySet,
)
from ..rules import ConsentPurpose, ContactKind, Permission, Role, permissions_of, zone_of


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A person who can sign in; without a password only by email code."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: object) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser):
    """A person with a way in. Roles and client records hang on it, per clinic."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_superuser = models.BooleanField(default=False)
    theme = models.CharField(max_length=5, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """The installer alone reads the stock admin; staff of a clinic never do."""
        return self.is_superuser


class Clinic(models.Model):
    """One practice: its people, its copy of the library, its hours and numbers."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    zone = models.CharField(_("time zone"), max_length=60, default="Europe/London")
    locale = models.CharField(max_length=12, default="en")
    country = models.CharField(max_length=2, default="GB")
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    emergency_number = models.CharField(_("emergency number"), max_length=40, default="112")
    urgent_care_number = models.CharField(_("urgent care number"), max_length=40, blank=True)
    crisis_number = models.CharField(_("crisis line"), max_length=40, blank=True)
    opening_hours = models.JSONField(default=dict, help_text='{"0": [["09:00", "17:00"]], …}: 0 is Monday')
    pain_lines = models.JSONField(
        default=dict, blank=True, help_text="Scores from which a log is answered at once; follow-up's rules write them"
    )
    backup_name = models.CharField(_("backup contact"), max_length=120, blank=True)
    backup_email = models.EmailField(_("backup contact's email"), blank=True)
    backup_phone = models.CharField(_("backup contact's phone"), max_length=40, blank=True)
    backup_generation = models.PositiveIntegerField(default=1, help_text="Raised with every link; older ones are void")
    backup_asked_at = models.DateTimeField(null=True, blank=True)
    backup_confirmed_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClinicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(backup_confirmed_at__isnull=True) | ~Q(backup_email=""), name="clinic_backup_has_an_address"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_backup(self) -> bool:
        """Has the backup contact said that the address is theirs? Only then is it written to about a case."""
        return bool(self.backup_email) and self.backup_confirmed_at is not None


class ClinicClosure(models.Model):
    """A day on which the clinic's working time stands still."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="closures")
    on = models.DateField()
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "on"], name="closure_once_a_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.reason}".strip()


class Membership(models.Model):
    """One person's place on a clinic's staff: a set of roles, ended rather than deleted."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    is_owner = models.BooleanField(default=False)
    is_bodyworker = models.BooleanField(default=False)
    is_curator = models.BooleanField(default=False)
    qualification = models.CharField(_("qualification"), max_length=120, blank=True)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    wants_digest = models.BooleanField(default=True, help_text="A letter on weekday mornings when there are hints")
    began_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(is_owner=True) | Q(is_bodyworker=True) | Q(is_curator=True),
                name="membership_has_a_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.clinic}"

    @property
    def roles(self) -> frozenset[Role]:
        held = {Role.OWNER: self.is_owner, Role.BODYWORKER: self.is_bodyworker, Role.CURATOR: self.is_curator}
        return frozenset(role for role, holds in held.items() if holds)

    def may(self, permission: Permission) -> bool:
        return self.ended_at is None and permission in permissions_of(self.roles)


class Client(models.Model):
    """One person's record in one clinic."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="clients")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="clients")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("email"), blank=True)
    email_failed_at = models.DateTimeField(null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    birth_on = models.DateField(_("birth date"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=60, default="Europe/London")
    locale = models.CharField(max_length=12, default="en")
    emergency_name = models.CharField(_("emergency contact"), max_length=120, blank=True)
    emergency_phone = models.CharField(_("emergency contact's phone"), max_length=40, blank=True)
    guardian = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="wards")
    guardian_basis = models.CharField(max_length=120, blank=True)
    guardian_until_on = models.DateField(null=True, blank=True)
    invited_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    discharged_at = models.DateTimeField(null=True, blank=True)
    pain_lines = models.JSONField(default=dict, blank=True, help_text="This client's own, in place of the clinic's")
    needs_look_since = models.DateTimeField(
        null=True, blank=True, help_text="The first change that follow-up has not looked at yet"
    )

    objects = ClientQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["clinic", "name"], name="client_clinic_name"),
            models.Index(
                fields=["needs_look_since"], name="client_needs_look", condition=Q(needs_look_since__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def local_zone(self) -> ZoneInfo:
        """Where the client's days begin and end: their own zone, or their clinic's where it no longer exists."""
        return zone_of(self.zone, self.clinic.zone)

    @property
    def has_mail(self) -> bool:
        """Is there an address, the record's or the person's own, from which nothing came back?"""
        return self.email_failed_at is None and bool(self.email or (self.user and self.user.email))


class CareRelationship(models.Model):
    """Whose client this is; exactly one live primary bodyworker, others may co-treat."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="care")
    bodyworker = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="care")
    is_primary = models.BooleanField(default=True)
    began_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    next_visit_on = models.DateField(null=True, blank=True)

    objects = CareRelationshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(is_primary=True, ended_on__isnull=True), name="care_one_primary"
            ),
            models.UniqueConstraint(
                fields=["client", "bodyworker"], condition=Q(ended_on__isnull=True), name="care_once_live"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")), name="care_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bodyworker.user} cares for {self.client}"


class Absence(models.Model):
    """A bodyworker is away and, perhaps, a colleague covers."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    bodyworker = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="absences")
    cover = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="covers")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="absence_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(cover__isnull=True) | ~Q(cover=F("bodyworker")), name="absence_cover_is_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bodyworker.user} away until {self.until_at:%Y-%m-%d}"


class Contact(models.Model):
    """A visit, call or message between staff and client that happened."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in ContactKind])
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["client", "at"], name="contact_client_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"


class Invitation(models.Model):
    """An asked-for place. The link and the short code are HMACs of id and generation: nothing usable is stored."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.OneToOneField(Client, on_delete=models.CASCADE, null=True, blank=True, related_name="invitation")
    membership = models.OneToOneField(
        Membership, on_delete=models.CASCADE, null=True, blank=True, related_name="invitation"
    )
    generation = models.PositiveIntegerField(default=1)
    message = models.TextField(_("first message"), max_length=1000, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(client__isnull=False, membership__isnull=True)
                | Q(client__isnull=True, membership__isnull=False),
                name="invitation_is_for_one",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_accepted_or_revoked",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}, generation {self.generation}"


class Consent(models.Model):
    """What a client agreed to, in which words, and whether it still holds."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=[(p.value, p.value) for p in ConsentPurpose])
    version = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "purpose"], condition=Q(withdrawn_at__isnull=True), name="consent_one_live"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} v{self.version}"


class ApiToken(models.Model):
    """A named key to the API for one person; only its digest is kept."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class AuditEvent(models.Model):
    """Who did or read what, written in the same transaction; sealed into a chain per clinic later."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="+")
    details = models.JSONField(default=dict, help_text="Ids and states only, never health data")
    sequence = models.BigIntegerField(null=True, help_text="Place in the clinic's chain once sealed")
    digest = models.CharField(max_length=64, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "sequence"], name="audit_sequence_once"),
            models.CheckConstraint(
                condition=Q(sequence__isnull=True, digest="") | (Q(sequence__isnull=False) & ~Q(digest="")),
                name="audit_sealed_whole",
            ),
        ]
        indexes = [models.Index(fields=["client", "at"], name="audit_client_at")]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind} {self.subject_id}"
