"""Things round the figure: mats, walls, rollers, balls, furniture.

A prop is a function of a stage and its data, and answers items to paint. Places are read through
`stage.place`: [x, y, z], “joint” or [“joint”, dx, dy, dz].
"""

import math
from collections.abc import Callable
from typing import Any

from .body import Fill, Item
from .figure import Figure
from .outline import Camera, curve, hull, num, oval, poly, pt
from .vectors import Vec, add, direction, dot, mul, sub, unit

BACK, FRONT = -900.0, 900.0
Data = dict[str, Any]


class Stage:
    """What props and marks may ask about: the camera and one figure."""

    def __init__(self, cam: Camera, fig: Figure) -> None:
        self.cam, self.fig, self.place = cam, fig, fig.place

    def depth(self, p: Data, at: Vec, usual: float | None = None) -> float:
        """Painting depth: “layer” is “back”, “front” or a number added to the natural depth."""
        layer = p.get("layer")
        if layer in ("back", "front"):
            return BACK if layer == "back" else FRONT
        natural = self.cam.depth(at) if usual is None else usual
        return natural + (layer or 0)

    def against(self, p: Data, r: float) -> Vec:
        """Centre of a tool of radius r that touches body part `under` on its `from` side."""
        q, radius = self.fig.point(p["under"])
        way = direction(p.get("from", -90))
        return add(q, mul(way, radius - p.get("sink", 0) + r), (p.get("dx", 0), p.get("dy", 0), p.get("dz", 0)))


Prop = Callable[[Stage, Data], list[Item]]
PROPS: dict[str, Prop] = {}


def prop(*names: str) -> Callable[[Prop], Prop]:
    def register(function: Prop) -> Prop:
        PROPS.update(dict.fromkeys(names, function))
        return function

    return register


# Solids.


def turned(at: Vec, turn: float) -> Callable[[float, float, float], Vec]:
    """A local frame (x, y, z) -> world, turned about the upright by `turn` degrees."""
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))

    def world(x: float, y: float, z: float) -> Vec:
        return (at[0] + x * c - z * s, at[1] + y, at[2] + x * s + z * c)

    return world


def corners(at: Vec, size: Vec, turn: float) -> list[Vec]:
    world, (lx, ly, lz) = turned(at, turn), size
    return [world(i * lx / 2, j * ly, k * lz / 2) for i in (-1, 1) for j in (0, 1) for k in (-1, 1)]


TOP = (2, 3, 7, 6)
FACES = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), TOP, (0, 2, 6, 4), (1, 5, 7, 3))


def box(cam: Camera, at: Vec, size: Vec, cls: str, depth: float, turn: float = 0) -> Item:
    """A box standing on `at`, the middle of its base: the faces we see, the top lighter."""
    v, middle = corners(at, size, turn), add(at, (0, size[1] / 2, 0))
    spot = cam.flat if cls == "wall" else cam.xy  # a wall may run out of the picture
    fills: list[Fill] = []
    for face in FACES:
        out = sub(mul(add(*[v[i] for i in face]), 0.25), middle)
        if dot(out, cam.into) < 1e-6:
            continue
        shade = "-lit" if face == TOP else "-dim" if abs(dot(unit(out), cam.into)) < 0.5 else ""
        fills.append((cls + shade, poly([spot(v[i]) for i in face])))
    return Item(depth, fills)


def rod(cam: Camera, a: Vec, b: Vec, width: float, depth: float, cls: str = "rod") -> Item:
    return Item(depth, [(f"{cls}:{num(width * cam.zoom)}", poly([cam.xy(a), cam.xy(b)], is_closed=False))])


def pillow(cam: Camera, at: Vec, size: Vec, cls: str, depth: float, turn: float = 0) -> Item:
    r = size[1] / 2
    ends = corners(add(at, (0, r, 0)), (size[0] - 2 * r, 0, size[2] - 2 * r), turn)
    d = hull([cam.disc((p, r)) for p in ends])
    return Item(depth, [(cls, d)], [d])


