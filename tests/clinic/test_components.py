"""The words, marks and components that every page is put together from."""

import datetime as dt
import re
from pathlib import Path

import pytest
import time_machine
from django import forms
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.utils import timezone

from clinic import context
from clinic.templatetags import marks, words
from plans.followup.models import Escalation
from plans.followup.rules import Family, Urgency
from tests.clock import NOW, TODAY, at
from tests.factories.people import PASSWORD

COMPONENTS = Path(__file__).parents[2] / "templates" / "components"
# Mail programs know no stylesheet, so letters carry their own.
PAGES = sorted(path for path in COMPONENTS.parent.rglob("*.html") if "mail" not in path.parts)
STYLES = Path(__file__).parents[2] / "clinic" / "static" / "clinic"


class Check(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the door.")
    pain = forms.IntegerField(label="Pain now", min_value=0, max_value=10)
    felt = forms.ChoiceField(
        label="How did it feel?",
        choices=[("easy", "Too easy"), ("right", "About right")],
        widget=forms.RadioSelect(attrs={"class": "chips"}),
        required=False,
    )
    numb = forms.ChoiceField(label="Is there new numbness?", choices=[("no", "No"), ("yes", "Yes")])
    sites = forms.MultipleChoiceField(label="Where?", choices=[("front-knee-left", "Left knee")], required=False)


def written(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def component(name: str, **values: object) -> str:
    return render_to_string(f"components/{name}.html", values)


@pytest.fixture
def london():
    with time_machine.travel(NOW, tick=False), timezone.override("Europe/London"):
        yield


def test_a_day_is_said_without_the_year_it_is_in(london):
    assert words.day(TODAY) == "Tuesday 10 March"
    assert words.day(dt.date(2025, 3, 14)) == "Friday 14 March 2025"


def test_a_day_is_the_one_where_the_person_is(london):
    assert words.short_day(at("2026-03-29", "23:30")) == "30 March"


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW - dt.timedelta(seconds=20), "Just now"),
        (NOW - dt.timedelta(minutes=1), "1 minute ago"),
        (NOW - dt.timedelta(hours=2), "2 hours ago"),
        (NOW - dt.timedelta(hours=20), "Yesterday"),
        (NOW - dt.timedelta(days=3), "Saturday"),
        (NOW - dt.timedelta(days=9), "1 March"),
    ],
)
def test_an_age_is_said_as_people_say_it(london, moment, said):
    assert words.ago(moment) == said


@pytest.mark.parametrize(("days", "said"), [(0, "today"), (1, "yesterday"), (-1, "tomorrow"), (3, "Saturday")])
def test_inside_a_sentence_only_names_keep_their_capital(london, days, said):
    assert words.near_day_inside(NOW - dt.timedelta(days=days)) == said


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "now"), (12, "12 min"), (182, "3 h 02 min"), (60 * 24, "1 day"), (60 * 50, "2 days 2 h")]
)
def test_a_wait_is_said_in_its_own_size(london, minutes, said):
    assert words.wait(NOW + dt.timedelta(minutes=minutes)) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(45, "45 sec"), (90, "90 sec"), (120, "2 min"), (150, "2 min 30 sec"), (None, "")]
)
def test_a_length_is_said_in_seconds_below_two_minutes(seconds, said):
    assert words.length_words(seconds) == said


def test_initials_are_of_the_first_and_the_last_word():
    assert [words.initials(name) for name in ("Maya Lindqvist", "Cher", "Ana de la Ruiz", "")] == ["ML", "C", "AR", ""]


def test_an_icon_says_nothing_to_a_screen_reader():
    assert 'aria-hidden="true"' in marks.icon("flag")


def test_an_icon_that_does_not_exist_stops_the_page():
    with pytest.raises(KeyError):
        marks.icon("unicorn")


@pytest.mark.parametrize(
    ("score", "severity"), [(0, "none"), (1, "mild"), (3, "mild"), (4, "moderate"), (7, "severe"), (10, "severe")]
)
def test_severity_stands_as_mark_and_word(score, severity):
    html = marks.sev(score)
    assert f'data-severity="{severity}"' in html
    assert f"{score}/10 " in html
    assert marks.severity_word(severity) in html


def test_words_beside_a_mark_are_escaped():
    assert "&lt;b&gt;" in marks.severity_words("mild", "<b>")


def test_a_link_to_a_page_that_does_not_exist_yet_is_empty():
    assert written('{% nav_url "desk:nowhere" as u %}[{{ u }}]') == "[]"


@pytest.mark.parametrize(
    ("path", "section", "is_current"),
    [
        ("/caseload/", False, True),
        ("/caseload/x/", False, False),
        ("/caseload/x/", True, True),
        ("/clients/y/", True, True),
        ("/clients/y/", False, False),
        ("/library/", True, False),
    ],
)
def test_the_menu_says_which_part_the_page_belongs_to(rf, path, section, is_current):
    seen = Context({"request": rf.get(path)})
    assert bool(marks.current(seen, "/caseload/", section=section, also="/clients/")) is is_current


def test_the_menu_shows_only_pages_that_exist():
    html = written('{% include "components/rail_item.html" with page="desk:nowhere" label="Nowhere" section=True %}')
    assert "Nowhere" not in html


def test_the_pain_scale_preselects_nothing():
    html = component("pain_scale", field=Check()["pain"], legend="How is your pain now?")
    assert html.count('type="radio"') == 11
    assert "checked" not in html


def test_the_pain_scale_keeps_zero_when_the_form_comes_back():
    html = component("pain_scale", field=Check({"pain": "0"})["pain"], legend="How is your pain now?")
    assert html.count("checked") == 1
    assert 'value="0" required checked' in html


