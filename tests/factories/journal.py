"""Rows of the journal slice for the tests."""

import json

import factory

from plans.journal import models
from tests.clock import NOW, TODAY
from tests.factories.library import OutcomeMeasureFactory, RedFlagFactory
from tests.factories.people import ClientFactory


class SessionFactory(factory.django.DjangoModelFactory[models.Session]):
    """A check-in; with a program, say its version too."""

    class Meta:
        model = models.Session

    client = factory.SubFactory(ClientFactory)
    clinic = factory.SelfAttribute("client.clinic")
    performed_at = NOW
    local_on = TODAY
    zone = "Europe/London"
    recorded_at = factory.SelfAttribute("performed_at")
    received_at = factory.SelfAttribute("performed_at")
    logged_by = factory.SelfAttribute("client.user")
    source = "form"
    first_digest = factory.Sequence(lambda n: f"{n:064x}")


class SessionItemFactory(factory.django.DjangoModelFactory[models.SessionItem]):
    class Meta:
        model = models.SessionItem

    session = factory.SubFactory(SessionFactory)
    prescription = factory.SubFactory("tests.factories.programs.PrescriptionFactory")
    is_done = True


class PainReportFactory(factory.django.DjangoModelFactory[models.PainReport]):
    class Meta:
        model = models.PainReport

    session = factory.SubFactory(SessionFactory)
    clinic = factory.SelfAttribute("session.clinic")
    client = factory.SelfAttribute("session.client")
    moment = "check_in"
    score = 4
    performed_at = factory.SelfAttribute("session.performed_at")
    local_on = factory.SelfAttribute("session.local_on")


class ReportSiteFactory(factory.django.DjangoModelFactory[models.ReportSite]):
    class Meta:
        model = models.ReportSite

    report = factory.SubFactory(PainReportFactory)
    region = "back-buttock"
    side = "right"


class RedFlagAnswerFactory(factory.django.DjangoModelFactory[models.RedFlagAnswer]):
    class Meta:
        model = models.RedFlagAnswer

    session = factory.SubFactory(SessionFactory)
    clinic = factory.SelfAttribute("session.clinic")
    client = factory.SelfAttribute("session.client")
    red_flag = factory.SubFactory(RedFlagFactory, clinic=factory.SelfAttribute("..clinic"))
    question_version = 1
    answer = False
    answered_at = NOW


class OutcomeAnswerFactory(factory.django.DjangoModelFactory[models.OutcomeAnswer]):
    class Meta:
        model = models.OutcomeAnswer

    client = factory.SubFactory(ClientFactory)
    clinic = factory.SelfAttribute("client.clinic")
    measure = factory.SubFactory(OutcomeMeasureFactory, clinic=factory.SelfAttribute("..clinic"))
    item = 1
    value = 5
    local_on = TODAY
    answered_at = NOW
    answered_by = factory.SelfAttribute("client.user")


class OutcomeSkipFactory(factory.django.DjangoModelFactory[models.OutcomeSkip]):
    class Meta:
        model = models.OutcomeSkip

    client = factory.SubFactory(ClientFactory)
    clinic = factory.SelfAttribute("client.clinic")
    program = factory.SubFactory("tests.factories.programs.ProgramFactory", client=factory.SelfAttribute("..client"))
    occasion = "week2"
    skipped_at = NOW
    skipped_by = factory.SelfAttribute("client.user")


class SessionRevisionFactory(factory.django.DjangoModelFactory[models.SessionRevision]):
    class Meta:
        model = models.SessionRevision

    session = factory.SubFactory(SessionFactory)
    number = 1
    body = json.dumps({"note": ""})
    changed_at = NOW
    changed_by = factory.SelfAttribute("session.logged_by")


class RefusedLogFactory(factory.django.DjangoModelFactory[models.RefusedLog]):
    class Meta:
        model = models.RefusedLog

    session = factory.SubFactory(SessionFactory)
    clinic = factory.SelfAttribute("session.clinic")
    client = factory.SelfAttribute("session.client")
    body = json.dumps({"program": None, "performed_at": None, "reports": [{"moment": "check_in", "score": 6}]})
    digest = factory.Sequence(lambda n: f"{n:064x}")
    received_at = NOW
    received_from = factory.SelfAttribute("session.logged_by")
