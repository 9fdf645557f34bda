"""The description of the API that other programs are written from."""

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def test_the_schema_is_made_without_a_warning(tmp_path):
    call_command("spectacular", fail_on_warn=True, validate=True, file=str(tmp_path / "schema.yml"))


def test_every_address_names_both_ways_in(schema):
    operations = [operation for verbs in schema["paths"].values() for operation in verbs.values()]
    assert all({"token": []} in each["security"] and {"sitting": []} in each["security"] for each in operations)


@pytest.mark.parametrize("name", ["Side", "SideOfSite", "ProgramState", "EscalationState"])
def test_shared_choices_have_a_name_of_their_own(schema, name):
    assert schema["components"]["schemas"][name]["enum"]
