"""Changing a meeting through the forms that people fill in, sent as a browser would send them."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import querydict_from_html

from meetings.models import Meeting
from tests.factories import MeetingFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen(time_machine, now):
    time_machine.move_to(now, tick=False)


def browser_of(person):
    client = Client()
    client.force_login(person)
    return client


def stands_in(page):
    """What the form that changes a meeting sends if nobody touches it."""
    form = BeautifulSoup(page, "html.parser").find("input", {"name": "edition"}).find_parent("form")
    return querydict_from_html(str(form)).dict()


@pytest.fixture
def theme():
    """A theme meeting and who leads it."""
    meeting, leader = MeetingFactory(), PersonFactory()
    meeting.leaders.add(leader)
    return meeting, leader


def lengths():
    return [meeting.minutes for meeting in Meeting.objects.order_by("starts_at")]


# --- how long it lasts ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("later", "becomes"), [("stay", [150] * 7 + [120, 150]), ("along", [150] * 7 + [120] * 2)]
)
def test_a_groups_meeting_gets_another_length_alone_or_with_those_after_it(circle, later, becomes):
    client, address = browser_of(circle.trainer), reverse("change_meeting", args=[circle.meetings[7].pk])
    asks = client.post(address, stands_in(client.get(address).text) | {"minutes": "120"})
    assert (asks.status_code, lengths()) == (200, [150] * 9)
    response = client.post(address, stands_in(asks.text) | {"later": later})
    assert response["Location"] == reverse("group", args=[circle.cohort.pk])
    assert lengths() == becomes


def test_a_meeting_without_a_group_gets_another_length(theme):
    meeting, leader = theme
    client, address = browser_of(leader), reverse("change_meeting", args=[meeting.pk])
    response = client.post(address, stands_in(client.get(address).text) | {"minutes": "90"})
    assert (response["Location"], lengths()) == (reverse("meeting", args=[meeting.pk]), [90])
    assert Meeting.objects.get().ends_at == meeting.starts_at + timedelta(minutes=90)
