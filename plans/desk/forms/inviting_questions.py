"""The safety questions as a bodyworker taps them: grouped, in a few words each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plans.programs.rules import Question

# The whole question stands in the record and is what a client reads; these are its headings for staff.
GROUPS: tuple[tuple[str | Promise, Mapping[str, str | Promise]], ...] = (
    (
        _("Heat, heart, pregnancy"),
        {
            "heat-intolerance": _("Ill from heat, or water tablets"),
            "pregnancy": _("Pregnant"),
            "heart-blood-pressure": _("Heart or blood pressure"),
        },
    ),
    (
        _("Hips, knees, bones"),
        {
            "knee-problem": _("Knee hurts when bent and turned"),
            "hip-replacement": _("Hip replaced"),
            "hip-joint-disease": _("Worn or pinching hip"),
            "gluteal-tendinopathy": _("Pain on the outer hip bone"),
            "osteoporosis": _("Fragile bones"),
            "hypermobility": _("Very bendy joints"),
            "falls-floor": _("Hard to get up from the floor, or falls"),
        },
    ),
    (
        _("Recent, in the last 3 months"),
        {
            "recent-fracture": _("Broken bone"),
            "recent-surgery": _("Operation"),
            "acute-muscle-tear": _("Muscle tear or sprain"),
            "dvt": _("Blood clot"),
            "fever-unwell": _("Fever now"),
        },
    ),
    (
        _("Skin and swelling"),
        {
            "open-wound": _("Cut, burn or broken skin"),
            "local-infection-inflammation": _("Hot, red or swollen area"),
            "skin-condition": _("Rash or skin condition"),
            "myositis-ossificans": _("Firm lump after a knock"),
            "varicose-veins": _("Bulging veins"),
            "lymphoedema": _("Long-term swelling of a limb"),
            "bone-infection": _("Bone infection"),
        },
    ),
    (
        _("Nerves, blood, medicines"),
        {
            "radiating-nerve": _("Numbness, tingling or weakness"),
            "reduced-sensation": _("Areas without feeling"),
            "neck-vessel-instability": _("Neck injury, or dizzy with neck pain"),
            "blood-thinners": _("Blood thinners, bruises easily"),
            "long-term-steroids": _("Steroid tablets"),
            "cancer": _("Cancer, now or in the past"),
            "breast-chest-area": _("Implant, pacemaker or port"),
        },
    ),
    (
        _("Long-lasting, and telling us"),
        {
            "inflammatory-flare": _("Arthritis in flare"),
            "widespread-pain": _("Pain in many places for months"),
            "under-18": _("Under 18"),
            "cannot-report": _("Hard to say if it hurts"),
        },
    ),
)
OPEN_GROUPS = 3


@dataclass(frozen=True)
class Chip:
    slug: str
    words: str | Promise
    question: str
    is_on: bool


@dataclass(frozen=True)
class ChipGroup:
    title: str | Promise
    chips: tuple[Chip, ...]
    is_folded: bool


def grouped(questions: Iterable[Question], ticked: Iterable[str]) -> list[ChipGroup]:
    """The template's questions by group; one a clinic wrote itself stands by its name at the end."""
    left = {question.slug: question for question in questions}
    on = set(ticked)
    groups = []
    for place, (title, words) in enumerate(GROUPS):
        found = [(left.pop(slug), short) for slug, short in words.items() if slug in left]
        chips = tuple(Chip(question.slug, short, question.text, question.slug in on) for question, short in found)
        if chips:
            groups.append(ChipGroup(title, chips, place >= OPEN_GROUPS))
    own = tuple(Chip(question.slug, question.name, question.text, question.slug in on) for question in left.values())
    return [*groups, ChipGroup(_("More"), own, True)] if own else groups


def short_words(question: Question) -> str | Promise:
    """A few words for one question."""
    return next((words[question.slug] for _title, words in GROUPS if question.slug in words), question.name)
