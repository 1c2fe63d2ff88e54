"""Changing a meeting through the forms that people fill in, sent as a browser would send them."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import querydict_from_html

from meetings.flows import write_attendance
from meetings.models import Meeting
from meetings.services.attendance import Mark
from people.models import OutboxMessage
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


# --- what has taken place -------------------------------------------------------------------------------------------
def written_down(circle, number, *statuses):
    """A meeting of the group with who was there, half an hour after it began."""
    meeting = circle.meetings[number]
    marks = [Mark(person.pk, status) for person, status in zip(circle.people, statuses, strict=True)]
    moment = meeting.starts_at + timedelta(minutes=30)
    write_attendance(meeting=meeting, marks=marks, by=circle.trainer, now=moment)
    OutboxMessage.objects.all().delete()
    return meeting


STAYS = "Daarom blijven dag, tijd en duur zoals ze waren."
STANDS = "Er was iemand bij deze bijeenkomst. Daarom blijft die staan."


@pytest.mark.parametrize("changed", [{"day": "2027-02-04"}, {"clock": "20:00"}, {"minutes": "120"}], ids=str)
def test_when_it_was_stays_once_it_is_written_down_who_was_there(circle, changed, time_machine):
    meeting = written_down(circle, 0, "absent", "absent", "absent")
    time_machine.move_to(meeting.ends_at, tick=False)
    client, address = browser_of(circle.trainer), reverse("change_meeting", args=[meeting.pk])
    page = client.get(address).text
    assert STAYS in page
    for later in ({}, {"later": "along"}):
        refused = client.post(address, stands_in(page) | changed | later)
        assert (refused.status_code, STAYS in refused.text) == (409, True)
    assert list(Meeting.objects.order_by("starts_at").values_list("starts_at", flat=True)) == [
        each.starts_at for each in circle.meetings
    ]
    assert (lengths(), OutboxMessage.objects.count()) == ([150] * 9, 0)
    kept = client.post(address, stands_in(page) | {"place": "Utrecht, zaal 3"})
    meeting.refresh_from_db()
    assert (kept.status_code, meeting.place) == (302, "Utrecht, zaal 3")


def test_a_meeting_put_down_with_a_wrong_date_moves_and_what_was_written_down_does_not_move_along(
    circle, time_machine
):
    second = written_down(circle, 1, "present", "present", "absent")
    time_machine.move_to(second.ends_at, tick=False)
    first, third = circle.meetings[0], circle.meetings[2]
    client, address = browser_of(circle.trainer), reverse("change_meeting", args=[first.pk])
    asks = client.post(address, stands_in(client.get(address).text) | {"day": "2026-11-25"})
    assert asks.text.count("<s>") == 7
    client.post(address, stands_in(asks.text) | {"later": "along"})
    moved = [Meeting.objects.get(pk=each.pk).starts_at - each.starts_at for each in (first, second, third)]
    assert moved == [timedelta(days=-1), timedelta(0), timedelta(days=-1)]


@pytest.mark.parametrize(
    ("statuses", "stands"),
    [
        (("present", "absent", "absent"), True),
        (("absent", "late", "absent"), True),
        (("absent", "notice", "absent"), False),
    ],
    ids=str,
)
def test_what_somebody_was_at_is_not_called_off(circle, time_machine, statuses, stands):
    meeting = written_down(circle, 0, *statuses)
    time_machine.move_to(meeting.ends_at, tick=False)
    client, address = browser_of(circle.trainer), reverse("cancel_meeting", args=[meeting.pk])
    for page in (reverse("meeting", args=[meeting.pk]), reverse("change_meeting", args=[meeting.pk])):
        assert (f'href="{address}"' in client.get(page).text) != stands
    asked = client.get(address).text
    assert ("Ja, zeg af" in asked, STANDS in asked) == (not stands, stands)
    landed = client.post(address, follow=True)
    assert (STANDS in landed.text, "Wie zou komen, krijgt een bericht" in landed.text) == (stands, False)
    meeting.refresh_from_db()
    assert (meeting.cancelled_at is None, OutboxMessage.objects.count()) == (stands, 0)


def test_who_caught_up_with_a_meeting_keeps_it(circle, time_machine):
    meeting = written_down(circle, 0, "absent", "absent", "absent")
    time_machine.move_to(meeting.ends_at, tick=False)
    browser_of(circle.people[0]).post(reverse("caught_up", args=[meeting.pk]))
    browser_of(circle.trainer).post(reverse("cancel_meeting", args=[meeting.pk]))
    meeting.refresh_from_db()
    assert meeting.cancelled_at is None


def test_what_has_begun_is_called_off_only_with_a_word_about_it(circle, time_machine):
    meeting = circle.meetings[0]
    address, said = reverse("cancel_meeting", args=[meeting.pk]), "De bijeenkomst is al begonnen."
    for moment, begun in ((meeting.starts_at - timedelta(minutes=1), False), (meeting.starts_at, True)):
        time_machine.move_to(moment, tick=False)
        asked = browser_of(circle.trainer).get(address).text
        assert (said in asked, "Wie zou komen krijgt een bericht" in asked) == (begun, not begun)


# --- two at the same time -------------------------------------------------------------------------------------------
def test_who_comes_second_reads_what_holds_now_and_can_keep_what_they_filled_in(theme):
    meeting, leader = theme
    client, address = browser_of(leader), reverse("change_meeting", args=[meeting.pk])
    first, second = [stands_in(client.get(address).text) for _each in range(2)]
    client.post(address, first | {"day": "2026-12-01", "place": "Zaal 7"})
    refused = client.post(address, second | {"clock": "20:00"})
    assert (refused.status_code, "Iemand anders heeft deze bijeenkomst net veranderd." in refused.text) == (
        409,
        True,
    )
    now_stands = refused.text.partition("Zoals het nu staat")[2].partition("</section>")[0]
    assert ("1 december 2026" in now_stands, "Zaal 7" in now_stands) == (True, True)
    filled = stands_in(refused.text)
    assert filled == second | {"clock": "20:00", "edition": "1"}
    assert client.post(address, filled).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.sequence, meeting.place, meeting.starts_at.hour) == (2, "Zaal 2", 19)


def test_what_was_called_off_meanwhile_is_not_changed(theme):
    meeting, leader = theme
    client, address = browser_of(leader), reverse("change_meeting", args=[meeting.pk])
    filled = stands_in(client.get(address).text)
    client.post(reverse("cancel_meeting", args=[meeting.pk]))
    refused = client.post(address, filled | {"place": "Zaal 7"})
    assert (refused.status_code, "Deze bijeenkomst gaat niet door." in refused.text) == (409, True)
    assert "Zoals het nu staat" not in refused.text
    meeting.refresh_from_db()
    assert meeting.place == "Zaal 2"
