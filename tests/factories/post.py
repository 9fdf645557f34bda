"""Rows of the post slice for the tests."""

import factory

from accounts.post import models
from tests.clock import NOW

from .people import ClientFactory, ClinicFactory, UserFactory


class LetterFactory(factory.django.DjangoModelFactory[models.Letter]):
    """A nudge to a client that is due now."""

    class Meta:
        model = models.Letter

    client = factory.SubFactory(ClientFactory)
    clinic = factory.LazyAttribute(lambda row: row.client.clinic if row.client else ClinicFactory())
    kind = "session-ready"
    channel = "email"
    audience = "client"
    subject_kind = "nudge"
    subject_id = factory.LazyAttribute(lambda row: row.client.pk if row.client else 1)
    dedupe_key = factory.Sequence(lambda n: f"letter:{n}")
    message_id = factory.LazyAttribute(lambda row: f"<{row.dedupe_key}@tests.example.org>")
    created_at = NOW
    due_at = NOW
    next_attempt_at = NOW
    params = factory.LazyFunction(lambda: {"path": "/today/"})


class DeliveryFactory(factory.django.DjangoModelFactory[models.Delivery]):
    class Meta:
        model = models.Delivery

    letter = factory.SubFactory(LetterFactory)
    number = 1
    began_at = NOW


class ContactPreferencesFactory(factory.django.DjangoModelFactory[models.ContactPreferences]):
    class Meta:
        model = models.ContactPreferences

    client = factory.SubFactory(ClientFactory)
    clinic = factory.SelfAttribute("client.clinic")


class KillSwitchFactory(factory.django.DjangoModelFactory[models.KillSwitch]):
    class Meta:
        model = models.KillSwitch

    clinic = factory.SubFactory(ClinicFactory)
    scope = "all"
    reason = "moving house"
    by = factory.SubFactory(UserFactory)
    from_at = NOW
    until_at = factory.LazyAttribute(lambda row: row.from_at.replace(hour=23))


class HeartbeatFactory(factory.django.DjangoModelFactory[models.Heartbeat]):
    class Meta:
        model = models.Heartbeat

    part = factory.Sequence(lambda n: f"part-{n}")


class IncidentFactory(factory.django.DjangoModelFactory[models.Incident]):
    class Meta:
        model = models.Incident

    clinic = factory.SubFactory(ClinicFactory)
    kind = "letter_dead"
    dedupe_key = factory.Sequence(lambda n: f"incident:{n}")
    opened_at = NOW


class PushSubscriptionFactory(factory.django.DjangoModelFactory[models.PushSubscription]):
    """A browser's own keys are made by tests/post/push_service.py; these open nothing."""

    class Meta:
        model = models.PushSubscription

    user = factory.SubFactory(UserFactory)
    endpoint = factory.Sequence(lambda n: f"https://push.example.org/{n}")
    p256dh = "BP-fake"
    auth = "fake"
    device = "Phone"
    created_at = NOW
