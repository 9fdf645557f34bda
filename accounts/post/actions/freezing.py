"""The words of a letter, written down before its first try, so that every try says the same."""

import datetime as dt
import logging
from collections import defaultdict
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from ..delivery import CHANNELS, Wording, words_of
from ..models import Letter
from ..rules import NUDGE, TEST, Channel, DeadEnd
from .claiming import freeze_words
from .recording import give_up, take_from_device

log = logging.getLogger(__name__)


def word_letters(letters: list[Letter], token: UUID, now: dt.datetime) -> list[Letter]:
    """The letters that can leave, their address and words frozen; the others are given up."""
    leaving, fresh = [], []
    words: dict[tuple[object, ...], Wording] = {}
    for letter in letters:
        if letter.channel not in CHANNELS:
            give_up(letter, token, DeadEnd.NO_ADDRESS, now)
            continue
        if letter.channel == Channel.PUSH and not CHANNELS[letter.channel].address_for(letter):
            # Asked at every try: a browser may have passed to somebody else, who must not read this.
            take_from_device(letter, token, now)
            continue
        if letter.rendered_subject:
            leaving.append(letter)
            continue
        if _has_words(letter, token, words, now):
            fresh.append(letter)
            leaving.append(letter)
    _freeze(fresh, token)
    return leaving


def _has_words(letter: Letter, token: UUID, words: dict[tuple[object, ...], Wording], now: dt.datetime) -> bool:
    channel = CHANNELS[letter.channel]
    address = channel.address_for(letter)
    if not address:
        give_up(letter, token, _why_no_address(letter), now)
        return False
    # A device keeps its address in its own row.
    letter.address = "" if letter.channel == Channel.PUSH else address
    try:
        wording = words.get(_same_words(letter)) or channel.write(letter)
    except (OperationalError, InterfaceError):
        raise  # it is not this letter's
    except Exception:
        log.exception("letter %s of kind %s could not be written", letter.pk, letter.kind)
        give_up(letter, token, DeadEnd.TEMPLATE_FAILED, now)
        return False
    words[_same_words(letter)] = wording
    letter.rendered_subject, letter.rendered_text, letter.rendered_html = wording.subject, wording.text, wording.html
    return True


def _freeze(letters: list[Letter], token: UUID) -> None:
    """Write down address and words; letters that read alike are written by one statement."""
    alike: dict[Wording, list[Letter]] = defaultdict(list)
    for letter in letters:
        alike[Wording(letter.rendered_subject, letter.rendered_text, letter.rendered_html)].append(letter)
    with transaction.atomic():
        for words, group in alike.items():
            freeze_words(group, token, words=(words.subject, words.text, words.html))


def _same_words(letter: Letter) -> tuple[object, ...]:
    """Everything the words depend on: letters that agree in it read alike but for their links."""
    locale = letter.client.locale if letter.client is not None else ""
    own = tuple(sorted(words_of(letter).items()))
    is_explained = bool(letter.params.get("why"))
    sort = letter.subject_kind if letter.subject_kind in {NUDGE, TEST} else ""
    return (letter.channel, letter.kind, letter.clinic_id, letter.audience, sort, is_explained, locale, own)


def _why_no_address(letter: Letter) -> DeadEnd:
    failed = letter.client is not None and letter.client.email_failed_at is not None
    return DeadEnd.ADDRESS_FAILED if failed else DeadEnd.NO_ADDRESS
