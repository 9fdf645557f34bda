"""Which technique does a person mean who types “piriformis knot”?

Every word typed must be found somewhere in a technique: as it stands, as another word for the same thing,
as the beginning of a word, or (if nothing else is found) with a slip of the keys. Where it is found
decides the order: in the name before the muscle, in the muscle before the trigger point.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .states import DeliveredBy, Intensity, TechniqueKind

WORD = re.compile(r"[a-z0-9]+")
MOST_WORDS = 8
# Words that say nothing about which technique: everything here is for something sore.
IDLE = frozenset(
    {"a", "an", "and", "the", "of", "for", "on", "in", "at", "to", "with", "my", "me", "is", "or", "by", "it"}
    | {"point", "pain", "painful", "sore", "soreness", "hurt", "ache", "aching", "tight"}
    | {"technique", "exercise", "release"}
)
# Words for the same thing, as people say them. Each row has one meaning here.
SAME: tuple[frozenset[str], ...] = tuple(
    frozenset(row.split())
    for row in (
        "buttock bum butt bottom backside rear glute gluteal gluteus",
        "knot trigger lump",
        "ball tennis lacrosse",
        "roller foam roll",
        "hamstring hammy",
        "quadriceps quad thighs",
        "calf calve gastrocnemius soleus",
        "foot feet sole plantar arch",
        "iliotibial itb",
        "tensor tfl",
        "lumborum ql",
        "iliopsoas psoas flexor iliacus",
        "adductor inner groin",
        "trapezius trap",
        "pectoralis pec chest",
        "latissimus lat",
        "suboccipital headache skull",
        "erector spinal spine",
        "forearm elbow",
        "massage manual bodyworker hand",
        "stretch stretching",
        "strength strengthening strengthen",
        "breathing breath breathe relax relaxation",
        "heat warm hot heated",
        "walk walking",
        "easy gentle light soft",
        "strong vigorous hard",
    )
)
IRREGULAR = {"calves": "calf", "feet": "foot", "muscles": "muscle", "hammies": "hammy", "hams": "hamstring"}
# How sure a match is; below the surest, a word in a weightier place still wins.
AS_TYPED, SAME_THING, BEGINNING, SLIP = 1.0, 0.8, 0.65, 0.45
KIND_WORDS: Mapping[str, str] = {
    TechniqueKind.BALL: "ball knot",
    TechniqueKind.FOAM_ROLLER: "foam roller knot",
    TechniqueKind.MANUAL: "manual hands massage myofascial knot",
    TechniqueKind.STRENGTH: "strength strengthening",
    TechniqueKind.HEAT: "heat warm",
    TechniqueKind.AEROBIC: "aerobic cardio",
}
# Where a word is found, and how much that counts.
NAME, FIRST_MUSCLE, OTHER_MUSCLE, KIND, TOOL, PLACE, POINT, DETAIL = 10.0, 6.0, 4.5, 4.0, 4.0, 3.0, 2.5, 1.0
# What further places add to the best one.
ELSEWHERE = 0.2
GENTLEST_FIRST = {Intensity.GENTLE: 0, Intensity.MODERATE: 1, Intensity.VIGOROUS: 2}


@dataclass(frozen=True)
class Entry:
    """What of a technique can be found. The first muscle is the one it is mainly for."""

    key: int
    name: str
    kind: str
    intensity: str = Intensity.GENTLE
    delivered_by: str = DeliveredBy.CLIENT
    equipment: Sequence[str] = ()
    muscles: Sequence[str] = ()
    trigger_points: Sequence[str] = ()
    places: Sequence[str] = ()
    weights: Mapping[str, float] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", self._weighed())

    def _weighed(self) -> dict[str, float]:
        """Every word with the sum of where it stands: the best place whole, the others a little."""
        first, *others = [*self.muscles, ""]
        by = "bodyworker" if self.delivered_by == DeliveredBy.BODYWORKER else ""
        placed = [
            (NAME, [self.name]),
            (FIRST_MUSCLE, [first]),
            (OTHER_MUSCLE, others),
            (KIND, [KIND_WORDS.get(self.kind, self.kind), by]),
            (TOOL, self.equipment),
            (PLACE, self.places),
            (POINT, self.trigger_points),
            (DETAIL, [self.intensity]),
        ]
        found: dict[str, list[float]] = {}
        for weight, texts in placed:
            for text in texts:
                for word in set(words_of(text)):
                    found.setdefault(word, []).append(weight)
        return {word: max(w) + ELSEWHERE * (sum(w) - max(w)) for word, w in found.items()}


def words_of(text: str) -> list[str]:
    """The words of a text in small plain letters, one for singular and plural."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("'s", ""))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [stem(word) for word in WORD.findall(letters)]


