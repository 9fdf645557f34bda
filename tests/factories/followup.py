"""Rows of the followup slice for the tests."""

import datetime as dt

import factory

from plans.followup import models
from tests.clock import NOW, TODAY

from .people import ClientFactory, ClinicFactory


class FollowUpPolicyFactory(factory.django.DjangoModelFactory[models.FollowUpPolicy]):
    class Meta:
        model = models.FollowUpPolicy

    clinic = factory.SubFactory(ClinicFactory)
    version = factory.Sequence(lambda n: n + 1)
    from_at = NOW - dt.timedelta(days=365)


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
    rule = "stays-severe"
    message = "stays-severe"
    opened_at = NOW


class NudgeFactory(factory.django.DjangoModelFactory[models.Nudge]):
    class Meta:
        model = models.Nudge

    client = factory.SubFactory(ClientFactory)
    clinic = factory.SelfAttribute("client.clinic")
    kind = "session-ready"
    local_on = TODAY
    due_at = NOW
    expires_at = NOW + dt.timedelta(hours=4)
    decided_at = NOW


class EscalationFactory(factory.django.DjangoModelFactory[models.Escalation]):
    """Open since now, and due to be told at once."""

    class Meta:
        model = models.Escalation

    client = factory.SubFactory(ClientFactory)
    clinic = factory.SelfAttribute("client.clinic")
    number = factory.Sequence(lambda n: n + 1)
    family = "severe"
    rule = "stays-severe"
    urgency = "urgent"
    message = "stays-severe"
    policy_version = 1
    opened_at = NOW
    target_at = NOW + dt.timedelta(hours=24)
    next_action_at = NOW


class EscalationEventFactory(factory.django.DjangoModelFactory[models.EscalationEvent]):
    class Meta:
        model = models.EscalationEvent

    escalation = factory.SubFactory(EscalationFactory)
    sequence = factory.Sequence(lambda n: n + 1)
    at = NOW
    act = "raise"
    generation = 1
