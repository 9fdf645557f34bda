"""How did it go lately, in a glance? The small lines of the client's first page and of the caseload."""

from collections.abc import Sequence
from functools import cache

from plans.journal.drawings.axes import TOP_SCORE, Place, Say, points
from plans.journal.drawings.pain import SHOWN_SEVERITIES
from plans.journal.rules import DEFAULT_BANDS, Bands, severity_of
from plans.library.drawings.markup import Drawing, element, together

SPARK = (116, 38)
"""Width and height of a small line, in the units of its drawing."""


def trend_chart(
    scores: Sequence[int],
    *,
    label: str,
    bands: Bands = DEFAULT_BANDS,
    say: Say = str,
) -> Drawing:
    """The small line of the client's first page: scores before sessions, oldest first."""
    width, height, names = 310, 104, 66
    end = width - names
    places = line_places(scores, left=10, right=end - 10, top=4, bottom=height - 4)
    edges = [
        0.0,
        *(4 + (TOP_SCORE - start + 0.5) / TOP_SCORE * (height - 8) for start in (bands.severe, bands.moderate)),
        float(height),
    ]
    shapes = []
    for severity, word, top, bottom in zip(
        SHOWN_SEVERITIES, ("Severe", "Moderate", "Mild"), edges, edges[1:], strict=False
    ):
        shapes += [
            element("rect", class_=f"band-{severity}", y=top, width=end, height=bottom - top),
            element("text", say(word), class_=f"bandname {severity}", x=end + 8, y=(top + bottom) / 2 + 5),
        ]
    return element(
        "svg",
        *shapes,
        element("polyline", class_="avg", points=points(places)),
        *(element("circle", class_="before", cx=x, cy=y, r=5) for x, y in places[:1]),
        *(element("circle", class_="did", cx=x, cy=y, r=6.5) for x, y in places[-1:]),
        class_="chart",
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_label=label,
    )


def sparkline(scores: Sequence[int], *, label: str, bands: Bands = DEFAULT_BANDS) -> Drawing:
    """The last scores in a row of the caseload, oldest first. `label` says them all, such as “Pain: 4, 4, 3”."""
    width, height = SPARK
    places = line_places(scores, left=2, right=width - 6, top=3, bottom=height - 3)
    return element(
        "svg",
        _spark_ground(bands),
        element("polyline", points=points(places)),
        *(
            element("circle", data_severity=severity_of(score, bands), cx=x, cy=y, r=4.5)
            for (x, y), score in list(zip(places, scores, strict=True))[-1:]
        ),
        class_="spark",
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_label=label,
    )


@cache
def _spark_ground(bands: Bands) -> Drawing:
    """What lies under every such line is drawn once: a caseload has hundreds of them."""
    width, height = SPARK
    severe, moderate = (
        3 + (TOP_SCORE - start + 0.5) / TOP_SCORE * (height - 6) for start in (bands.severe, bands.moderate)
    )
    return together(
        element("rect", class_="band", width=width, height=severe, rx=2),
        element("rect", class_="band2", y=severe, width=width, height=moderate - severe),
        element("rect", class_="band3", y=moderate, width=width, height=height - moderate, rx=2),
    )


def line_places(scores: Sequence[int], *, left: float, right: float, top: float, bottom: float) -> list[Place]:
    """Scores spread evenly from left to right; a single one stands at the right."""
    if len(scores) == 1:
        left = right
    step = (right - left) / max(len(scores) - 1, 1)
    return [
        (left + index * step, top + (TOP_SCORE - score) / TOP_SCORE * (bottom - top))
        for index, score in enumerate(scores)
    ]
