"""Is this process alive, can it serve, and does the engine run?

For probes and people on call; the answers name no person and no setting. `live` touches nothing,
so that a database outage does not make an orchestrator kill healthy processes.
"""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.people.models import Clinic
from accounts.post.models import Heartbeat
from accounts.post.querysets import database_now
from clinic.parts import late_parts


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and holds every migration of this code, else 503."""
    try:
        missing = missing_migrations()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    if missing:
        return JsonResponse({"status": "migrations missing", "migrations": missing}, status=503)
    return JsonResponse({"status": "ready"})


@never_cache
@require_safe
def engine(request: HttpRequest) -> JsonResponse:
    """200 while every part of the engine ended a round in time, else 503 naming the late ones.

    It says too whether the watchdog stands in for Celery, and how many clinics have no owner whom a case
    could reach: all is done, and yet somebody should look.
    """
    try:
        beats = list(Heartbeat.objects.values_list("part", "ended_at", "by"))
        silent = Clinic.objects.without_reached_owner().count()
        now = database_now()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    if not beats:
        return JsonResponse({"status": "no round yet"}, status=503)
    late = late_parts([(part, ended_at) for part, ended_at, _ in beats], now=now)
    if late:
        return JsonResponse({"status": "late", "late": late}, status=503)
    stands_in = any(by == "watchdog" for _, _, by in beats)
    said = {"by": "watchdog"} if stands_in else {}
    return JsonResponse({"status": "running", **said, **({"clinics_without_owner": silent} if silent else {})})


def missing_migrations() -> list[str]:
    """Names of the migrations this code brings and the database has not."""
    connection.ensure_connection()
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
