"""Questions about logs; each follows the client it belongs to."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Max

from accounts.people.models import Client

from .drawings import Reading
from .rules import (
    MEASURES,
    MeasureSlug,
    Moment,
    OutcomeScore,
    Scored,
    UsualReading,
    course_of,
    score_of,
    usual_readings,
)

OWN_COLUMNS = (
    "id", "uuid", "client_id", "performed_at", "local_on", "received_at", "clock_suspect", "can_wait",
    "slept_badly", "harm", "felt", "note", "revision", "removed_at", "shown",
)  # fmt: skip


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

    def as_rows(self) -> models.QuerySet[Any, dict[str, Any]]:
        """Plain rows with what a log itself says: a long list is read without model objects."""
        return self.values(*OWN_COLUMNS, client_uuid=F("client__uuid"), program_uuid=F("program__uuid"))

    def since(self, day: dt.date) -> SessionQuerySet:
        return self.filter(local_on__gte=day)

    def history(self, limit: int = 90) -> list[dict[str, Any]]:
        """The newest logs with their reports, as plain rows in two queries however many."""
        rows = list(
            self.standing()
            .order_by("-performed_at", "-pk")
            .values("pk", "uuid", "performed_at", "local_on", "felt", "note", "can_wait", name=F("program__name"))[
                :limit
            ]
        )
        by_session: dict[int, dict[str, Any]] = {row["pk"]: row | {"scores": {}} for row in rows}
        # A relation of the model itself: the reports of these sessions, and nothing more of them.
        reports = self.model._meta.get_field("reports").related_model.objects
        for session, moment, score in reports.filter(session__in=by_session).values_list("session", "moment", "score"):
            by_session[session]["scores"][moment] = score
        return list(by_session.values())


class PainReportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> PainReportQuerySet:
        return self.filter(client__in=Client.objects.visible_to(user))

    def standing(self) -> PainReportQuerySet:
        return self.filter(session__removed_at__isnull=True)

    def of(self, client: Any) -> PainReportQuerySet:
        return self.filter(client=client)

    def since(self, day: dt.date) -> PainReportQuerySet:
        return self.filter(local_on__gte=day)

    def scored_by_client(self) -> dict[int, list[Scored]]:
        """What the rules read, by client, in one query for any number of clients; the highest site counts."""
        rows = (
            self.standing()
            .annotate(worst_site=Max("sites__score"))
            .order_by("performed_at", "pk")
            .values_list("client", "local_on", "performed_at", "moment", "score", "worst_site")
        )
        found: dict[int, list[Scored]] = {}
        for client, local_on, performed_at, moment, score, worst_site in rows:
            scored = Scored(local_on, performed_at, Moment(moment), max(score, worst_site or 0))
            found.setdefault(client, []).append(scored)
        return found

    def usual_by_client(self) -> dict[int, list[UsualReading]]:
        """The usual reading of each day, by client, oldest first; one query."""
        return {client: usual_readings(reports) for client, reports in self.scored_by_client().items()}

    def readings(self) -> list[Reading]:
        """One reading a log, oldest first, for the chart; one query."""
        rows = self.standing().order_by("performed_at", "pk").values_list("session", "local_on", "moment", "score")
        by_session: dict[int, dict[str, Any]] = {}
        for session, local_on, moment, score in rows:
            by_session.setdefault(session, {"on": local_on})[moment] = score
        return [
            Reading(row["on"], row.get(Moment.BEFORE), row.get(Moment.AFTER), row.get(Moment.CHECK_IN))
            for row in by_session.values()
        ]


class RefusedLogQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> RefusedLogQuerySet:
        return self.filter(client__in=Client.objects.visible_to(user))

    def unsettled(self) -> RefusedLogQuerySet:
        return self.filter(settled_at__isnull=True)


class OutcomeAnswerQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> OutcomeAnswerQuerySet:
        return self.filter(client__in=Client.objects.visible_to(user))

    def standing(self) -> OutcomeAnswerQuerySet:
        """Answers that were not put right since."""
        return self.filter(replaced_at__isnull=True)

    def of(self, client: Any) -> OutcomeAnswerQuerySet:
        return self.filter(client=client)

    def in_measure(self, slug: str) -> OutcomeAnswerQuerySet:
        return self.filter(measure__slug=slug)

    def courses_by_client(self) -> dict[int, dict[MeasureSlug, list[OutcomeScore]]]:
        """The scores of every measure, oldest first, by client; one query for any number of clients."""
        rows = self.standing().filter(measure__slug__in=list(MEASURES)).order_by("local_on", "pk")
        answers: dict[int, dict[MeasureSlug, list[tuple[dt.date, int, int]]]] = {}
        for client, slug, on, item, value in rows.values_list("client", "measure__slug", "local_on", "item", "value"):
            answers.setdefault(client, {}).setdefault(MeasureSlug(slug), []).append((on, item, value))
        return {
            client: {slug: course_of(MEASURES[slug], given) for slug, given in measures.items()}
            for client, measures in answers.items()
        }

    def whole(self, limit: int) -> list[dict[str, Any]]:
        """Each measure as it was answered on one day, newest first; one query."""
        rows = self.filter(measure__slug__in=list(MEASURES)).select_related("measure", "client")
        found: dict[tuple[int, str, dt.date], dict[str, Any]] = {}
        for row in rows.order_by("-local_on", "-answered_at", "measure_id", "item")[: limit * 5]:
            measure = MEASURES[MeasureSlug(row.measure.slug)]
            one = found.setdefault(
                (row.client_id, row.measure.slug, row.local_on),
                {
                    "client_id": row.client_id,
                    "client": row.client.uuid,
                    "measure": measure.slug,
                    "on": row.local_on,
                    "answered_at": row.answered_at,
                    "answers": [],
                },
            )
            one["answers"].append({"item": row.item, "value": row.value, "label": row.label})
            one["score"] = score_of(measure, {each["item"]: each["value"] for each in one["answers"]})
        return list(found.values())[:limit]
