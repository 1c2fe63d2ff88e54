"""Calendar files and feeds, read by a reader of the tests' own (`calendar_reader`)."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from meetings import calendars
from meetings.flows import cancel_and_tell, change_and_tell, register, take_off
from meetings.models import Meeting
from meetings.queries.agenda import calendar_of
from meetings.rules import at_home, weekly
from meetings.services.planning import state_of
from meetings.services.tokens import end_feed
from tests.factories import MeetingFactory
from tests.meetings.calendar_reader import components, moment, utc_offset_rules
from tests.meetings.conftest import events_at, feed_address

pytestmark = pytest.mark.django_db


def test_a_file_has_what_every_calendar_needs_and_tells_nothing():
    meeting = MeetingFactory(title="Leven na geweld", place="Utrecht; zaal 2, boven")
    data = calendars.calendar_of_one(meeting)
    (calendar,), (event,) = components(data)["VCALENDAR"], components(data)["VEVENT"]
    assert (calendar["VERSION"][1], calendar["METHOD"][1]) == ("2.0", "PUBLISH")
    assert set(event) == {
        "UID",
        "DTSTAMP",
        "LAST-MODIFIED",
        "SEQUENCE",
        "SUMMARY",
        "DTSTART",
        "DTEND",
        "CLASS",
        "STATUS",
        "TRANSP",
        "LOCATION",
    }
    assert event["SUMMARY"][1] == "Avondcursus"
    assert event["LOCATION"][1] == "Utrecht\\; zaal 2\\, boven"
    assert event["DTSTAMP"][1].endswith("Z")
    assert moment(*event["DTSTART"]) == meeting.starts_at
    assert moment(*event["DTEND"]) == meeting.ends_at
    assert b"geweld" not in data
    assert str(meeting.pk).encode() not in data
    assert utc_offset_rules(data) == {
        "STANDARD": ("19961027T030000", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "+0200", "+0100"),
        "DAYLIGHT": ("19960331T020000", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "+0100", "+0200"),
    }


def test_a_strict_reader_finds_no_error():
    """icalendar's own reader, which collects what it could not read."""
    data = calendars.feed([MeetingFactory(), MeetingFactory(place="é" * 200)])
    read = Calendar.from_ical(data)
    assert [each.errors for each in read.walk()] == [[]] * len(list(read.walk()))
    assert len(list(read.walk("VEVENT"))) == 2


def test_seven_o_clock_stays_seven_o_clock_in_the_calendar():
    moments = weekly(date(2027, 3, 25), time(19), count=2)
    data = calendars.feed([MeetingFactory(starts_at=each) for each in moments])
    starts = [event["DTSTART"][1] for event in components(data)["VEVENT"]]
    assert starts == ["20270325T190000", "20270401T190000"]


def test_a_move_is_another_edition_of_the_same_event(circle, now):
    meeting = circle.meetings[3]
    (before,) = components(calendars.calendar_of_one(meeting))["VEVENT"]
    starts_at = at_home(date(2026, 12, 18), time(20))
    change_and_tell(
        meeting=meeting,
        state=state_of(meeting),
        by=circle.trainer,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=150),
        now=now + timedelta(hours=1),
    )
    meeting.refresh_from_db()
    (after,) = components(calendars.calendar_of_one(meeting))["VEVENT"]
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"][1], after["SEQUENCE"][1]) == ("0", "1")
    assert after["DTSTAMP"][1] > before["DTSTAMP"][1]
    assert after["DTSTART"][1] == "20261218T200000"


def test_a_cancelled_meeting_leaves_the_calendar(circle, now):
    meeting = circle.meetings[0]
    cancel_and_tell(meeting=meeting, by=circle.trainer, now=now)
    meeting.refresh_from_db()
    parts = components(calendars.calendar_of_one(meeting))
    assert parts["VCALENDAR"][0]["METHOD"][1] == "CANCEL"
    assert (parts["VEVENT"][0]["STATUS"][1], parts["VEVENT"][0]["SEQUENCE"][1]) == ("CANCELLED", "1")
    person = circle.people[0]
    feed = components(calendars.feed(calendar_of(person, now=now)))
    assert [event["STATUS"][1] for event in feed["VEVENT"]] == ["CANCELLED"] + ["CONFIRMED"] * 8
    assert feed["VCALENDAR"][0]["METHOD"][1] == "PUBLISH"


def test_the_feed_needs_no_session_sets_no_cookie_and_can_be_taken_back(
    client, circle, now, django_assert_num_queries
):
    person = circle.people[0]
    take_off(meeting=circle.meetings[1], person=person, now=now)
    address = feed_address(person, now)
    # The feed with its person; their meetings; what they signed off from.
    with django_assert_num_queries(3):
        response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert (response.cookies, response["Cache-Control"]) == ({}, "no-store")
    statuses = [event["STATUS"][1] for event in components(response.content)["VEVENT"]]
    assert statuses == ["CONFIRMED", "CANCELLED"] + ["CONFIRMED"] * 7
    other = feed_address(person, now)
    assert (client.get(address).status_code, client.get(other).status_code) == (404, 200)
    end_feed(person=person)
    assert client.get(other).status_code == 404


def test_signing_off_and_on_again_is_newer_each_time_for_a_calendar(client, circle, now):
    """One edition of the meeting: calendars that keep the newest of it go by the stamps."""
    person, meeting = circle.people[0], circle.meetings[1]
    feed, file = feed_address(person, now), reverse("meeting_file", args=[meeting.pk])
    client.force_login(person)

    def read():
        """From the feed, and the same from the file."""
        (mine,) = components(client.get(file).content)["VEVENT"]
        assert [event for event in events_at(feed) if event["UID"] == mine["UID"]] == [mine]
        return [mine[name][1] for name in ("STATUS", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED")]

    def stamp(moment):
        return f"{moment:%Y%m%dT%H%M%SZ}"

    seen = [read()]
    take_off(meeting=meeting, person=person, now=now + timedelta(minutes=5))
    seen.append(read())
    register(meeting=meeting, person=person, now=now + timedelta(minutes=9))
    seen.append(read())
    stamps = [stamp(now + timedelta(minutes=minutes)) for minutes in (0, 5, 9)]
    assert seen == [
        [status, "0", each, each]
        for status, each in zip(("CONFIRMED", "CANCELLED", "CONFIRMED"), stamps, strict=True)
    ]
    starts_at = meeting.starts_at + timedelta(days=1)
    change_and_tell(
        meeting=meeting,
        state=state_of(meeting),
        by=circle.trainer,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=150),
        now=now + timedelta(hours=1),
    )
    assert read() == ["CONFIRMED", "1", *[stamp(now + timedelta(hours=1))] * 2]


def test_full_titles_are_a_choice(circle, now):
    person = circle.people[0]
    for full, title in ((False, "Avondcursus"), (True, circle.meetings[0].title)):
        events = events_at(feed_address(person, now, full_titles=full))
        assert events[0]["SUMMARY"][1] == title


def test_who_leaves_the_group_has_an_empty_calendar(circle, now):
    calendar = feed_address(circle.people[0], now)
    circle.members[0].status, circle.members[0].withdrawn_at = "withdrawn", now
    circle.members[0].save()
    assert events_at(calendar) == []
    assert Meeting.objects.count() == 9


def test_who_leads_has_the_meetings_in_their_own_calendar(circle, now):
    for person, number in ((circle.trainer, 9), (circle.coordinator, 0)):
        assert len(events_at(feed_address(person, now))) == number
