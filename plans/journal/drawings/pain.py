"""How did pain go over the weeks? One chart of every session, for the client and the bodyworker.

It never stands alone: a sentence says it first, and a table with the same numbers stands beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from plans.journal.drawings.axes import TOP_SCORE, WIDE, Axes, DayWords, Frame, Place, Say, points, short_day
from plans.journal.rules import DEFAULT_BANDS, Bands, Severity, severity_of
from plans.library.drawings.markup import Drawing, element

# A gap this long says that we know nothing of the days between, so no line runs across it.
LONGEST_JOINED_GAP = timedelta(days=7)
AVERAGE_OF = 5
NOTED_AMONG = 5
# Room for “10 after session” over a date, in the picture's own units.
NOTE_WIDTH, NOTE_HEIGHT = 125, 26
SHOWN_SEVERITIES = (Severity.SEVERE, Severity.MODERATE, Severity.MILD)


@dataclass(frozen=True)
class Reading:
    """One log: pain before and after a session, or one check-in, each 0-10; the client's own day."""

    on: date
    before: int | None = None
    after: int | None = None
    check_in: int | None = None


@dataclass(frozen=True)
class Change:
    """A change of the program, marked on the time axis: a word or two, and what it was."""

    on: date
    title: str
    detail: str = ""


def pain_chart(
    readings: Sequence[Reading],
    *,
    first: date,
    last: date,
    title: str,
    summary: str,
    waiting: Sequence[date] = (),
    changes: Sequence[Change] = (),
    limit: int | None = None,
    bands: Bands = DEFAULT_BANDS,
    frame: Frame = WIDE,
    uid: str = "pain",
    say: Say = str,
    day_words: DayWords = short_day,
) -> Drawing:
    """Pain before (hollow) and after (solid) each session, in bands, with the average of five before.

    `readings` may reach back before `first`, so that the average starts right. `waiting` are planned days
    without a log, `changes` the program's, `limit` the score where a rule starts. `summary` is read to
    those who do not see the picture. `uid` keeps the ids of two charts on one page apart.
    """
    told = [change for change in changes if first <= change.on <= last]
    axes = Axes(frame if told else frame.without_headroom(), first, last)
    ordered = sorted(readings, key=lambda reading: reading.on)
    seen = [reading for reading in ordered if axes.shows(reading.on)]
    return element(
        "svg",
        element("title", title, id=f"{uid}-t"),
        element("desc", summary, id=f"{uid}-d"),
        *band_shapes(axes, bands, say),
        *limit_line(axes, limit),
        *score_axis(axes),
        *change_marks(told, axes),
        *drop_lines(seen, axes),
        *average_lines(ordered, axes),
        *(dot for reading in seen for dot in reading_dots(reading, axes, bands)),
        *worst_note(seen, axes, bands, say, day_words),
        *session_strip(seen, waiting, axes, say),
        *day_axis(axes, day_words),
        class_=f"chart{frame.suffix}",
        viewBox=f"0 0 {axes.frame.width} {axes.frame.height}",
        role="img",
        aria_labelledby=f"{uid}-t {uid}-d",
    )


def band_shapes(axes: Axes, bands: Bands, say: Say) -> list[Drawing]:
    """The coloured bands, each named and numbered at its edge."""
    starts = (bands.severe, bands.moderate, bands.mild)
    tops = (TOP_SCORE, bands.severe - 1, bands.moderate - 1)
    words = ("Severe", "Moderate", "Mild")
    shapes = []
    for severity, low, high, word in zip(SHOWN_SEVERITIES, starts, tops, words, strict=True):
        # Half a step either side, so that a dot on a whole score lies inside its band.
        top = axes.y(high + (0.4 if high == TOP_SCORE else 0.5))
        bottom = axes.y(low - 0.5)
        middle = (top + bottom) / 2
        shapes += [
            element(
                "rect",
                class_=f"band-{severity}",
                x=axes.frame.left,
                y=top,
                width=axes.end - axes.frame.left,
                height=bottom - top,
            ),
            element("text", say(word), class_=f"bandname {severity}", x=axes.end + 9, y=middle),
            element(
                "text",
                f"{low} {say('to')} {high}" if low < high else low,
                class_="axis",
                x=axes.end + 9,
                y=middle + 16,
            ),
        ]
    return shapes


def limit_line(axes: Axes, limit: int | None) -> list[Drawing]:
    if limit is None:
        return []
    y = axes.y(limit - 0.5)
    return [element("line", class_="limit", x1=axes.frame.left, x2=axes.end, y1=y, y2=y)]


def score_axis(axes: Axes) -> list[Drawing]:
    ground = axes.y(0)
    return [
        element("line", class_="grid", x1=axes.frame.left, x2=axes.end, y1=ground, y2=ground),
        *(
            element("text", score, class_="axis", x=axes.frame.left - 8, y=axes.y(score) + 4.5, text_anchor="end")
            for score in range(0, TOP_SCORE + 1, 2)
        ),
    ]


def change_marks(changes: Sequence[Change], axes: Axes) -> list[Drawing]:
    """A dashed line for each change; its words only where they do not run into the next ones."""
    marks = []
    free_from = float("-inf")
    for change in sorted(changes, key=lambda change: change.on):
        x = axes.x(change.on)
        top = axes.frame.top - 26
        marks.append(element("line", class_="note-line", x1=x, x2=x, y1=top, y2=axes.y(0)))
        width = 8 * max(len(change.title), len(change.detail))
        if x < free_from or x + width > axes.frame.width:
            continue
        free_from = x + width
        marks.append(element("text", change.title, class_="note", x=x + 7, y=top))
        if change.detail:
            marks.append(element("text", change.detail, class_="note-sub", x=x + 7, y=top + 16))
    return marks


