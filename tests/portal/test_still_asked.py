"""After the last task: what the certificate still waits for, where the learner is looking."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from certification.models import Award, Scheme, SignOff
from courses.models import Cohort, Enrolment
from tests.factories import MeetingFactory, PersonFactory

pytestmark = pytest.mark.django_db
READY = "Je trainer moet nog zeggen dat je er klaar voor bent."


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


# --- where what is missing can be done ------------------------------------------------------------------------------
def link_to(activity):
    address = f"{reverse('lesson', args=[activity.lesson.short_key])}#a-{activity.pk}"
    return f'<a href="{address}">Naar ‘{activity.lesson.local_title}’</a>'


def test_what_is_missing_leads_to_where_it_can_be_done(site, named, send, client):
    ask(site, activities={}, sign_off={}, attendance={"least": 100, "may_miss": None, "caught_up": False})
    group = Cohort.objects.create(course=site.course, name="Ede")
    Enrolment.objects.update(cohort=group)
    begins = timezone.now().replace(hour=12) + timedelta(days=3)
    meetings = [
        MeetingFactory(
            kind="training",
            cohort=group,
            starts_at=begins + timedelta(days=days),
            ends_at=begins + timedelta(days=days, hours=2),
        )
        for days in (7, 0, -30)
    ]
    MeetingFactory(starts_at=begins, ends_at=begins + timedelta(hours=2))
    MeetingFactory(cohort=group, starts_at=begins, ends_at=begins + timedelta(hours=1))  # beside the sessions
    overview = reverse("my_course", args=[site.course.short_key])
    html = page_of(client.get(overview)).split('<ul class="asked">')[1]
    assert html.count("Naar ‘") == 1
    assert link_to(site.counting[0]) in html
    assert html.count("Naar de bijeenkomst van") == 1
    assert f'<a href="{reverse("meeting", args=[meetings[1].pk])}">Naar de bijeenkomst van' in html
    for activity in site.counting[:2]:
        send(activity)
    assert link_to(site.counting[2]) in page_of(client.get(overview))
    html = page_of(send(site.counting[2], htmx=True))
    assert reverse("meeting", args=[meetings[1].pk]) in html
    assert "Naar ‘" not in html
    for html in places(client, site):
        assert reverse("meeting", args=[meetings[1].pk]) in html
