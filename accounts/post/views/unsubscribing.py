"""The way out of reminders that every reminder carries. Looking changes nothing: mail scanners follow links."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.people.models import Client

from .. import actions
from ..delivery.wording import unsubscribe_token
from ..models import ContactPreferences


@csrf_exempt  # a mail program posts here for its reader (RFC 8058) and holds no cookie; the token is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    client = _client_of(token)
    if request.method == "POST":
        actions.unsubscribe(client=client, by=None, now=timezone.now())
    stopped = ContactPreferences.objects.filter(client=client, unsubscribed_at__isnull=False).exists()
    return render(request, "post/unsubscribe.html", {"stopped": stopped, "clinic": client.clinic})


def _client_of(token: str) -> Client:
    """The client whose link this is.

    Raises:
        Http404: we never wrote it, or it was made useless since.
    """
    pk, _, _ = token.partition("-")
    client = Client.objects.select_related("clinic").filter(pk=int(pk)).first() if _is_id(pk) else None
    if client is None:
        raise Http404
    known = ContactPreferences.objects.filter(client=client).values_list("generation", flat=True).first() or 1
    for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        if constant_time_compare(token, unsubscribe_token(client.pk, known, secret)):
            return client
    raise Http404


def _is_id(words: str) -> bool:
    return words.isascii() and words.isdigit() and len(words) < 19
