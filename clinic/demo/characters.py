"""Who lives in the demo, and how their pain goes: made up, from one seed, without a database."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

SEED = 20_261
DAYS = 120
DOMAIN = "demo.unknot.test"

OWNER, BODYWORKER, COLLEAGUE, CURATOR, CLIENT = (
    f"{local}@{DOMAIN}" for local in ("owner", "bodyworker", "colleague", "curator", "client")
)


class Course(StrEnum):
    """The shape a client's pain takes over the months."""

    IMPROVING = "improving"
    STEADY = "steady"
    BUMPY = "bumpy"
    FLARED = "flared"
    SILENT = "silent"
    STAYS_SEVERE = "stays_severe"
    NOT_STARTED = "not_started"


@dataclass(frozen=True)
class Character:
    """One client: `began` days ago, scores around `start` (0-10), `keen` chance of doing a planned session."""

    name: str
    local: str
    templates: tuple[str, ...]
    sites: tuple[tuple[str, str], ...]
    course: Course
    began: int
    start: int
    keen: float
    hour: int
    colleague: bool = False
    zone: str = "Europe/London"
    email: str = field(default="", compare=False)

    def address(self) -> str:
        return self.email or f"{self.local}@{DOMAIN}"

    def phone(self) -> str:
        """A mobile number of the range that Ofcom keeps free for stories, or none: one in four gave none."""
        number = sum(map(ord, self.local)) % 1000
        return f"07700 900{number:03}" if number % 4 else ""


BUTTOCK = (("back-buttock", "right"), ("back-outer-hip", "right"))
LOW_BACK = (("back-lower-back", "left"), ("back-lower-back", "right"))
NECK = (("back-neck", "none"),)
CALF = (("back-calf", "left"),)
FOREARM = (("front-forearm", "right"),)
UPPER = (("back-upper-back", "left"), ("back-upper-back", "right"))

RUN, GENTLE, LED = "gluteal-tp-running-active", "gluteal-release-gentle", "gluteal-severe-bodyworker-led"
HIP, DESK, NECKS = "lateral-hip-itb", "desk-hips-low-back", "neck-and-shoulders-desk"
CALVES, CHEST, GRIP, BACK = "calf-and-foot-runner", "upper-back-chest", "forearm-and-grip", "gentle-low-back"

