"""After a heavy session: who is called, from when on, before when, and by whom it was done."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from courses.models import CheckIn, Enrolment, Session
from meetings.models import Meeting
from people.models import Role
from people.services.roles import grant_role
from tests.factories import MeetingFactory, PersonFactory
from tests.portal.desk import group_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def met(heavy, cohort):
    """The group met about it two hours ago, until half an hour ago."""
    began = timezone.now() - timedelta(hours=2)
    return MeetingFactory(
        kind="training",
        organisation=cohort.course.programme.organisation,
        cohort=cohort,
        session=heavy,
        starts_at=began,
        ends_at=began + timedelta(minutes=90),
    )


def listed(html):
    """Who stands on the list of who is called, in its order."""
    return re.findall(r'<h2 class="h-small">(\w+)</h2>', html)


def test_after_a_heavy_session_everybody_is_ticked_off_once(trainer, client, cohort, heavy, met, address):
    place = reverse("check_ins", args=[cohort.pk, heavy.short_key])
    assert place in client.get(address).text
    maan = Enrolment.objects.get(alias="Maan")
    for _twice in range(2):
        assert client.post(place, {"called": maan.pk}).status_code == 302
    check_in = CheckIn.objects.get()
    assert (check_in.enrolment, check_in.called_by) == (maan, trainer)
    html = client.get(place).text
    assert listed(html) == ["Merel", "Wilg", "Maan"]
    assert "Joost" in html
    assert date_format(timezone.localtime(met.ends_at) + timedelta(hours=48), "l j F, H.i") in html
    client.post(place, {"not_called": maan.pk})
    assert CheckIn.objects.count() == 0


@pytest.mark.parametrize(
    ("minutes", "people"), [(-14 * 24 * 60, []), (-1, []), (0, ["Maan", "Merel", "Wilg"])]
)
def test_nobody_is_called_after_an_evening_that_has_not_begun(
    minutes, people, trainer, client, cohort, heavy, met, address, time_machine
):
    place = reverse("check_ins", args=[cohort.pk, heavy.short_key])
    time_machine.move_to(met.starts_at + timedelta(minutes=minutes), tick=False)
    html = client.get(place).text
    assert listed(html) == people
    when = date_format(timezone.localtime(met.starts_at), "l j F, H.i")
    assert (f"Jullie komen samen op {when} uur." in html) is (people == [])
    maan = Enrolment.objects.get(alias="Maan")
    assert client.post(place, {"called": maan.pk}).status_code == (302 if people else 404)
    assert CheckIn.objects.count() == (1 if people else 0)
    group = client.get(address).text
    assert (f'href="{place}"' in group, f"vanaf {when} uur" in group) == (people != [], people == [])


def test_who_does_a_heavy_session_alone_is_called_within_48_hours_of_it(
    trainer, client, cohort, heavy, met, site, send, now, time_machine
):
    """There is no meeting, or it is off: then each is called after what they did, and nobody before."""
    Meeting.objects.update(cancelled_at=now)
    place = reverse("check_ins", args=[cohort.pk, heavy.short_key])
    assert "Wie deze sessie op eigen gelegenheid heeft gedaan" in client.get(place).text
    learners = {each.alias: each.learner for each in Enrolment.objects.select_related("learner")}
    time_machine.move_to(timezone.now(), tick=False)
    for alias, activities in (("Maan", site.counting), ("Wilg", site.counting[:-1])):
        client.force_login(learners[alias])
        for activity in activities:
            send(activity)
    client.force_login(trainer)
    html = client.get(place).text
    assert listed(html) == ["Maan"]
    deadline = timezone.localtime(timezone.now() + timedelta(hours=48))
    before = f"Voor {date_format(deadline, 'l j F, H.i')} uur."
    assert before in html
    undone = Enrolment.objects.get(alias="Wilg")
    assert client.post(place, {"called": undone.pk}).status_code == 404
    assert client.post(place, {"called": Enrolment.objects.get(alias="Maan").pk}).status_code == 302
    assert before not in client.get(place).text


def test_a_list_has_nobody_of_another_group_and_no_strange_keys(
    trainer, client, cohort, heavy, met, site, now
):
    place = reverse("check_ins", args=[cohort.pk, heavy.short_key])
    other = group_of(site.course, now, "Elders", name="Ander")[1][0]
    for key in (other.pk, "x", "", "\x00"):
        assert client.post(place, {"called": key}).status_code == 404
    assert client.post(place, {}).status_code == 404
    Session.objects.update(heavy=False)
    assert client.get(place).status_code == 404


def test_the_list_is_for_the_trainers_alone(trainer, client, cohort, heavy, site, now):
    person = PersonFactory()
    grant_role(user=person, role=Role.COORDINATOR, organisation=site.course.programme.organisation, now=now)
    client.force_login(person)
    assert client.get(reverse("check_ins", args=[cohort.pk, heavy.short_key])).status_code == 404
