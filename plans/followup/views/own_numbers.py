"""One client's own numbers in place of the clinic's: chosen by who cares for them, with a reason and perhaps an end."""

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.people.actions import record_read
from accounts.people.adapters import staff_only
from accounts.people.models import Client
from accounts.people.rules import Permission
from plans.followup.actions import NothingChanged, end_override, override_numbers
from plans.followup.actions.calendars import numbers_of
from plans.followup.forms import OwnNumbersForm
from plans.followup.models import PolicyOverride
from plans.followup.rules import ANSWER_TIMES, READ_BY, Numbers, Rule
from plans.followup.views.sitting import StaffRequest

RULES = (Rule.VERY_SEVERE, Rule.SEVERE_PERSISTENT, Rule.WORSENING, Rule.SILENT)
NAMES = tuple(dict.fromkeys(name for rule in RULES for name in READ_BY[rule] if name not in ANSWER_TIMES))
"""What differs from client to client is how severe pain, its rise and silence are read; the rest is the clinic's."""


def visible_client(request: StaffRequest, uuid: UUID) -> Client:
    clients = Client.objects.visible_to(request.user).filter(clinic=request.clinic, accepted_at__isnull=False)
    return get_object_or_404(clients.select_related("clinic"), uuid=uuid)


@staff_only(Permission.ANSWER_ESCALATION)
@require_http_methods(["GET", "HEAD", "POST"])
def own_numbers(request: StaffRequest, uuid: UUID) -> HttpResponse:
    client, now = visible_client(request, uuid), timezone.now()
    record_read(client=client, by=request.user, now=now)
    numbers = numbers_of(request.clinic.pk, now=now)
    own = PolicyOverride.objects.in_force(now).filter(client=client).select_related("made_by").first()
    data = request.POST if request.method == "POST" else None
    today = timezone.localdate(now)
    form = OwnNumbersForm(data, names=NAMES, base=numbers, also={}, today=today, initial=own.numbers if own else None)
    if data is not None and form.is_valid() and keep(request, client, form, now):
        return redirect("followup:own-numbers", uuid)
    earlier = PolicyOverride.objects.filter(client=client).exclude(pk=own.pk if own else 0)
    context = {
        "client": client,
        "form": form,
        "own": own,
        "last_at": own.until_at - dt.timedelta(microseconds=1) if own and own.until_at else None,
        "changes": changes_of(own, numbers),
        "earlier": earlier.select_related("made_by").order_by("-from_at")[:10],
    }
    return render(request, "followup/own_numbers.html", context, status=422 if form.errors else 200)


def keep(request: StaffRequest, client: Client, form: OwnNumbersForm, now: dt.datetime) -> bool:
    try:
        override_numbers(
            client=client,
            changed=form.changed_numbers,
            reason=form.cleaned_data["reason"],
            until_at=form.until_at,
            by=request.user,
            now=now,
        )
    except NothingChanged:
        form.add_error(None, _("These are the clinic’s numbers. Change one, or end the client’s own below."))
        return False
    messages.success(request, _("Saved. They judge what comes from now on."))
    return True


def changes_of(own: PolicyOverride | None, numbers: Numbers) -> list[tuple[str, int, int]]:
    """(name, the clinic's, the client's) of what is the client's own."""
    return [(name, getattr(numbers, name), number) for name, number in own.numbers.items()] if own else []


@staff_only(Permission.ANSWER_ESCALATION)
@require_POST
def end(request: StaffRequest, uuid: UUID) -> HttpResponse:
    client = visible_client(request, uuid)
    if end_override(client=client, by=request.user, now=timezone.now()):
        messages.success(request, _("The clinic’s numbers again, from now on."))
    else:
        messages.info(request, _("This client had no own numbers any more."))
    return redirect("followup:own-numbers", uuid)
