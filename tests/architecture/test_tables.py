"""What the tables promise: whose row it is, who did it and when, and no order nobody asked for."""

import pytest
from django.apps import apps
from django.db.models import CASCADE, CheckConstraint, ForeignKey, Model, Q

from .tree import FLOORS

# Rows of the installation or of a person in all their clinics.
OF_NO_CLINIC = {
    "people.User",
    "people.Clinic",
    "people.ApiToken",
    "people.SignInAttempt",
    "post.Heartbeat",
    "post.PushSubscription",
}
# What happens to the installation as a whole has no clinic; what happens in one names it.
OF_A_CLINIC_OR_THE_INSTALLATION = {"people.AuditEvent", "post.Incident"}
# Taken along by the database itself, which lets no other statement delete them.
TAKEN_ALONG_BY_TRIGGER = {"followup.EscalationEvent.escalation"}
# Closes by itself when what it hinted at has passed; by somebody when they have read it.
ALONE_ON_PURPOSE = {"followup.Review.closed_by"}


def models() -> list[type[Model]]:
    return [model for slice_name in FLOORS for model in apps.get_app_config(slice_name).get_models()]


def belongs_to_a_clinic(model: type[Model]) -> bool:
    """By its own column, or as a part of a row that has one and takes it along when it goes."""
    fields = {field.name: field for field in model._meta.fields}
    if "clinic" in fields:
        return not fields["clinic"].null
    wholes = [f for f in fields.values() if isinstance(f, ForeignKey) and not f.null]
    return any(goes_along(f) and belongs_to_a_clinic(f.related_model) for f in wholes)


def goes_along(field: ForeignKey) -> bool:
    name = f"{field.model._meta.label}.{field.name}"
    return field.remote_field.on_delete is CASCADE or name in TAKEN_ALONG_BY_TRIGGER


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_every_row_says_whose_it_is(model):
    if model._meta.label in OF_NO_CLINIC | OF_A_CLINIC_OR_THE_INSTALLATION:
        return
    assert belongs_to_a_clinic(model)


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_no_model_sorts_behind_the_readers_back(model):
    assert not model._meta.ordering


def columns_of(condition: Q) -> set[str]:
    found: set[str] = set()
    for child in condition.children:
        found |= columns_of(child) if isinstance(child, Q) else {child[0].split("__")[0]}
    return found


def pairs() -> list[tuple[type[Model], str]]:
    """`acked` where a row has acked_at and acked_by and either may be empty."""
    found = []
    for model in models():
        fields = {field.name: field for field in model._meta.fields}
        for name in fields:
            at, by = fields.get(f"{name[:-3]}_at"), fields[name]
            if name.endswith("_by") and at is not None and (at.null or by.null):
                found.append((model, name[:-3]))
    return found


@pytest.mark.parametrize(("model", "deed"), pairs(), ids=lambda part: part if isinstance(part, str) else part.__name__)
def test_what_was_done_was_done_by_somebody(model, deed):
    if f"{model._meta.label}.{deed}_by" in ALONE_ON_PURPOSE:
        return
    checks = [c for c in model._meta.constraints if isinstance(c, CheckConstraint)]
    assert any({f"{deed}_at", f"{deed}_by"} <= columns_of(check.condition) for check in checks)


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_a_row_can_be_named(model):
    assert "__str__" in vars(model) or any("__str__" in vars(base) for base in model.__mro__ if base is not Model)
