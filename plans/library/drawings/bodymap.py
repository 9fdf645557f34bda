"""Where does it hurt? Our own figure, front and back, cut into the 54 regions a client can tap.

Sides are the person's own: on the front view the right side lies on the left of the picture.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from plans.library.drawings.markup import Drawing, element
from plans.library.rules import BODY_MAP, BodyMapRegion, Side

WIDTH, HEIGHT, MIDLINE = 200, 440, 100
VIEWS = {"front": "Front", "back": "Back"}

Point = tuple[float, float]
Frame = tuple[float, float, float, float]

WHOLE: Frame = (4, 0, 192, 440)
# Half a thigh: enough round a region to see where on the body it is.
ROOM = 52


@dataclass(frozen=True)
class Shape:
    """A region as it is drawn on the right of the picture, or over the midline; `pin` is where its number stands."""

    path: str
    pin: Point


@dataclass(frozen=True)
class Heat:
    """How much it hurts in a region: the severity's word and the score, 0-10."""

    severity: str
    score: int


# The right half of the outline: distance from the midline, height; clockwise from the crown.
# fmt: off
OUTLINE: tuple[Point, ...] = (
    (0, 8), (9, 9), (17, 13.5), (22, 21), (23.5, 31), (22, 42), (18.5, 51), (14.5, 58.5),
    (13, 64), (13.2, 70), (15.5, 75.5), (22, 80.5), (33, 84.5), (44, 88.5), (52, 94), (57.5, 102),
    (60, 113), (61.5, 128), (63.5, 143), (66, 157), (69.5, 170), (73.5, 184), (77, 199),
    (79.5, 212), (82, 221), (87, 230), (89.5, 240), (88.5, 250), (85.5, 258), (81.5, 261.5),
    (78.2, 259), (77, 251), (75.4, 246), (73.8, 250), (71.6, 249), (70.8, 240), (71, 230),
    (70.6, 221), (68.5, 211), (64, 198), (59.5, 184), (55.5, 170), (52.6, 157), (49.5, 143),
    (46.5, 130), (44, 119.5), (42.6, 130), (40.5, 144), (37.6, 157), (35.6, 168), (35.6, 178),
    (38, 188), (42, 199), (46, 210), (48.6, 222), (49.6, 236), (49.2, 252), (47.4, 270),
    (44.4, 288), (40.6, 304), (38.4, 316), (38.2, 328), (39.6, 342), (39.6, 357), (36.8, 373),
    (32.4, 389), (29, 401), (28.6, 409), (32, 415.5), (38.5, 421.5), (40.6, 427), (36.5, 431),
    (27, 432), (18.5, 431), (15, 426), (15.2, 416), (16, 404), (15.6, 390), (14, 372),
    (12.6, 354), (13.2, 338), (14.6, 324), (13.4, 311), (11, 296), (7.8, 276), (4.6, 256),
    (1.6, 242), (0, 238),
)
# fmt: on

