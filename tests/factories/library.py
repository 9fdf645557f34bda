"""Rows of the library slice for the tests."""

import factory

from plans.library import models
from tests.clock import NOW
from tests.factories.people import ClinicFactory, UserFactory


class SourceFactory(factory.django.DjangoModelFactory[models.Source]):
    class Meta:
        model = models.Source

    clinic = factory.SubFactory(ClinicFactory)
    slug = factory.Sequence(lambda n: f"source-{n}")
    citation = "A trial of forty people (2020)"


class MuscleFactory(factory.django.DjangoModelFactory[models.Muscle]):
    class Meta:
        model = models.Muscle

    clinic = factory.SubFactory(ClinicFactory)
    slug = factory.Sequence(lambda n: f"muscle-{n}")
    name = factory.Sequence(lambda n: f"Muscle {n}")
    group = "Gluteals"
    region = "hip-buttock"
    tissue = "muscle"


class TriggerPointFactory(factory.django.DjangoModelFactory[models.TriggerPoint]):
    class Meta:
        model = models.TriggerPoint

    clinic = factory.SubFactory(ClinicFactory)
    muscle = factory.SubFactory(MuscleFactory, clinic=factory.SelfAttribute("..clinic"))
    slug = factory.Sequence(lambda n: f"point-{n}")
    name = factory.Sequence(lambda n: f"Point {n}")
    referral_regions = ["buttock"]


class ContraindicationFactory(factory.django.DjangoModelFactory[models.Contraindication]):
    class Meta:
        model = models.Contraindication

    clinic = factory.SubFactory(ClinicFactory)
    slug = factory.Sequence(lambda n: f"condition-{n}")
    name = factory.Sequence(lambda n: f"Condition {n}")
    intake_question = "Do you have this?"
    default_action = "block"
    client_text = "We will wait."
    bodyworker_text = "Wait."
    applies_to = ["any"]


class RedFlagFactory(factory.django.DjangoModelFactory[models.RedFlag]):
    class Meta:
        model = models.RedFlag

    clinic = factory.SubFactory(ClinicFactory)
    slug = factory.Sequence(lambda n: f"flag-{n}")
    group = "Fracture"
    question = "Did you fall?"
    urgency = "same_day"
    client_message = "Stop, and see a doctor today."
    bodyworker_view = "Possible fracture."
    program_action = "stop_and_lock"
    position = factory.Sequence(lambda n: n % 1000)


class WeeklyBundleFactory(factory.django.DjangoModelFactory[models.WeeklyBundle]):
    class Meta:
        model = models.WeeklyBundle

    clinic = factory.SubFactory(ClinicFactory)
    slug = factory.Sequence(lambda n: f"bundle-{n}")
    question = "Any of these?"


class OutcomeMeasureFactory(factory.django.DjangoModelFactory[models.OutcomeMeasure]):
    class Meta:
        model = models.OutcomeMeasure

    clinic = factory.SubFactory(ClinicFactory)
    slug = factory.Sequence(lambda n: f"measure-{n}")
    name = "Pain, 0-10"
    use = "allow"
    items = ["Pain right now, 0-10"]


class TechniqueFactory(factory.django.DjangoModelFactory[models.Technique]):
    """A technique of the clinic's own; its text is a TechniqueRevisionFactory."""

    class Meta:
        model = models.Technique

    clinic = factory.SubFactory(ClinicFactory)
    slug = factory.Sequence(lambda n: f"technique-{n}")


class TechniqueRevisionFactory(factory.django.DjangoModelFactory[models.TechniqueRevision]):
    """A text in review, shown as the technique's current one."""

    class Meta:
        model = models.TechniqueRevision
        skip_postgeneration_save = True

    technique = factory.SubFactory(TechniqueFactory)
    clinic = factory.SelfAttribute("technique.clinic")
    number = 1
    name = factory.Sequence(lambda n: f"Technique {n}")
    kind = "stretch"
    delivered_by = "client"
    steps = ["Stand.", "Lean."]
    intensity = "gentle"
    equipment = ["wall"]
    sets = 2
    hold_s = 30
    per_side = True
    rest_s = 15
    sessions_per_week_min = 3
    sessions_per_week_max = 5
    max_discomfort = 3
    stop_when = ["Sharp pain"]
    estimated_minutes = 3
    made_at = NOW

    @factory.post_generation
    def shown(self, create, shown, **kwargs):
        """Pass `shown=False` for a text that is not the technique's current one."""
        if create and shown is not False:
            self.technique.current = self
            self.technique.save(update_fields=["current"])


class ClinicalReviewFactory(factory.django.DjangoModelFactory[models.ClinicalReview]):
    class Meta:
        model = models.ClinicalReview

    revision = factory.SubFactory(TechniqueRevisionFactory)
    clinic = factory.SelfAttribute("revision.clinic")
    reviewed_by = factory.SubFactory(UserFactory)
    reviewed_at = NOW
    qualification = "Physiotherapist"
