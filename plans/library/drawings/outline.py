"""A parallel camera, and outlines written as short SVG path data."""

import math
from collections.abc import Sequence
from typing import Any

from .vectors import Ball, Disc, Vec, add, dot, mul, sub

# Yaw and pitch in degrees. Yaw 0 is the plain side view; -16 shows the far leg too.
VIEWS = {
    "side": (-16, 10),
    "side-high": (-16, 24),
    "three-quarter": (-48, 16),
    "three-quarter-high": (-48, 28),
    "front": (-86, 11),
    "front-high": (-80, 20),
    "back": (90, 10),
    "top": (-16, 60),
}
HULL_STEPS = 96
ANGLES = [2 * math.pi * step / HULL_STEPS for step in range(HULL_STEPS + 1)]
WAYS = [(math.cos(angle), math.sin(angle)) for angle in ANGLES[:-1]]
"""The directions in which an outline is looked for; `WAYS` as vectors of length 1."""


class Camera:
    """Looks along `into`; `across` and `up` are the picture's. No perspective: lengths stay honest."""

    def __init__(self, view: Any, zoom: float, shift: Vec = (0, 0)) -> None:
        yaw, pitch = (math.radians(angle) for angle in (VIEWS[view] if isinstance(view, str) else view))
        level = (-math.sin(yaw), 0, math.cos(yaw))
        self.across: Vec = (math.cos(yaw), 0, math.sin(yaw))
        self.up = add((0, math.cos(pitch), 0), mul(level, -math.sin(pitch)))
        self.into = add((0, math.sin(pitch), 0), mul(level, math.cos(pitch)))
        self.zoom, self.shift = zoom, shift

    def flat(self, p: Vec) -> Vec:
        return (dot(p, self.across) * self.zoom + self.shift[0], -dot(p, self.up) * self.zoom + self.shift[1])

    def xy(self, p: Vec) -> Vec:
        return self.flat(p)

    def disc(self, ball: Ball) -> Disc:
        x, y = self.xy(ball[0])
        return x, y, ball[1] * self.zoom

    def depth(self, p: Vec) -> float:
        return dot(p, self.into)


class Ruler(Camera):
    """A camera that notes how far the picture reaches: left, top, right, bottom."""

    def __init__(self, view: Any, zoom: float) -> None:
        super().__init__(view, zoom)
        self.box = [1e9, 1e9, -1e9, -1e9]

    def see(self, x: float, y: float, r: float = 0) -> None:
        left, top, right, bottom = self.box
        self.box = [min(left, x - r), min(top, y - r), max(right, x + r), max(bottom, y + r)]

    def xy(self, p: Vec) -> Vec:
        x, y = self.flat(p)
        self.see(x, y)
        return x, y

    def disc(self, ball: Ball) -> Disc:
        x, y = self.flat(ball[0])
        self.see(x, y, ball[1] * self.zoom)
        return x, y, ball[1] * self.zoom


def num(value: float) -> str:
    """One decimal, as short as SVG allows."""
    written = f"{value:.1f}".removesuffix(".0")
    if written == "-0":
        return "0"
    return written.replace("0.", ".", 1) if written.startswith(("0.", "-0.")) else written


def pt(p: Vec) -> str:
    x, y = num(p[0]), num(p[1])
    return x + y if y.startswith("-") else f"{x} {y}"


class Pen:
    """Writes relative steps, rounded so that they do not drift."""

    def __init__(self, p: Vec) -> None:
        self.x, self.y = round(p[0], 1), round(p[1], 1)
        self.d = "M" + pt((self.x, self.y))

    def to(self, p: Vec, before: str = "") -> None:
        x, y = round(p[0], 1), round(p[1], 1)
        step = (x - self.x, y - self.y)
        self.x, self.y = x, y
        if max(map(abs, step)) > 0.05:
            self.d += (before or "l") + pt(step)

    def arc(self, r: float, is_large: bool, p: Vec) -> None:
        self.to(p, f"a{num(r)} {num(r)} 0 {int(is_large)} 1 ")


def poly(points: Sequence[Vec], *, is_closed: bool = True) -> str:
    pen = Pen(points[0])
    for p in points[1:]:
        pen.to(p)
    return pen.d + ("Z" if is_closed else "")


def oval(x: float, y: float, rx: float, ry: float) -> str:
    arc = f"a{num(rx)} {num(ry)} 0 1 1 "
    return f"M{pt((x - rx, y))}{arc}{num(2 * rx)} 0{arc}{num(-2 * rx)} 0Z"


def curve(points: Sequence[Vec]) -> str:
    """An open smooth line through points (Catmull-Rom)."""
    out, p = "M" + pt(points[0]), [points[0], *points, points[-1]]
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:], strict=False):
        out += f"C{pt(add(b, mul(sub(c, a), 1 / 6)))} {pt(sub(c, mul(sub(d, b), 1 / 6)))} {pt(c)}"
    return out


class Hull:
    """The tightest convex outline round some circles: arcs joined by common tangents."""

    def __init__(self, discs: Sequence[Disc]) -> None:
        self.discs = discs

    def edge(self, index: int, angle: float) -> Vec:
        x, y, r = self.discs[index]
        return (x + r * math.cos(angle), y + r * math.sin(angle))

    def outermost(self, way: Vec) -> int:
        """The circle that reaches furthest in a direction, a vector of length 1."""
        reaches = [x * way[0] + y * way[1] + r for x, y, r in self.discs]
        return reaches.index(max(reaches))

    def turn(self, i: int, j: int, low: float, high: float) -> float:
        """The angle at which circle j starts to reach further than circle i."""
        x, y, r = (one - other for one, other in zip(self.discs[i], self.discs[j], strict=True))
        for _ in range(24):
            middle = (low + high) / 2
            low, high = (middle, high) if x * math.cos(middle) + y * math.sin(middle) + r > 0 else (low, middle)
        return low

    def turns(self) -> list[tuple[float, int, int]]:
        """Angle, circle left, circle joined; round the outline."""
        outer = [self.outermost(way) for way in WAYS]
        pairs = zip(outer, [*outer[1:], outer[0]], ANGLES, ANGLES[1:], strict=False)
        return [(self.turn(i, j, low, high), i, j) for i, j, low, high in pairs if i != j]

    def path(self) -> str:
        turns = self.turns()
        if not turns:
            x, y, r = self.discs[self.outermost(WAYS[0])]
            return oval(x, y, r, r)
        pen = Pen(self.edge(turns[0][2], turns[0][0]))
        for k, (start, _, j) in enumerate(turns):
            end, _, after = turns[(k + 1) % len(turns)]
            pen.arc(self.discs[j][2], (end - start) % (2 * math.pi) > math.pi, self.edge(j, end))
            if k < len(turns) - 1:
                pen.to(self.edge(after, end))
        return pen.d + "Z"


def hull(discs: Sequence[Disc]) -> str:
    return Hull(discs).path()
