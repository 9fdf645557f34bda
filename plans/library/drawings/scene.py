"""One frame of an instruction drawing: figures, props and marks, fitted into the picture, as SVG."""

from collections.abc import Iterable, Sequence
from typing import Any

from .body import Fill, Item, body
from .figure import Figure
from .marks import MARKS
from .markup import Drawing, element
from .outline import Camera, Ruler, num, oval
from .props import PROPS, Stage
from .vectors import Vec

WIDTH, HEIGHT, MARGIN = 320, 240, 9
ZOOMS = (1.25, 1.2, 1.15, 1.1, 1.05, 1, 0.95, 0.9, 0.85, 0.8)
LINES = ("gap", "mark", "wave", "ring")  # painted as strokes
PALE = ("mat", "wall", "ground")  # surfaces: faint without the stylesheet
Frame = dict[str, Any]
Fit = tuple[float, Vec]


def ground(frame: Frame, figs: Sequence[Figure], cam: Camera) -> list[Fill]:
    """A pale floor under everything that is near the floor; a mat replaces it."""
    if any(p["type"] == "mat" for p in frame.get("props", [])):
        return []
    low = [q for f in figs for q, _ in f.at.values() if q[1] < 60] + [f.root for f in figs]
    points = [cam.flat((q[0], 0, q[2])) for q in low]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    x, rx = (max(xs) + min(xs)) / 2, max((max(xs) - min(xs)) / 2 + 24, 58)
    y, ry = (max(ys) + min(ys)) / 2, (max(ys) - min(ys)) / 2 + 12
    if isinstance(cam, Ruler):
        cam.see(x, y + ry)
    return [("ground", oval(x, y, rx, ry))]


def layers(items: Iterable[Item]) -> list[Fill]:
    """Items from back to front as (class, path); neighbours of one limb share their gap."""
    queue = sorted(items, key=lambda item: item.depth)
    out: list[Fill] = []
    while queue:
        item = queue.pop(0)
        if queue and item.limb and queue[0].limb == item.limb:
            mate = queue.pop(0)
            out += [("gap", "".join([*item.gap, *mate.gap])), *item.fills]
            if mate.is_bent if mate.is_lower else item.is_bent:
                out.append(("gap", "".join(mate.seam[:1])))
            out += mate.fills
        else:
            out += [("gap", "".join(item.seam or item.gap)), *item.fills]
    return out


def scene(frame: Frame, cam: Camera, where: str = "") -> tuple[list[Fill], list[Fill], list[Figure]]:
    """Paths, marks and figures of one frame."""
    figs = [Figure(frame["figure"], where)]
    items = body(figs[0], cam, frame.get("target", []))
    if "helper" in frame:
        figs.append(Figure(frame["helper"], where + " helper", client=figs[0]))
        items += body(figs[1], cam, kind="h-")
    stages = [Stage(cam, fig) for fig in figs]
    for p in frame.get("props", []):
        items += PROPS[p["type"]](stages[p.get("who", 0)], p)
    marks = [fill for m in frame.get("marks", []) for fill in MARKS[m["type"]](stages[m.get("who", 0)], m)]
    return ground(frame, figs, cam) + layers(items), marks, figs


def fit(frames: Sequence[Frame], zoom: float | None) -> Fit:
    """One zoom and shift for frames that share a view, so that the person does not jump."""
    fitted: Fit = (1, (0, 0))
    for step in [zoom] if zoom else ZOOMS:
        boxes = [measured(frame, step) for frame in frames]
        left, top = (min(box[i] for box in boxes) for i in (0, 1))
        right, bottom = (max(box[i] for box in boxes) for i in (2, 3))
        fitted = step, ((WIDTH - left - right) / 2, (HEIGHT - top - bottom) / 2)
        if right - left <= WIDTH - 2 * MARGIN and bottom - top <= HEIGHT - 2 * MARGIN:
            break
    return fitted


def measured(frame: Frame, zoom: float) -> list[float]:
    ruler = Ruler(frame.get("view", "side"), zoom)
    scene(frame, ruler)
    return ruler.box


def path(cls: str, d: str, **more: object) -> Drawing:
    """A path. Attributes only where the picture would break without the stylesheet."""
    name, _, width = cls.partition(":")
    extra: dict[str, object] = {}
    if name in LINES:
        extra = {"fill": "none", "stroke": "Canvas" if name == "gap" else "currentColor"}
    elif width:
        extra = {"fill": "none", "stroke": "currentColor", "stroke_width": width}
    elif name in ("target", "tool-lit"):
        extra = {"fill": "Canvas"}
    elif name.split("-")[0] in PALE:
        extra = {"fill_opacity": ".12"}
    return element("path", class_=f"p-{name}", **more, **extra, d=d)


def merged(paths: Iterable[Fill]) -> list[Fill]:
    """Neighbours of one class become one path."""
    out: list[Fill] = []
    for cls, d in paths:
        if out and out[-1][0] == cls:
            out[-1] = (cls, out[-1][1] + d)
        elif d:
            out.append((cls, d))
    return out


def signs(marks: Sequence[Fill]) -> list[Drawing]:
    """Marks over the picture, arrows with a halo that cuts them out of what lies below."""
    if not marks:
        return []
    halo = "".join(d for cls, d in marks if cls == "mark")
    lines = element("g", *(path(*each) for each in marks), stroke_width="3.2")
    return [path("gap", halo, stroke_width="7"), lines] if halo else [lines]


def picture(
    frame: Frame, zoom: float, shift: Vec, *, title: str, is_other_side: bool, is_hidden: bool
) -> tuple[Drawing, list[str]]:
    """The SVG of one frame, and what does not fit a body.

    `is_hidden` is for a picture beside words that say the same: screen readers pass it over.
    """
    paths, marks, figs = scene(frame, Camera(frame.get("view", "side"), zoom, shift), title)
    told = [] if is_hidden else [element("title", title), element("desc", frame["alt"])]
    drawing = element(
        "svg",
        *told,
        *(path(*each) for each in merged(paths)),
        *signs(marks),
        class_="pose pose--other-side" if is_other_side else "pose",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role=None if is_hidden else "img",
        aria_hidden="true" if is_hidden else None,
        focusable="false" if is_hidden else None,
        fill="currentColor",
        stroke_width=num(2.6 * zoom),
        stroke_linecap="round",
        stroke_linejoin="round",
    )
    return drawing, [warning for fig in figs for warning in fig.warn]