def test_a_safety_question_preselects_nothing():
    html = component("yes_no", field=Check()["numb"])
    assert "Is there new numbness?" in html
    assert "checked" not in html


def test_a_field_says_what_is_wrong_beside_it_and_in_the_summary():
    html = str(Check({"name": ""}))
    assert "There is a problem" in html
    assert html.count("Name: fill this in") == 2
    assert 'href="#id_name"' in html


def test_an_input_with_an_error_names_the_text_that_explains_it():
    html = str(Check({"name": ""})["name"].as_field_group())
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html


def test_what_a_person_typed_comes_back_escaped():
    assert "<script>" not in str(Check({"name": "<script>", "pain": "seven"}))


def test_an_optional_question_says_so():
    assert "(optional)" in str(Check()["felt"].as_field_group())


def test_choices_become_pills_when_the_form_asks():
    html = str(Check({"felt": "right"})["felt"])
    assert '<div class="chips">' in html
    assert html.count("checked") == 1


def test_the_body_map_is_a_list_of_checkboxes():
    html = component("body_map", field=Check({"sites": ["front-knee-left"]})["sites"])
    assert html.count('type="checkbox" name="sites"') == 54
    assert 'value="front-knee-left" checked' in html
    assert 'data-region="front-knee-left" data-severity="picked"' in html


def test_the_title_says_error_first_when_the_form_has_one(client, db):
    answer = client.post("/account/login/", {"login": "", "password": ""})
    assert "<title>Error: Sign in" in answer.content.decode().replace("\n", "")


def test_sign_in_offers_a_code_to_clients_and_a_password_to_staff(client, db):
    page = client.get("/account/login/").content.decode()
    assert 'action="/account/login/code/"' in page
    assert 'autocomplete="current-password"' in page


def test_coming_in_needs_no_message(client, cast):
    client.post("/account/login/", {"login": cast.curator.user.email, "password": PASSWORD})
    assert [str(message) for message in client.get("/help/urgent/").context["messages"]] == []


def test_help_names_the_clinics_numbers_to_anyone(client, cast):
    client.force_login(cast.client.user)
    page = client.get("/help/urgent/").content.decode()
    assert 'href="tel:112"' in page
    assert "020 7946 0018" in page


def test_help_works_before_anyone_is_signed_in(client, db):
    assert client.get("/help/urgent/").status_code == 200


def test_a_page_that_is_not_there_answers_in_our_own_words(client, db):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "it is not yours to see" in answer.content.decode()


def test_the_page_of_our_own_failure_needs_no_request():
    assert "It is not your fault" in get_template("500.html").render()


def test_the_rail_offers_what_the_roles_allow(cast, rf):
    request = rf.get("/")
    request.clinic, request.membership, request.user = cast.harbour, cast.curator, cast.curator.user
    seen = context.clinic(request)
    assert seen["role_words"] == "Curator"
    assert "see_library" in seen["may"]
    assert "see_caseload" not in seen["may"]


def test_the_rail_counts_the_cases_nobody_has(cast, rf):
    for clinic, person in ((cast.harbour, cast.client), (cast.meadow, cast.meadow_client)):
        Escalation.objects.create(
            clinic=clinic,
            client=person,
            number=1,
            family=Family.SEVERE,
            urgency=Urgency.SAME_DAY,
            policy_version=1,
            opened_at=NOW,
            target_at=NOW,
            next_action_at=NOW,
        )
    request = rf.get("/")
    request.user, request.membership, request.clinic = cast.owner.user, cast.owner, cast.harbour
    assert context.clinic(request)["open_cases"] == 1


def test_two_clinics_leave_the_sign_in_page_without_a_name(cast):
    assert context.the_only_clinic() is None


@pytest.mark.parametrize(("chosen", "theme"), [("dark", "dark"), ("light", "light"), ("", ""), ("x' y", "")])
def test_only_a_known_theme_reaches_the_page(cast, rf, chosen, theme):
    request = rf.get("/")
    request.user = cast.client.user
    request.user.theme = chosen
    assert context.theme_of(request) == theme


@pytest.mark.parametrize("path", sorted(COMPONENTS.glob("*.html")), ids=lambda path: path.stem)
def test_every_component_says_what_it_takes(path):
    assert "{% comment %}" in path.read_text()


@pytest.mark.parametrize("path", sorted(COMPONENTS.glob("*.html")), ids=lambda path: path.stem)
def test_every_component_is_in_the_list_that_page_writers_read(path):
    listed = COMPONENTS.parents[1].joinpath("docs", "components.md").read_text()
    assert f"`{path.stem}`" in listed


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_page_template_carries_style_or_script_of_its_own(path):
    text = path.read_text()
    assert " style=" not in text
    assert "<style" not in text
    assert "<script>" not in text
    assert " onclick=" not in text


def test_every_stylesheet_is_put_on():
    named = set(STYLES.joinpath("app.css").read_text().split('"'))
    assert {path.name for path in STYLES.glob("*.css")} - {"app.css"} <= named


def test_every_icon_a_template_names_exists():
    named = {
        name
        for path in COMPONENTS.parent.rglob("*.html")
        for name in re.findall(r"""\{% icon "([a-z-]+)" %\}|icon_name="([a-z-]+)\"""", path.read_text())
    }
    assert {name for pair in named for name in pair if name} <= set(marks.SHAPES)


def test_the_two_dark_palettes_are_the_same():
    tokens = STYLES.joinpath("tokens.css").read_text()
    system = tokens.split('data-theme="light"]) {')[1].split("}")[0]
    chosen = tokens.split('[data-theme="dark"] {')[1].split("}")[0].replace("color-scheme: dark;", "")
    assert system.split() == chosen.split()
