"""What stands on every page: the menu and the links at the foot, in the visitor's language."""

import pytest
from django.test import RequestFactory
from django.utils import translation
from wagtail.models import Locale

from cms.context import navigation
from cms.roles import give_roles_their_permissions
from cms.templatetags.activities import kind_label, kind_template
from cms.templatetags.drawings import drawing
from courses.activities import KINDS
from tests.cms import made_pages as made
from tests.cms.made_pages import fresh

pytestmark = pytest.mark.django_db
REQUEST = RequestFactory().get("/")


def test_an_empty_site_has_an_empty_menu():
    assert navigation(REQUEST) == {
        "home_url": "/",
        "catalogue_url": "/",
        "nav_links": [],
        "footer_links": [],
        "language_links": [("en", "English", "/en/")],
        "menu_place": "",
    }


def test_the_menu_leads_to_the_courses_and_the_foot_to_the_pages_of_text(tree):
    made.make_standard_page(tree.home, "Privacy")
    made.make_standard_page(tree.home, "Toegankelijkheid")
    assert navigation(REQUEST) == {
        "home_url": "/",
        "catalogue_url": "/cursussen/",
        "nav_links": [("Cursussen", "/cursussen/")],
        "footer_links": [("Privacy", "/privacy/"), ("Toegankelijkheid", "/toegankelijkheid/")],
        "language_links": [("en", "English", "/en/")],
        "menu_place": "",
    }


def test_without_a_course_on_offer_the_menu_is_empty(tree):
    fresh(tree.course).unpublish()
    assert navigation(REQUEST)["nav_links"] == []


def test_it_costs_nothing_once_it_is_known(tree, django_assert_num_queries):
    first = navigation(REQUEST)
    with django_assert_num_queries(0):
        assert navigation(REQUEST) == first


def test_every_language_has_its_own_and_falls_back_on_the_sites(tree):
    made.make_standard_page(tree.home, "Privacy")
    locale, _made = Locale.objects.get_or_create(language_code="en")
    home = made.publish(fresh(tree.home).copy_for_translation(locale))
    made.change(fresh(tree.catalogue).copy_for_translation(locale), title="Courses", slug="courses")
    with translation.override("en"):
        english = navigation(REQUEST)
    assert (english["home_url"], english["catalogue_url"]) == (home.url, "/en/courses/")
    assert english["nav_links"] == []  # none is translated yet
    assert english["footer_links"] == [("Privacy", "/privacy/")]
    assert navigation(REQUEST)["nav_links"] == [("Cursussen", "/cursussen/")]


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_has_a_label_and_a_template(kind):
    from django.template.loader import get_template

    assert str(kind_label(kind)) != ""
    assert get_template(kind_template(kind)) is not None


def test_above_a_survey_stands_nothing_that_it_may_not_ask():
    with translation.override("en"):
        assert str(kind_label("survey")) == "A few questions, without your name"


def test_a_drawing_is_described_and_an_unknown_one_is_nothing():
    html = drawing("raam", "De lijn is je spanning.")
    assert ("<svg" in html, "De lijn is je spanning." in html, drawing("geheim", "x")) == (True, True, "")
    assert "<b>" not in drawing("raam", "<b>vet</b>")


def test_roles_get_their_permissions_once(tree):
    from django.contrib.auth.models import Group, Permission
    from wagtail.models import GroupPagePermission

    for _time in range(2):
        give_roles_their_permissions()
    given = {
        (each.group.name, each.page.slug, each.permission.codename)
        for each in GroupPagePermission.objects.filter(
            group__name__in=["trainer", "editor", "trainee", "coordinator"]
        )
    }
    editing = ("add_page", "change_page", "publish_page")
    # A trainer's way to pages is the team of a course alone.
    assert given == {("editor", "leerhuis", each) for each in editing}
    writers = {"access_admin", "view_package", "add_package", "change_package"}
    writers |= {f"{what}_questionbank" for what in ("add", "change", "delete", "view")}
    issuing = {
        f"{what}_{name}"
        for what in ("add", "change", "delete", "view")
        for name in ("accreditation", "register", "scheme", "signatory")
    }
    # Planted by a migration: gone once a test has emptied the database.
    translating = set(
        Permission.objects.filter(codename="submit_translation").values_list("codename", flat=True)
    )
    roles = ("trainer", "editor", "trainee", "coordinator")
    held = {
        name: set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))
        for name in roles
    }
    assert held == {
        "trainer": writers,
        "editor": writers | issuing | {"add_mark"} | translating,
        "trainee": set(),
        "coordinator": set(),
    }
