"""One person, several records or clinics: which one is this about?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.people.adapters import CURRENT_CLIENT, CURRENT_CLINIC, signed_in
from accounts.people.forms import ActingForm
from accounts.people.models import Client, Clinic


@require_POST
@signed_in
def act_for(request: HttpRequest) -> HttpResponse:
    """Go on as another of one's own records, or in another clinic one works in."""
    form = ActingForm(request.POST)
    if not form.is_valid():
        return redirect("/")
    if form.cleaned_data["client"]:
        client = get_object_or_404(Client.objects.own(request.user), uuid=form.cleaned_data["client"])
        request.session[CURRENT_CLIENT] = client.pk
    else:
        places = Clinic.objects.employing(request.user)
        clinic = get_object_or_404(places, uuid=form.cleaned_data["clinic"])
        request.session[CURRENT_CLINIC] = clinic.pk
        request.session.pop(CURRENT_CLIENT, None)
    return redirect("/")
