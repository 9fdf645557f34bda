"""Answers to the short questions: kept once a day, put right on the same day, or laid aside for this time."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.people.actions import mark_needs_look, record_audit
from accounts.people.models import Client, User
from plans.journal.models import OutcomeAnswer, OutcomeSkip
from plans.journal.rules import (
    MEASURES,
    Due,
    Fault,
    Given,
    LogRefused,
    MeasureSlug,
    OutcomeBody,
    Problem,
    Settled,
    TimeTooFarAhead,
    TimeTooFarBack,
    score_of,
    settle_time,
)
from plans.library.models import OutcomeMeasure
from plans.library.rules import MeasureUse


@dataclass(frozen=True)
class Answered:
    """One measure as it stands on one of the client's own days, and whether this call made it."""

    measure: MeasureSlug
    on: dt.date
    answered_at: dt.datetime
    answers: tuple[Given, ...]
    created: bool = False

    @property
    def score(self) -> float | None:
        return score_of(MEASURES[self.measure], {each.item: each.value for each in self.answers})


@transaction.atomic
def answer_outcome(*, client: Client, body: OutcomeBody, by: User, now: dt.datetime) -> Answered:
    """Keep the answer to one measure. The same answers again on one day are one; others put them right.

    Raises:
        LogRefused: the clinic does not ask this, the activities are others, or the day is over.
    """
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)  # the same page sent twice at once is one answer
    time, measure = _settled(body, client, now), _measure(body, client)
    standing = list(OutcomeAnswer.objects.of(client).standing().filter(measure=measure).order_by("local_on", "item"))
    today = [row for row in standing if row.local_on == time.local_on]
    answers = _named(body, [row for row in standing if row.local_on != time.local_on], today)
    answered = Answered(body.measure.slug, time.local_on, time.performed_at, answers, created=not today)
    if [Given(row.item, row.value, row.label) for row in today] == list(answers):
        return answered
    if today and settle_time(None, sent_at=None, received_at=now, zone=client.zone).local_on != time.local_on:
        raise LogRefused(Problem("answered_at", Fault.DAY_IS_OVER))
    OutcomeAnswer.objects.filter(pk__in=[row.pk for row in today]).update(replaced_at=now)
    OutcomeAnswer.objects.bulk_create(
        OutcomeAnswer(
            clinic_id=client.clinic_id,
            client=client,
            measure=measure,
            item=given.item,
            label=given.label,
            value=given.value,
            local_on=time.local_on,
            answered_at=time.performed_at,
            answered_by=by,
        )
        for given in answers
    )
    verb = "outcome_corrected" if today else "outcome_answered"
    record_audit(
        clinic=client.clinic, verb=verb, subject_kind="outcome", subject_id=measure.pk, by=by, now=now, client=client
    )
    mark_needs_look(client=client, now=now)
    return answered


@transaction.atomic
def skip_outcomes(*, client: Client, due: Due, by: User, now: dt.datetime) -> None:
    """Lay the questions of one occasion aside; laid aside twice is once."""
    OutcomeSkip.objects.get_or_create(
        program_id=due.program,
        occasion=due.occasion,
        defaults={"clinic_id": client.clinic_id, "client": client, "skipped_at": now, "skipped_by": by},
    )


def _measure(body: OutcomeBody, client: Client) -> OutcomeMeasure:
    """The clinic's own copy, if the clinic may use it at all."""
    own = OutcomeMeasure.objects.of(client.clinic_id).filter(slug=body.measure.slug).exclude(use=MeasureUse.AVOID)
    found: OutcomeMeasure | None = own.first()
    if found is None:
        raise LogRefused(Problem("measure", Fault.NO_SUCH_MEASURE))
    return found


def _settled(body: OutcomeBody, client: Client, now: dt.datetime) -> Settled:
    try:
        return settle_time(body.answered_at, sent_at=body.sent_at, received_at=now, zone=client.zone)
    except TimeTooFarAhead:
        raise LogRefused(Problem("answered_at", Fault.TOO_FAR_AHEAD)) from None
    except TimeTooFarBack as refused:
        raise LogRefused(Problem("answered_at", Fault.TOO_FAR_BACK, {"days": refused.days})) from None


def _named(body: OutcomeBody, before: list[OutcomeAnswer], today: list[OutcomeAnswer]) -> tuple[Given, ...]:
    """The answers with the client's own activities, which stay those of the first time.

    Raises:
        LogRefused: an activity has no name, or it is another one than before.
    """
    if not body.measure.is_named_by_client:
        return body.answers
    first = min((row.local_on for row in before), default=None)
    known = {row.item: row.label for row in before if row.local_on == first}
    if not known:
        own = {row.item: row.label for row in today}
        named = tuple(Given(each.item, each.value, each.label or own.get(each.item, "")) for each in body.answers)
        nameless = [Problem(f"answers[{n}].label", Fault.ACTIVITY_MISSING) for n, g in enumerate(named) if not g.label]
        if nameless:
            raise LogRefused(*nameless)
        return named
    named = tuple(Given(each.item, each.value, each.label or known.get(each.item, "")) for each in body.answers)
    if {each.item: each.label.casefold() for each in named} != {item: lab.casefold() for item, lab in known.items()}:
        raise LogRefused(Problem("answers", Fault.OTHER_ACTIVITIES, {"labels": ", ".join(known.values())}))
    return tuple(Given(each.item, each.value, known[each.item]) for each in named)
