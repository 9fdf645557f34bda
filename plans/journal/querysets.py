"""Questions about logs; each follows the client it belongs to."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from accounts.people.models import Client


class SessionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> SessionQuerySet:
        return self.filter(client__in=Client.objects.visible_to(user))

    def standing(self) -> SessionQuerySet:
        """Logs that were not removed."""
        return self.filter(removed_at__isnull=True)

    def of(self, client: Any) -> SessionQuerySet:
        return self.filter(client=client)

    def with_parts(self) -> SessionQuerySet:
        """Everything a log says, in a fixed number of queries."""
        return self.select_related("client__clinic", "program").prefetch_related(
            "items__prescription", "reports__sites", "red_flags__red_flag"
        )

    def since(self, day: dt.date) -> SessionQuerySet:
        return self.filter(local_on__gte=day)


class PainReportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> PainReportQuerySet:
        return self.filter(client__in=Client.objects.visible_to(user))

    def standing(self) -> PainReportQuerySet:
        return self.filter(session__removed_at__isnull=True)


class RefusedLogQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> RefusedLogQuerySet:
        return self.filter(client__in=Client.objects.visible_to(user))

    def unsettled(self) -> RefusedLogQuerySet:
        return self.filter(settled_at__isnull=True)
