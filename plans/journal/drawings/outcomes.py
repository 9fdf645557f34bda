"""How did the short questions go? A line on the measure's own scale, which says on it which way is better."""

from collections.abc import Sequence

from plans.journal.drawings.axes import Say, points
from plans.journal.rules import Measure
from plans.library.drawings.markup import Drawing, element

WIDTH, HEIGHT, LEFT, NAMES = 310, 120, 30, 84


def outcome_chart(scores: Sequence[float], measure: Measure, *, label: str, say: Say = str) -> Drawing:
    """Scores oldest first, evenly apart. “better” stands at the end of the scale where it is."""
    top, bottom, right = 14, HEIGHT - 14, WIDTH - NAMES
    step = (right - LEFT - 12) / max(len(scores) - 1, 1)
    span = measure.highest - measure.lowest
    places = [
        (LEFT + 6 + n * step, top + (measure.highest - score) / span * (bottom - top)) for n, score in enumerate(scores)
    ]
    better_at = top if measure.is_higher_better else bottom
    return element(
        "svg",
        element("line", class_="grid", x1=LEFT, x2=right, y1=top, y2=top),
        element("line", class_="grid", x1=LEFT, x2=right, y1=bottom, y2=bottom),
        element(
            "text", f"{measure.highest:+d}" if measure.lowest < 0 else str(measure.highest), class_="axis", y=top + 5
        ),
        element("text", str(measure.lowest), class_="axis", y=bottom + 5),
        element("text", say("better"), class_="note", x=right + 8, y=better_at + 5),
        element("polyline", class_="avg", points=points(places)),
        *(element("circle", class_="before", cx=x, cy=y, r=5) for x, y in places[:1]),
        *(element("circle", class_="did", cx=x, cy=y, r=6.5) for x, y in places[-1:]),
        class_="chart",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label=label,
    )
