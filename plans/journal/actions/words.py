"""What a client reads in answer to a log: the starter library's words for each rule, marked for translation."""

from django.utils.translation import gettext_lazy as _

from plans.journal.rules import Message

# The texts of the library's rules (rules.json, client_text); a red flag brings its own words instead.
TEXTS = {
    "saved": _("Saved. Thank you for telling us."),
    "in-session-stop": _("Stop, ease off and breathe. If a warning question is yes, follow it now."),
    "asked-for-help": _(
        "Thank you for telling us. Leave out the move that hurt. Your bodyworker is being told and will answer in"
        " working hours. If it gets worse before then, ring your doctor or the urgent medical line."
    ),
    "adverse-event": _(
        "Thank you, stop that item. If you feel faint, have numbness, or a leg swells, follow the safety questions now."
    ),
    "very-severe-same-day": _(
        "Thank you for telling us. Rest, and answer these few safety questions. Your bodyworker will contact you in"
        " working hours. If it gets worse or you cannot cope before then, ring your doctor or the urgent medical line."
    ),
    "very-severe-answered": _(
        "Thank you for telling us. Rest now. Your bodyworker will contact you in working"
        " hours. If it gets worse or you cannot cope before then, ring your doctor or the urgent medical line."
    ),
}


def text_of(message: Message) -> str:
    """The exact text shown for a message, in the reader's language."""
    return message.text or str(TEXTS[message.id])
