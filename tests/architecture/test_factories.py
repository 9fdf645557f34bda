"""Every kind of row can be made in one line in a test."""

import importlib
import pkgutil

import factory
from django.apps import apps

from tests import factories

from .tree import FLOORS


def test_every_model_has_a_factory():
    chapters = [importlib.import_module(f"tests.factories.{m.name}") for m in pkgutil.iter_modules(factories.__path__)]
    made = {
        thing._meta.model
        for chapter in chapters
        for thing in vars(chapter).values()
        if isinstance(thing, type) and issubclass(thing, factory.django.DjangoModelFactory)
    }
    models = {model for slice_name in FLOORS for model in apps.get_app_config(slice_name).get_models()}
    assert sorted(model._meta.label for model in models - made) == []
