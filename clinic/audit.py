"""Does the engine keep its promises? Asked every few minutes, and what is broken is put before the owner.

An incident per invariant and clinic stays open until a person closes it; it says when the invariant last failed,
and when it was last seen to hold again. Broken anew after that, it is a new incident.
"""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings

from accounts.people.models import Clinic
from accounts.post.actions import raise_incident
from accounts.post.models import Incident
from accounts.post.rules import IncidentKind
from clinic.invariants import Broken, broken
from clinic.ping import ping

log = logging.getLogger(__name__)

NAMED = 5
"""How many rows an incident names; the command names more."""


def audit(*, now: dt.datetime) -> int:
    """Ask every invariant once; answers how many are broken. Only when none is, the world outside is told so."""
    found = broken(now=now)
    for one in found:
        log.error("the invariant %s is broken: %s", one.invariant.id, one.rows[:NAMED])
    note(found, now=now)
    if not found and settings.ENGINE_PING_URL:
        ping(settings.ENGINE_PING_URL)
    return len(found)


def note(found: Iterable[Broken], *, now: dt.datetime) -> None:
    """Write an incident for each invariant and clinic, or what is new about the one that is open."""
    rows = _by_clinic(found)
    known = Incident.objects.open().filter(kind=IncidentKind.INVARIANT_BROKEN)
    open_ones = {(str(row.details.get("invariant")), row.clinic_id): row for row in known}
    for (invariant, clinic), named in rows.items():
        held = open_ones.get((invariant, clinic))
        fresh: dict[str, object] = {"invariant": invariant, "rows": named, "failed_at": now.isoformat()}
        if held is None:
            _raise(invariant, clinic, fresh, now)
        else:
            held.details = {**held.details, **fresh, "held_at": None}
            held.save(update_fields=["details"])
    for key, held in open_ones.items():
        if key not in rows and not held.details.get("held_at"):
            held.details = {**held.details, "held_at": now.isoformat()}
            held.save(update_fields=["details"])


def _by_clinic(found: Iterable[Broken]) -> dict[tuple[str, int], list[str]]:
    """Ids and states by invariant and clinic; what belongs to no clinic concerns them all."""
    everywhere: list[int] | None = None
    rows: dict[tuple[str, int], list[str]] = defaultdict(list)
    for one in found:
        for clinic, *names in one.rows:
            if clinic is None and everywhere is None:
                everywhere = list(Clinic.objects.values_list("pk", flat=True))
            for pk in [clinic] if clinic is not None else everywhere or []:
                named = rows[one.invariant.id, int(str(pk))]
                if len(named) < NAMED:
                    named.append(" ".join(map(str, names)))
    return rows


def _raise(invariant: str, clinic: int, details: dict[str, object], now: dt.datetime) -> None:
    stem = f"invariant:{invariant}:{clinic}:"
    count = Incident.objects.filter(clinic=clinic, dedupe_key__startswith=stem).count()
    raise_incident(
        clinic=Clinic.objects.get(pk=clinic),
        kind=IncidentKind.INVARIANT_BROKEN,
        dedupe_key=f"{stem}{count + 1}",
        details={**details, "held_at": None},
        now=now,
    )
