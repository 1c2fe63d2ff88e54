"""Mijn leerplek and what hangs on it: starting, going on, stopping, one's name."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale

from certification.models import Award
from courses.models import Cohort, Course, Enrolment
from courses.services.enrolments import enrol
from people.models import SignIn
from portal.flows import complete_finished
from tests.cms import made_pages as made
from tests.factories import ActivityFactory, LessonFactory, PersonFactory, SessionFactory

pytestmark = pytest.mark.django_db


def body(response):
    return response.content.decode()


def opened(client, name, *args):
    return client.get(reverse(name, args=args))


# --- Mijn leerplek --------------------------------------------------------------------------------------------------
def test_who_has_started_nothing_is_shown_the_courses(site, client):
    client.force_login(PersonFactory(alias="Ster"))
    response = opened(client, "leerplek")
    assert response.context["courses"] == []
    html = body(response)
    assert ("Ster" in html, site.catalogue.get_url() in html) == (True, True)
    assert reverse("legal_name") not in html


def test_who_just_started_begins_at_the_first_lesson(learner, site, client):
    html = body(opened(client, "leerplek"))
    assert f'href="{reverse("lesson", args=[site.lesson.short_key])}"' in html
    assert "0 van 2" in html or "0 of 2" in html


def test_one_goes_on_at_the_first_open_activity_of_the_lesson_opened_last(learner, site, client, send):
    client.get(reverse("lesson", args=[site.lesson.short_key]))
    send(site.question)
    html = body(opened(client, "leerplek"))
    assert f'href="{reverse("lesson", args=[site.lesson.short_key])}#a-{site.button.pk}"' in html
    send(site.button)
    html = body(opened(client, "leerplek"))
    assert f'href="{reverse("lesson", args=[site.second.short_key])}"' in html


def going_on(client):
    """Above the lesson on Mijn leerplek, its title, and on its button."""
    section = BeautifulSoup(body(opened(client, "leerplek")), "html.parser").find(
        "section", {"aria-labelledby": "verder"}
    )
    return [
        section.find(name, class_=kind).text for name, kind in (("p", "soft"), ("h2", None), ("a", "button"))
    ]


def test_only_where_one_was_it_says_that_one_was_there(learner, site, client, send):
    one, two = site.one.title, site.two.title
    assert going_on(client) == ["Om te beginnen", one, "Begin"]
    client.get(reverse("lesson", args=[site.lesson.short_key]))
    assert going_on(client) == ["Je was hier gebleven", one, "Ga verder"]
    send(site.question)
    send(site.button)
    assert going_on(client) == ["Ga verder met", two, "Verder"]
    client.get(reverse("lesson", args=[site.second.short_key]))
    assert going_on(client) == ["Je was hier gebleven", two, "Ga verder"]


def test_a_lesson_that_was_begun_and_left_for_another_is_one_to_come_back_to(learner, site, client, send):
    client.get(reverse("lesson", args=[site.lesson.short_key]))
    send(site.question)
    client.get(reverse("lesson", args=[site.second.short_key]))
    send(site.last)
    assert going_on(client) == ["Je was hier gebleven", site.one.title, "Ga verder"]


def test_who_is_finished_is_asked_for_a_name_and_then_gets_a_certificate(learner, site, client, send):
    for activity in site.counting:
        send(activity)
    html = body(opened(client, "leerplek"))
    assert (reverse("legal_name") in html, Award.objects.count()) == (True, 0)
    assert opened(client, "legal_name").status_code == 200
    response = client.post(reverse("legal_name"), {"legal_name": "  Maan   de Vries "})
    assert (response.status_code, response.url) == (302, f"{reverse('leerplek')}#bewijzen")
    award = Award.objects.get()
    assert (award.holder_name, award.document.task_id is not None) == ("Maan de Vries", True)
    html = body(opened(client, "leerplek"))
    assert (f"bewijs-{award.public_id}" in html, reverse("legal_name") in html) == (True, False)


@pytest.mark.parametrize("name", ["", "   ", "😀", "\u202e", "a" * 121])
def test_what_is_no_name_is_refused(name, learner, site, client, send):
    for activity in site.counting:
        send(activity)
    response = client.post(reverse("legal_name"), {"legal_name": name})
    assert (response.status_code, Award.objects.count()) == (422, 0)


def test_a_name_given_in_the_profile_makes_what_waited_for_it(learner, site, client, send):
    for activity in site.counting:
        send(activity)
    client.post(reverse("profile"), {"form": "profile", "alias": "Maan", "legal_name": "Maan de Vries"})
    assert Award.objects.get().holder_name == "Maan de Vries"


def test_lately_signed_in_is_shown_to_who_needs_it(learner, client, now):
    SignIn.objects.create(user=learner, at=now, browser="Firefox (Android)")
    assert "Firefox (Android)" not in body(opened(client, "leerplek"))
    learner.mailbox_unsafe = True
    learner.save()
    assert "Firefox (Android)" in body(opened(client, "leerplek"))


def test_when_the_last_open_task_is_taken_out_the_clock_completes_and_awards(learner, site, send, now):
    learner.legal_name = "Maan de Vries"
    learner.save()
    for activity in site.counting[:-1]:
        send(activity)
    assert complete_finished(now=now) == 0
    made.change(site.two, made.reflection())
    assert complete_finished(now=now) == 1
    assert complete_finished(now=now) == 0
    assert (Enrolment.objects.get().status, Award.objects.get().holder) == ("completed", learner)


@pytest.mark.parametrize(("courses", "texts"), [(1, 0), (6, 5)])
def test_mijn_leerplek_costs_the_same_with_one_course_and_with_many(
    courses, texts, learner, site, client, send, now
):
    for _number in range(courses - 1):
        activity = ActivityFactory(kind="read", lesson=LessonFactory(session=SessionFactory()))
        enrol(learner=learner, course=activity.lesson.session.course, alias="Maan", now=now)
    if texts:
        made.change(
            site.two, *[made.reflection(f"Vraag {number}?") for number in range(texts)], made.reading()
        )
        for activity in site.second.activities.filter(kind="reflection", retired_at=None):
            send(activity, data={"text": "Rust"})
    opened(client, "leerplek")
    with CaptureQueriesContext(connection) as queries:
        opened(client, "leerplek")
    # As before, and of meetings: what comes, offers of groups and meetings, what was missed.
    assert len(queries) == 13
    # 1 who is signed in  2 the enrolments  3 what is required  4 what is done  5 the lessons
    # 6 whether something waits for a name  7 roles, for what else the menu shows  8 texts  9 awards


# --- one course -----------------------------------------------------------------------------------------------------
def test_the_overview_leads_to_every_session_and_lesson(learner, site, client, send):
    send(site.question)
    html = body(opened(client, "my_course", site.course.short_key))
    for name, row in (("lesson", site.lesson), ("lesson", site.second), ("session", site.lesson.session)):
        assert f'href="{reverse(name, args=[row.short_key])}"' in html
    assert reverse("stop_course", args=[site.course.short_key]) in html


def test_who_completed_is_not_asked_to_stop(learner, site, client, send):
    for activity in site.counting:
        send(activity)
    html = body(opened(client, "my_course", site.course.short_key))
    assert reverse("stop_course", args=[site.course.short_key]) not in html


@pytest.mark.parametrize("name", ["my_course", "stop_course"])
def test_a_course_one_is_not_in_is_not_found(name, site, client):
    client.force_login(PersonFactory())
    assert opened(client, name, site.course.short_key).status_code == 404
    assert client.post(reverse(name, args=[site.course.short_key])).status_code in {404, 405}


# --- start, stop, start again ---------------------------------------------------------------------------------------
@pytest.fixture
def newcomer(site, client):
    person = PersonFactory(alias="Ster")
    client.force_login(person)
    return person


def start(client, site, **fields):
    return client.post(reverse("start_course", args=[site.course.short_key]), {"alias": "Roos", **fields})


def test_one_starts_under_a_name_of_choice(newcomer, site, client):
    assert 'value="Ster"' in body(opened(client, "start_course", site.course.short_key))
    response = start(client, site)
    assert (response.status_code, response.url) == (302, reverse("leerplek"))
    enrolment = Enrolment.objects.get()
    assert (enrolment.learner, enrolment.alias, enrolment.course) == (newcomer, "Roos", site.course)


def test_a_name_is_needed(newcomer, site, client):
    assert start(client, site, alias=" \u200b ").status_code == 422
    assert Enrolment.objects.count() == 0


def test_starting_is_not_done_by_opening_an_address(newcomer, site, client):
    opened(client, "start_course", site.course.short_key)
    assert Enrolment.objects.count() == 0


def test_who_is_in_goes_to_the_overview(learner, site, client):
    response = opened(client, "start_course", site.course.short_key)
    assert (response.status_code, response.url) == (302, reverse("my_course", args=[site.course.short_key]))
    assert start(client, site).status_code == 302
    assert Enrolment.objects.count() == 1


def test_what_is_not_on_offer_cannot_be_started(newcomer, site, client):
    made.fresh(site.page).unpublish()
    assert opened(client, "start_course", site.course.short_key).status_code == 404
    assert start(client, site).status_code == 404


def test_a_closed_course_is_started_with_the_code_of_a_group(newcomer, site, client):
    made.change(site.page, open_enrolment=False)
    assert 'name="code"' not in body(opened(client, "start_course", site.course.short_key))
    assert start(client, site).status_code == 422
    cohort = Cohort.objects.create(course=site.course, name="Groep", way_in="code", code="MAAN-42")
    assert 'name="code"' in body(opened(client, "start_course", site.course.short_key))
    assert start(client, site, code="ROOS-1").status_code == 422
    assert start(client, site, code="maan-42").status_code == 302
    assert Enrolment.objects.get().cohort == cohort


def test_one_stops_after_being_asked_and_may_start_again(learner, site, client, send):
    send(site.question)
    assert opened(client, "stop_course", site.course.short_key).status_code == 200
    assert Enrolment.objects.get().status == "active"
    response = client.post(reverse("stop_course", args=[site.course.short_key]))
    assert (response.status_code, response.url) == (302, reverse("leerplek"))
    assert Enrolment.objects.get().status == "withdrawn"
    assert opened(client, "leerplek").context["courses"] == []
    assert start(client, site).status_code == 302
    again = Enrolment.objects.get(status="active")
    assert opened(client, "leerplek").context["first"].enrolment == again
    assert send(site.question).status_code == 302


# --- two languages and neutral titles -------------------------------------------------------------------------------
TELLING = ("Geweld en herstel", "Kennismaking", "Naast iemand staan", "Programma", "Avondcursus")


def test_no_title_of_a_signed_in_page_tells_what_it_is_about(learner, site, client, send, title_of):
    send(site.text, data={"text": "Rust"})
    pages = [
        opened(client, "leerplek"),
        opened(client, "profile"),
        opened(client, "my_data"),
        opened(client, "reflections"),
        opened(client, "reflection", learner.enrolments.get().reflections.get().pk),
        opened(client, "legal_name"),
        opened(client, "my_course", site.course.short_key),
        opened(client, "stop_course", site.course.short_key),
        opened(client, "lesson", site.lesson.short_key),
        opened(client, "session", site.lesson.session.short_key),
        send(site.question, data={}),
        opened(client, "my_course", "bestaat-niet"),
    ]
    client.force_login(PersonFactory())
    pages.append(opened(client, "start_course", site.course.short_key))
    titles = [title_of(page) for page in pages]
    assert [title for title in titles for word in TELLING if word in title] == []
    assert "" not in titles


def test_addresses_of_signed_in_pages_tell_nothing(site):
    for name in ("my_course", "stop_course", "start_course"):
        path = reverse(name, args=[site.course.short_key])
        assert [word for word in ("geweld", "herstel", site.page.slug) if word in path] == []


def test_titles_of_what_is_taught_follow_the_language(learner, site, client):
    locale, _made = Locale.objects.get_or_create(language_code="en")
    for page in (site.home, site.catalogue):
        made.publish(made.fresh(page).copy_for_translation(locale))
    made.change(made.fresh(site.page).copy_for_translation(locale), title="Harm and healing")
    dutch, english = body(client.get("/leerplek/")), body(client.get("/en/leerplek/"))
    assert ("Geweld en herstel" in dutch, "Harm and healing" in dutch) == (True, False)
    assert ("Geweld en herstel" in english, "Harm and healing" in english) == (False, True)
    assert ('<html lang="nl"' in dutch, '<html lang="en"' in english) == (True, True)
    assert Course.objects.count() == 1


def test_every_signed_in_page_asks_a_visitor_to_sign_in_and_is_kept_out_of_caches(learner, site, client):
    names = [("leerplek",), ("profile",), ("my_data",), ("reflections",), ("legal_name",), ("learners",)]
    names += [(name, site.course.short_key) for name in ("my_course", "stop_course")]
    for name in names[:-1]:
        response = opened(client, *name)
        assert response["Cache-Control"] == "no-store"
    client.logout()
    for name in names:
        response = opened(client, *name)
        assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))


def test_codes_of_groups_cannot_be_tried_out(newcomer, site, client):
    address = reverse("start_course", args=[site.course.short_key])
    tried = [client.post(address, {"alias": "Ster", "code": f"GOK-{number}"}) for number in range(11)]
    assert [response.status_code for response in tried] == [422] * 10 + [429]
    assert client.post(address, {"alias": "Ster", "code": ""}).status_code == 302
