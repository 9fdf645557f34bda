"""Vectors: plain tuples of two or three numbers. x to the right, y up, z towards the viewer."""

import math
from typing import Any

Vec = tuple[float, ...]
Ball = tuple[Vec, float]
Disc = tuple[float, float, float]


def add(*vectors: Vec) -> Vec:
    return tuple(map(sum, zip(*vectors, strict=False)))


def mul(a: Vec, k: float) -> Vec:
    return tuple(x * k for x in a)


def sub(a: Vec, b: Vec) -> Vec:
    return tuple(x - y for x, y in zip(a, b, strict=False))


def dot(a: Vec, b: Vec) -> float:
    return sum(x * y for x, y in zip(a, b, strict=False))


def norm(a: Vec) -> float:
    return math.sqrt(dot(a, a))


def mix(a: Vec, b: Vec, t: float) -> Vec:
    return add(mul(a, 1 - t), mul(b, t))


def unit(a: Vec) -> Vec:
    length = norm(a)
    return mul(a, 1 / length) if length > 1e-9 else (0.0, 1.0, 0.0)


def cross(a: Vec, b: Vec) -> Vec:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def off(a: Vec, axis: Vec) -> Vec:
    """The part of `a` that is square to `axis`, as a unit vector."""
    return unit(sub(a, mul(axis, dot(a, axis))))


def between(a: Vec, b: Vec) -> float:
    """Angle between two unit vectors, in degrees."""
    return math.degrees(math.acos(max(-1, min(1, dot(a, b)))))


def direction(spec: Any) -> Vec:
    """Degrees in the x-y plane (0 right, 90 up), or [degrees, degrees towards the viewer]."""
    turn, out = (spec, 0) if isinstance(spec, int | float) else spec
    turn, out = math.radians(turn), math.radians(out)
    return (math.cos(turn) * math.cos(out), math.sin(turn) * math.cos(out), math.sin(out))


def along(p: Ball, q: Ball, t: float) -> Ball:
    """A ball part of the way between two balls."""
    return mix(p[0], q[0], t), p[1] + (q[1] - p[1]) * t
