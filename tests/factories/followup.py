"""Rows of the followup slice for the tests."""

import datetime as dt

import factory

from plans.followup import models
from tests.clock import NOW, TODAY

from .people import ClientFactory, ClinicFactory, UserFactory


class FollowUpPolicyFactory(factory.django.DjangoModelFactory[models.FollowUpPolicy]):
    class Meta:
        model = models.FollowUpPolicy

    clinic = factory.SubFactory(ClinicFactory)
    version = factory.Sequence(lambda n: n + 2)
    from_at = NOW


class PolicyOverrideFactory(factory.django.DjangoModelFactory[models.PolicyOverride]):
    class Meta:
        model = models.PolicyOverride

    client = factory.SubFactory(ClientFactory)
    clinic = factory.SelfAttribute("client.clinic")
    numbers = factory.LazyFunction(lambda: {"days_in_row": 2})
    reason = "Flares up within two days"
    from_at = NOW
    made_by = factory.SubFactory(UserFactory)


class WatchFactory(factory.django.DjangoModelFactory[models.Watch]):
    class Meta:
        model = models.Watch

    client = factory.SubFactory(ClientFactory)
    clinic = factory.SelfAttribute("client.clinic")
    next_look_at = NOW


class AssessmentFactory(factory.django.DjangoModelFactory[models.Assessment]):
    class Meta:
        model = models.Assessment

    client = factory.SubFactory(ClientFactory)
    clinic = factory.SelfAttribute("client.clinic")
    trigger = factory.Sequence(lambda n: f"session:{n}:1")
    policy_version = 1
    judged_at = NOW


class ReviewFactory(factory.django.DjangoModelFactory[models.Review]):
    class Meta:
        model = models.Review

    client = factory.SubFactory(ClientFactory)
    clinic = factory.SelfAttribute("client.clinic")
    rule = "non-adherence"
    message = "non-adherence"
    opened_at = NOW


class NudgeFactory(factory.django.DjangoModelFactory[models.Nudge]):
    """A reminder that was queued for its day."""

    class Meta:
        model = models.Nudge

    client = factory.SubFactory(ClientFactory)
    clinic = factory.SelfAttribute("client.clinic")
    kind = "session-ready"
    local_on = TODAY
    due_at = NOW
    expires_at = NOW + dt.timedelta(hours=3)
    state = "queued"
    decided_at = NOW


class EscalationFactory(factory.django.DjangoModelFactory[models.Escalation]):
    """Severe pain that stays: open, nobody told yet."""

    class Meta:
        model = models.Escalation

    number = factory.Sequence(lambda n: 1000 + n)
    client = factory.SubFactory(ClientFactory)
    clinic = factory.SelfAttribute("client.clinic")
    family = "severe"
    rule = "severe-persistent"
    urgency = "routine"
    message = "severe-persistent"
    params = factory.LazyFunction(lambda: {"days": 3, "score": 8})
    policy_version = 1
    state = "open"
    tier = factory.LazyAttribute(lambda case: 1 if case.state == "notified" else 0)
    opened_at = NOW
    target_at = NOW + dt.timedelta(days=2)
    next_action_at = NOW


class EscalationEventFactory(factory.django.DjangoModelFactory[models.EscalationEvent]):
    class Meta:
        model = models.EscalationEvent

    escalation = factory.SubFactory(EscalationFactory)
    sequence = factory.Sequence(lambda n: 1000 + n)
    at = NOW
    act = "raise"
    generation = 1