SHAPES: Mapping[str, Shape] = {
    "front-face": Shape("M70 0H130V56Q100 70 70 56Z", (100, 34)),
    "front-throat": Shape("M78 57Q100 70 122 57L116 74Q122 80 131 83Q100 96 69 83Q78 80 84 74Z", (100, 69)),
    "front-shoulder": Shape("M130 70H180V118Q160 128 144 120Q138 100 129 85Z", (150, 98)),
    "front-chest": Shape("M100 92Q118 91 130 86Q139 102 144 120Q143 128 142 132Q122 142 100 136Z", (121, 112)),
    "front-abdomen": Shape("M58 132Q78 142 100 136Q122 142 142 132V180Q122 192 100 194Q78 192 58 180Z", (100, 164)),
    "front-front-hip": Shape("M146 178Q128 190 117 193Q115 216 128 240Q146 242 160 236V178Z", (133, 206)),
    "front-groin": Shape(
        "M83 193Q100 195 117 193Q116 214 125 234Q112 240 100 246Q88 240 75 234Q84 214 83 193Z",
        (100, 214),
    ),
    "front-front-thigh": Shape("M96 246Q114 240 125 234Q130 240 134 240Q133 272 129 300Q112 304 96 300Z", (115, 270)),
    "front-outer-thigh": Shape("M134 240Q148 242 160 236V304Q142 304 129 300Q133 272 134 240Z", (141, 272)),
    "front-knee": Shape("M96 300Q112 304 129 300Q142 304 160 304V332Q126 338 96 332Z", (124, 316)),
    "front-shin": Shape("M96 332Q126 338 160 332V398Q126 402 96 398Z", (124, 362)),
    "front-foot": Shape("M96 398Q126 402 160 398V440H96Z", (124, 416)),
    "front-upper-arm": Shape("M143 122Q160 128 190 116V168Q165 174 148 168Z", (155, 144)),
    "front-forearm": Shape("M150 168Q165 174 190 166V220Q178 224 166 222Z", (166, 196)),
    "front-hand": Shape("M166 222Q178 224 196 219V270H166Z", (180, 240)),
    "back-head": Shape("M70 0H130V56Q100 66 70 56Z", (100, 30)),
    "back-neck": Shape("M78 57Q100 66 122 57L116 74Q122 80 131 83Q100 96 69 83Q78 80 84 74Z", (100, 69)),
    "back-shoulder": Shape("M130 70H180V118Q160 128 145 119Q140 100 129 85Z", (150, 98)),
    "back-upper-back": Shape("M100 92Q118 91 130 86Q141 100 145 120Q144 128 143 138Q120 142 100 140Z", (119, 114)),
    "back-lower-back": Shape("M100 140Q120 142 146 138V184Q122 178 100 190Z", (122, 162)),
    "back-buttock": Shape("M100 190Q114 180 126 184Q137 196 139 216Q139 236 128 243Q112 250 100 240Z", (119, 214)),
    "back-outer-hip": Shape("M126 184Q134 180 160 180V238Q146 242 137 235Q140 208 126 184Z", (147, 206)),
    "back-back-thigh": Shape(
        "M100 240Q112 250 128 243Q133 240 136.5 236Q134 270 130 300Q112 306 96 302Z",
        (117, 270),
    ),
    "back-outer-thigh": Shape("M136.5 236Q146 242 160 238V306Q140 306 130 300Q134 270 136.5 236Z", (142, 272)),
    "back-back-knee": Shape("M96 302Q112 306 130 300Q140 306 160 306V330Q126 336 96 330Z", (124, 317)),
    "back-calf": Shape("M96 330Q126 336 160 330V396Q126 400 96 396Z", (125, 362)),
    "back-heel": Shape("M96 396Q126 400 160 396V440H96Z", (124, 416)),
    "back-upper-arm": Shape("M143 122Q160 128 190 116V168Q165 174 148 168Z", (155, 144)),
    "back-forearm": Shape("M150 168Q165 174 190 166V220Q178 224 166 222Z", (166, 196)),
    "back-hand": Shape("M166 222Q178 224 196 219V270H166Z", (180, 240)),
}
DETAILS = {
    "front": (
        "M104 90Q118 86 132 92",
        "M96 90Q82 86 68 92",
        "M100 108V132",
        "M100 168v3",
        "M118 311Q125 306 132 311",
        "M82 311Q75 306 68 311",
    ),
    "back": (
        "M100 98V186",
        "M118 104Q130 112 127 128",
        "M82 104Q70 112 73 128",
        "M100 196V240",
        "M104 243Q116 250 128 244",
        "M96 243Q84 250 72 244",
    ),
}


def smooth(points: list[Point]) -> str:
    """A closed curve through the points (Catmull-Rom written as cubic Bézier), as path data."""
    count = len(points)
    written = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for index in range(count):
        before, start, end, after = (points[(index + step) % count] for step in (-1, 0, 1, 2))
        # A sixth of the chord to the neighbours on either side keeps the joints soft without loops.
        first = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        second = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        written.append("C" + " ".join(f"{x:.1f} {y:.1f}" for x, y in (first, second, end)))
    return "".join(written) + "Z"


SILHOUETTE = smooth([(MIDLINE + x, y) for x, y in OUTLINE] + [(MIDLINE - x, y) for x, y in reversed(OUTLINE[1:-1])])


def regions(view: str) -> list[BodyMapRegion]:
    """The regions of one view, from the head down."""
    return [region for region in BODY_MAP if region.view == view]


