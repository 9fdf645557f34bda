"""The owner's page of the clinic itself: hours, numbers, closed days, backup contact."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.people.actions import SettingsMovedOn, settings_of, version_of
from accounts.people.adapters import staff_only
from accounts.people.forms import SettingsForm
from accounts.people.models import Clinic, Membership
from accounts.people.rules import Permission, is_zone, reach_of
from accounts.post.actions import save_settings


@staff_only(Permission.MANAGE_CLINIC)
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """GET shows the settings; POST saves them, unless somebody else saved others meanwhile."""
    clinic: Clinic = request.clinic  # type: ignore[attr-defined]
    now, today = timezone.now(), timezone.localdate()
    known = settings_of(clinic, today=today)
    form = SettingsForm(
        request.POST if request.method == "POST" else None,
        settings=known,
        today=today,
        initial={"version": version_of(known)},
    )
    if not form.is_valid():
        return settings_page(request, form)
    try:
        said, version = form.settings(), form.cleaned_data["version"]
        save_settings(clinic=clinic, settings=said, version=version, by=request.user, now=now, today=today)  # type: ignore[arg-type]
    except SettingsMovedOn:
        return settings_page(request, with_what_differs(form, version_of(known)))
    messages.success(request, _("The settings are saved."))
    return redirect("post:settings")


def with_what_differs(form: SettingsForm, version: str) -> SettingsForm:
    """Nothing typed is lost: the fields that differ from what is saved say so, and a second save goes through."""
    for name in [name for name in form.changed_data if name != "version"]:
        form.add_error(
            name, _("Saved meanwhile: %(value)s. What you typed is kept here") % {"value": form[name].initial or "–"}
        )
    form.add_error(None, _("Somebody saved other settings since you opened this page. Look at them and save again"))
    form.data = {**form.data.dict(), "version": version}  # type: ignore[attr-defined]
    return form


def settings_page(request: HttpRequest, form: SettingsForm) -> HttpResponse:
    clinic: Clinic = request.clinic  # type: ignore[attr-defined]
    here = Membership.objects.filter(clinic=clinic)
    context = {
        "form": form,
        "zone_gone": not is_zone(clinic.zone),
        "reach": reach_of(answering=here.answering().count(), has_backup=clinic.has_backup),
        "has_no_owner_reached": not here.reached().filter(is_owner=True).exists(),
    }
    return render(request, "post/settings.html", context, status=422 if form.is_bound and form.errors else 200)