def drop_lines(readings: Sequence[Reading], axes: Axes) -> list[Drawing]:
    """Before and after of one session belong together."""
    return [
        element(
            "line",
            class_="drop",
            x1=axes.x(reading.on),
            x2=axes.x(reading.on),
            y1=axes.y(reading.before),
            y2=axes.y(reading.after),
        )
        for reading in readings
        if reading.before is not None and reading.after is not None
    ]


def average_lines(readings: Sequence[Reading], axes: Axes) -> list[Drawing]:
    """The running average of the last five scores before a session, broken at long gaps."""
    lines: list[list[Place]] = []
    scores: list[int] = []
    previous: date | None = None
    for reading in readings:
        if reading.before is None:
            continue
        if previous is None or reading.on - previous > LONGEST_JOINED_GAP:
            lines.append([])
            scores = []
        previous = reading.on
        scores = [*scores, reading.before][-AVERAGE_OF:]
        if axes.shows(reading.on):
            lines[-1].append((axes.x(reading.on), axes.y(sum(scores) / len(scores))))
    return [element("polyline", class_="avg", points=points(line)) for line in lines if len(line) > 1]


def reading_dots(reading: Reading, axes: Axes, bands: Bands) -> list[Drawing]:
    x = axes.x(reading.on)
    size = max(2.2, min(axes.frame.dot, axes.per_day * 0.42))
    dots = []
    if reading.before is not None:
        dots.append(element("circle", class_="before", cx=x, cy=axes.y(reading.before), r=size))
    if reading.after is not None:
        if severity_of(reading.after, bands) is Severity.SEVERE:
            dots.append(element("circle", class_="flag", cx=x, cy=axes.y(reading.after), r=size * 1.6))
        else:
            # The same score before and after shows as a ring with a core.
            core = size * 0.62 if reading.after == reading.before else size
            dots.append(element("circle", class_="after", cx=x, cy=axes.y(reading.after), r=core))
    if reading.check_in is not None:
        y, reach = axes.y(reading.check_in), size * 1.2
        dots.append(
            element(
                "path",
                class_="checkin",
                d=f"M{x:.1f} {y - reach:.1f}L{x + reach:.1f} {y:.1f}L{x:.1f} {y + reach:.1f}L{x - reach:.1f} {y:.1f}Z",
            )
        )
    return dots


def worst_note(readings: Sequence[Reading], axes: Axes, bands: Bands, say: Say, day_words: DayWords) -> list[Drawing]:
    """A severe score after one of the last sessions, in words beside its mark; an old one is no news."""
    severe = [
        (reading.on, reading.after)
        for reading in readings[-NOTED_AMONG:]
        if reading.after is not None and severity_of(reading.after, bands) is Severity.SEVERE
    ]
    if not severe:
        return []
    on, score = severe[-1]
    x = axes.x(on)
    is_left = x - axes.frame.left < (axes.end - axes.frame.left) / 2
    beside, anchor = (x + 14, "start") if is_left else (x - 14, "end")
    y = clear_height(readings, axes, on, score, reach=NOTE_WIDTH if is_left else -NOTE_WIDTH)
    return [
        element("text", f"{score} {say('after session')}", class_="note", x=beside, y=y - 3, text_anchor=anchor),
        element("text", day_words(on), class_="note-sub", x=beside, y=y + 13, text_anchor=anchor),
    ]


def clear_height(readings: Sequence[Reading], axes: Axes, on: date, score: int, *, reach: float) -> float:
    """Where two lines of words beside a mark cover no other mark: at its height, or above all that lie there."""
    low, high = sorted((axes.x(on), axes.x(on) + reach))
    beside = [
        axes.y(other)
        for reading in readings
        if reading.on != on and low <= axes.x(reading.on) <= high
        for other in (reading.before, reading.after, reading.check_in)
        if other is not None
    ]
    if not any(abs(y - axes.y(score)) < NOTE_HEIGHT for y in beside):
        return axes.y(score)
    return max(min([*beside, axes.y(score)]) - NOTE_HEIGHT, axes.y(TOP_SCORE) + 10)


def session_strip(readings: Sequence[Reading], waiting: Sequence[date], axes: Axes, say: Say) -> list[Drawing]:
    """Days with a session and planned days without one, so that a gap does not read as “no pain”."""
    logged = {reading.on for reading in readings if reading.check_in is None}
    marks = dict.fromkeys(logged, "did") | {on: "missed" for on in waiting if axes.shows(on) and on not in logged}
    width = max(1.5, min(10.0, axes.per_day * 0.7))
    y = axes.y(0) + 14
    return [
        *(
            element("rect", class_=mark, x=axes.x(on) - width / 2, y=y, width=width, height=9, rx=min(2, width / 4))
            for on, mark in sorted(marks.items())
        ),
        element("text", say("Sessions"), class_="axis", x=axes.end + 9, y=y + 9),
    ]


def day_axis(axes: Axes, day_words: DayWords) -> list[Drawing]:
    """A few days along the foot, evenly apart, counted back from the last."""
    days = (axes.last - axes.first).days
    step = max(1, -(-days // (axes.frame.day_marks - 1)))
    marked = [axes.last - timedelta(days=back) for back in reversed(range(0, days + 1, step))]
    return [
        element("text", day_words(on), class_="axis", x=axes.x(on), y=axes.y(0) + 44, text_anchor="middle")
        for on in marked
    ]
