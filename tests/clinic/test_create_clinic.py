"""The first minute of a real clinic: `manage.py create_clinic`."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.people.models import AuditEvent, Clinic, Membership
from plans.library.models import Technique

WORDS = {"zone": "Europe/London", "owner_name": "Ruth Ekwall", "owner_email": "ruth@harbour.example.org"}


def open_clinic(name="Harbour Bodywork", **words):
    out = io.StringIO()
    call_command("create_clinic", name, stdout=out, **{**WORDS, **words})
    return out.getvalue()


def test_a_clinic_opens_with_its_library_and_one_person_in_every_role(db):
    said = open_clinic()
    clinic = Clinic.objects.get(slug="harbour-bodywork")
    ruth = Membership.objects.get(clinic=clinic)
    assert (ruth.is_owner, ruth.is_bodyworker, ruth.is_curator) == (True, True, True)
    assert not ruth.user.has_usable_password()
    assert Technique.objects.filter(clinic=clinic).count() > 50
    assert "chooses a password at http" in said
    assert "/account/password/reset/" in said
    assert "Until then nobody is told of a case" in said


def test_the_opening_is_on_record(db):
    open_clinic()
    assert AuditEvent.objects.filter(verb="clinic_created").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"zone": "London"}, "'London' is no time zone"),
        ({"owner_email": "ruth"}, "'ruth' is no email address"),
        ({"name": "???"}, "at least one letter"),
    ],
)
def test_a_wrong_word_is_named_and_nothing_is_written(db, words, said):
    with pytest.raises(CommandError, match=said):
        open_clinic(**words)
    assert not Clinic.objects.exists()


def test_the_same_clinic_is_not_opened_twice(db):
    open_clinic()
    with pytest.raises(CommandError, match="already a clinic"):
        open_clinic()
    assert Clinic.objects.count() == 1
