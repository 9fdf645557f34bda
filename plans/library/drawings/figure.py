"""The jointed figure: a pose in, balls (point, radius) out. Limb lengths never change.

The floor is at y = 0; a standing figure is about 205 units tall. A figure that faces right has its
right side (R) towards the viewer. A pose is plain data, written down in poses.json.
"""

import math
from typing import Any

from .vectors import Ball, Vec, add, between, cross, direction, dot, mix, mul, norm, off, sub, unit

LENGTH = {"thigh": 50, "shin": 49, "upper": 37, "fore": 31, "waist": 20, "chest": 36, "neck": 20}
ANKLE = 9  # a flat foot has its ankle at y = 9
FLAT_HAND = 8.5  # a wrist lower than this lays the hand flat
LIMBS = ("legR", "legL", "armR", "armL")
SEGMENTS = {
    "thigh": ("hip", "knee"),
    "shin": ("knee", "ankle"),
    "upper": ("shoulder", "elbow"),
    "fore": ("elbow", "wrist"),
}
DOWN = [-90, -90]
Pose = dict[str, Any]


class Figure:
    """Solves a pose. `at[name]` is a ball; `warn` says what does not fit a body."""

    def __init__(self, pose: Pose, where: str = "", client: "Figure | None" = None) -> None:
        self.pose = dict(pose)
        self.where, self.client = where, client
        self.warn: list[str] = []
        self.at: dict[str, Ball] = {}
        self.up = self.way("pelvis", (0, 1, 0))
        self.face = off(self.way("face", (1, 0, 0)), self.up)
        self.chest_up = self.way("chest", self.up)
        self.chest_face = off(self.way("chest_face", self.face), self.chest_up)
        self.right, self.chest_right = cross(self.face, self.up), cross(self.chest_face, self.chest_up)
        self.neck = self.way("neck", self.chest_up)
        self.crown = self.way("head", self.neck)
        self.gaze = off(self.way("gaze", self.chest_face), self.crown)
        for limb in LIMBS:
            self.pose.setdefault(limb, DOWN)
        fixed = [limb for limb in LIMBS if isinstance(self.pose[limb], list)]
        self.stand(self.pose.get("at", [0, 0]), self.pose.get("rest", 0), fixed)
        self.stretch([limb for limb in LIMBS if limb not in fixed])
        self.warn += unlikely(self)

    def way(self, key: str, usual: Vec) -> Vec:
        return direction(self.pose[key]) if key in self.pose else usual

    def stand(self, at: list[float], rest: Any, fixed: list[str]) -> None:
        """Place the pelvis. With at = [x, z] the body is set down so that it touches its support."""
        if len(at) == 3:
            self.build(tuple(at), fixed)
            return
        self.build((at[0], 0, at[1]), fixed)
        if isinstance(rest, dict):
            ((name, height),) = rest.items()
            point, radius = self.point(name)
            low = point[1] - radius
        else:
            height, low = rest, min(point[1] - radius for point, radius in self.at.values())
        self.build((at[0], height - low, at[1]), fixed)

    def build(self, root: Vec, fixed: list[str]) -> None:
        self.root = root
        self.trunk()
        for limb in fixed:
            self.limb(limb)

    def stretch(self, todo: list[str]) -> None:
        """Solve limbs that reach for a place; the place may be on a limb that is solved later."""
        while todo:
            solved = next((limb for limb in todo if self.is_solvable(limb)), None)
            if solved is None:
                raise ValueError(f"{self.where}: {todo[0]} reaches for a place that is nowhere")
            todo.remove(solved)

    def is_solvable(self, limb: str) -> bool:
        try:
            self.limb(limb)
        except KeyError:
            return False
        return True

    def trunk(self) -> None:
        at, root, up, face, right = self.at, self.root, self.up, self.face, self.right
        chest_up, chest_face, chest_right = self.chest_up, self.chest_face, self.chest_right
        waist = add(root, mul(up, LENGTH["waist"]))
        throat = add(waist, mul(chest_up, LENGTH["chest"] + 3), mul(chest_face, -1.5))
        at["pelvis"], at["waist"] = (root, 12), (waist, 11)
        at["chest"], at["throat"] = (add(waist, mul(chest_up, 24)), 12), (throat, 6.5)
        at["head"] = (add(throat, mul(self.neck, LENGTH["neck"])), 12.5)
        for s, k in (("R", 1), ("L", -1)):
            at["hip" + s] = (add(root, mul(right, 9.5 * k)), 12)
            at["iliac" + s] = (add(root, mul(right, 7.5 * k), mul(up, 7)), 11.5)
            at["buttock" + s] = (add(root, mul(right, 7.5 * k), mul(up, -2), mul(face, -4.5)), 11.5)
            at["loin" + s] = (add(waist, mul(chest_right, 5.5 * k)), 10.5)
            at["rib" + s] = (add(waist, mul(chest_up, 16), mul(chest_right, 7 * k), mul(chest_face, 0.5)), 12)
            at["breast" + s] = (add(waist, mul(chest_up, 28), mul(chest_right, 8.5 * k), mul(chest_face, 0.5)), 11)
            at["socket" + s] = (add(waist, mul(chest_up, LENGTH["chest"]), mul(chest_right, 18.5 * k)), 7.2)

    def limb(self, name: str) -> None:
        """Solve one limb: two directions, or a reach {"to": place, "bend": where the joint points}."""
        if name.startswith("leg"):
            self.leg(name)
        else:
            self.arm(name)

    def leg(self, name: str) -> None:
        spec, s = self.pose[name], name[-1]
        hip = self.at["hip" + s][0]
        d1, d2 = self.segments(name, hip, "thigh", "shin", 0)
        knee = add(hip, mul(d1, LENGTH["thigh"]))
        ankle = add(knee, mul(d2, LENGTH["shin"]))
        self.at["knee" + s], self.at["ankle" + s] = (knee, 8.2), (ankle, 4.8)
        self.foot(s, d1, d2, is_reaching=isinstance(spec, dict))

    def arm(self, name: str) -> None:
        spec, s = self.pose[name], name[-1]
        socket = shoulder = self.at["socket" + s][0]
        for _ in range(2):  # twice: the shoulder follows a raised arm
            d1, d2 = self.segments(name, shoulder, "upper", "fore", -90)
            raised = mul(self.chest_up, 4 * max(0, dot(d1, self.chest_up)))
            shoulder = add(socket, raised, mul(self.chest_face, 3 * dot(d1, self.chest_face)))
        elbow = add(shoulder, mul(d1, LENGTH["upper"]))
        wrist = add(elbow, mul(d2, LENGTH["fore"]))
        is_flat = isinstance(spec, dict) and wrist[1] < FLAT_HAND
        hand = self.tip(spec, "hand") or (unit((d2[0], 0, d2[2])) if is_flat else d2)
        at = self.at
        at["shoulder" + s], at["elbow" + s], at["wrist" + s] = (shoulder, 7.2), (elbow, 5.6), (wrist, 3.9)
        at["palm" + s], at["hand" + s] = (add(wrist, mul(hand, 7)), 4.7), (add(wrist, mul(hand, 15)), 3.1)

    def segments(self, name: str, start: Vec, first: str, second: str, bend: float) -> tuple[Vec, Vec]:
        """Directions of the two parts of a limb."""
        spec = self.pose[name]
        if isinstance(spec, dict):
            return self.reach(name, start, first, second, bend)
        return direction(spec[0]), direction(spec[1])

    @staticmethod
    def tip(spec: Any, key: str) -> Vec | None:
        """Direction of the hand or the toes, if the pose says so."""
        given = spec.get(key) if isinstance(spec, dict) else spec[2] if len(spec) > 2 else None
        return None if given is None else direction(given)

    def foot(self, s: str, d1: Vec, d2: Vec, *, is_reaching: bool) -> None:
        at, knee, ankle = self.at, self.at["knee" + s][0], self.at["ankle" + s][0]
        front = off(sub(d1, d2), d2) if norm(sub(d1, d2)) > 0.3 else off(self.face, d2)
        is_flat = is_reaching and abs(ankle[1] - ANKLE) < 2
        toe = self.tip(self.pose["leg" + s], "foot") or (unit((front[0], 0, front[2])) if is_flat else front)
        sole = off(d2, toe) if abs(dot(d2, toe)) < 0.995 else off(mul(front, -1), toe)
        at["calf" + s] = (add(mix(knee, ankle, 0.3), mul(off(mul(toe, -1), d2), 1.6)), 7.6)
        at["heel" + s] = (add(ankle, mul(toe, -5.5), mul(sole, 4.6)), 4.4)
        at["ball" + s] = (add(ankle, mul(toe, 12.5), mul(sole, 5.6)), 3.4)
        at["foot" + s] = (add(ankle, mul(toe, 18.5), mul(sole, 6.2)), 2.8)

    def reach(self, name: str, start: Vec, first: str, second: str, bend: float) -> tuple[Vec, Vec]:
        """Directions of two segments from `start` to the target; the joint points towards `bend`."""
        l1, l2 = LENGTH[first], LENGTH[second]
        spec = self.pose[name]
        way = sub(self.place(spec["to"]), start)
        n, d = unit(way), norm(way)
        note = f"{self.where}: {name} is "
        self.warn = [warning for warning in self.warn if not warning.startswith(note)]
        if d > l1 + l2 + 3:
            self.warn.append(f"{note}{d - l1 - l2:.0f} short of its target")
        d = max(min(d, (l1 + l2) * 0.9995), abs(l1 - l2) + 4)
        x = (l1 * l1 - l2 * l2 + d * d) / (2 * d)
        side = off(direction(spec.get("bend", bend)), n)
        middle = add(start, mul(n, x), mul(side, math.sqrt(max(0, l1 * l1 - x * x))))
        return unit(sub(middle, start)), unit(sub(add(start, mul(n, d)), middle))

    # Places.

    def point(self, name: str) -> Ball:
        """The ball of a joint, or of a place along a limb: “thighR@0.5”."""
        if name.startswith("client.") and self.client is not None:
            return self.client.point(name.removeprefix("client."))
        segment, _, share = name.partition("@")
        if not share:
            return self.at[name]
        (p, r), (q, r2) = (self.at[end + segment[-1]] for end in SEGMENTS[segment[:-1]])
        return mix(p, q, float(share)), r + (r2 - r) * float(share)

    def place(self, spec: Any) -> Vec:
        """[x, y, z] in the world, “joint”, or [“joint”, dx, dy, dz]."""
        if isinstance(spec, str):
            return self.point(spec)[0]
        if isinstance(spec[0], str):
            return add(self.point(spec[0])[0], tuple(spec[1:4]))
        return tuple(spec)

    def thigh_axes(self, s: str) -> tuple[Vec, Vec]:
        """Front and outer direction of the thigh on side s."""
        hip, knee, ankle = (self.at[name + s][0] for name in ("hip", "knee", "ankle"))
        thigh, shin = unit(sub(knee, hip)), unit(sub(ankle, knee))
        front = off(sub(thigh, shin), thigh) if norm(sub(thigh, shin)) > 0.3 else off(self.face, thigh)
        outer = cross(thigh, front)
        is_outer = dot(outer, self.right) * (1 if s == "R" else -1) > 0
        return front, outer if is_outer else mul(outer, -1)


