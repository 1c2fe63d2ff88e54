"""Coming into a group by an invitation."""

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import Enrolment
from meetings.flows import invite
from meetings.models import GroupPlace
from people.models import OutboxMessage
from tests.factories import PersonFactory
from tests.meetings.conftest import browser_of, make_circle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def test_an_invitation_survives_signing_in_and_is_good_once(circle, now):
    invite(cohort=circle.cohort, emails=["wilg@example.org"], by=circle.trainer, now=now)
    secret = OutboxMessage.objects.get().text.split("/uitnodiging/")[1].split("/")[0]
    address = reverse("invitation", args=[secret])
    assert Client().get(address)["Location"] == f"/account/login/?next={address}"
    person = PersonFactory()
    client = browser_of(person)
    assert client.get(address).status_code == 200
    assert Enrolment.objects.filter(learner=person).count() == 0
    client.post(address, {"alias": "Wilg"})
    assert Enrolment.objects.get(learner=person).alias == "Wilg"
    assert browser_of(PersonFactory()).get(address).status_code == 404
    assert client.get(reverse("invitation", args=["onzin"])).status_code == 404


def link_to(cohort, email, by, now):
    """The address in somebody's invitation."""
    invite(cohort=cohort, emails=[email], by=by, now=now)
    return OutboxMessage.objects.get(address=email).text.split("http://testserver")[1].split()[0]


FULL = "Alle plaatsen in deze groep zijn nu bezet."


def test_who_is_invited_into_a_full_group_reads_so_before_signing_in_and_after_and_can_wait(now):
    circle = make_circle(now, members=8)
    address = link_to(circle.cohort, "laat@example.org", circle.trainer, now)
    door = Client().get(address, follow=True)
    assert door.redirect_chain == [(f"/account/login/?next={address}", 302)]
    assert (
        "Alle plaatsen zijn nu bezet. Als je bent ingelogd, kun je op de wachtlijst komen. Of vraag"
        in door.text
    )
    assert circle.cohort.name not in door.text
    person = PersonFactory()
    client = browser_of(person)
    page = client.get(address).text
    assert (FULL in page, "Zet me op de wachtlijst" in page, "Ik doe mee" in page) == (True, True, False)
    after = client.post(address, {"alias": "Wilg"}, follow=True)
    assert after.redirect_chain == [(reverse("leerplek"), 302)]
    assert "Je staat op de wachtlijst van een groep." in after.text
    assert GroupPlace.objects.get(person=person).status == "waiting"
    # A second click, or the mail opened once more, is no error for who used the link.
    for again in (client.post(address, {"alias": "Wilg"}, follow=True), client.get(address, follow=True)):
        assert again.redirect_chain == [(reverse("leerplek"), 302)]
        assert "Je hebt deze uitnodiging al gebruikt." in again.text
    assert "is al gebruikt" in Client().get(address, follow=True).text


@pytest.mark.parametrize(("capacity", "said"), [(8, True), (None, False)])
def test_an_invitation_says_that_there_is_a_place_only_where_places_are_counted(now, capacity, said):
    circle = make_circle(now, members=2, capacity=capacity)
    address = link_to(circle.cohort, "nieuw@example.org", circle.trainer, now)
    door = Client().get(address, follow=True)
    assert "bezet" not in door.text
    page = browser_of(PersonFactory()).get(address).text
    assert ("Er is nu een plaats." in page, FULL in page) == (said, False)


def test_who_is_in_the_group_already_waits_for_no_place_in_it(now):
    circle = make_circle(now, members=8)
    person = circle.people[0]
    address = link_to(circle.cohort, "tweede-adres@example.org", circle.trainer, now)
    browser_of(person).post(address, {"alias": "Wilg"})
    assert GroupPlace.objects.get(person=person).status == "registered"
    assert Enrolment.objects.filter(cohort=circle.cohort).exclude(status="withdrawn").count() == 8


@pytest.mark.parametrize(("members", "warned"), [(7, False), (8, True)])
def test_who_invites_into_a_full_group_is_told_first(now, members, warned):
    circle = make_circle(now, members=members)
    page = browser_of(circle.trainer).get(reverse("invite", args=[circle.cohort.pk])).text
    assert ("Deze groep is nu vol." in page) == warned
