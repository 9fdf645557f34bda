"""A clinic gets its own copy of the starter library, and keeps what it changed in it."""

import json
import shutil
import time

import pytest

from accounts.people.models import AuditEvent
from plans.library.actions import STARTER, import_library
from plans.library.models import (
    Contraindication,
    Muscle,
    OutcomeMeasure,
    RedFlag,
    Source,
    Technique,
    TechniqueRevision,
    TriggerPoint,
    WeeklyBundle,
)
from plans.library.rules import RevisionState
from plans.library.rules.starter import BadStarterFile

pytestmark = pytest.mark.usefixtures("stocked")


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(STARTER, tmp_path / "starter")


def rewrite(folder, name, change):
    """Change the content of one starter file in place."""
    path = folder / f"{name}.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def record(content, slug):
    return next(row for row in content["records"] if row["slug"] == slug)


def change_field(folder, name, slug, field, value):
    rewrite(folder, name, lambda content: record(content, slug).__setitem__(field, value))


@pytest.fixture
def library(stocked):
    return stocked.report


def test_the_whole_starter_library_arrives(cast, library):
    models = {
        "sources": Source,
        "muscles": Muscle,
        "contraindications": Contraindication,
        "red_flags": RedFlag,
        "weekly_bundles": WeeklyBundle,
        "outcome_measures": OutcomeMeasure,
        "trigger_points": TriggerPoint,
        "techniques": Technique,
    }
    kept = {name: model.objects.of(cast.harbour).count() for name, model in models.items()}
    assert kept == library.counts
    assert kept == {
        "sources": 119,
        "muscles": 23,
        "contraindications": 33,
        "red_flags": 29,
        "weekly_bundles": 6,
        "outcome_measures": 9,
        "trigger_points": 52,
        "techniques": 58,
    }


def test_every_technique_arrives_in_review_with_its_text(cast, library):
    assert set(TechniqueRevision.objects.values_list("state", flat=True)) == {RevisionState.IN_REVIEW}
    assert Technique.objects.filter(current=None).count() == 0
    pigeon = Technique.objects.of(cast.harbour).get(slug="double-pigeon").current
    assert pigeon.steps[0]
    assert pigeon.contraindications.filter(slug="hip-replacement").exists()
    assert pigeon.reviews.count() == 0


def test_every_reference_of_the_files_is_kept(cast, library):
    for row in json.loads((STARTER / "techniques.json").read_text(encoding="utf-8"))["records"]:
        text = Technique.objects.of(cast.harbour).get(slug=row["slug"]).current
        for column, name in {
            "muscles": "target_muscles",
            "trigger_points": "target_trigger_points",
            "progressions": "progressions",
            "regressions": "regressions",
            "contraindications": "contraindications",
            "cautions": "cautions",
            "sources": "sources",
        }.items():
            assert set(getattr(text, column).values_list("slug", flat=True)) == set(row[name])


def test_a_question_for_every_site_names_none(cast, library):
    assert RedFlag.objects.get(slug="pe").ask_for_regions == []
    assert RedFlag.objects.get(slug="dvt-leg").ask_for_regions[0] == "calf"


def test_the_import_is_on_record(cast, library, now):
    event = AuditEvent.objects.get(verb="library_imported")
    assert (event.clinic, event.by, event.at) == (cast.harbour, cast.curator.user, now)
    assert event.details["made"] == sum(library.counts.values())


def test_a_second_import_changes_nothing(cast, library, now):
    again = import_library(clinic=cast.harbour, by=None, now=now)
    assert (again.made, again.renewed, again.left) == ([], [], [])
    assert again.counts == library.counts
    assert AuditEvent.objects.filter(verb="library_imported").count() == 1


def test_an_import_is_quick_whatever_it_writes(cast, now):
    started = time.process_time()
    import_library(clinic=cast.meadow, by=None, now=now)
    assert time.process_time() - started < 3


def test_each_clinic_has_its_own_copy(cast, library, now):
    import_library(clinic=cast.meadow, by=None, now=now)
    Muscle.objects.of(cast.meadow).filter(slug="soleus").update(name="Ours")
    assert Muscle.objects.of(cast.harbour).get(slug="soleus").name == "Soleus"
    ours = TechniqueRevision.objects.filter(clinic=cast.meadow)
    assert not ours.filter(muscles__clinic=cast.harbour).exists()
    assert not ours.filter(progressions__clinic=cast.harbour).exists()


# The original changes.


def test_a_changed_original_renews_a_record_nobody_touched(cast, library, folder, now):
    change_field(folder, "muscles", "soleus", "origin", "Back of the shin bone")
    change_field(folder, "muscles", "soleus", "sources", ["cpk"])
    again = import_library(clinic=cast.harbour, folder=folder, by=None, now=now)
    assert (again.renewed, again.left) == (["soleus"], [])
    soleus = Muscle.objects.of(cast.harbour).get(slug="soleus")
    assert soleus.origin == "Back of the shin bone"
    assert [source.slug for source in soleus.sources.all()] == ["cpk"]


