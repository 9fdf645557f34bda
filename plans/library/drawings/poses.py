"""How is a technique drawn? From its poses, written down as data; nothing is kept as a picture.

Drawings show the right side; the other one is the same picture mirrored by its class.
"""

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from .figure import Figure
from .markup import Drawing
from .outline import Camera
from .scene import HEIGHT, WIDTH, Fit, Frame, fit, picture

POSES = Path(__file__).parent / "poses.json"


@dataclass(frozen=True)
class Step:
    """One picture of a technique: its number from 1, and what it shows in words."""

    number: int
    caption: str
    alt: str


@cache
def poses() -> dict[str, Any]:
    """The poses of all techniques. Read once a process."""
    found: dict[str, Any] = json.loads(POSES.read_text(encoding="utf-8"))
    return found


def is_drawn(slug: str) -> bool:
    """Whether a technique has a drawing; one that the clinic made itself may have none."""
    return slug in poses()["techniques"]


def steps_of(slug: str) -> list[Step]:
    """The pictures of a technique, in order; none for one without a drawing."""
    if not is_drawn(slug):
        return []
    return [Step(number, frame["caption"], frame["alt"]) for number, frame in enumerate(frames_of(slug), 1)]


def drawing(slug: str, frame: int = 1, *, is_other_side: bool = False, is_hidden: bool = False) -> Drawing:
    """One frame of a technique, from 1.

    Raises:
        KeyError: the technique has no drawing, or not so many frames.
    """
    return _drawn(slug, frame, is_other_side, is_hidden)[0]


def misfits(slug: str, frame: int) -> list[str]:
    """What does not fit a body in one frame: a hand short of its target, a joint bent too far. Raises as `drawing`."""
    return _drawn(slug, frame, False, False)[1]


@lru_cache(maxsize=512)
def _drawn(slug: str, frame: int, is_other_side: bool, is_hidden: bool) -> tuple[Drawing, list[str]]:
    frames = frames_of(slug)
    if not 1 <= frame <= len(frames):
        raise KeyError(f"{slug} has {len(frames)} frames, and no frame {frame}")
    shown = frames[frame - 1]
    zoom, shift = fits_of(slug)[frame - 1]
    title = f"{poses()['techniques'][slug]['title']}: {shown['caption']}"
    return picture(shown, zoom, shift, title=title, is_other_side=is_other_side, is_hidden=is_hidden)


@cache
def frames_of(slug: str) -> list[Frame]:
    """Frames with their base pose, and whatever they leave out taken from the frame before."""
    data, out = poses(), list[Frame]()
    for written in data["techniques"][slug]["frames"]:
        frame = dict(written)
        if out and not frame.pop("fresh", False):
            kept = {key: value for key, value in out[-1].items() if key not in ("caption", "alt", "marks")}
            frame = laid_over(kept, frame)
        for who in ("figure", "helper"):
            if who in frame and "base" in frame[who]:
                posed = {**data["bases"][frame[who]["base"]], **frame[who]}
                frame[who] = {key: value for key, value in posed.items() if key != "base"}
        out.append(frame)
    return out


def laid_over(below: Frame, above: Frame) -> Frame:
    """`above` laid over `below`; figure and helper are merged joint by joint."""
    out = dict(below)
    for key, value in above.items():
        out[key] = {**out[key], **value} if key in ("figure", "helper") and key in out else value
    return out


@cache
def fits_of(slug: str) -> list[Fit]:
    """Zoom and shift of each frame; one for all when they share a view, so that the person does not jump."""
    technique, frames = poses()["techniques"][slug], frames_of(slug)
    zoom, focus = technique.get("zoom"), technique.get("focus")
    has_one_view = all(frame.get("view") == frames[0].get("view") for frame in frames)
    fits = [fit(frames, zoom)] * len(frames) if has_one_view else [fit([frame], zoom) for frame in frames]
    if focus is None:
        return fits
    return [(fitted[0], centred(frame, fitted[0], focus)) for frame, fitted in zip(frames, fits, strict=True)]


def centred(frame: Frame, zoom: float, focus: Any) -> tuple[float, float]:
    """A close-up: the shift that puts a place into the middle."""
    x, y = Camera(frame.get("view", "side"), zoom).flat(Figure(frame["figure"]).place(focus))
    return WIDTH / 2 - x, HEIGHT / 2 - y