def is_mirrored(region: BodyMapRegion) -> bool:
    """Whether the region lies on the left of the picture: its own right in front, its own left behind."""
    return region.side == (Side.RIGHT if region.view == "front" else Side.LEFT)


def pin_of(region: BodyMapRegion) -> Point:
    """Where a number over the region stands."""
    x, y = SHAPES[region.region].pin
    return (WIDTH - x, y) if is_mirrored(region) else (x, y)


def figure(
    view: str,
    *,
    picked: Iterable[str] = (),
    heat: Mapping[str, Heat] | None = None,
    is_close: bool = False,
    uid: str = "map",
    say: Callable[[str], str] = str,
) -> Drawing:
    """The figure from “front” or “back”, hidden from screen readers: a list beside it says the same.

    `picked` are the ids of ticked regions, `heat` the pain by region id; ids of the other view are
    passed over. `is_close` shows only the part of the body round them. `uid` keeps two figures of one
    page apart. `say` turns English into the reader's words.
    """
    heat = heat or {}
    chosen = frozenset(picked)
    here = regions(view)
    clip = f"{uid}-{view}-clip"
    shown = [region for region in here if region.id in chosen or region.id in heat]
    frame = frame_round(shown) if is_close and shown else WHOLE
    return element(
        "svg",
        element("defs", element("clipPath", element("path", d=SILHOUETTE), id=clip)),
        element(
            "g",
            element("rect", class_="bodymap__skin", width=WIDTH, height=HEIGHT),
            *(region_path(region, severity_at(region.id, chosen, heat), say) for region in here),
            clip_path=f"url(#{clip})",
        ),
        element("g", *(element("path", d=line) for line in DETAILS[view]), class_="bodymap__detail"),
        element("path", class_="bodymap__outline", d=SILHOUETTE),
        *(whose_sides(view, say) if frame is WHOLE else ()),
        *(pin(region, heat[region.id]) for region in here if region.id in heat),
        class_="bodymap__svg" if frame is WHOLE else "bodymap__svg bodymap__svg--zoom",
        viewBox=" ".join(f"{number:g}" for number in frame),
        aria_hidden="true",
        focusable="false",
        data_view=view,
    )


def frame_round(shown: Iterable[BodyMapRegion]) -> Frame:
    """The part of the picture that holds the regions and the middle of the body, three wide to four high."""
    pins = [pin_of(region) for region in shown]
    xs, ys = [MIDLINE, *(x for x, _ in pins)], [y for _, y in pins]
    high = min(HEIGHT, max(max(ys) - min(ys) + 2 * ROOM, (max(xs) - min(xs) + 2 * ROOM) * 4 / 3))
    wide = high * 3 / 4
    x = min(max((min(xs) + max(xs) - wide) / 2, 0), WIDTH - wide)
    y = min(max((min(ys) + max(ys) - high) / 2, 0), HEIGHT - high)
    return (round(x), round(y), round(wide), round(high))


def whose_sides(view: str, say: Callable[[str], str]) -> tuple[Drawing, Drawing]:
    """“Left” and “Right” beside the hands: the person's own, so they change places between the views."""
    left, right = ("Right", "Left") if view == "front" else ("Left", "Right")
    return (
        element("text", say(left), class_="bodymap__lr", x=22, y=283),
        element("text", say(right), class_="bodymap__lr", x=178, y=283),
    )


def severity_at(region: str, chosen: frozenset[str], heat: Mapping[str, Heat]) -> str | None:
    if region in heat:
        return heat[region].severity
    return "picked" if region in chosen else None


def region_path(region: BodyMapRegion, severity: str | None, say: Callable[[str], str]) -> Drawing:
    return element(
        "path",
        element("title", say(region.label)),
        class_="bodymap__region",
        data_region=region.id,
        data_severity=severity,
        transform=f"matrix(-1 0 0 1 {WIDTH} 0)" if is_mirrored(region) else None,
        d=SHAPES[region.region].path,
    )


def pin(region: BodyMapRegion, heat: Heat) -> Drawing:
    """The score in a disc: colour alone must not carry it."""
    x, y = pin_of(region)
    return element(
        "g",
        element("circle", cx=x, cy=y, r=10),
        element("text", heat.score, x=x, y=y + 4.6),
        class_="bodymap__pin",
        data_severity=heat.severity,
    )
