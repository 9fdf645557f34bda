"""Which parts of a body are there: the 54 a client taps, the 23 a record is about, the 8 areas to browse by?

Sides are the person's own. The mapping between what is tapped and what records are about is total both
ways and on purpose a little wide: it decides which safety questions are asked and where a technique works.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .states import Side


class UnknownRegion(ValueError):
    """There is no such part of the body here."""


@dataclass(frozen=True)
class BodyMapRegion:
    """One part a client can tap. `region` is the same on both sides, `id` is not."""

    id: str
    view: str
    region: str
    side: Side
    label: str


# On the picture from the head down: name, words, whether there are two, what records call it (the main one first).
_FRONT: tuple[tuple[str, str, bool, tuple[str, ...]], ...] = (
    ("face", "Face and jaw", False, ("jaw", "head")),
    ("throat", "Front of neck", False, ("neck",)),
    ("shoulder", "Shoulder", True, ("shoulder",)),
    ("chest", "Chest", True, ("chest",)),
    ("abdomen", "Abdomen", False, ("abdomen",)),
    ("front-hip", "Front of hip", True, ("groin", "lateral-hip")),
    ("groin", "Groin", False, ("groin", "pelvis")),
    ("front-thigh", "Front of thigh", True, ("anterior-thigh", "medial-thigh")),
    ("outer-thigh", "Outer thigh", True, ("lateral-thigh",)),
    ("knee", "Knee", True, ("knee",)),
    ("shin", "Shin", True, ("calf",)),
    ("foot", "Ankle and foot", True, ("heel-foot",)),
    ("upper-arm", "Upper arm", True, ("arm",)),
    ("forearm", "Forearm", True, ("forearm-hand",)),
    ("hand", "Hand", True, ("forearm-hand",)),
)
_BACK: tuple[tuple[str, str, bool, tuple[str, ...]], ...] = (
    ("head", "Back of head", False, ("head",)),
    ("neck", "Neck", False, ("neck",)),
    ("shoulder", "Shoulder", True, ("shoulder",)),
    ("upper-back", "Upper back", True, ("upper-back", "mid-back")),
    ("lower-back", "Lower back", True, ("low-back", "sacroiliac")),
    ("buttock", "Buttock", True, ("buttock", "sacroiliac", "pelvis")),
    ("outer-hip", "Outer hip", True, ("lateral-hip",)),
    ("back-thigh", "Back of thigh", True, ("posterior-thigh", "medial-thigh")),
    ("outer-thigh", "Outer thigh", True, ("lateral-thigh",)),
    ("back-knee", "Back of knee", True, ("knee",)),
    ("calf", "Calf", True, ("calf",)),
    ("heel", "Ankle and heel", True, ("heel-foot",)),
    ("upper-arm", "Upper arm", True, ("arm",)),
    ("forearm", "Forearm", True, ("forearm-hand",)),
    ("hand", "Hand", True, ("forearm-hand",)),
)
CONTENT_REGIONS_OF: Mapping[str, tuple[str, ...]] = {
    f"{view}-{name}": content for view, rows in (("front", _FRONT), ("back", _BACK)) for name, _, _, content in rows
}


def _both_sides(view: str, name: str, words: str, is_paired: bool) -> tuple[BodyMapRegion, ...]:
    region = f"{view}-{name}"
    if not is_paired:
        return (BodyMapRegion(region, view, region, Side.NONE, words),)
    return tuple(
        BodyMapRegion(f"{region}-{side}", view, region, side, f"{side.capitalize()} {words.lower()}")
        for side in (Side.LEFT, Side.RIGHT)
    )


BODY_MAP: tuple[BodyMapRegion, ...] = tuple(
    region
    for view, rows in (("front", _FRONT), ("back", _BACK))
    for name, words, is_paired, _ in rows
    for region in _both_sides(view, name, words, is_paired)
)
MAP_REGION: Mapping[str, BodyMapRegion] = {region.id: region for region in BODY_MAP}
_BY_SITE = {(region.region, region.side): region for region in BODY_MAP}
_TWO_VIEWS = {name for name, *_ in _FRONT} & {name for name, *_ in _BACK}

CONTENT_REGIONS: Mapping[str, str] = {
    "abdomen": "Abdomen",
    "anterior-thigh": "Front of thigh",
    "arm": "Upper arm",
    "buttock": "Buttock",
    "calf": "Calf",
    "chest": "Chest",
    "forearm-hand": "Forearm and hand",
    "groin": "Groin",
    "head": "Head",
    "heel-foot": "Heel and foot",
    "jaw": "Jaw",
    "knee": "Knee",
    "lateral-hip": "Outer hip",
    "lateral-thigh": "Outer thigh",
    "low-back": "Low back",
    "medial-thigh": "Inner thigh",
    "mid-back": "Middle of the back",
    "neck": "Neck",
    "pelvis": "Pelvis",
    "posterior-thigh": "Back of thigh",
    "sacroiliac": "Base of the spine",
    "shoulder": "Shoulder",
    "upper-back": "Upper back",
}
# The eight areas the library is browsed by, from the head down, with the content regions each is made of.
AREAS: Mapping[str, str] = {
    "neck-head": "Neck and head",
    "upper-back-shoulder": "Upper back and shoulder",
    "chest": "Chest",
    "forearm-hand": "Forearm and hand",
    "low-back": "Low back",
    "hip-buttock": "Hip and buttock",
    "thigh": "Thigh",
    "lower-leg-foot": "Lower leg and foot",
}
CONTENT_REGIONS_OF_AREA: Mapping[str, tuple[str, ...]] = {
    "neck-head": ("neck", "head", "jaw"),
    "upper-back-shoulder": ("upper-back", "mid-back", "shoulder"),
    "chest": ("chest",),
    "forearm-hand": ("forearm-hand", "arm"),
    "low-back": ("low-back", "sacroiliac", "abdomen"),
    "hip-buttock": ("buttock", "lateral-hip", "groin", "pelvis"),
    "thigh": ("anterior-thigh", "posterior-thigh", "lateral-thigh", "medial-thigh", "knee"),
    "lower-leg-foot": ("calf", "heel-foot"),
}
# Where each muscle of the starter library lies, from its origin and insertion; others fall back on their area.
_MUSCLE_LIES_IN: Mapping[str, tuple[str, ...]] = {
    "gluteus-maximus": ("back-buttock",),
    "gluteus-medius": ("back-buttock", "back-outer-hip"),
    "gluteus-minimus": ("back-outer-hip",),
    "piriformis": ("back-buttock",),
    "tensor-fasciae-latae": ("front-front-hip", "back-outer-hip"),
    "iliotibial-band": ("front-outer-thigh", "back-outer-thigh"),
    "hamstrings": ("back-back-thigh",),
    "quadriceps": ("front-front-thigh",),
    "adductors": ("front-groin", "front-front-thigh"),
    "iliopsoas": ("front-front-hip", "front-groin"),
    "quadratus-lumborum": ("back-lower-back",),
    "erector-spinae": ("back-lower-back", "back-upper-back"),
    "gastrocnemius": ("back-calf",),
    "soleus": ("back-calf", "back-heel"),
    "plantar-fascia": ("front-foot", "back-heel"),
    "latissimus-dorsi": ("back-upper-back", "back-lower-back"),
    "upper-trapezius": ("back-neck", "back-shoulder"),
    "levator-scapulae": ("back-neck", "back-upper-back"),
    "rhomboids": ("back-upper-back",),
    "pectoralis-major": ("front-chest",),
    "pectoralis-minor": ("front-chest", "front-shoulder"),
    "suboccipitals": ("back-head", "back-neck"),
    "forearm-extensors": ("back-forearm",),
}


def is_map_region(region: str, side: str) -> bool:
    """Whether a site can be stored: the region without its side, and left, right or (in the middle) none."""
    return (region, side) in _BY_SITE


def map_region_at(region: str, side: str) -> BodyMapRegion:
    """The tappable part a stored site names.

    Raises:
        UnknownRegion: there is no such region, or not with that side.
    """
    try:
        return _BY_SITE[(region, Side(side))]
    except (KeyError, ValueError):
        raise UnknownRegion(f"The body map has no “{region}” with side “{side}”.") from None


def site_label(region: str, side: str) -> str:
    """A site in words that stand alone: “Right buttock”, “Left shoulder, front”."""
    found = map_region_at(region, side)
    name = region.partition("-")[2]
    return f"{found.label}, {found.view}" if name in _TWO_VIEWS else found.label


def content_regions_of(map_region: str) -> tuple[str, ...]:
    """What records call a tapped region, the main one first. Takes “back-buttock” or “back-buttock-left”.

    Raises:
        UnknownRegion: there is no such region.
    """
    found = MAP_REGION.get(map_region)
    try:
        return CONTENT_REGIONS_OF[found.region if found else map_region]
    except KeyError:
        raise UnknownRegion(f"The body map has no “{map_region}”.") from None


def map_regions_of(content_region: str) -> tuple[str, ...]:
    """Where on the body map a content region lies, without sides, from the head down, front before back.

    Raises:
        UnknownRegion: there is no such region.
    """
    if content_region not in CONTENT_REGIONS:
        raise UnknownRegion(f"The library has no region “{content_region}”.")
    return tuple(region for region, content in CONTENT_REGIONS_OF.items() if content_region in content)


def where_muscle_lies(slug: str, area: str) -> tuple[str, ...]:
    """The body-map regions, without sides, over a muscle; one the clinic added itself lies in its whole area."""
    if slug in _MUSCLE_LIES_IN:
        return _MUSCLE_LIES_IN[slug]
    found = {region for content in CONTENT_REGIONS_OF_AREA.get(area, ()) for region in map_regions_of(content)}
    return tuple(region for region in CONTENT_REGIONS_OF if region in found)


def on_one_side(regions: Iterable[str], side: Side = Side.RIGHT) -> tuple[str, ...]:
    """Ids to paint on the body map: these regions on one side, and those in the middle."""
    wanted = set(regions)
    return tuple(r.id for r in BODY_MAP if r.region in wanted and r.side in (side, Side.NONE))