def test_a_record_the_clinic_changed_is_left_alone_and_named(cast, library, folder, now):
    Muscle.objects.of(cast.harbour).filter(slug="soleus").update(origin="Our own words")
    change_field(folder, "muscles", "soleus", "origin", "Back of the shin bone")
    again = import_library(clinic=cast.harbour, folder=folder, by=None, now=now)
    assert (again.renewed, again.left) == ([], ["soleus"])
    assert Muscle.objects.of(cast.harbour).get(slug="soleus").origin == "Our own words"


def test_a_reference_the_clinic_added_counts_as_its_change(cast, library, folder, now):
    point = TriggerPoint.objects.of(cast.harbour).get(slug="pf-1-heel")
    point.sources.add(Source.objects.of(cast.harbour).get(slug="seed-article"))
    change_field(folder, "trigger_points", "pf-1-heel", "location", "Elsewhere")
    assert import_library(clinic=cast.harbour, folder=folder, by=None, now=now).left == ["pf-1-heel"]


def test_a_record_the_clinic_made_keeps_its_slug(cast, now):
    Muscle.objects.create(clinic=cast.meadow, slug="soleus", name="Ours", group="Calf", region="thigh")
    report = import_library(clinic=cast.meadow, by=None, now=now)
    assert report.left == ["soleus"]
    assert Muscle.objects.of(cast.meadow).get(slug="soleus").name == "Ours"


def test_a_changed_technique_gets_a_second_revision_in_review(cast, library, folder, now):
    change_field(folder, "techniques", "cat-cow", "steps", ["Kneel on all fours.", "Round your back."])
    again = import_library(clinic=cast.harbour, folder=folder, by=None, now=now)
    assert again.renewed == ["cat-cow"]
    technique = Technique.objects.of(cast.harbour).get(slug="cat-cow")
    assert list(technique.revisions.order_by("number").values_list("number", "state")) == [
        (1, RevisionState.RETIRED),
        (2, RevisionState.IN_REVIEW),
    ]
    assert technique.current.number == 2
    assert technique.current.muscles.count() == 2


def test_a_published_text_stays_current_until_the_new_one_is_published(cast, library, folder, now):
    technique = Technique.objects.of(cast.harbour).get(slug="cat-cow")
    technique.revisions.update(state=RevisionState.PUBLISHED, published_at=now, published_by=cast.curator.user)
    for words in (["First change."], ["Second change."]):
        change_field(folder, "techniques", "cat-cow", "steps", words)
        again = import_library(clinic=cast.harbour, folder=folder, by=None, now=now)
        assert again.renewed == ["cat-cow"]
    technique.refresh_from_db()
    assert technique.current.number == 1
    assert [r.state for r in technique.revisions.order_by("number")] == ["published", "retired", "in_review"]


def test_a_technique_the_clinic_rewrote_is_left_alone_and_named(cast, library, folder, now):
    Technique.objects.of(cast.harbour).get(slug="cat-cow").revisions.update(steps=["Our way."])
    change_field(folder, "techniques", "cat-cow", "steps", ["Their way."])
    again = import_library(clinic=cast.harbour, folder=folder, by=None, now=now)
    assert again.left == ["cat-cow"]
    assert Technique.objects.of(cast.harbour).get(slug="cat-cow").revisions.count() == 1


def test_a_new_record_of_the_original_arrives(cast, library, folder, now):
    def add(content):
        content["records"].append({**record(content, "cat-cow"), "slug": "cat-alone", "name": "Cat alone"})
        content["count"] += 1

    rewrite(folder, "techniques", add)
    assert import_library(clinic=cast.harbour, folder=folder, by=None, now=now).made == ["cat-alone"]


# A bad file is refused whole.


