"""One text for one trainer, for as long as its writer wants."""

import pytest
from django.urls import reverse

from courses.models import Reflection
from courses.services.enrolments import withdraw
from tests.factories import PersonFactory
from tests.portal.desk import group_of, member, trainer_of

pytestmark = pytest.mark.django_db
SECRET = "Aan de kauwtjes op het dak"


@pytest.fixture
def cohort(site, now):
    return group_of(site.course, now)[0]


@pytest.fixture
def trainer(cohort, now):
    return trainer_of(cohort, now)


@pytest.fixture
def text(cohort, trainer, client, site, send, now):
    client.force_login(member(cohort, "Maan", now).learner)
    send(site.text, data={"text": SECRET})
    return Reflection.objects.get()


@pytest.fixture
def share(client, text):
    def post(**data):
        client.force_login(text.enrolment.learner)
        return client.post(reverse("share_reflection", args=[text.pk]), data)

    return post


def read_by(client, person, text):
    client.force_login(person)
    response = client.get(reverse("shared_text", args=[text.pk]))
    return SECRET in response.text if response.status_code == 200 else response.status_code


def test_the_trainer_reads_it_only_while_it_is_shared(share, text, trainer, client):
    assert read_by(client, trainer, text) == 404
    share(trainer=trainer.pk)
    assert read_by(client, trainer, text) is True
    assert "Maan" in client.get(reverse("shared_texts")).text
    share(take_back="1")
    assert read_by(client, trainer, text) == 404
    assert "Maan" not in client.get(reverse("shared_texts")).text
    text.refresh_from_db()
    assert (text.shared_at, text.shared_with) == (None, None)


def test_the_other_trainer_of_the_group_reads_nothing(share, text, trainer, cohort, client, now):
    other = trainer_of(cohort, now, "Anja")
    share(trainer=trainer.pk)
    assert read_by(client, other, text) == 404


def test_a_text_is_shared_with_a_trainer_of_ones_own_group_only(share, text, site, now):
    elsewhere = trainer_of(group_of(site.course, now, name="Ander")[0], now, "Ander")
    for somebody in (elsewhere.pk, text.enrolment.learner_id, PersonFactory().pk, "", "x", "\x00"):
        assert share(trainer=somebody).status_code == 302
        text.refresh_from_db()
        assert (text.shared_at, text.shared_with) == (None, None)


def test_nobody_shares_a_text_of_somebody_else(text, trainer, client):
    client.force_login(trainer)
    address = reverse("share_reflection", args=[text.pk])
    assert client.post(address, {"trainer": trainer.pk}).status_code == 404


@pytest.mark.parametrize("end", ["trainer leaves the group", "learner stops", "learner leaves the group"])
def test_it_ends_with_what_brought_them_together(end, share, text, trainer, cohort, client, now):
    share(trainer=trainer.pk)
    if end == "trainer leaves the group":
        cohort.trainers.clear()
    elif end == "learner stops":
        withdraw(enrolment=text.enrolment, now=now)
    else:
        type(text.enrolment).objects.update(cohort=None)
    assert read_by(client, trainer, text) == 404


def test_the_readers_stand_beside_the_field_in_the_lesson_and_at_the_text(
    share, text, trainer, client, site, send
):
    places = [reverse("lesson", args=[site.second.short_key]), reverse("reflection", args=[text.pk])]
    sentence = "Joost kunnen dit lezen"
    client.force_login(text.enrolment.learner)
    assert [sentence in client.get(place).text for place in places] == [False, False]
    share(trainer=trainer.pk)
    assert [sentence in client.get(place).text for place in places] == [True, True]
    assert sentence in send(site.text, data={"text": "Anders"}, htmx=True).text
    share(take_back="1")
    assert [sentence in client.get(place).text for place in places] == [False, False]


def test_another_learner_of_the_lesson_does_not_get_the_name(
    share, text, trainer, cohort, client, site, send, now
):
    share(trainer=trainer.pk)
    lesson = reverse("lesson", args=[site.second.short_key])
    assert "Joost" in client.get(lesson).text
    client.force_login(member(cohort, "Wilg", now).learner)
    send(site.text, data={"text": "Van Wilg"})
    assert "Joost" not in client.get(lesson).text