CHARACTERS: tuple[Character, ...] = (
    Character("Maya Lindqvist", "maya", (GENTLE, RUN), BUTTOCK, Course.IMPROVING, 58, 7, 0.9, 7, email=CLIENT),
    Character("Tomasz Nowak", "tomasz", (GENTLE,), BUTTOCK, Course.STAYS_SEVERE, 24, 6, 0.95, 8),
    Character("Priya Raman", "priya", (HIP, DESK), BUTTOCK, Course.BUMPY, 92, 4, 0.8, 18),
    Character("Beatriz Alves", "beatriz", (DESK,), LOW_BACK, Course.SILENT, 34, 4, 0.8, 19),
    Character("Sam Whitlock", "sam", (GENTLE, RUN), BUTTOCK, Course.IMPROVING, 81, 5, 0.85, 7),
    Character("Gareth Pugh", "gareth", (CALVES, HIP), CALF, Course.STEADY, 80, 3, 0.7, 20),
    Character("Aiko Tanaka", "aiko", (NECKS, CHEST), NECK, Course.IMPROVING, 68, 5, 0.97, 6),
    Character("Dele Adeyemi", "dele", (GENTLE, BACK, DESK), LOW_BACK, Course.IMPROVING, 108, 6, 0.9, 21),
    Character("Eleni Papadaki", "eleni", (GENTLE, HIP, RUN), BUTTOCK, Course.FLARED, 120, 5, 0.85, 9),
    Character("Rosa Iyer", "rosa", (NECKS,), NECK, Course.SILENT, 40, 5, 0.7, 18, colleague=True),
    Character("Lena Okafor", "lena", (LED, GENTLE, HIP), BUTTOCK, Course.FLARED, 116, 6, 0.9, 17),
    Character("Owen Blake", "owen", (GRIP,), FOREARM, Course.STEADY, 30, 3, 0.75, 12, colleague=True),
    Character("Ines Duarte", "ines", (BACK, GENTLE, DESK), LOW_BACK, Course.BUMPY, 107, 4, 0.7, 19, colleague=True),
    Character("Kofi Mensah", "kofi", (CALVES,), CALF, Course.IMPROVING, 36, 5, 0.85, 6, colleague=True),
    Character("Yara Haddad", "yara", (CHEST, NECKS, CHEST), UPPER, Course.IMPROVING, 90, 4, 0.8, 13, colleague=True),
    Character("Jonas Weber", "jonas", (DESK,), LOW_BACK, Course.STEADY, 38, 4, 0.6, 20, colleague=True),
    Character("Mei Chen", "mei", (NECKS, CHEST), NECK, Course.IMPROVING, 80, 5, 0.9, 7, colleague=True),
    Character("Hugo Marchand", "hugo", (GENTLE, RUN), BUTTOCK, Course.BUMPY, 75, 4, 0.8, 8, zone="Europe/Paris"),
    Character("Freya Olsen", "freya", (HIP,), BUTTOCK, Course.IMPROVING, 28, 5, 0.9, 18),
    Character("Arjun Patel", "arjun", (DESK, BACK), LOW_BACK, Course.STEADY, 77, 3, 0.75, 21, colleague=True),
    Character("Nora Quinn", "nora", (BACK,), LOW_BACK, Course.IMPROVING, 22, 5, 0.95, 9),
    Character("Luca Ferri", "luca", (GRIP, CHEST), FOREARM, Course.IMPROVING, 64, 4, 0.7, 19, colleague=True),
    Character("Zofia Kaminska", "zofia", (LED, GENTLE, HIP), BUTTOCK, Course.FLARED, 112, 7, 0.9, 10, colleague=True),
    Character("Ben Carter", "ben", (CALVES,), CALF, Course.STEADY, 15, 3, 0.8, 7),
    Character("Amara Diallo", "amara", (NECKS,), NECK, Course.IMPROVING, 19, 4, 0.9, 20, colleague=True),
    Character("Stefan Ivanov", "stefan", (DESK,), LOW_BACK, Course.BUMPY, 26, 5, 0.65, 22),
    Character("Chloe Martin", "chloe", (GENTLE,), BUTTOCK, Course.IMPROVING, 12, 4, 0.9, 8, colleague=True),
    Character("Idris Khan", "idris", (CHEST,), UPPER, Course.STEADY, 18, 3, 0.7, 18, colleague=True),
    Character("Ruta Petraityte", "ruta", (HIP,), BUTTOCK, Course.IMPROVING, 9, 5, 0.95, 7),
    Character("Hanna Berg", "hanna", (GENTLE,), BUTTOCK, Course.NOT_STARTED, 2, 4, 0.0, 9),
)


@dataclass(frozen=True)
class DayScores:
    """What a client writes down on one day, 0-10, or None where they stayed silent."""

    before: int
    after: int


def scores(character: Character, *, seed: int = SEED) -> Iterator[DayScores | None]:
    """One value per day from the first to yesterday, the same for the same seed.

    Improving falls by about five points in ten weeks and wobbles; a flare is four days at 7 or 8
    in the middle of a calm course; `stays_severe` climbs to 7 and 8 in its last four days.
    """
    dice = random.Random(f"{seed}:{character.local}")  # noqa: S311
    for day in range(character.began):
        level = _level(character, day)
        wobble = dice.choice((-1, 0, 0, 0, 1))
        relief = dice.choice((0, 1, 1, 2)) if level > 1 else 0
        severe = character.course is Course.STAYS_SEVERE and day >= character.began - 4
        is_done = severe or dice.random() < character.keen
        if character.course is Course.SILENT and day >= character.began - 9:
            is_done = False
        if severe or _flares(character, day):
            before = 7 + (day % 2)
            yield DayScores(before, before - (0 if severe else 1))
        elif is_done:
            before = min(6, max(0, round(level) + wobble))
            yield DayScores(before, max(0, before - relief))
        else:
            yield None


def _level(character: Character, day: int) -> float:
    if character.course in {Course.IMPROVING, Course.FLARED}:
        return max(1.0, character.start - day * 5 / 70)
    if character.course is Course.BUMPY:
        return character.start + (1 if (day // 9) % 2 else -1)
    return float(character.start)


def _flares(character: Character, day: int) -> bool:
    middle = character.began // 2
    return character.course is Course.FLARED and middle <= day < middle + 4


def first_day(character: Character, today: dt.date) -> dt.date:
    return today - dt.timedelta(days=character.began)
