"""What the trainers' desk puts on top: the evening that is on, one that nobody wrote down, and whom to call."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from courses.models import Enrolment, Session
from courses.services.care import note_check_in
from meetings.flows import write_attendance
from meetings.services.attendance import Mark
from tests.meetings.conftest import make_circle

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle(now):
    return make_circle(now)


@pytest.fixture
def desk(client, circle, time_machine):
    """The top of the trainer's desk at a moment, as links: whose attendance, what comes next."""

    def look(moment, person=None):
        time_machine.move_to(moment, tick=False)
        client.force_login(person or circle.trainer)
        page = client.get(reverse("training")).text
        return page.partition('id="nu"')[2].partition("</section>")[0]

    return look


def names(html, circle):
    """The numbers of the meetings that the links lead to, with what for."""
    numbers = {str(meeting.pk): number for number, meeting in enumerate(circle.meetings, start=1)}
    return [(numbers[pk], what) for pk, what in re.findall(r"/bijeenkomsten/([0-9a-f-]{36})/(\w*)", html)]


@pytest.mark.parametrize(
    ("minutes", "found"),
    [
        (-61, [(1, "")]),
        (-60, [(1, "aanwezig"), (2, "")]),
        (149, [(1, "aanwezig"), (2, "")]),
        (24 * 60, [(1, "aanwezig"), (2, "")]),
        (15 * 24 * 60, [(2, "aanwezig"), (3, "aanwezig"), (4, "")]),
    ],
)
def test_a_trainer_finds_the_evening_that_is_on_and_what_was_not_written_down(minutes, found, desk, circle):
    moment = circle.meetings[0].starts_at + timedelta(minutes=minutes)
    if minutes > 14 * 24 * 60:
        moment += timedelta(minutes=150)
    assert names(desk(moment), circle) == found


def test_what_is_written_down_stays_until_the_evening_is_over(desk, circle):
    meeting = circle.meetings[0]
    marks = [Mark(person.pk, "present") for person in circle.people]
    write_attendance(meeting=meeting, marks=marks, by=circle.trainer, now=meeting.starts_at)
    assert names(desk(meeting.ends_at - timedelta(minutes=1)), circle) == [(1, "aanwezig"), (2, "")]
    assert names(desk(meeting.ends_at), circle) == [(2, "")]


def test_who_coordinates_leads_nothing(desk, circle):
    assert desk(circle.meetings[0].starts_at, circle.coordinator) == ""


@pytest.fixture
def heavy(circle):
    Session.objects.filter(pk=circle.meetings[3].session_id).update(heavy=True)
    return Session.objects.get(pk=circle.meetings[3].session_id)


@pytest.mark.parametrize(
    ("hours", "words"),
    [(-1, None), (0, "voor zaterdag 19 december, 21.30"), (49, "had gemoeten voor"), (24 * 7, None)],
)
def test_after_a_heavy_evening_it_says_how_many_are_still_to_be_called(hours, words, desk, circle, heavy):
    end = circle.meetings[3].ends_at
    note_check_in(enrolment=circle.members[0], session=heavy, trainer=circle.trainer, now=end)
    Enrolment.objects.filter(pk=circle.members[2].pk).update(status="withdrawn", withdrawn_at=end)
    html = desk(end + timedelta(hours=hours))
    place = reverse("check_ins", args=[circle.cohort.pk, heavy.short_key])
    assert (place in html) is (words is not None)
    if words:
        assert "Bel 1 persoon" in html
        assert words in html


def test_when_everybody_was_called_nothing_is_left(desk, circle, heavy):
    end = circle.meetings[3].ends_at
    for member in circle.members:
        note_check_in(enrolment=member, session=heavy, trainer=circle.trainer, now=end)
    assert "/nabellen/" not in desk(end)