def stem(word: str) -> str:
    """One form for singular and plural; muscles named in Latin keep their endings."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ps")):
        return word[:-1]
    return word


def wanted_words(text: str) -> list[str]:
    """The words that count of what was typed; all of them when none would be left."""
    typed = list(dict.fromkeys(words_of(text)))[:MOST_WORDS]
    return [word for word in typed if word not in IDLE] or typed


def ranked(text: str, entries: Iterable[Entry]) -> list[int]:
    """The keys of the techniques meant, the likeliest first; of two as likely the gentler one."""
    entries, wanted = list(entries), wanted_words(text)
    if not wanted:
        return []
    vocabulary = frozenset(word for entry in entries for word in entry.weights)
    meanings = [meanings_of(word, vocabulary) for word in wanted]
    scored = [(score(entry, meanings), entry) for entry in entries]
    found = [(points, entry) for points, entry in scored if points > 0]
    found.sort(key=lambda pair: (-pair[0], GENTLEST_FIRST[Intensity(pair[1].intensity)], pair[1].name, pair[1].key))
    return [entry.key for _, entry in found]


def score(entry: Entry, meanings: Sequence[Mapping[str, float]]) -> float:
    """How well a technique fits; 0 when one of the words is nowhere in it."""
    total = 0.0
    for meaning in meanings:
        hits = sorted(
            (entry.weights[word] * sure for word, sure in meaning.items() if word in entry.weights), reverse=True
        )
        if not hits:
            return 0.0
        total += hits[0] + ELSEWHERE * sum(hits[1:])
    return total


def meanings_of(typed: str, vocabulary: frozenset[str]) -> dict[str, float]:
    """The words of the library that a typed word may mean, with how sure that is."""
    found = {word: BEGINNING for word in vocabulary if len(typed) >= 3 and word.startswith(typed)}
    found |= dict.fromkeys(same_as(typed) & vocabulary, SAME_THING)
    if typed in vocabulary:
        found[typed] = AS_TYPED
    if found:
        return found
    near = [word for word in vocabulary if is_slip(typed, word)]
    if near:
        return dict.fromkeys(near, SLIP)
    # A slip in a word that only people use: “buttuck”, “hamstirng”, “tenis ball”.
    meant = [group for group in SAME if any(is_slip(typed, word) for word in group)]
    return dict.fromkeys((word for group in meant for word in group & vocabulary), SLIP)


def same_as(typed: str) -> frozenset[str]:
    return frozenset(word for group in SAME if typed in group for word in group)


def is_slip(typed: str, meant: str) -> bool:
    """One wrong, missing, extra or swapped letter; two in words of eight letters and more. The first letter holds."""
    allowed = 0 if len(typed) < 4 else 1 if len(typed) < 8 else 2
    if not allowed or typed[0] != meant[0] or abs(len(typed) - len(meant)) > allowed:
        return False
    return distance(typed, meant) <= allowed


def distance(a: str, b: str) -> int:
    """Letters changed, dropped, added or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, right in enumerate(b, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]
