"""A person's own devices: which browsers get letters, how reminders come, and one to try it."""

import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.people.adapters import clients_only, signed_in

from .. import actions
from ..delivery.sealing import private_key, public_words
from ..forms import NudgeChannelForm
from ..models import ContactPreferences, PushSubscription

# A browser takes a worker for the whole site only from the top of it; whatever is under /static/ would not do.
WORKER = (Path(__file__).parents[1] / "static" / "post" / "worker.js").read_bytes()


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(WORKER, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _own(request: HttpRequest) -> QuerySet[PushSubscription]:
    """Raises Http404 where push is off: nothing here works then."""
    if not settings.WEB_PUSH:
        raise Http404
    return PushSubscription.objects.visible_to(request.user).newest_first()


@require_safe
@signed_in
def devices(request: HttpRequest) -> HttpResponse:
    return devices_page(request)


def devices_page(request: HttpRequest, form: NudgeChannelForm | None = None) -> HttpResponse:
    known = list(_own(request))
    client = request.acting_client  # type: ignore[attr-defined]
    if form is None and client is not None:
        form = NudgeChannelForm(initial={"channel": _channel_of(client)}, has_device=bool(known))
    context: dict[str, Any] = {
        "base": "base_staff.html" if client is None else "base_client.html",
        "devices": [{"row": row, "digest": hashlib.sha256(row.endpoint.encode()).hexdigest()} for row in known],
        "public_key": public_words(private_key(settings.VAPID_PRIVATE_KEY)),
        "form": form,
    }
    return render(request, "post/devices.html", context, status=422 if form is not None and form.is_bound else 200)


def _channel_of(client: Any) -> str:
    chosen = ContactPreferences.objects.filter(client=client).values_list("nudge_channel", flat=True).first()
    return str(chosen or "email")


@require_POST
@clients_only
def nudge_channel(request: HttpRequest) -> HttpResponse:
    form = NudgeChannelForm(request.POST, has_device=_own(request).exists())
    if not form.is_valid():
        return devices_page(request, form)
    actions.choose_nudge_channel(
        client=request.acting_client,  # type: ignore[attr-defined]
        channel=form.cleaned_data["channel"],
        by=request.user,  # type: ignore[arg-type]
        now=timezone.now(),
    )
    messages.success(request, _("Saved."))
    return redirect("post:devices")


@require_POST
@signed_in
def device_remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    device = get_object_or_404(_own(request), uuid=uuid)
    actions.remove_device(
        subscription=device,
        by=request.user,  # type: ignore[arg-type]
        clinic=request.clinic,  # type: ignore[attr-defined]
        now=timezone.now(),
    )
    messages.success(request, _("Removed. No more letters go there."))
    return redirect("post:devices")


@require_POST
@signed_in
def device_test(request: HttpRequest, uuid: UUID) -> HttpResponse:
    device = get_object_or_404(_own(request), uuid=uuid)
    actions.queue_device_test(
        subscription=device,
        membership=request.membership if request.acting_client is None else None,  # type: ignore[attr-defined]
        client=request.acting_client,  # type: ignore[attr-defined]
        now=timezone.now(),
    )
    messages.success(request, _("On its way. It should show within half a minute."))
    return redirect("post:devices")
