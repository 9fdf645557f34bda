"""Every text that leaves the clinic, as its reader sees it, and how reminders fared."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from csp.decorators import csp
from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.people.adapters import staff_only
from accounts.people.models import Clinic
from accounts.people.rules import Permission
from accounts.post.actions import TooManyTests, send_test
from accounts.post.delivery import Wording, shown_links, write
from accounts.post.models import Letter
from accounts.post.rules import NUDGE, Audience
from plans.followup.models import Nudge
from plans.followup.rules import NudgeKind, NudgeState
from plans.followup.views.sitting import StaffRequest
from plans.library.rules.texts import ShortText, letter_texts

SPAN = dt.timedelta(days=30)
TESTS_OF_AN_OWNER = 20
SAMPLE: dict[str, object] = {"sessions_done": 3, "is_as_told": True, "count": 2, "person": "Ruth Ekwall"}
NUDGES = frozenset(kind.value for kind in NudgeKind)
OUTSIDE = frozenset({Audience.CLIENT, Audience.BACKUP})
LEFT = (NudgeState.ANSWERED, NudgeState.IGNORED, NudgeState.SENT)
# A letter carries its style with it; nothing else may run or load on its page.
ALONE = {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "frame-ancestors": ["'none'"]}


@dataclass(frozen=True)
class Shown:
    """One text of the library with the letter that is made of it; no words where nothing sends it yet."""

    text: ShortText
    words: Wording | None

    @property
    def is_reminder(self) -> bool:
        return self.text.slug in NUDGES


@require_safe
@staff_only(Permission.SEE_LETTERS)
def texts(request: StaffRequest) -> HttpResponse:
    """GET: the texts by whom they go to, those that nothing sends yet, and the reminders of 30 days."""
    shown = [Shown(text, words_of(text.slug, request.clinic)) for text in letter_texts()]
    context: dict[str, Any] = {
        "groups": [
            (_("To clients: reminders"), [each for each in shown if each.words and each.is_reminder]),
            (_("To clients: answers and ways in"), [each for each in shown if each.words and is_answer(each)]),
            (_("To the staff"), [each for each in shown if each.words and each.text.audience not in OUTSIDE]),
            (
                _("To the backup contact"),
                [each for each in shown if each.words and each.text.audience == Audience.BACKUP],
            ),
        ],
        "unsent": [each.text for each in shown if each.words is None],
        "can_test": request.membership.email_verified_at is not None,
        "email": request.user.email,
    }
    return render(request, "followup/texts.html", context | figures_of(request.clinic))


def is_answer(shown: Shown) -> bool:
    return shown.text.audience == Audience.CLIENT and not shown.is_reminder


def words_of(kind: str, clinic: Clinic) -> Wording | None:
    """The letter as it would be written, its links replaced by where they lead; None where it has no template."""
    try:
        get_template(f"mail/{kind}/subject.txt")
    except TemplateDoesNotExist:
        return None
    is_reminder = kind in NUDGES
    params = {"path": "/", "words": SAMPLE} | ({"why": "/"} if is_reminder else {})
    letter = Letter(clinic=clinic, kind=kind, audience=Audience.CLIENT, params=params)
    letter.subject_kind = NUDGE if is_reminder else ""
    return shown_links(write(letter), site=settings.SITE_URL)


def figures_of(clinic: Clinic) -> dict[str, Any]:
    """What became of the reminders of 30 days, and why those that were not sent were not."""
    lately = Nudge.objects.filter(clinic=clinic).since(timezone.localdate() - SPAN)
    rows = list(lately.order_by().values_list("state", "reason").annotate(n=Count("pk")))
    counts = {state: sum(n for found, _reason, n in rows if found == state) for state in NudgeState}
    reasons = [(reason, n) for state, reason, n in rows if state == NudgeState.DROPPED]
    return {
        "stats": [
            {"label": _("Left, 30 days"), "value": sum(counts[state] for state in LEFT)},
            {"label": _("Answered by a log or a tap"), "value": counts[NudgeState.ANSWERED]},
            {"label": _("No answer that day"), "value": counts[NudgeState.IGNORED]},
            {"label": _("Not sent"), "value": counts[NudgeState.DROPPED]},
        ],
        "reasons": sorted(reasons, key=lambda each: (-each[1], each[0])),
    }


@csp(ALONE)
@require_safe
@staff_only(Permission.SEE_LETTERS)
def letter(request: StaffRequest, kind: str) -> HttpResponse:
    """GET: one letter in its own dress, as a mail program shows it."""
    words = words_of(kind, request.clinic) if kind in known() else None
    if words is None:
        raise Http404
    return HttpResponse(words.html)


@require_POST
@staff_only(Permission.SEE_LETTERS)
def test(request: StaffRequest, kind: str) -> HttpResponse:
    """POST: send it to the owner's own verified address, marked as a test; it is about nobody."""
    if kind not in known() or words_of(kind, request.clinic) is None:
        raise Http404
    if request.membership.email_verified_at is None:
        messages.error(request, _("Your own address is not verified yet, so no letter can go there."))
        return redirect("followup:texts")
    params: dict[str, object] = {"path": "/clinic/texts/", "words": SAMPLE}
    me, now = request.membership, timezone.now()
    try:
        send_test(clinic=request.clinic, kind=kind, membership=me, params=params, limit=TESTS_OF_AN_OWNER, now=now)
    except TooManyTests:
        messages.error(request, _("That is enough for an hour. Try again later."))
    else:
        messages.success(request, _("A test is on its way to %(email)s.") % {"email": request.user.email})
    return redirect("followup:texts")


def known() -> frozenset[str]:
    return frozenset(text.slug for text in letter_texts())
