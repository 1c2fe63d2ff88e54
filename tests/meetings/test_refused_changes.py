"""A change that is refused comes back in the same form: what may not be changed stands as it is, as on the first look."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from meetings.flows import write_attendance
from meetings.services.attendance import Mark
from tests.meetings.browsing import browser_of, stands_in

pytestmark = pytest.mark.django_db

WHEN = {"day": "2026-11-26", "clock": "19:00", "minutes": "150"}
STAYS = "Daarom blijven dag, tijd en duur zoals ze waren."


def write_down(circle):
    marks = [Mark(person.pk, "present") for person in circle.people]
    meeting = circle.meetings[0]
    moment = meeting.starts_at + timedelta(minutes=5)
    write_attendance(meeting=meeting, marks=marks, by=circle.trainer, now=moment)


def read_only(page):
    return {
        each["name"]: each["value"] for each in BeautifulSoup(page, "html.parser").select("input[readonly]")
    }


@pytest.fixture
def evening(circle, time_machine):
    """The evening of the first meeting: its trainer, and where it is changed."""
    time_machine.move_to(circle.meetings[0].ends_at, tick=False)
    return browser_of(circle.trainer), reverse("change_meeting", args=[circle.meetings[0].pk])


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"day": "2026-12-03"}, 409),
        ({"day": "2021-11-26"}, 409),
        ({"clock": "20:00", "place": "Zaal 7"}, 409),
        ({"discreet_title": ""}, 422),
        ({"minutes": "5"}, 422),
    ],
    ids=str,
)
def test_what_was_held_shows_when_it_was_and_that_it_stays_each_time(circle, evening, changed, status):
    write_down(circle)
    client, address = evening
    page = client.get(address).text
    assert (read_only(page), STAYS in page) == (WHEN, True)
    refused = client.post(address, stands_in(page) | changed)
    assert (refused.status_code, read_only(refused.text), STAYS in refused.text) == (status, WHEN, True)
    # What else they filled in is still there, and can be kept now.
    assert stands_in(refused.text).get("place") == changed.get("place", "Utrecht, zaal 2")


def test_who_moves_what_is_written_down_meanwhile_can_keep_the_rest(circle, evening):
    client, address = evening
    filled = stands_in(client.get(address).text) | {"day": "2026-11-25", "place": "Zaal 7"}
    write_down(circle)
    refused = client.post(address, filled | {"later": "stay"})
    assert (refused.status_code, read_only(refused.text)) == (409, WHEN)
    # Somebody was there: it is not offered any more to call it off.
    assert reverse("cancel_meeting", args=[circle.meetings[0].pk]) not in refused.text
    assert client.post(address, stands_in(refused.text)).status_code == 302
    circle.meetings[0].refresh_from_db()
    assert (circle.meetings[0].place, circle.meetings[0].attendances.count()) == ("Zaal 7", 3)


def test_what_can_still_be_moved_comes_back_as_it_was_filled_in(circle, evening):
    client, address = evening
    refused = client.post(
        address, stands_in(client.get(address).text) | {"day": "2026-11-25", "place": "geweld"}
    )
    assert (refused.status_code, read_only(refused.text)) == (422, {})
    assert stands_in(refused.text)["day"] == "2026-11-25"
