"""What is the same for everybody on every page: drawn once per language, and holding nothing of anybody."""

import re

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils import translation

from cms.templatetags.kept import _draw_once, kept
from people.models import ContactPreference
from tests.factories import PersonFactory


@pytest.fixture(autouse=True)
def nothing_kept():
    _draw_once.cache_clear()
    yield
    _draw_once.cache_clear()


def test_it_is_drawn_once_per_language_and_per_what_is_given():
    for _time in range(3):
        assert kept("cms/parts/minutes.html", minutes=1) == "1 minuut"
        assert kept("cms/parts/minutes.html", minutes=20) == "20 minuten"
        with translation.override("en"):
            assert kept("cms/parts/minutes.html", minutes=20) == "20 minutes"
    assert (_draw_once.cache_info().misses, _draw_once.cache_info().hits) == (3, 6)


def test_it_sees_nothing_of_the_page_around_it():
    page = Template('{% load kept %}{% kept "cms/parts/lesson_number.html" number=2 %}')
    around = {"total": 7, "request": "r", "user": "u", "csrf_token": "t"}
    assert page.render(Context(around)) == "les 2 van"


def test_what_is_given_is_escaped():
    html = kept("cms/parts/site_links.html", links=[("<b>Privacy</b>", "/privacy/")])
    assert '<a href="/privacy/">&lt;b&gt;Privacy&lt;/b&gt;</a>' in html


def test_who_writes_templates_sees_them_change(settings):
    settings.DEBUG = True
    assert kept("cms/parts/minutes.html", minutes=5) == "5 minuten"
    assert _draw_once.cache_info().currsize == 0


# --- on a page ------------------------------------------------------------------------------------------------------
def currents(html):
    """The menu's links that say where the visitor is: address and what is said."""
    (menu,) = re.findall(r'(?s)<nav class="mainnav".*?</nav>', html)
    return re.findall(r'<a href="([^"]+)" aria-current="(\w+)"', menu)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["leerplek", "profile", "account_logout"])
def test_the_menu_says_where_one_is(name, client):
    client.force_login(PersonFactory())
    for language in ("nl", "en"):
        with translation.override(language):
            path = reverse(name)
            response = client.get(path)
        assert currents(response.content.decode()) == [(path, "page")]


@pytest.mark.django_db
def test_a_stranger_at_the_door_sees_that_in_the_menu(client):
    path = reverse("account_login")
    assert currents(client.get(path).content.decode()) == [(path, "page")]


@pytest.mark.django_db
def test_below_the_learning_place_the_menu_points_to_it(client):
    client.force_login(PersonFactory())
    html = client.get("/les/bestaatniet/").content.decode()
    assert currents(html) == [(reverse("leerplek"), "true")]


@pytest.mark.django_db
def test_nothing_personal_is_kept_from_one_visitor_for_the_next(client):
    first, second = PersonFactory(), PersonFactory()
    ContactPreference.objects.update_or_create(
        user=first, defaults={"person_name": "Noor van Dijk", "person_phone": "06-1234 5678"}
    )
    pages = []
    for person in (first, second):
        client.force_login(person)
        pages.append(client.get(reverse("leerplek")).content.decode())
    client.logout()
    pages.append(client.get(reverse("account_login")).content.decode())
    assert ["Noor van Dijk" in page for page in pages] == [True, False, False]
    assert ["tel:0612345678" in page for page in pages] == [True, False, False]
    assert [str(first.pk) in page for page in pages] == [True, False, False]
    assert [str(second.pk) in page for page in pages] == [False, True, False]