def cylinder(cam: Camera, at: Vec, axis: Vec, length: float, r: float, cls: str, depth: float) -> Item:
    u = unit(axis)
    if dot(u, cam.into) < 0:
        u = mul(u, -1)  # the far end a, the near end b
    a, b = cam.xy(add(at, mul(u, -length / 2))), cam.xy(add(at, mul(u, length / 2)))
    radius, thin = r * cam.zoom, max(dot(u, cam.into), 0.02)
    way = math.atan2(b[1] - a[1], b[0] - a[0]) if math.dist(a, b) > 0.1 else 0
    n = (-math.sin(way) * radius, math.cos(way) * radius)

    def arc(k: float, to: Vec) -> str:
        return f"a{num(radius * thin * k)} {num(radius * k)} {num(math.degrees(way))} 1 1 {pt(to)}"

    def ring(k: float) -> str:
        return f"M{pt(add(b, mul(n, k)))}" + arc(k, mul(n, -2 * k)) + arc(k, mul(n, 2 * k)) + "Z"

    side = f"M{pt(sub(b, n))}{arc(1, mul(n, 2))}L{pt(add(a, n))}{arc(1, mul(n, -2))}Z"
    return Item(depth, [(cls, side), (cls + "-lit", ring(1)), (cls, ring(0.4))], [side])


# Rooms and furniture.


@prop("mat")
def mat(st: Stage, p: Data) -> list[Item]:
    x, _, z = p.get("at", [0, 0, 0])
    return [box(st.cam, (x, -2.2, z), (p.get("long", 236), 2.2, p.get("wide", 76)), "mat", BACK)]


@prop("wall")
def wall(st: Stage, p: Data) -> list[Item]:
    """Square to x. “behind” a body part, the wall stands `gap` away from it."""
    x, _, z = p.get("at", [0, 0, 0])
    k = 1 if p.get("side", "left") == "right" else -1
    if "behind" in p:
        q, r = st.fig.point(p["behind"])
        x = q[0] + k * (r + p.get("gap", 0))
    return [box(st.cam, (x + k * 2.5, 0, z), (5, p.get("tall", 270), p.get("wide", 84)), "wall", BACK)]


@prop("side-wall")
def side_wall(st: Stage, p: Data) -> list[Item]:
    """Square to z: beside or behind a figure that faces right."""
    x, _, z = p["at"]
    return [box(st.cam, (x, 0, z + 2.5), (p.get("wide", 100), p.get("tall", 270), 5), "wall", BACK)]


@prop("doorway")
def doorway(st: Stage, p: Data) -> list[Item]:
    (x, _, z), width, height = p["at"], p.get("wide", 92), 218
    posts = [box(st.cam, (x, 0, z + k * width / 2), (9, height, 9), "prop", BACK) for k in (-1, 1)]
    return [*posts, box(st.cam, (x, height - 8, z), (9, 9, width + 9), "prop", BACK)]


@prop("step")
def step(st: Stage, p: Data) -> list[Item]:
    return [box(st.cam, tuple(p["at"]), tuple(p.get("size", [62, 20, 56])), "prop", BACK)]


FURNITURE = {"bed": [236, 56, 84], "bench": [232, 84, 62], "table": [96, 86, 56], "stool": [44, 54, 44]}


@prop(*FURNITURE)
def furniture(st: Stage, p: Data) -> list[Item]:
    """Top and four legs. A bench or table is painted in its place, so people can stand behind it."""
    kind, (x, _, z) = p["type"], p.get("at", [0, 0, 0])
    lx, h, lz = p.get("size", FURNITURE[kind])
    thick, stout = (12, 8 if kind == "bed" else 5) if kind in ("bed", "bench") else (5, 5)
    depth = BACK + 1
    if kind in ("bench", "table"):
        depth = st.depth(p, (x, h if kind == "table" else h / 2, z))
    feet = [(x + i * (lx / 2 - 10), z + k * (lz / 2 - 7)) for k in (-1, 1) for i in p.get("legs", (-1, 1))]
    legs = [rod(st.cam, (fx, 0, fz), (fx, h - 2, fz), stout, depth - 1) for fx, fz in feet]
    return [*legs, box(st.cam, (x, h - thick, z), (lx, thick, lz), "prop", depth)]


@prop("chair")
def chair(st: Stage, p: Data) -> list[Item]:
    cam, at, h, turn = st.cam, tuple(p.get("at", [0, 0, 0])), p.get("tall", 53), p.get("turn", 0)
    loc = turned(at, turn)
    legs = [rod(cam, loc(x, 0, z), loc(x, h, z), 4.5, BACK) for z in (-17, 17) for x in (-19, 19)]
    posts = [rod(cam, loc(-20, h, z), loc(-25, h + 46, z), 4.5, BACK) for z in (-17, 17)]
    rest = hull([cam.disc((loc(x, h + y, z), 3)) for z in (-17, 17) for x, y in ((-23, 26), (-25, 45))])
    seat = box(cam, loc(0, h - 5, 0), (44, 5, 42), "prop", BACK + 2, turn)
    return [*legs, *posts, Item(BACK + 1, [("prop", rest)]), seat]


