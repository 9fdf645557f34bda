"""The starter templates in a clinic of their own."""

import json

import pytest

from accounts.people.models import AuditEvent
from plans.library.rules.starter import BadStarterFile
from plans.programs.actions import STARTER, import_templates
from plans.programs.models import ProgramTemplate, TemplateItem
from tests.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stocked")]


def bring(cast, folder=None):
    return import_templates(clinic=cast.harbour, folder=folder, by=cast.curator.user, now=NOW)


@pytest.fixture
def spoiled(tmp_path):
    """Writes the starter file with one thing changed, and gives its folder."""

    def write(change):
        content = json.loads((STARTER / "programs.json").read_text())
        change(content)
        (tmp_path / "programs.json").write_text(json.dumps(content))
        return tmp_path

    return write


def test_every_template_arrives_in_review(cast):
    report = bring(cast)
    assert len(report.made) == ProgramTemplate.objects.of(cast.harbour).filter(state="in_review").count() == 10


def test_a_second_import_changes_nothing(cast):
    bring(cast)
    audits = AuditEvent.objects.count()
    report = bring(cast)
    assert (report.made, report.renewed, report.left) == ([], [], [])
    assert AuditEvent.objects.count() == audits


def test_dosage_overrides_win(cast):
    bring(cast)
    item = TemplateItem.objects.get(
        phase__template__slug="gluteal-tp-running-active", phase__key="return", technique__slug="side-lying-abduction"
    )
    assert (item.sets, item.reps, item.per_side) == (3, 12, True)


def test_every_question_of_a_template_is_in_the_clinics_library(cast):
    bring(cast)
    template = ProgramTemplate.objects.get(slug="gluteal-tp-running-active")
    assert len(template.intake_slugs) == 30
    assert template.gentler.slug == "gluteal-release-gentle"
    assert template.escalate_to.slug == "manual-mfr-gluteals"


def test_another_clinic_gets_nothing(cast):
    bring(cast)
    assert not ProgramTemplate.objects.of(cast.meadow).exists()


def test_a_changed_original_renews_what_nobody_approved(cast, spoiled):
    bring(cast)
    report = bring(cast, spoiled(lambda content: content["records"][0].update(summary="Shorter.")))
    assert report.renewed == ["gluteal-tp-running-active"]
    assert ProgramTemplate.objects.get(slug="gluteal-tp-running-active").summary == "Shorter."


def test_an_approved_template_is_left_as_it_is(cast, spoiled):
    bring(cast)
    ProgramTemplate.objects.filter(slug="gluteal-tp-running-active").update(
        state="approved", approved_at=NOW, approved_by=cast.curator.user
    )
    report = bring(cast, spoiled(lambda content: content["records"][0].update(summary="Shorter.")))
    assert report.left == ["gluteal-tp-running-active"]
    assert ProgramTemplate.objects.get(slug="gluteal-tp-running-active").summary != "Shorter."


def _set(path, value):
    def change(content):
        at = content["records"][0]
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (["name"], "", "name"),
        (["duration_weeks"], "six", "duration_weeks"),
        (["phases", 0, "items", 1, "technique"], "moon-walk", "phases[0].items[1].technique"),
        (["phases", 0, "items", 0, "sessions_per_week"], 8, "phases[0].items[0].sessions_per_week"),
        (["phases", 0, "items", 0, "dosage_override"], {"speed": 1}, "dosage_override.speed"),
        (["phases", 0, "items", 0, "dosage_override"], {"reps": 1000}, "dosage_override.reps"),
        (["phases", 0, "items"], [], "phases[0].items"),
        (["phases", 1, "week_from"], 1, "phases[1].week_from"),
        (["phases", 2, "week_to"], 9, "duration_weeks"),
        (["red_flags", 0], "sore-thumb", "red_flags"),
        (["screen_cautions", 0], "sore-thumb", "screen_cautions"),
        (["harder_program"], "marathon", "harder_program"),
        (["phases", 0], "settle", "phases[0]"),
        (["colour"], "blue", "colour"),
    ],
)
def test_a_bad_record_refuses_the_file_and_names_the_field(cast, spoiled, path, value, says):
    with pytest.raises(BadStarterFile) as refused:
        bring(cast, spoiled(_set(path, value)))
    assert says in str(refused.value)
    assert "gluteal-tp-running-active" in str(refused.value)
    assert not ProgramTemplate.objects.exists()


def test_a_file_cut_in_half_is_refused_whole(cast, tmp_path):
    written = (STARTER / "programs.json").read_text()
    (tmp_path / "programs.json").write_text(written[: len(written) // 2])
    with pytest.raises(BadStarterFile, match="cut off"):
        bring(cast, tmp_path)
    assert not ProgramTemplate.objects.exists()


def test_templates_wait_for_their_library(cast):
    with pytest.raises(BadStarterFile, match=r"techniques.json|muscles.json"):
        import_templates(clinic=cast.meadow, by=cast.meadow_owner.user, now=NOW)


def test_a_missing_file_is_named(cast, tmp_path):
    with pytest.raises(BadStarterFile, match=r"programs.json.*is missing"):
        bring(cast, tmp_path)
