"""`manage.py import_library` says what it did, or what to mend."""

import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from plans.library.actions import STARTER
from plans.library.models import Muscle, Source, Technique
from plans.programs.models import ProgramTemplate


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("import_library", *arguments, stdout=out)
    return out.getvalue()


def test_every_clinic_gets_the_library(cast):
    assert "Harbour Bodywork: 119 sources, 23 muscles" in said()
    assert Technique.objects.of(cast.harbour).count() == Technique.objects.of(cast.meadow).count() == 58


def test_one_clinic_can_be_named(cast):
    said("--clinic", "meadow")
    assert not Technique.objects.of(cast.harbour).exists()
    assert Technique.objects.of(cast.meadow).exists()


def test_a_second_time_nothing_is_new(cast):
    said()
    assert "0 new, 0 renewed, 0 left alone" in said("--clinic", "harbour")


def test_what_was_left_alone_is_named(cast, tmp_path):
    said()
    Muscle.objects.filter(slug="soleus").update(origin="Ours")
    folder = shutil.copytree(STARTER, tmp_path / "files")
    path = folder / "muscles.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"name": "Soleus"', '"name": "Sole"'), encoding="utf-8")
    assert "by the starter library too: soleus." in said("--clinic", "harbour", "--folder", str(folder))


@pytest.mark.django_db
def test_no_clinic_yet_is_said_and_is_no_error():
    assert said().startswith("There is no clinic yet")


def test_an_unknown_clinic_is_an_error_that_names_the_known(cast):
    with pytest.raises(CommandError, match=r"no clinic “harbor”\. Clinics: harbour, meadow"):
        said("--clinic", "harbor")


def test_a_folder_that_is_not_there_is_an_error(cast):
    with pytest.raises(CommandError, match="is not a folder"):
        said("--folder", "/nowhere/at/all")


def test_a_file_cut_in_half_is_an_error_and_writes_nothing(cast, tmp_path):
    folder = shutil.copytree(STARTER, tmp_path / "files")
    path = folder / "techniques.json"
    path.write_text(path.read_text(encoding="utf-8")[:60_000], encoding="utf-8")
    with pytest.raises(CommandError, match=r"techniques\.json: is not whole JSON: .* line \d+, column \d+"):
        said("--folder", str(folder))
    assert not Source.objects.exists()


def test_the_program_templates_come_with_it(cast):
    said("--clinic", "harbour")
    assert ProgramTemplate.objects.filter(clinic=cast.harbour).count() == 10


def test_templates_that_do_not_fit_take_the_library_back_with_them(cast, tmp_path):
    folder = shutil.copytree(STARTER, tmp_path / "files")
    (folder / "programs.json").write_text('{"records": [', encoding="utf-8")
    with pytest.raises(CommandError, match=r"^programs\.json: is not whole JSON"):
        said("--folder", str(folder))
    assert not Source.objects.exists()
    assert not ProgramTemplate.objects.exists()