@prop("rail")
def rail(st: Stage, p: Data) -> list[Item]:
    x, y, z = p["at"]
    return [
        rod(st.cam, (x, 0, z), (x, y, z), 5, st.cam.depth((x, y / 2, z))),
        rod(st.cam, (x - 16, y, z), (x + 16, y, z), 6, st.cam.depth((x, y, z))),
    ]


# Tools.


@prop("roller")
def foam_roller(st: Stage, p: Data) -> list[Item]:
    r = p.get("r", 9.5)
    c = st.against(p, r) if "under" in p else st.place(p["at"])
    if p.get("from", -90) == -90:  # lies on the floor
        if abs(c[1] - r) > 3:
            st.fig.warn.append(f"{st.fig.where}: roller is {c[1] - r:.0f} off the floor")
        c = (c[0], r, c[2])
    return [cylinder(st.cam, c, direction(p.get("axis", [0, 90])), p.get("long", 62), r, "tool", st.depth(p, c))]


@prop("ball")
def ball(st: Stage, p: Data) -> list[Item]:
    r = p.get("r", 6)
    c = st.against(p, r) if "under" in p else st.place(p["at"])
    x, y, radius = st.cam.disc((c, r))
    d = oval(x, y, radius, radius)
    shine = oval(x - radius * 0.25, y - radius * 0.3, radius * 0.45, radius * 0.45)
    return [Item(st.depth(p, c), [("tool", d), ("tool-lit", shine)], [d])]


@prop("cushion")
def cushion(st: Stage, p: Data) -> list[Item]:
    at, size = st.place(p["at"]), tuple(p.get("size", [44, 14, 40]))
    return [pillow(st.cam, at, size, p.get("tone", "soft"), st.depth(p, at), p.get("turn", 0))]


@prop("towel")
def towel(st: Stage, p: Data) -> list[Item]:
    at, axis = st.place(p["at"]), direction(p.get("axis", [0, 90]))
    return [cylinder(st.cam, at, axis, p.get("long", 30), p.get("r", 4), "soft", st.depth(p, at))]


@prop("block")
def block(st: Stage, p: Data) -> list[Item]:
    at = st.place(p["at"])
    return [box(st.cam, at, tuple(p.get("size", [24, 13, 15])), "block", st.depth(p, at), p.get("turn", 0))]


@prop("drape")
def drape(st: Stage, p: Data) -> list[Item]:
    """A sheet over the body parts it goes “through”."""
    balls = [st.fig.point(name) for name in p["through"]]
    d = hull([st.cam.disc((q, r + 2)) for q, r in balls])
    top = max(st.cam.depth(q) for q, _ in balls) + 6
    return [Item(st.depth(p, (0, 0, 0), top), [("drape", d)], [d])]


@prop("strap", "band")
def strap(st: Stage, p: Data) -> list[Item]:
    spots = [st.place(q) for q in p["through"]]
    line = [st.cam.xy(q) for q in spots]
    d = curve(line) if p.get("curve") else poly(line, is_closed=False)
    width = num((3.4 if p["type"] == "strap" else 2.6) * st.cam.zoom)
    middle = sum(map(st.cam.depth, spots)) / len(spots)
    return [Item(st.depth(p, (0, 0, 0), middle), [(f"strap:{width}", d)])]


@prop("weight")
def weight(st: Stage, p: Data) -> list[Item]:
    c, u = st.place(p["at"]), direction(p.get("axis", [0, 90]))
    a, b = add(c, mul(u, -9)), add(c, mul(u, 9))

    def end(q: Vec) -> Fill:
        return "tool", hull([st.cam.disc((add(q, mul(u, k)), 5.2)) for k in (-2, 2)])

    bar = rod(st.cam, a, b, 3.5, 0, "strap").fills
    return [Item(st.depth(p, c) + 6, [*bar, end(a), end(b)])]


@prop("bottle")
def bottle(st: Stage, p: Data) -> list[Item]:
    at, up = st.place(p["at"]), direction(p.get("tilt", 90))

    def part(*cuts: tuple[float, float]) -> str:
        return hull([st.cam.disc((add(at, mul(up, h)), r)) for h, r in cuts])

    flask = part((5.5, 5.5), (19, 5.5))
    return [Item(st.depth(p, at), [("tool", flask), ("tool-lit", part((25, 2.6), (28, 2.6)))], [flask])]
