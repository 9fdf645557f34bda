"""Who is away, who covers, and from when until when."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.people.actions import AbsenceOver, AwayAlready, CoverAway, CoverOwesCover
from accounts.people.adapters import staff_only
from accounts.people.forms import AwayForm
from accounts.people.models import Absence
from accounts.people.rules import Permission
from accounts.post.actions import announce_absence, call_off_absence


@staff_only(Permission.SEE_CASELOAD)
@require_http_methods(["GET", "POST"])
def away(request: HttpRequest) -> HttpResponse:
    """GET lists who is away; POST writes down a time away, one's own or, by an owner, anybody's."""
    now = timezone.now()
    posted = request.POST if request.method == "POST" else None
    form = AwayForm(posted, member=request.membership, today=timezone.localdate(now))  # type: ignore[attr-defined]
    if form.is_valid():
        try:
            planned = announce_absence(**form.absence(now), by=request.user, now=now)  # type: ignore[arg-type]
        except (AwayAlready, CoverAway, CoverOwesCover) as refused:
            form.add_error(*why_not(refused))
        else:
            messages.success(request, _("%(name)s is down as away.") % {"name": planned.bodyworker.user})
            return redirect("post:away")
    return away_page(request, form, now)


def away_page(request: HttpRequest, form: AwayForm, now: dt.datetime) -> HttpResponse:
    absences = Absence.objects.visible_to(request.user).filter(clinic=request.clinic).to_come(now)  # type: ignore[attr-defined]
    rows = absences.select_related("bodyworker__user", "cover__user").order_by("from_at", "pk")
    context: dict[str, Any] = {"form": form, "absences": rows, "now": now}
    return render(request, "post/away.html", context, status=422 if form.is_bound and form.errors else 200)


@staff_only(Permission.SEE_CASELOAD)
@require_POST
def back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Somebody is back, or is not going: their own time away, or anybody's by an owner."""
    mine = Absence.objects.visible_to(request.user).filter(clinic=request.clinic)  # type: ignore[attr-defined]
    if not request.membership.is_owner:  # type: ignore[attr-defined]
        mine = mine.filter(bodyworker=request.membership)  # type: ignore[attr-defined]
    found = get_object_or_404(mine.select_related("bodyworker__user"), uuid=uuid)
    try:
        call_off_absence(absence=found, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    except AbsenceOver:
        messages.warning(request, _("This time away was over already."))
    else:
        messages.success(request, _("%(name)s is here again.") % {"name": found.bodyworker.user})
    return redirect("post:away")


def why_not(refused: AwayAlready | CoverAway | CoverOwesCover) -> tuple[str, str]:
    """The field a refusal belongs to, and its words."""
    absence = refused.absence
    last = timezone.localtime(absence.until_at) - dt.timedelta(seconds=1)
    words = {
        "name": absence.bodyworker.user,
        "from": date_format(timezone.localtime(absence.from_at), "j F"),
        "until": date_format(last, "j F"),
    }
    if isinstance(refused, AwayAlready):
        return "from_on", _("%(name)s is down as away from %(from)s until %(until)s already") % words
    if isinstance(refused, CoverAway):
        return "cover", _("%(name)s is away from %(from)s until %(until)s. Choose somebody who is here") % words
    return "from_on", _(
        "%(name)s is away from %(from)s until %(until)s and counts on this cover. Change that first"
    ) % words
