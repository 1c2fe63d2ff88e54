"""After the last task: what the certificate still waits for, where the learner is looking."""

import pytest
from django.urls import reverse

from certification.models import Award, Scheme, SignOff
from courses.models import Enrolment
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
READY = "Je trainer vindt dat je er klaar voor bent."


def page_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def named(learner):
    learner.legal_name = "Maan de Vries"
    learner.save()
    return learner


def ask(site, *, handing="automatic", **requirements):
    return Scheme.objects.create(
        course=site.course, handing=handing, requirements=requirements or {"activities": {}}
    )


def test_the_last_answer_says_what_is_still_needed(site, named, send):
    ask(site, activities={}, sign_off={})
    *most, last = site.counting
    for activity in most:
        assert 'class="panel flow-s completed"' not in page_of(send(activity, htmx=True))
    html = page_of(send(last, htmx=True))
    assert "Dit is nog nodig voor je certificaat:" in html
    assert READY in html
    assert "Je certificaat ligt klaar" not in html


def test_the_last_answer_says_that_the_certificate_is_there(site, named, send):
    ask(site)
    *most, last = site.counting
    for activity in most:
        send(activity)
    assert "Je certificaat ligt klaar op je leerplek." in page_of(send(last, htmx=True))
    # Done again it is no news.
    assert "ligt klaar" not in page_of(send(last, htmx=True))


@pytest.mark.parametrize(
    ("handing", "name", "words"),
    [
        ("automatic", "", "Het wacht alleen nog op je volledige naam."),
        ("confirmed", "Maan de Vries", "Je coördinator kijkt er nog naar; je hoeft niets te doen."),
    ],
)
def test_the_last_answer_says_whom_it_waits_for(site, learner, send, handing, name, words):
    learner.legal_name = name
    learner.save()
    ask(site, handing=handing)
    *most, last = site.counting
    for activity in most:
        send(activity)
    assert words in page_of(send(last, htmx=True))


@pytest.fixture
def waiting(site, named, send):
    """All lessons done; a trainer's word is missing."""
    ask(site, activities={}, sign_off={})
    for activity in site.counting:
        send(activity)
    return Enrolment.objects.get()


def places(client, site):
    last = site.counting[-1].lesson
    return [
        page_of(client.get(address))
        for address in (reverse("leerplek"), reverse("lesson", args=[last.short_key]))
    ]


def test_the_end_of_the_lesson_and_the_own_place_say_it_until_it_is_there(waiting, site, client):
    for html in places(client, site):
        assert READY in html
        assert "Je bent bij" not in html
    SignOff.objects.create(enrolment=waiting, by=PersonFactory(), at=waiting.started_at)
    for html in places(client, site):
        assert "Je certificaat komt vanzelf, binnen enkele minuten." in html


def test_who_has_the_certificate_is_asked_nothing_more(site, named, send, client):
    ask(site)
    for activity in site.counting:
        send(activity)
    assert Award.objects.count() == 1
    for html in places(client, site):
        assert "nog nodig voor je certificaat" not in html
        assert "komt vanzelf" not in html
