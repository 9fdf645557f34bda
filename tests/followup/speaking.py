"""Reports of Maya's for the tests of follow-up, written as the journal leaves them: the client is marked."""

import datetime as dt

from accounts.people.actions import mark_needs_look
from accounts.post.models import Letter
from plans.followup.actions import sweep_escalations, sweep_looks
from plans.followup.models import Escalation
from tests.clock import NOW
from tests.factories.journal import PainReportFactory, RedFlagAnswerFactory, SessionFactory
from tests.factories.library import RedFlagFactory

DAY = dt.timedelta(days=1)


def report(client, score, *, at=NOW, moment="check_in", received_at=None, **fields):
    session = SessionFactory(
        client=client, performed_at=at, local_on=at.date(), received_at=received_at or at, **fields
    )
    if score is not None:
        PainReportFactory(session=session, moment=moment, score=score)
    mark_needs_look(client=client, now=received_at or at)
    return session


def flag(client, urgency, *, at=NOW, slug="ces-saddle"):
    session = report(client, 2, at=at)
    red_flag = RedFlagFactory(clinic=client.clinic, slug=slug, urgency=urgency)
    RedFlagAnswerFactory(
        session=session, red_flag=red_flag, answer=True, answered_at=at, shown_text="Call now.", shown_at=at
    )
    return session


def severe_days(client, *, last=NOW, score=8, days=3):
    return [report(client, score, at=last - (days - 1 - n) * DAY) for n in range(days)]


def tick(now=NOW):
    sweep_looks(now=now)
    sweep_escalations(now=now)


def case_of(client) -> Escalation:
    return Escalation.objects.get(client=client)


def acts(case) -> list[str]:
    return list(case.events.order_by("sequence").values_list("act", flat=True))


def told(case, **filters) -> list[tuple[str, str]]:
    """Whom letters about this case were written to, with their kind, in order."""
    letters = Letter.objects.filter(subject_kind="escalation", subject_id=case.pk, **filters).order_by("pk")
    return [(str(letter.membership.user) if letter.membership else letter.audience, letter.kind) for letter in letters]
