"""The pages of the library: who may enter, what is always said, and at what cost."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from plans.library.models import Muscle, Technique, TechniqueRevision
from tests.clock import NOW
from tests.factories.library import ClinicalReviewFactory, TechniqueRevisionFactory, TriggerPointFactory

pytestmark = pytest.mark.usefixtures("stocked")

HOME = "/library/"


@pytest.fixture
def library(cast):
    return cast.harbour


@pytest.fixture
def jo(cast, client):
    client.force_login(cast.bodyworker.user)
    return client


def technique_url(library, slug):
    return reverse("library:technique", args=[Technique.objects.of(library).get(slug=slug).uuid])


def words_on(response):
    """The page as it is read: without tags, spaces folded."""

    class Reader(HTMLParser):
        read = ""

        def handle_data(self, data):
            self.read += data + " "

    reader = Reader()
    reader.feed(response.content.decode())
    return re.sub(r"\s+", " ", reader.read)


# Who may enter.


@pytest.mark.parametrize("person", ["owner", "bodyworker", "colleague", "curator"])
@pytest.mark.parametrize("page", [HOME, "/library/muscles/soleus/", "technique"])
def test_the_staff_may_read_the_library(cast, library, client, person, page):
    client.force_login(getattr(cast, person).user)
    page = technique_url(library, "cat-cow") if page == "technique" else page
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("page", [HOME, "/library/muscles/soleus/", "technique"])
def test_a_visitor_is_asked_to_sign_in(library, client, page):
    page = technique_url(library, "cat-cow") if page == "technique" else page
    response = client.get(page)
    assert response.status_code == 302
    assert "next=" in response.url


@pytest.mark.parametrize("page", [HOME, "/library/muscles/soleus/", "technique"])
def test_a_client_finds_nothing_here(cast, library, client, page):
    client.force_login(cast.client.user)
    page = technique_url(library, "cat-cow") if page == "technique" else page
    assert client.get(page).status_code == 404


def test_a_technique_of_another_clinic_is_not_there(cast, library, client):
    client.force_login(cast.meadow_owner.user)
    assert client.get(technique_url(library, "cat-cow")).status_code == 404
    assert client.get("/library/muscles/soleus/").status_code == 404


@pytest.mark.parametrize("page", [HOME, "/library/muscles/soleus/", "technique"])
def test_the_library_is_only_read(library, jo, page):
    page = technique_url(library, "cat-cow") if page == "technique" else page
    assert jo.post(page).status_code == 405
    assert jo.head(page).status_code == 200


# Browsing.


def test_the_first_page_counts_and_shows_a_first_dozen(library, jo):
    response = jo.get(HOME)
    assert "58 techniques, 52 trigger points, 23 muscles." in words_on(response)
    assert len(response.context["found"]) == 12
    assert "Show all 58" in words_on(response)


def test_all_of_it_can_be_shown(library, jo):
    response = jo.get(HOME, {"all": "1"})
    assert len(response.context["found"]) == 58
    assert response.content.count(b'class="pose"') == 58


def test_an_area_leads_to_its_muscles(library, jo):
    response = jo.get(HOME, {"area": "hip-buttock"})
    assert response.context["count"] == 24
    assert [row["muscle"].slug for row in response.context["muscles"]][:2] == ["gluteus-maximus", "gluteus-medius"]
    assert "?muscle=gluteus-medius" in response.content.decode()


def test_a_muscle_leads_to_its_trigger_points_and_neighbours(library, jo):
    response = jo.get(HOME, {"muscle": "gluteus-medius"})
    assert response.context["count"] == 11
    assert [row["count"] for row in response.context["points"]] == [3, 4, 1]
    assert len(response.context["also"]) == 3


def test_a_trigger_point_knows_its_muscle_and_area(library, jo):
    response = jo.get(HOME, {"point": "gmed-2-middle"})
    current = [row for key in ("areas", "muscles", "points") for row in response.context[key] if row["current"]]
    assert len(current) == 3
    assert response.context["count"] == 4


def test_kind_and_tool_narrow_what_is_shown(library, jo):
    response = jo.get(HOME, {"muscle": "gluteus-medius", "kind": "ball", "tool": "wall"})
    assert [technique.slug for technique in response.context["found"]] == ["ball-release-glute-wall"]
    assert "Show every kind" in words_on(response)


def test_a_filter_keeps_the_search(library, jo):
    response = jo.get(HOME, {"q": "buttock"})
    assert "?q=buttock&amp;kind=ball" in response.content.decode()


def test_what_the_bodyworker_does_can_be_left_out(library, jo):
    found = jo.get(HOME, {"area": "hip-buttock", "by": "client", "all": "1"}).context["found"]
    assert {technique.current.delivered_by for technique in found} == {"client"}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("glute", "Glute bridge"),
        ("piriformis knot", "Ball on a chair: deep buttock"),
        ("buttock ball", "Ball at the wall: buttock (gentle)"),
    ],
)
def test_search_shows_the_right_technique_first(library, jo, typed, first):
    response = jo.get(HOME, {"q": typed})
    assert response.context["found"][0].current.name == first
    assert f"for “{typed}”" in words_on(response)


def test_a_search_that_finds_nothing_says_what_to_try(library, jo):
    words = words_on(jo.get(HOME, {"q": "<b>zebra"}))
    assert "No technique for “<b>zebra”" in words
    assert "Try a muscle, a tool or a part of the body, such as glute, ball or calf." in words
    assert "Show the whole library" in words


def test_what_is_typed_cannot_become_markup(library, jo):
    assert b"<b>zebra" not in jo.get(HOME, {"q": "<b>zebra"}).content


def test_a_filter_that_leaves_nothing_offers_to_drop_it(library, jo):
    response = jo.get(HOME, {"area": "chest", "kind": "yoga"})
    assert "No technique of this kind here" in words_on(response)
    assert response.context["clear_url"] == "?area=chest"


def test_an_empty_library_says_so(cast, client):
    client.force_login(cast.meadow_bodyworker.user)
    assert "The library is empty" in words_on(client.get(HOME))


@pytest.mark.parametrize(
    "asked",
    [{"area": "moon"}, {"muscle": "nose"}, {"point": "nose"}, {"kind": "magic"}, {"tool": "drill"}, {"q": "x" * 101}],
)
def test_an_address_nobody_knows_is_not_there(library, jo, asked):
    assert jo.get(HOME, asked).status_code == 404


# What is always said.


def test_a_muscle_shows_its_points_and_where_they_are_felt(library, jo):
    response = jo.get("/library/muscles/gluteus-medius/")
    words = words_on(response)
    assert "Gluteus medius 1 (back)" in words
    assert "Superior gluteal nerve" in words
    assert "Needs clinician review" in words
    assert response.content.count(b'data-severity="picked"') >= 6


def test_a_muscle_without_anything_still_has_a_page(cast, jo):
    Muscle.objects.create(clinic=cast.harbour, slug="bare", name="Bare", group="None", region="chest", tissue="muscle")
    words = words_on(jo.get("/library/muscles/bare/"))
    assert "No trigger point is described yet." in words
    assert "No technique for this muscle yet." in words


def test_a_point_without_a_technique_says_so(cast, jo):
    point = TriggerPointFactory(clinic=cast.harbour, muscle__slug="one")
    assert "No technique aims at this point yet." in words_on(jo.get(f"/library/muscles/{point.muscle.slug}/"))


def test_a_technique_shows_everything_that_keeps_people_safe(library, jo):
    text = Technique.objects.of(library).get(slug="double-pigeon").current
    words = words_on(jo.get(technique_url(library, "double-pigeon")))
    for block in text.contraindications.all():
        assert block.name in words
    for caution in text.cautions.all():
        assert caution.name in words
    for line in [*text.steps, *text.stop_when]:
        assert line in words
    assert "No more than 6 out of 10" in words
    assert "Needs clinician review" in words
    assert "No clinician has read this text yet" in words


@pytest.mark.parametrize(
    "slug", ["cat-cow", "double-pigeon", "manual-mfr-gluteals", "diaphragm-breathing", "easy-walk"]
)
def test_a_technique_shows_its_drawings_with_their_words(library, jo, slug):
    page = jo.get(technique_url(library, slug)).content.decode()
    pictures = [ET.fromstring(svg) for svg in re.findall(r'<svg class="pose".*?</svg>', page, re.DOTALL)]
    told = [picture for picture in pictures if picture.get("role") == "img"]
    assert told
    assert all(picture.findtext("desc") for picture in told)


def test_a_technique_the_clinic_made_has_a_page_without_a_drawing(cast, jo):
    text = TechniqueRevisionFactory(technique__clinic=cast.harbour, name="Our own", equipment=["a-new-tool"])
    response = jo.get(reverse("library:technique", args=[text.technique.uuid]))
    assert response.status_code == 200
    assert b'class="pose"' not in response.content
    assert "Stretch, a new tool" in words_on(response)
    assert "Nobody is ruled out." in words_on(response)


def test_a_reviewed_and_published_text_is_marked_approved(cast, library, jo):
    text = Technique.objects.of(library).get(slug="cat-cow").current
    ClinicalReviewFactory(revision=text, reviewed_by=cast.curator.user)
    TechniqueRevision.objects.filter(pk=text.pk).update(
        state="published", published_at=NOW, published_by=cast.curator.user
    )
    words = words_on(jo.get(technique_url(library, "cat-cow")))
    assert "Approved" in words
    assert "Read by Nadia Roy, Physiotherapist" in words
    assert "Needs clinician review" not in words


def test_a_published_text_nobody_reviewed_keeps_its_mark(cast, library, jo):
    text = Technique.objects.of(library).get(slug="cat-cow").current
    TechniqueRevision.objects.filter(pk=text.pk).update(
        state="published", published_at=NOW, published_by=cast.curator.user
    )
    assert "Needs clinician review" in words_on(jo.get(technique_url(library, "cat-cow")))


def test_every_card_of_the_library_says_it_needs_review(library, jo):
    assert jo.get(HOME, {"all": "1"}).content.count(b"Needs clinician review") == 58


# What a page costs.


@pytest.mark.parametrize("asked", [{}, {"area": "hip-buttock"}, {"muscle": "piriformis"}, {"q": "buttock ball"}])
def test_a_page_of_the_library_asks_as_often_for_ten_times_as_many(library, jo, asked, django_assert_max_num_queries):
    jo.get(HOME, asked)
    with django_assert_max_num_queries(40) as before:
        jo.get(HOME, {**asked, "all": "1"})
    muscle = Muscle.objects.of(library).get(slug="piriformis")
    for n in range(60):
        TechniqueRevisionFactory(technique__clinic=library, name=f"Ball {n}: buttock", kind="ball").muscles.add(muscle)
    with django_assert_max_num_queries(len(before.captured_queries)):
        assert len(jo.get(HOME, {**asked, "all": "1"}).context["found"]) >= 60


def test_the_page_of_a_technique_asks_as_often_for_ten_times_as_many(library, jo, django_assert_max_num_queries):
    page, text = technique_url(library, "cat-cow"), Technique.objects.of(library).get(slug="cat-cow").current
    jo.get(page)
    with django_assert_max_num_queries(40) as before:
        jo.get(page)
    text.muscles.set(Muscle.objects.of(library))
    text.progressions.set(Technique.objects.of(library).exclude(slug="cat-cow"))
    with django_assert_max_num_queries(len(before.captured_queries)):
        jo.get(page)