# Does a body bend like this?


def unlikely(fig: Figure) -> list[str]:
    """What no body does: joints bent too far, and a body below the floor."""
    angles = [*(angle for s in "RL" for angle in leg_angles(fig, s)), *trunk_angles(fig)]
    found = [
        f"{fig.where}: {what} is {angle:.0f} degrees (people: {low} to {high})"
        for what, angle, low, high in angles
        if not low <= angle <= high
    ]
    depth, name = min((point[1] - radius, name) for name, (point, radius) in fig.at.items())
    return [*found, f"{fig.where}: {name} is {-depth:.0f} below the floor"] if depth < -3.5 else found


Angle = tuple[str, float, int, int]


def leg_angles(fig: Figure, s: str) -> list[Angle]:
    def way(a: str, b: str) -> Vec:
        return unit(sub(fig.at[b + s][0], fig.at[a + s][0]))

    thigh, shin, toe = way("hip", "knee"), way("knee", "ankle"), way("ball", "foot")
    found: list[Angle] = [
        (f"knee{s}", between(thigh, shin), 0, 158),
        (f"elbow{s}", between(way("shoulder", "elbow"), way("elbow", "wrist")), 0, 152),
        (f"ankle{s}", between(shin, toe) - 90, -92, 48),
    ]
    flex = math.atan2(dot(thigh, fig.face), -dot(thigh, fig.up))
    if abs(dot(thigh, fig.right)) < 0.8:
        found.append((f"hip{s}", math.degrees(flex), -43, 140))
    if between(thigh, shin) > 20:  # a knee that bends forwards shows as a hip turned right round
        rest = off(add(mul(fig.face, math.cos(flex)), mul(fig.up, math.sin(flex))), thigh)
        found.append((f"turn of hip{s}", between(off(sub(thigh, shin), thigh), rest), 0, 101))
    return found


def trunk_angles(fig: Figure) -> list[Angle]:
    return [
        ("neck", between(fig.neck, fig.chest_up), 0, 62),
        ("turn of the head", between(fig.gaze, off(fig.chest_face, fig.crown)), 0, 85),
        ("back", between(fig.up, fig.chest_up), 0, 60),
    ]
