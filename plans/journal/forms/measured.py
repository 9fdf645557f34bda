"""How the short questions went, in words and with their sources, for the client and for the bodyworker."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.people.models import Client
from plans.journal.drawings.outcomes import outcome_chart
from plans.journal.models import OutcomeAnswer
from plans.journal.rules import MEASURES, Change, MeasureSlug, OutcomeScore, change_of
from plans.library.drawings.markup import Drawing
from plans.library.models import OutcomeMeasure

NAMES: dict[MeasureSlug, Promise] = {
    MeasureSlug.PEG: gettext_lazy("Pain and what it keeps you from (PEG)"),
    MeasureSlug.PSFS: gettext_lazy("What matters to the client (PSFS)"),
    MeasureSlug.GROC: gettext_lazy("Change since the start (GROC)"),
}
WAYS: dict[bool, Promise] = {
    True: gettext_lazy("Here a higher number is better."),
    False: gettext_lazy("Here a lower number is better."),
}
CHANGES: dict[Change, Promise] = {
    Change.MUCH_BETTER: gettext_lazy("Much better than at the start."),
    Change.BETTER: gettext_lazy("Better than at the start, by as much as usually matters."),
    Change.A_LITTLE_BETTER: gettext_lazy("A little better than at the start."),
    Change.SAME: gettext_lazy("About the same as at the start: less than people usually notice."),
    Change.WORSE: gettext_lazy("Worse than at the start, by as much as usually matters."),
}


@dataclass(frozen=True)
class Shown:
    """One measure on a page; `rows` are its scores with their days, newest first."""

    slug: MeasureSlug
    name: Promise
    way: Promise
    change: Promise | None
    chart: Drawing | None
    rows: list[tuple[dt.date, str]]
    activities: list[str]
    sources: list[str]
    matters: str


def measured(client: Client) -> list[Shown]:
    """Every measure that was answered, in four queries; none where nothing was."""
    courses = OutcomeAnswer.objects.of(client).courses_by_client().get(client.pk, {})
    if not any(courses.values()):
        return []
    own = OutcomeMeasure.objects.of(client.clinic_id).filter(slug__in=list(courses)).prefetch_related("sources")
    library = {row.slug: row for row in own}
    psfs = OutcomeAnswer.objects.of(client).standing().in_measure(MeasureSlug.PSFS).order_by("-local_on", "item")
    newest = list(psfs[:5])
    activities = [f"{row.label}: {row.value}" for row in newest if row.local_on == newest[0].local_on]
    return [
        _shown(slug, courses[slug], library[slug], activities if slug is MeasureSlug.PSFS else [])
        for slug in MeasureSlug
        if courses.get(slug)
    ]


def _shown(slug: MeasureSlug, course: list[OutcomeScore], known: OutcomeMeasure, activities: list[str]) -> Shown:
    measure, scores = MEASURES[slug], [each.score for each in course]
    change = change_of(measure, course)
    label = _("%(name)s: %(scores)s. %(way)s") % {
        "name": NAMES[slug],
        "scores": ", ".join(f"{score:.1f}" for score in scores),
        "way": WAYS[measure.is_higher_better],
    }
    return Shown(
        slug=slug,
        name=NAMES[slug],
        way=WAYS[measure.is_higher_better],
        change=CHANGES[change] if change else None,
        chart=outcome_chart(scores, measure, label=label, say=_) if len(scores) > 1 else None,
        rows=[(each.on, f"{each.score:.1f}") for each in reversed(course)],
        activities=activities,
        sources=[source.citation for source in known.sources.all()],
        matters=known.meaningful_change,
    )
