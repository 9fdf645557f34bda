"""A stored log as a form again, so that it can be put right."""

from typing import Any

from plans.journal.models import Session
from plans.journal.rules import Moment
from plans.library.rules import map_region_at
from plans.programs.models import Prescription

from .log import CheckInForm, LogForm, SessionForm


def form_for(session: Session, data: Any, **more: Any) -> LogForm:
    """The form a stored log belongs to, filled with what it says."""
    words = standing_words(session)
    if session.program is None:
        return CheckInForm(data, initial=words, **more)
    moves = Prescription.objects.filter(pk__in=[item.prescription_id for item in session.items.all()])
    return SessionForm(
        data,
        initial=words,
        program=session.program,
        moves=list(moves.select_related("revision").order_by("position", "pk")),
        **more,
    )


def standing_words(session: Session) -> dict[str, Any]:
    """What a stored log says, by the fields of the forms."""
    scores = {Moment(report.moment): str(report.score) for report in session.reports.all()}
    return {
        "log": session.uuid,
        "before": scores.get(Moment.BEFORE),
        "after": scores.get(Moment.AFTER),
        "now_score": scores.get(Moment.CHECK_IN),
        "morning": scores.get(Moment.NEXT_MORNING),
        "sites": [map_region_at(s.region, s.side).id for report in session.reports.all() for s in report.sites.all()],
        "items": [str(item.prescription.uuid) for item in session.items.all() if item.is_done],
        "felt": session.felt,
        "harm": session.harm,
        "note": session.note,
        "slept_badly": bool(session.slept_badly),
        "can_wait": {True: "yes", False: "no"}.get(session.can_wait) if session.can_wait is not None else None,
    }
