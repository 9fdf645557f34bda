"""Arrows that import-linter does not see: foreign keys, templates, addresses."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field

from .tree import FLOORS, ROOT, Module, called, calls, may_know, modules, name_of, templates

ADDRESSES = {"reverse", "reverse_lazy", "redirect", "resolve_url", "url"}
URL_TAG = re.compile(r"""{%\s*url\s+['"](\w+):""")
TEMPLATE_TAG = re.compile(r"""{%\s*(?:include|extends)\s+['"]([\w./-]+)['"]""")
FOR_EVERYONE = {"components", *(path.name for path in (ROOT / "templates").glob("*.html"))}


# The post joins a client's one row of preferences to a thousand letters at a time; nobody below uses the name.
JOINED_FROM_ABOVE = {"post.ContactPreferences.client"}


def relations() -> list[Field]:
    return [
        field
        for slice_name in FLOORS
        for model in apps.get_app_config(slice_name).get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation
    ]


def crossing() -> list[tuple[Field, str, str]]:
    """Relations between two slices: the field, where it is, where it points."""
    pairs = [(field, field.model._meta.app_label, field.related_model._meta.app_label) for field in relations()]
    return [(field, here, there) for field, here, there in pairs if there in FLOORS and here != there]


def test_foreign_keys_point_down():
    assert [str(field) for field, here, there in crossing() if not may_know(here, there)] == []


def test_a_foreign_key_into_another_slice_leaves_no_accessor_there():
    named = {str(field): field.remote_field.get_accessor_name() for field, _, _ in crossing()}
    accessors = {field: name for field, name in named.items() if name and not name.endswith("+")}
    assert set(accessors) - JOINED_FROM_ABOVE == set()
    below = [module for module in modules() if module.slice == "people"]
    assert [module.name for module in below for name in accessors.values() if f".{name}" in module.text] == []


def test_no_model_is_related_by_a_string_into_another_slice():
    found = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        if module.slice
        for node in calls(module.tree)
        if called(node) in {"ForeignKey", "OneToOneField", "ManyToManyField"}
        for target in [*node.args[:1], *(k.value for k in node.keywords if k.arg == "to")]
        if isinstance(target, ast.Constant) and "." in str(target.value)
    ]
    assert found == []


def own_templates() -> list[tuple[Path, str]]:
    """Templates that belong to a slice, with its name."""
    found = [(path, path.relative_to(ROOT / "templates").parts[0]) for path in templates()]
    return [(path, slice_name) for path, slice_name in found if slice_name in FLOORS]


def test_a_template_links_only_to_pages_of_its_own_or_a_lower_slice():
    found = [
        f"{name_of(path)} links to {namespace}"
        for path, slice_name in own_templates()
        for namespace in URL_TAG.findall(path.read_text())
        if namespace in FLOORS and not may_know(slice_name, namespace)
    ]
    assert found == []


def test_a_template_takes_parts_only_from_its_own_or_a_lower_slice():
    found = [
        f"{name_of(path)} takes {part}"
        for path, slice_name in own_templates()
        for part in TEMPLATE_TAG.findall(path.read_text())
        if (owner := part.split("/")[0]) not in FOR_EVERYONE
        if owner not in FLOORS or not may_know(slice_name, owner)
    ]
    assert found == []


def test_shared_parts_belong_to_nobody():
    found = [
        f"{name_of(path)} links to {namespace}"
        for path in (ROOT / "templates" / "components").rglob("*.html")
        for namespace in URL_TAG.findall(path.read_text())
        if namespace in FLOORS
    ]
    assert found == []


def addresses_named(module: Module) -> list[tuple[int, str]]:
    return [
        (node.lineno, str(node.args[0].value).split(":")[0])
        for node in calls(module.tree)
        if called(node) in ADDRESSES and node.args
        if isinstance(node.args[0], ast.Constant) and ":" in str(node.args[0].value)
    ]


@pytest.mark.parametrize("slice_name", FLOORS)
def test_code_names_only_addresses_of_its_own_or_a_lower_slice(slice_name):
    found = [
        f"{module.name}:{line} names {namespace}"
        for module in modules()
        if module.slice == slice_name
        for line, namespace in addresses_named(module)
        if namespace in FLOORS and not may_know(slice_name, namespace)
    ]
    assert found == []
