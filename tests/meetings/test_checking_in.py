"""Checking in with the code on the screen."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from meetings.models import Attendance, Meeting
from meetings.services.tokens import screen_code
from tests.factories import PersonFactory
from tests.meetings.conftest import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def door(circle, time_machine):
    meeting = circle.meetings[0]
    Meeting.objects.filter(pk=meeting.pk).update(self_check_in=True)
    meeting.refresh_from_db()
    time_machine.move_to(meeting.starts_at, tick=False)
    return meeting


def scanned(client, meeting):
    return client.get(reverse("check_in", args=[screen_code(meeting, now=meeting.starts_at)]))["Location"]


def test_a_code_survives_signing_in(door, circle, time_machine):
    """Scanned signed out; ten minutes later, with a code from the mailbox, the button still works. Once."""
    receipt = scanned(Client(), door)
    assert Client().get(receipt)["Location"] == f"/account/login/?next={quote(receipt)}"
    time_machine.move_to(door.starts_at + timedelta(minutes=10), tick=False)
    client = browser_of(circle.people[0])
    assert client.get(receipt).status_code == 200
    assert Attendance.objects.count() == 0
    client.post(receipt)
    assert Attendance.objects.get().person == circle.people[0]
    browser_of(circle.people[1]).post(receipt)
    client.post(receipt)
    assert Attendance.objects.count() == 1
    time_machine.move_to(door.starts_at + timedelta(minutes=16), tick=False)
    assert client.get(receipt).status_code == 404


def test_what_somebody_scanned_signed_in_is_no_other_accounts(door, circle):
    receipt = scanned(browser_of(circle.people[0]), door)
    other = browser_of(circle.people[1])
    assert (other.get(receipt).status_code, other.post(receipt).status_code) == (404, 404)
    assert browser_of(PersonFactory()).get(scanned(Client(), door)).status_code == 404
    assert Attendance.objects.count() == 0


def test_the_screen_shows_a_code_only_while_the_doors_are_open(door, circle, time_machine):
    client, address = browser_of(circle.trainer), reverse("check_in_screen", args=[door.pk])
    assert b"<svg" in client.get(address).content.split(b'class="qr"')[1]
    time_machine.move_to(door.ends_at, tick=False)
    assert b'class="qr"' not in client.get(address).content
    assert browser_of(circle.people[0]).get(address).status_code == 404
