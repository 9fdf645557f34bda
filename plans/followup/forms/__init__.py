"""What staff may say about a case, and which numbers they may choose."""

from .answering import AcknowledgeForm, HandOverForm, ResolveForm, SnoozeForm, moment_words
from .numbers import LABELS, NumbersForm, OwnNumbersForm, RuleForm, span_of

__all__ = [
    "LABELS",
    "AcknowledgeForm",
    "HandOverForm",
    "NumbersForm",
    "OwnNumbersForm",
    "ResolveForm",
    "RuleForm",
    "SnoozeForm",
    "moment_words",
    "span_of",
]
