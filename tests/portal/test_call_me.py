"""Asking to be called, pausing, and the group: help that asks no story."""

from datetime import timedelta

import pytest
from django.urls import reverse

from courses.models import CallRequest, Enrolment
from courses.services.care import clear_call_requests, take_call
from courses.services.enrolments import withdraw
from people.models import OutboxMessage
from tests.factories import PersonFactory
from tests.portal.desk import group_of, member, trainer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(site, now):
    return group_of(site.course, now)[0]


@pytest.fixture
def trainer(cohort, now):
    return trainer_of(cohort, now)


@pytest.fixture
def maan(cohort, trainer, client, now):
    enrolment = member(cohort, "Maan", now)
    client.force_login(enrolment.learner)
    return enrolment


@pytest.fixture
def address(site):
    return reverse("call_me", args=[site.lesson.short_key])


def test_every_lesson_leads_there_and_to_a_pause(maan, client, site):
    html = client.get(reverse("lesson", args=[site.lesson.short_key])).text
    assert reverse("call_me", args=[site.lesson.short_key]) in html
    assert reverse("pause", args=[site.lesson.short_key]) in html


def test_a_request_reaches_the_trainers_and_says_nothing_in_the_mail(maan, trainer, client, address):
    assert client.post(address, {"moment": "Dinsdag na tien", "phone": "06 12 34 56 78"}).status_code == 302
    request = CallRequest.objects.get()
    assert (request.enrolment, request.moment, request.phone) == (maan, "Dinsdag na tien", "06 12 34 56 78")
    message = OutboxMessage.objects.get(recipient=trainer)
    words = message.subject + message.text + message.html
    telling = ("Maan", "Dinsdag", "06 12", maan.course.title, maan.cohort.name)
    assert [word for word in telling if word in words] == []
    client.force_login(trainer)
    html = client.get(reverse("calls")).text
    assert "Dinsdag na tien" in html
    assert "Maan" in client.get(reverse("training")).text


def test_when_and_where_may_both_be_left_open(maan, client, address):
    client.post(address, {})
    assert (CallRequest.objects.get().moment, CallRequest.objects.get().phone) == ("", "")


def test_asked_twice_is_one_request_and_one_message(maan, trainer, client, address):
    client.post(address, {"moment": "Maandag"})
    client.post(address, {"moment": "Dinsdag"})
    assert CallRequest.objects.get().moment == "Dinsdag"
    assert OutboxMessage.objects.filter(recipient=trainer).count() == 1


@pytest.mark.parametrize("phone", ["bel maar", "06", "<script>", "+31 6 (0) 12 34 56 78 90 12 34 56 78"])
def test_what_is_no_number_comes_back_with_a_sentence(phone, maan, client, address):
    response = client.post(address, {"moment": "Maandag", "phone": phone})
    assert (response.status_code, CallRequest.objects.count()) == (422, 0)
    assert "Maandag" in response.text


def test_the_learner_sees_who_took_it_on_and_of_two_trainers_one_has_it(
    maan, trainer, cohort, client, address, now
):
    client.post(address, {})
    request = CallRequest.objects.get()
    client.force_login(trainer)
    assert client.post(reverse("take_call", args=[request.pk])).status_code == 302
    assert not take_call(request=request, trainer=trainer_of(cohort, now, "Anja"), now=now)
    client.force_login(maan.learner)
    assert "Joost" in client.get(address).text
    request.refresh_from_db()
    assert request.taken_by == trainer
    client.post(address, {"moment": "Nog eens"})
    assert CallRequest.objects.filter(taken_at=None).count() == 1


def test_it_can_be_taken_back(maan, client, address, site):
    client.post(address, {})
    client.post(reverse("no_call", args=[site.lesson.short_key]))
    assert CallRequest.objects.count() == 0


def test_other_trainers_and_strangers_find_nothing(maan, client, address, site, now):
    client.post(address, {})
    request = CallRequest.objects.get()
    other = trainer_of(group_of(site.course, now, name="Ander")[0], now, "Ander")
    client.force_login(other)
    assert client.post(reverse("take_call", args=[request.pk])).status_code == 404
    assert "Maan" not in client.get(reverse("calls")).text
    client.force_login(PersonFactory())
    assert client.get(address).status_code == 404
    withdraw(enrolment=Enrolment.objects.get(pk=maan.pk), now=now)
    assert list(CallRequest.objects.for_trainer(maan.cohort.trainers.get())) == []


def test_without_a_group_the_page_says_whom_to_call_and_takes_no_request(learner, client, address, settings):
    settings.HELP_PHONE = "088 123 45 67"
    assert "088 123 45 67" in client.get(address).text
    assert client.post(address, {"moment": "Nu"}).status_code == 200
    assert CallRequest.objects.count() == 0


def test_requests_go_after_a_month_and_open_ones_after_three(maan, trainer, client, address, now):
    client.post(address, {})
    request = CallRequest.objects.get()
    asked = request.asked_at
    assert clear_call_requests(now=asked + timedelta(days=89)) == 0
    take_call(request=request, trainer=trainer, now=asked)
    assert clear_call_requests(now=asked + timedelta(days=29)) == 0
    assert clear_call_requests(now=asked + timedelta(days=31)) == 1


@pytest.mark.parametrize(
    ("place", "anchor"),
    [
        ("a-12", "#a-12"),
        ("alinea-12", "#alinea-12"),
        ("les", "#les"),
        ("", ""),
        ('a-1"><b>', ""),
        ("//kwaad.example", ""),
        ("a" * 40, ""),
    ],
)
def test_a_pause_leads_back_to_the_same_place_and_nowhere_else(place, anchor, maan, client, site):
    lesson = reverse("lesson", args=[site.lesson.short_key])
    response = client.get(reverse("pause", args=[site.lesson.short_key]), {"plek": place})
    assert f'href="{lesson}{anchor}"' in response.text


# --- the group ------------------------------------------------------------------------------------------------------
def test_members_see_the_names_that_others_chose_and_nothing_else(maan, cohort, client, site, now):
    wilg = member(cohort, "Wilg", now)
    gone = member(cohort, "Weg", now)
    withdraw(enrolment=gone, now=now)
    elsewhere = group_of(site.course, now, "Elders", name="Ander")[1][0]
    html = client.get(reverse("my_group", args=[site.course.short_key])).text
    assert [name for name in ("Maan", "Wilg", "Joost", "Weg", "Elders") if name in html] == [
        "Maan",
        "Wilg",
        "Joost",
    ]
    for person in (wilg, elsewhere):
        assert (person.learner.email in html, str(person.learner_id) in html) == (False, False)


def test_the_group_is_for_its_members(maan, trainer, client, site, learner):
    address = reverse("my_group", args=[site.course.short_key])
    for person in (learner, trainer, PersonFactory()):  # in no group, training it, a stranger
        client.force_login(person)
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("more", [1, 12])
def test_the_group_costs_the_same_with_few_and_with_many(
    more, maan, cohort, client, site, now, django_assert_num_queries
):
    for number in range(more):
        member(cohort, f"A{number}", now)
    address = reverse("my_group", args=[site.course.short_key])
    client.get(address)
    with django_assert_num_queries(
        5
    ):  # who is signed in, the enrolment, the others, the trainers, what is to come
        client.get(address)