@pytest.mark.parametrize(
    ("name", "slug", "field", "value", "says"),
    [
        ("techniques", "double-pigeon", "target_muscles", ["gluteus"], "names “gluteus”, which muscles.json"),
        ("techniques", "double-pigeon", "cautions", ["hip-replacement"], "it is one or the other"),
        ("techniques", "double-pigeon", "regressions", ["double-pigeon"], "names the technique itself"),
        ("techniques", "double-pigeon", "max_discomfort_nrs", 9, "vigorous allows 6"),
        ("techniques", "double-pigeon", "max_discomfort_nrs", "six", "must be a whole number, and is text"),
        ("techniques", "double-pigeon", "max_discomfort_nrs", True, "must be a whole number"),
        ("techniques", "double-pigeon", "steps", [], "is an empty list"),
        ("techniques", "double-pigeon", "steps", "Sit.", "must be a list, and is text"),
        ("techniques", "double-pigeon", "steps", ["Sit.", 4], "has an item that must be text"),
        ("techniques", "double-pigeon", "kind", "magic", "must be one of aerobic"),
        ("techniques", "double-pigeon", "name", "x" * 121, "120 is the most"),
        ("techniques", "double-pigeon", "nmae", "Pigeon", "is not a field of this file"),
        ("trigger_points", "pf-1-heel", "muscle", "foot", "names “foot”, which muscles.json"),
        ("muscles", "soleus", "region", "leg", "must be one of chest"),
        ("muscles", "soleus", "sources", ["hearsay"], "names “hearsay”, which sources.json"),
        ("red_flags", "heart", "urgency", "soon", "must be one of emergency_now"),
        ("red_flags", "heart", "client_message", "  ", "is empty"),
        ("red_flags", "heart", "ask_for_regions", ["soul"], "has an item that is “soul”"),
        ("contraindications", "dvt", "needs_medical_clearance", "yes", "must be true or false"),
        ("contraindications", "dvt", "recheck_after_days", 0, "must be from 1 to 3650"),
        ("outcome_measures", "nrs", "codes", ["72514-3"], "each with a system and a code"),
        ("outcome_measures", "nrs", "codes", [{"system": "x"}], "without system or code"),
        ("outcome_measures", "nrs", "codes", [{"system": "x", "code": 7}], "must be text, and is a number"),
        ("muscles", "soleus", "origin", "nothing\x00", "a character that no database keeps"),
        ("muscles", "soleus", "origin", "half \ud83d", "a character that no database keeps"),
        ("sources", "cpk", "url", None, "must be text, and is nothing"),
    ],
)
def test_a_bad_field_is_named_with_its_record_and_file(cast, folder, now, name, slug, field, value, says):
    change_field(folder, name, slug, field, value)
    with pytest.raises(BadStarterFile) as caught:
        import_library(clinic=cast.meadow, folder=folder, by=None, now=now)
    assert (caught.value.file, caught.value.record, caught.value.field) == (f"{name}.json", slug, field)
    assert says in str(caught.value)
    assert "nothing was changed" in str(caught.value)
    assert not Source.objects.of(cast.meadow).exists()


def cut_in_half(content: str) -> str:
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (cut_in_half, "it may be cut off"),
        (lambda content: "", "it may be cut off"),
        (lambda content: "[" * 100_000, "is nested beyond reading"),
        (lambda content: "[]", "must hold an object with “records”, and holds a list"),
        (lambda content: "{}", "must be a list with at least one record"),
        (lambda content: '{"records": [1]}', "must be an object, and is a number"),
        (lambda content: '{"records": [{"slug": "A B"}]}', "small letters, digits and hyphens only"),
        (lambda content: '{"records": [{"name": "No slug"}]}', "must be text, and is nothing"),
        (lambda content: content.replace('"count": 23', '"count": 24'), "says 24, and there are 23"),
        (lambda content: content.replace('"slug": "soleus"', '"slug": "piriformis"'), "is there twice"),
        (lambda content: content.replace('"tissue"', '"tisue"', 1), "is missing"),
    ],
)
def test_a_spoilt_file_is_named_and_nothing_is_written(cast, library, folder, now, spoil, says):
    path = folder / "muscles.json"
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    before = list(Muscle.objects.values())
    with pytest.raises(BadStarterFile, match=r"^muscles\.json") as caught:
        import_library(clinic=cast.harbour, folder=folder, by=None, now=now)
    assert says in str(caught.value)
    assert list(Muscle.objects.values()) == before


@pytest.mark.parametrize("part", ["reps", "sessions_per_week_min"])
def test_a_part_of_the_dosage_is_named_by_its_path(cast, folder, now, part):
    rewrite(folder, "techniques", lambda content: record(content, "cat-cow")["dosage"].pop(part))
    with pytest.raises(BadStarterFile, match=rf"“dosage\.{part}”: is missing"):
        import_library(clinic=cast.meadow, folder=folder, by=None, now=now)


@pytest.mark.parametrize(
    ("dosage", "says"),
    [
        ({"reps": None, "hold_s": None, "duration_s": None}, "neither how often nor how long"),
        ({"sessions_per_week_min": 5, "sessions_per_week_max": 3}, "is 3, and the least is 5"),
        ({"repetitions": 3}, "is not a field of this file"),
        ({"sets": -1}, "must be from 1 to 20"),
    ],
)
def test_a_dosage_at_odds_with_itself_is_refused(cast, folder, now, dosage, says):
    rewrite(folder, "techniques", lambda content: record(content, "cat-cow")["dosage"].update(dosage))
    with pytest.raises(BadStarterFile, match=says):
        import_library(clinic=cast.meadow, folder=folder, by=None, now=now)


def test_a_missing_file_is_named(cast, folder, now):
    (folder / "red_flags.json").unlink()
    with pytest.raises(BadStarterFile, match=r"^red_flags\.json: is missing from "):
        import_library(clinic=cast.meadow, folder=folder, by=None, now=now)


def test_a_file_that_is_not_text_is_named(cast, folder, now):
    (folder / "sources.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadStarterFile, match=r"^sources\.json: cannot be read as text"):
        import_library(clinic=cast.meadow, folder=folder, by=None, now=now)
