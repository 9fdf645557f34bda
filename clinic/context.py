"""What every page knows without its view saying so: whose clinic, which look, what may be in the menu."""

from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.people.models import Clinic, Membership
from accounts.people.rules import Permission, permissions_of
from accounts.post.models import KillSwitch
from clinic.delay import engine_delay
from plans.followup.models import Escalation

THEMES = {"light", "dark"}


def clinic(request: HttpRequest) -> dict[str, Any]:
    """The names base.html uses. Costs one query, and only on a page nobody is signed in to."""
    membership: Membership | None = getattr(request, "membership", None)
    standing: Any = SimpleLazyObject(lambda: standing_of(request, membership))
    return {
        "clinic": getattr(request, "clinic", None) or SimpleLazyObject(the_only_clinic),
        "membership": membership,
        "may": frozenset(permission.value for permission in permissions(membership)),
        "role_words": role_words(membership),
        "open_cases": SimpleLazyObject(lambda: standing["open_cases"]),
        "letters_stopped": SimpleLazyObject(lambda: standing["letters_stopped"]),
        "engine_delay": SimpleLazyObject(engine_delay),
        "theme": theme_of(request),
        "demo": settings.DEMO,
        "push_on": settings.WEB_PUSH,
    }


def the_only_clinic() -> Clinic | None:
    """The clinic of an installation that has just one; None where there is a choice."""
    found = list(Clinic.objects.order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def permissions(membership: Membership | None) -> frozenset[Permission]:
    """What the member of staff may do; nothing for a client or a visitor."""
    return permissions_of(membership.roles) if membership else frozenset()


def standing_of(request: HttpRequest, membership: Membership | None) -> dict[str, Any]:
    """How many cases of this clinic nobody has yet, and the widest stop of its letters that is on now.

    One query, asked only by a page of the staff that shows them.
    """
    if membership is None:
        return {"open_cases": 0, "letters_stopped": None}
    cases = Escalation.objects.visible_to(request.user).filter(clinic=OuterRef("pk")).unanswered().order_by()
    stops = KillSwitch.objects.on_at(timezone.now()).filter(clinic=OuterRef("pk")).order_by("scope", "pk")
    found = Clinic.objects.filter(pk=membership.clinic_id).values(
        open=Subquery(cases.values("clinic").annotate(count=Count("pk")).values("count")),
        stopped=Subquery(stops.values("scope")[:1]),
        reason=Subquery(stops.values("reason")[:1]),
        until_at=Subquery(stops.values("until_at")[:1]),
    )[0]
    stopped = {**found, "letters_url": reverse("post:letters")} if found["stopped"] else None
    return {"open_cases": found["open"] or 0, "letters_stopped": stopped}


def role_words(membership: Membership | None) -> str:
    """“Owner, bodyworker”: how the rail names a person."""
    if membership is None:
        return ""
    words = [
        word
        for held, word in (
            (membership.is_owner, _("owner")),
            (membership.is_bodyworker, _("bodyworker")),
            (membership.is_curator, _("curator")),
        )
        if held
    ]
    return ", ".join(words).capitalize()


def theme_of(request: HttpRequest) -> str:
    """“light”, “dark”, or empty: as the device prefers."""
    chosen = getattr(getattr(request, "user", None), "theme", "")
    return chosen if chosen in THEMES else ""
