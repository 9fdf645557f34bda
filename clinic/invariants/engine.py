"""I15 and I16: every row stays with its clinic, and the engine has not stood still."""

from collections.abc import Iterator, Sequence

from django.apps import apps
from django.db import models

from accounts.post.models import Heartbeat
from clinic.parts import late_parts

from .asking import Asked, Invariant, Row, by_sql


def _stood_still(asked: Asked) -> Sequence[Row]:
    rounds = list(Heartbeat.objects.values_list("part", "ended_at"))
    return [(None, part) for part in late_parts(rounds, now=asked.now)]


INVARIANTS = (Invariant("I16", "every part of the engine has ended a round within minutes", _stood_still),)


def parentage() -> Iterator[Invariant]:
    """I15 for every foreign key between two tables that both belong to a clinic."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            above = field.related_model
            if field.is_relation and field.name != "clinic" and above and _has_clinic(model) and _has_clinic(above):
                child, parent = model._meta.db_table, above._meta.db_table
                yield Invariant(
                    "I15",
                    f"{model._meta.label}.{field.name} stays in its clinic",
                    by_sql(
                        f"SELECT c.clinic_id, c.id, p.id FROM {child} c JOIN {parent} p ON p.id = c.{field.column}"  # noqa: S608
                        f" WHERE c.id :newest({child}) AND c.clinic_id <> p.clinic_id"
                    ),
                )


def _has_clinic(model: object) -> bool:
    return (
        isinstance(model, type)
        and issubclass(model, models.Model)
        and any(field.name == "clinic" for field in model._meta.concrete_fields)
    )
