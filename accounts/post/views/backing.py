"""The backup contact: somebody outside who confirms an address, and the owner who asks them to."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.people.actions import BackupConfirmed, NoBackupNamed, confirm_backup, find_backup
from accounts.people.adapters import staff_only
from accounts.people.rules import Permission
from accounts.post.actions import write_to_backup


@require_http_methods(["GET", "HEAD", "POST"])
def backup(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what is asked and changes nothing, because mail scanners open links; POST says yes."""
    found, now = find_backup(token), timezone.now()
    if found is None:
        raise Http404
    if request.method == "POST":
        confirm_backup(found=found, now=now)
        return redirect("post:backup", token)
    return render(request, "post/backup.html", {"clinic": found.clinic, "standing": found.standing(now)})


@staff_only(Permission.MANAGE_CLINIC)
@require_POST
def write(request: HttpRequest) -> HttpResponse:
    """The letter once more, with a new link."""
    try:
        asked = write_to_backup(clinic=request.clinic, by=request.user, now=timezone.now())  # type: ignore[attr-defined, arg-type]
    except NoBackupNamed:
        messages.error(request, _("Write the backup contact’s email first, and save."))
    except BackupConfirmed:
        messages.success(request, _("The backup contact has confirmed the address already."))
    else:
        messages.success(request, _("A letter to %(email)s is on its way.") % {"email": asked.clinic.backup_email})
    return redirect("post:settings")
