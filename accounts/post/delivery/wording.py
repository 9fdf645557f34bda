"""The words of a letter: written once, at its first claim, and the same at every try.

The frozen text holds a mark where a link goes. Links are made when sending, from row ids and
generations, so that nothing stored can be used by whoever reads the table.
"""

import hashlib
from email.utils import format_datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext

from accounts.people.actions import backup_token, invitation_link
from accounts.people.models import Invitation

from ..models import ContactPreferences, Letter
from ..rules import BACKUP, NUDGE, TEST, Audience, signature
from .channel import Wording
from .mime import message_bytes

LINK_MARK = "[[link]]"
UNSUBSCRIBE_MARK = "[[unsubscribe]]"
WHY_MARK = "[[why]]"


def write(letter: Letter) -> Wording:
    """Render the templates of the letter's kind in the reader's language; holds no health data."""
    context = {
        **words_of(letter),
        "clinic_name": letter.clinic.name,
        "clinic_phone": letter.clinic.phone,
        "link": LINK_MARK,
        "unsubscribe_link": UNSUBSCRIBE_MARK if letter.subject_kind == NUDGE else "",
        "why_link": WHY_MARK if letter.params.get("why") else "",
        "audience": letter.audience,
        "is_test": letter.subject_kind == TEST,
    }
    with translation.override(locale_of(letter)):
        subject = " ".join(render_to_string(f"mail/{letter.kind}/subject.txt", context).split())
        if letter.subject_kind == TEST:
            subject = gettext("Test: %(subject)s") % {"subject": subject}
        context["subject"] = subject[:200]
        return Wording(
            subject=subject[:200],
            text=render_to_string(f"mail/{letter.kind}/body.txt", context).strip() + "\n",
            html=render_to_string(f"mail/{letter.kind}/body.html", context),
        )


def shown_links(words: Wording, *, site: str) -> Wording:
    """The same words for somebody who only looks: links that lead to the front door instead of anybody's page."""
    text, html = words.text, words.html
    for mark in (LINK_MARK, UNSUBSCRIBE_MARK, WHY_MARK):
        text, html = text.replace(mark, f"{site}/"), html.replace(mark, escape(f"{site}/"))
    return Wording(words.subject, text, html)


def words_of(letter: Letter) -> dict[str, object]:
    """The few words of a letter that are not the same for everybody: a count, a date, never health data."""
    return dict(letter.params.get("words", {}))


def locale_of(letter: Letter) -> str:
    """The reader's language."""
    return str(letter.client.locale if letter.client is not None else letter.clinic.locale)


def compose(letter: Letter) -> bytes:
    """The whole message as it goes over the line; the same bytes at every try."""
    link, unsubscribe = link_of(letter), unsubscribe_link_of(letter)
    headers = [
        ("From", settings.DEFAULT_FROM_EMAIL),
        ("Subject", letter.rendered_subject),
        ("Auto-Submitted", "auto-generated"),
    ]
    own = [("Date", format_datetime(letter.due_at)), ("Message-ID", letter.message_id)]
    if unsubscribe:
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
        own.append(("List-Unsubscribe", f"<{unsubscribe}>"))
    text, html = letter.rendered_text, letter.rendered_html
    links = {LINK_MARK: link, UNSUBSCRIBE_MARK: unsubscribe, WHY_MARK: why_link_of(letter)}
    for mark, address in links.items():
        text, html = text.replace(mark, address), html.replace(mark, escape(address))
    return message_bytes(
        headers=headers,
        own=own,
        to=letter.address,
        text=text,
        html=html,
        boundary=hashlib.sha256(letter.dedupe_key.encode()).hexdigest()[:32],
    )


def link_of(letter: Letter) -> str:
    """Where the letter leads: some to a secret link of their own, everything else to a page behind sign-in."""
    if letter.subject_kind == "invitation":
        invitation = Invitation.objects.filter(pk=letter.subject_id).first()
        return settings.SITE_URL + (invitation_link(invitation) if invitation else "/")
    if letter.subject_kind == BACKUP:
        # Of the letter's own generation: one that is late must not open the link of another address.
        token = backup_token(letter.subject_id, letter.generation)
        return settings.SITE_URL + reverse("post:backup", kwargs={"token": token})
    return settings.SITE_URL + str(letter.params.get("path", "/"))


def why_link_of(letter: Letter) -> str:
    """The page behind sign-in that says why this letter came, where its kind has one."""
    page = str(letter.params.get("why", ""))
    return f"{settings.SITE_URL}{page}{letter.uuid}/" if page else ""


def unsubscribe_link_of(letter: Letter) -> str:
    """The way out of nudges; escalations to staff have none."""
    if letter.subject_kind != NUDGE or letter.audience != Audience.CLIENT or letter.client_id is None:
        return ""
    generation = (
        ContactPreferences.objects.filter(client=letter.client_id).values_list("generation", flat=True).first() or 1
    )
    return settings.SITE_URL + reverse(
        "post:unsubscribe", kwargs={"token": unsubscribe_token(letter.client_id, generation)}
    )


def unsubscribe_token(client_id: int, generation: int, secret: str = "") -> str:
    """`<client>-<generation>-<signature>`; a raised generation makes older links useless."""
    seal = signature("unsubscribe", client_id, generation, secret=secret or settings.SECRET_KEY)
    return f"{client_id}-{generation}-{seal}"
