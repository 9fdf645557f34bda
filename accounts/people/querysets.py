"""Questions about people; what a user may not see is not in the answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, TruncDate


class UserQuerySet(models.QuerySet[Any]):
    def staff(self) -> UserQuerySet:
        """Those who sign in with a password: on the staff of some clinic, or the installer."""
        working = Q(memberships__isnull=False, memberships__ended_at__isnull=True)
        return self.filter(working | Q(is_superuser=True), is_active=True).distinct()

    def clients(self) -> UserQuerySet:
        """Those who sign in with a code by mail: clients and guardians who are not on any staff."""
        own = Q(clients__isnull=False, clients__discharged_at__isnull=True)
        ward = Q(wards__isnull=False, wards__discharged_at__isnull=True)
        return self.filter(own | ward, is_active=True).exclude(pk__in=self.model.objects.staff()).distinct()

    def with_email(self, email: str) -> UserQuerySet:
        """Emails are kept in lower case."""
        return self.filter(email=email.strip().lower())


class ClinicQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> ClinicQuerySet:
        """Clinics where the user is on the staff or a client."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(
            Q(memberships__user=user, memberships__ended_at__isnull=True)
            | Q(clients__user=user, clients__discharged_at__isnull=True)
            | Q(clients__guardian=user, clients__discharged_at__isnull=True)
        ).distinct()

    def without_reached_owner(self) -> ClinicQuerySet:
        """Those where a case that nobody takes ends nowhere: no owner has a confirmed address."""
        owners = Q(
            memberships__is_owner=True,
            memberships__ended_at__isnull=True,
            memberships__user__is_active=True,
            memberships__email_verified_at__isnull=False,
        )
        return self.exclude(pk__in=self.model.objects.filter(owners).values("pk"))

    def employing(self, user: Any) -> ClinicQuerySet:
        """Clinics where the user is on the staff."""
        return self.filter(memberships__user=user, memberships__ended_at__isnull=True)


class MembershipQuerySet(models.QuerySet[Any]):
    def live(self) -> MembershipQuerySet:
        return self.filter(ended_at__isnull=True, user__is_active=True)

    def reached(self) -> MembershipQuerySet:
        """Those to whom a letter about a case can go: they have proved that their address is theirs."""
        return self.live().filter(email_verified_at__isnull=False)

    def answering(self) -> MembershipQuerySet:
        """Those who answer cases and can be reached."""
        return self.reached().exclude(is_owner=False, is_bodyworker=False)

    def owners(self) -> MembershipQuerySet:
        return self.live().filter(is_owner=True)

    def bodyworkers(self) -> MembershipQuerySet:
        return self.live().filter(is_bodyworker=True)

    def visible_to(self, user: Any) -> MembershipQuerySet:
        """Colleagues: everyone on the staff of a clinic where the user is too."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(clinic__memberships__in=user.memberships.filter(ended_at__isnull=True))


class ClientQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> ClientQuerySet:
        """Clients see their own records and wards, bodyworkers those in their care or cover, owners the clinic."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        memberships = user.memberships.filter(ended_at__isnull=True)
        return self.filter(
            Q(pk__in=self.own(user).values("pk"))
            | Q(clinic__in=memberships.filter(is_owner=True).values("clinic"))
            | Q(pk__in=self._in_care_of(memberships.filter(is_bodyworker=True)).values("pk"))
        )

    def _in_care_of(self, bodyworkers: Any) -> ClientQuerySet:
        live = Q(care__ended_on__isnull=True)
        covered = Q(
            care__bodyworker__absences__cover__in=bodyworkers,
            care__bodyworker__absences__from_at__lte=Now(),
            care__bodyworker__absences__until_at__gt=Now(),
        )
        return self.filter(live & (Q(care__bodyworker__in=bodyworkers) | covered))

    def in_care_of(self, membership: Any) -> ClientQuerySet:
        """The clients whose live care relationship names this bodyworker."""
        return self.filter(care__bodyworker=membership, care__ended_on__isnull=True)

    def own(self, user: Any) -> ClientQuerySet:
        """The records for which this person is the client or, until the day it ends, the guardian."""
        guarded = Q(guardian_until_on__isnull=True) | Q(guardian_until_on__gte=TruncDate(Now()))
        return self.filter(Q(user=user) | Q(guardian=user) & guarded, discharged_at__isnull=True)

    def in_care(self) -> ClientQuerySet:
        return self.filter(discharged_at__isnull=True, accepted_at__isnull=False)

    def invited(self) -> ClientQuerySet:
        return self.filter(discharged_at__isnull=True, accepted_at__isnull=True)

    def needing_a_look(self) -> ClientQuerySet:
        return self.filter(needs_look_since__isnull=False)


class CareRelationshipQuerySet(models.QuerySet[Any]):
    def live(self) -> CareRelationshipQuerySet:
        return self.filter(ended_on__isnull=True)

    def primary(self) -> CareRelationshipQuerySet:
        return self.live().filter(is_primary=True)


class AbsenceQuerySet(models.QuerySet[Any]):
    def at(self, now: dt.datetime) -> AbsenceQuerySet:
        """Those under way: somebody is away at this moment."""
        return self.filter(from_at__lte=now, until_at__gt=now)

    def to_come(self, now: dt.datetime) -> AbsenceQuerySet:
        """Under way or still ahead."""
        return self.filter(until_at__gt=now)

    def overlapping(self, from_at: dt.datetime, until_at: dt.datetime) -> AbsenceQuerySet:
        return self.filter(from_at__lt=until_at, until_at__gt=from_at)

    def visible_to(self, user: Any) -> AbsenceQuerySet:
        """Everyone on the staff knows who of their clinic is away."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(clinic__in=user.memberships.filter(ended_at__isnull=True).values("clinic"))


class InvitationQuerySet(models.QuerySet[Any]):
    def open_at(self, now: dt.datetime) -> InvitationQuerySet:
        """Not accepted, not revoked, not past its time."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)


class AuditEventQuerySet(models.QuerySet[Any]):
    def about(self, client: Any) -> AuditEventQuerySet:
        return self.filter(client=client)

    def unsealed(self) -> AuditEventQuerySet:
        return self.filter(sequence__isnull=True)
