"""Signs over the picture: arrows, rings, waves. A mark is a function of a stage and its data."""

import math
from collections.abc import Callable

from .body import Fill
from .outline import oval, poly, pt
from .props import Data, Stage
from .vectors import Vec, add, direction, mul, sub, unit

Mark = Callable[[Stage, Data], list[Fill]]
MARKS: dict[str, Mark] = {}


def mark(*names: str) -> Callable[[Mark], Mark]:
    def register(function: Mark) -> Mark:
        MARKS.update(dict.fromkeys(names, function))
        return function

    return register


def arrow_head(at: Vec, angle: float, size: float = 7) -> str:
    """Two strokes that meet at `at`."""

    def wing(spread: float) -> Vec:
        return (at[0] - size * math.cos(angle + spread), at[1] - size * math.sin(angle + spread))

    return poly([wing(0.6), at, wing(-0.6)], is_closed=False)


@mark("arrow", "both")
def arrow(st: Stage, m: Data) -> list[Fill]:
    a, b = st.cam.xy(st.place(m["from"])), st.cam.xy(st.place(m["to"]))
    way = unit((*sub(b, a), 0))
    middle = add(mul(add(a, b), 0.5), mul((way[1], -way[0]), 2 * m.get("bend", 0)))

    def heading(p: Vec) -> float:
        return math.atan2(p[1] - middle[1], p[0] - middle[0])

    line = f"M{pt(a)}Q{pt(middle)} {pt(b)}" + arrow_head(b, heading(b))
    return [("mark", line + (arrow_head(a, heading(a)) if m["type"] == "both" else ""))]


@mark("press")
def press(st: Stage, m: Data) -> list[Fill]:
    """Hold here: one or more rings round a place."""
    x, y = st.cam.xy(st.place(m["at"]))
    return [("ring", oval(x, y, r, r)) for r in m.get("r", [11])]


@mark("breath", "heat")
def waves(st: Stage, m: Data) -> list[Fill]:
    """Two long waves for breath, three short ones for heat."""
    x, y = st.cam.xy(st.place(m["at"]))
    k, (ux, uy, _), d = m.get("size", 1), direction(m.get("dir", 90)), ""
    is_heat = m["type"] == "heat"
    for i in (-1, 0, 1) if is_heat else (0, 1):
        d += "M" + pt((x + uy * i * 9 * k, y + ux * i * 9 * k))
        for s in (1, -1) if is_heat else (1, -1, 1):
            d += f"q{pt(((ux * 4 + uy * s * 4) * k, (ux * s * 4 - uy * 4) * k))} {pt((ux * 8 * k, -uy * 8 * k))}"
    return [("wave", d)]


@mark("tense")
def tense(st: Stage, m: Data) -> list[Fill]:
    """Short rays over a place: tighten here."""
    x, y = st.cam.xy(st.place(m["at"]))
    turns = [math.radians(turn) for turn in m.get("turns", (50, 70, 90, 110, 130))]
    rays = [[(x + r * math.cos(turn), y - r * math.sin(turn)) for r in (24, 33)] for turn in turns]
    return [("wave", "".join(poly(ray, is_closed=False) for ray in rays))]


@mark("swap")
def swap(st: Stage, m: Data) -> list[Fill]:
    """Change sides: two arrows in a corner. “at” is in picture units."""
    x, y = m.get("at", [290, 28])
    there = f"M{x - 10} {y - 5}H{x + 10}{arrow_head((x + 11, y - 5), 0, 6)}"
    back = f"M{x + 10} {y + 6}H{x - 10}{arrow_head((x - 11, y + 6), math.pi, 6)}"
    return [("mark", there + back)]
