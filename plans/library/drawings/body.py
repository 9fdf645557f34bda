"""From a solved figure to painted parts: clothes, skin, hair, the regions a technique is for."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from .figure import Figure
from .outline import Camera, hull, num, poly
from .vectors import Ball, Vec, add, along, between, cross, dot, mix, mul, sub, unit

Fill = tuple[str, str]
Spot = tuple[str, float, float, float, float]


@dataclass
class Item:
    """Something to paint: fills (class, path) in order; gap is the outline cut out of what lies behind.

    Two neighbouring items of one limb share a gap, so that a joint has no seam; `seam` is the gap a
    strongly bent lower segment still cuts into the upper one.
    """

    depth: float
    fills: list[Fill]
    gap: Sequence[str] = ()
    seam: Sequence[str] = ()
    limb: str = ""
    is_lower: bool = False
    is_bent: bool = True


# name: (part it is painted on, [(anchor, forward, outward, up, radius)]). “@.3” is a place along the part.
REGIONS: dict[str, tuple[str, list[Spot]]] = {
    "buttock": ("torso", [("buttock", -5, 1, 0, 7)]),
    "hip-side": ("torso", [("hip", 1, 3, 3, 7)]),
    "hip-front": ("torso", [("hip", 6, 0, 3, 5.5), ("iliac", 6, 0, 1, 4.5)]),
    "low-back": ("torso", [("loin", -6, -1, -2, 5), ("loin", -6, -1, 6, 5)]),
    "mid-back": ("torso", [("rib", -7, -2, -2, 5), ("breast", -7, -2, 2, 5)]),
    "upper-back": ("torso", [("breast", -7, -3, -4, 5), ("breast", -7, -3, 6, 5)]),
    "flank": ("torso", [("rib", -1, 4, -6, 5), ("breast", -2, 3, 0, 5)]),
    "pec": ("torso", [("breast", 7, 1, 5, 5.2)]),
    "belly": ("torso", [("waist", 6, 0, -2, 7)]),
    "neck-side": ("neck", [("throat", -1, 3.5, 3, 3.4), ("throat", -1, 2.5, 11, 3)]),
    "nape": ("neck", [("throat", -3.5, 0, 3, 3.4), ("throat", -3, 0, 11, 3.2)]),
    "skull-base": ("head", [("head", -7, 0, -8, 4.5)]),
    "outer-thigh": ("thigh", [("@.3", 0, 5, 0, 5), ("@.8", 0, 4, 0, 4)]),
    "front-thigh": ("thigh", [("@.3", 5, 0, 0, 5.4), ("@.8", 3.5, 0, 0, 4.4)]),
    "back-thigh": ("thigh", [("@.3", -5, 0, 0, 5.4), ("@.8", -3.5, 0, 0, 4.4)]),
    "inner-thigh": ("thigh", [("@.35", 0, -4.5, 0, 5.2), ("@.75", 0, -3.5, 0, 4.4)]),
    "calf": ("shin", [("calf", 0, 0, 0, 5.4), ("@.55", 0, 0, 0, 4)]),
    "calf-low": ("shin", [("@.5", 0, 0, 0, 4.4), ("@.8", 0, 0, 0, 3)]),
    "sole": ("shin", [("heel", 0, 0, 0, 3.2), ("ball", 0, 0, 0, 2.6)]),
    "forearm": ("fore", [("@.2", 0, 0, 0, 4), ("@.65", 0, 0, 0, 3.2)]),
    "upper-arm": ("upper", [("@.4", 0, 0, 0, 4.4), ("@.7", 0, 0, 0, 4)]),
}
HIPS, LIMB_PARTS = ("hip", "iliac", "buttock"), ("thigh", "shin", "upper", "fore")


@dataclass
class Painter:
    """One figure before one camera. `kind` is a class prefix (“h-” for the bodyworker)."""

    fig: Figure
    cam: Camera
    kind: str = ""
    targets: list[tuple[str, str | None]] = field(default_factory=list)

    def hit(self, part: str) -> list[Fill]:
        """The target regions on a part that can be seen."""
        return [("target", d) for painted_on, d in self.targets if painted_on == part and d]

    def ball(self, name: str) -> Ball:
        return self.fig.at[name]

    def disc_at(self, point: Vec, radius: float) -> tuple[float, float, float]:
        return self.cam.disc((point, radius))

    def tone(self, right: Vec, side: str, name: str) -> str:
        """Limbs on the far side of the body are paler."""
        is_far = dot(right, self.cam.into) * (1 if side == "R" else -1) < -0.35
        return self.kind + (f"{name}-far" if is_far else name)


def body(fig: Figure, cam: Camera, targets: Iterable[str] = (), kind: str = "") -> list[Item]:
    """The items of one figure."""
    painter = Painter(fig, cam, kind, [region(fig, target, cam) for target in targets])
    items = [torso(painter), head(painter)]
    for side in "RL":
        items += [*leg(painter, side), *arm(painter, side)]
    order = fig.pose.get("order", {})
    for item in items:
        item.depth += order.get(item.limb + "+" * item.is_lower, order.get(item.limb, 0))
    return items


def region(fig: Figure, name: str, cam: Camera) -> tuple[str, str | None]:
    """(part, outline) of a target region; the outline is None where the body hides it."""
    base, side = (name[:-1], name[-1]) if name[:-1] in REGIONS else (name, "")
    part, spots = REGIONS[base]
    balls, is_seen = [], True
    for anchor, forward, outward, up, radius in spots:
        axes = axes_of(fig, part, anchor, side)
        way = add(mul(axes[0], forward), mul(axes[1], outward))
        if any(way) and dot(unit(way), cam.into) < (-0.6 if part == "thigh" else -0.45):
            is_seen = False
        balls.append((add(anchor_of(fig, part, anchor, side), way, mul(axes[2], up)), radius))
    painted_on = part + (side if part in LIMB_PARTS else "")
    return painted_on, hull([cam.disc(ball) for ball in balls]) if is_seen else None


def axes_of(fig: Figure, part: str, anchor: str, side: str) -> tuple[Vec, Vec, Vec]:
    """Forward, outward and up where a region lies."""
    sign = -1 if side == "L" else 1
    if part == "thigh":
        return (*fig.thigh_axes(side), (0, 0, 0))
    if part == "head":
        return fig.gaze, cross(fig.gaze, fig.crown), fig.crown
    if part == "neck":
        return fig.chest_face, mul(fig.chest_right, sign), fig.neck
    if anchor in HIPS:
        return fig.face, mul(fig.right, sign), fig.up
    return fig.chest_face, mul(fig.chest_right, sign), fig.chest_up


def anchor_of(fig: Figure, part: str, anchor: str, side: str) -> Vec:
    if anchor.startswith("@"):
        return fig.point(part + side + anchor)[0]
    return fig.point(anchor + side if anchor + side in fig.at else anchor)[0]


def torso(paint: Painter) -> Item:
    fig, cam, at, disc = paint.fig, paint.cam, paint.fig.at, paint.cam.disc

    def pair(*names: str) -> list[tuple[float, float, float]]:
        return [disc(at[name + side]) for name in names for side in "RL"]

    pelvis = hull(pair("hip", "iliac", "buttock"))
    hem = [paint.disc_at(add(at["iliac" + side][0], mul(fig.up, 2)), 10.6) for side in "RL"]
    belly = hull(hem + pair("loin", "rib"))
    chest = hull([*pair("rib", "breast", "socket"), disc(at["throat"])])
    throat, crown = at["throat"][0], at["head"][0]
    neck = [(paint.kind + "skin", hull([paint.disc_at(throat, 6), paint.disc_at(mix(throat, crown, 0.8), 5.4)]))]
    clothes = [(paint.kind + "leg", pelvis), (paint.kind + "top", belly + chest)]
    # A bare neck towards us lies over the collar.
    has_nape = dot(fig.neck, cam.into) > 0.5 and dot(fig.chest_face, cam.into) < 0.1
    fills = (clothes + neck if has_nape else neck + clothes) + paint.hit("neck") + paint.hit("torso")
    return Item(cam.depth(mix(at["pelvis"][0], at["chest"][0], 0.5)), fills, [belly, chest], limb="torso")


def is_bent(a: Vec, b: Vec, c: Vec) -> bool:
    """Whether the joint at b is bent by more than 50 degrees."""
    return between(unit(sub(b, a)), unit(sub(c, b))) > 50


def leg(paint: Painter, side: str) -> list[Item]:
    fig, cam, disc = paint.fig, paint.cam, paint.cam.disc
    hip, knee, ankle, calf, heel, ball = (
        paint.ball(name + side) for name in ("hip", "knee", "ankle", "calf", "heel", "ball")
    )
    cloth, skin = (paint.tone(fig.right, side, name) for name in ("leg", "skin"))
    cuff = along(knee, ankle, 0.82)[0]
    thigh, half = hull([disc(hip), disc(knee)]), along(hip, knee, 0.5)
    shin = hull([disc(knee), disc(calf), paint.disc_at(cuff, 5.4)])
    sole = hull([disc(heel), disc(ball), disc(paint.ball("foot" + side))])
    instep = paint.disc_at(mix(ankle[0], ball[0], 0.45), 4)
    foot = sole + hull([paint.disc_at(cuff, 4.6), disc(ankle), disc(heel), instep])
    upper = Item(
        cam.depth(along(hip, knee, 0.55)[0]),
        [(cloth, thigh), *paint.hit("thigh" + side)],
        [hull([disc(half), disc(knee)])],
        [hull([disc(half), disc(along(hip, knee, 0.68))])],
        "leg" + side,
    )
    lower = Item(
        cam.depth(along(knee, ankle, 0.6)[0]),
        [("shoe" if fig.pose.get("shoes") else skin, foot), (cloth, shin), *paint.hit("shin" + side)],
        [shin, foot],
        [hull([disc(along(knee, ankle, 0.35)), disc(calf), disc(ankle)]), foot],
        "leg" + side,
        is_lower=True,
        is_bent=is_bent(hip[0], knee[0], ankle[0]),
    )
    return [upper, lower]


def arm(paint: Painter, side: str) -> list[Item]:
    fig, cam, disc = paint.fig, paint.cam, paint.cam.disc
    shoulder, elbow, wrist = (paint.ball(name + side) for name in ("shoulder", "elbow", "wrist"))
    cloth, skin = (paint.tone(fig.chest_right, side, name) for name in ("top", "skin"))
    upper = hull([disc(shoulder), disc(elbow)])
    sleeve = hull([paint.disc_at(shoulder[0], 7.6), paint.disc_at(along(shoulder, elbow, 0.5)[0], 7.2)])
    palm, tip = disc(paint.ball("palm" + side)), disc(paint.ball("hand" + side))
    hand = hull([paint.disc_at(wrist[0], 3.7), palm, tip])
    fore = hull([disc(elbow), paint.disc_at(mix(elbow[0], wrist[0], 0.25), 5.7), disc(wrist)]) + hand
    first = Item(
        cam.depth(along(shoulder, elbow, 0.55)[0]),
        [(skin, upper), (cloth, sleeve), *paint.hit("upper" + side)],
        [hull([disc(along(shoulder, elbow, 0.32)), disc(elbow)])],
        [hull([disc(along(shoulder, elbow, share)) for share in (0.4, 0.68)])],
        "arm" + side,
    )
    second = Item(
        cam.depth(along(elbow, wrist, 0.7)[0]),
        [(skin, fore), *paint.hit("fore" + side)],
        [fore],
        [hull([paint.disc_at(mix(elbow[0], wrist[0], 0.35), 5.5), disc(wrist)]), hand],
        "arm" + side,
        is_lower=True,
        is_bent=is_bent(shoulder[0], elbow[0], wrist[0]),
    )
    return [first, second]


# Balls of the head: forward, up, outward, radius, round its middle.
HAIR = [(-2, 1.8, 0, 12.2), (3.2, 5, 0, 9), (-4, -4.5, 0, 9)]
FACE = [(5.4, 0.6, 3.4, 6.6), (5.4, 0.6, -3.4, 6.6), (5.6, -9, 0, 4.6), (1, -4.8, 4.4, 6.6), (1, -4.8, -4.4, 6.6)]
NOSE = [(10, 0.5, 0, 2.6), (12.6, -3, 0, 1.7), (9, -4.5, 0, 3)]


def head(paint: Painter) -> Item:
    """Hair behind the face, or over it when the face is turned away; eyes closed, at ease."""
    fig, cam, kind = paint.fig, paint.cam, paint.kind
    middle, gaze, crown = fig.at["head"][0], fig.gaze, fig.crown
    right = cross(gaze, crown)

    def at(forward: float, up: float, out: float = 0) -> Vec:
        return add(middle, mul(gaze, forward), mul(crown, up), mul(right, out))

    def blob(balls: Sequence[tuple[float, float, float, float]]) -> str:
        return hull([cam.disc((at(forward, up, out), radius)) for forward, up, out, radius in balls])

    hair, face = blob(HAIR), blob(FACE) + blob(NOSE)
    fills = [(kind + "hair", hair), (kind + "skin", face)]
    if dot(gaze, cam.into) < -0.3:
        fills.reverse()
    for k in (1, -1):
        if dot(right, cam.into) * k > 0.35:
            fills.append((kind + "skin", blob([(-1, -1.5, 9 * k, 2.6), (-1.4, -4, 9 * k, 2)])))
        if dot(add(mul(gaze, 0.85), mul(right, 0.5 * k)), cam.into) > 0.3:
            fills.append((f"{kind}eye:{num(1.3 * cam.zoom)}", lid(cam, at, k)))
    return Item(cam.depth(middle) + 3, fills + paint.hit("head"), [hair, face], limb="head")


def lid(cam: Camera, at: Callable[[float, float, float], Vec], k: int) -> str:
    return poly([cam.xy(at(11.2, -0.6, 2.6 * k)), cam.xy(at(10, -0.4, 5.4 * k))], is_closed=False)
