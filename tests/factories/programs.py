"""Rows of the programs slice for the tests."""

import datetime as dt

import factory

from plans.programs import models
from plans.programs.rules import ProgramState
from tests.clock import NOW, TODAY
from tests.factories.library import ContraindicationFactory, TechniqueRevisionFactory
from tests.factories.people import ClientFactory, ClinicFactory, UserFactory


class ProgramTemplateFactory(factory.django.DjangoModelFactory[models.ProgramTemplate]):
    """Approved; its phases and items are made beside it."""

    class Meta:
        model = models.ProgramTemplate

    clinic = factory.SubFactory(ClinicFactory)
    slug = factory.Sequence(lambda n: f"template-{n}")
    name = factory.Sequence(lambda n: f"Template {n}")
    state = "approved"
    level = "gentle"
    duration_weeks = 4
    approved_at = NOW - dt.timedelta(days=30)
    approved_by = factory.SubFactory(UserFactory)


class TemplatePhaseFactory(factory.django.DjangoModelFactory[models.TemplatePhase]):
    class Meta:
        model = models.TemplatePhase

    template = factory.SubFactory(ProgramTemplateFactory)
    position = factory.Sequence(lambda n: n % 1000)
    key = factory.Sequence(lambda n: f"phase-{n}")
    title = "Settle"
    week_from = 1
    week_to = 2


class TemplateItemFactory(factory.django.DjangoModelFactory[models.TemplateItem]):
    class Meta:
        model = models.TemplateItem

    phase = factory.SubFactory(TemplatePhaseFactory)
    position = factory.Sequence(lambda n: n % 1000)
    technique = factory.LazyAttribute(
        lambda item: TechniqueRevisionFactory(technique__clinic=item.phase.template.clinic).technique
    )
    sets = 2
    hold_s = 30
    per_side = True
    rest_s = 15
    sessions_per_week = 3


class ProgramFactory(factory.django.DjangoModelFactory[models.Program]):
    """Running for a fortnight from today, without a template."""

    class Meta:
        model = models.Program

    client = factory.SubFactory(ClientFactory)
    clinic = factory.SelfAttribute("client.clinic")
    name = "Hip release"
    state = ProgramState.RUNNING
    state_at = NOW
    starts_on = TODAY
    ends_on = factory.LazyAttribute(lambda program: program.starts_on + dt.timedelta(days=13))
    assigned_by = factory.SubFactory(UserFactory)
    assigned_at = NOW


class ProgramVersionFactory(factory.django.DjangoModelFactory[models.ProgramVersion]):
    class Meta:
        model = models.ProgramVersion

    program = factory.SubFactory(ProgramFactory)
    number = 1
    from_on = factory.SelfAttribute("program.starts_on")
    made_at = NOW
    made_by = factory.SelfAttribute("program.assigned_by")


class PhaseFactory(factory.django.DjangoModelFactory[models.Phase]):
    class Meta:
        model = models.Phase

    version = factory.SubFactory(ProgramVersionFactory)
    position = factory.Sequence(lambda n: n % 1000)
    title = "Settle"
    week_from = 1
    week_to = 2


class PrescriptionFactory(factory.django.DjangoModelFactory[models.Prescription]):
    class Meta:
        model = models.Prescription

    phase = factory.SubFactory(PhaseFactory)
    position = factory.Sequence(lambda n: n % 1000)
    revision = factory.LazyAttribute(
        lambda line: TechniqueRevisionFactory(technique__clinic=line.phase.version.program.clinic)
    )
    side = "both"
    sets = 2
    hold_s = 30
    per_side = True
    rest_s = 15
    sessions_per_week = 3


class PlannedSessionFactory(factory.django.DjangoModelFactory[models.PlannedSession]):
    class Meta:
        model = models.PlannedSession

    phase = factory.SubFactory(PhaseFactory)
    program = factory.SelfAttribute("phase.version.program")
    client = factory.SelfAttribute("program.client")
    clinic = factory.SelfAttribute("program.clinic")
    on = TODAY


class IntakeAnswerFactory(factory.django.DjangoModelFactory[models.IntakeAnswer]):
    class Meta:
        model = models.IntakeAnswer

    client = factory.SubFactory(ClientFactory)
    clinic = factory.SelfAttribute("client.clinic")
    contraindication = factory.SubFactory(ContraindicationFactory, clinic=factory.SelfAttribute("..clinic"))
    question_version = 1
    reply = "no"
    answered_at = NOW
    by = factory.SubFactory(UserFactory)


class SignOffFactory(factory.django.DjangoModelFactory[models.SignOff]):
    class Meta:
        model = models.SignOff

    prescription = factory.SubFactory(PrescriptionFactory)
    client = factory.SelfAttribute("prescription.phase.version.program.client")
    clinic = factory.SelfAttribute("client.clinic")
    technique = factory.SelfAttribute("prescription.revision.technique")
    contraindication = factory.SubFactory(ContraindicationFactory, clinic=factory.SelfAttribute("..clinic"))
    by = factory.SubFactory(UserFactory)
    at = NOW
    reason = "Shown in the room, the knee stays quiet."
