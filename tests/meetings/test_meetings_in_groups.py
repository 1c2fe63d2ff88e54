"""Meetings beside a group's training sessions: planned by a form, for everybody in the group."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import querydict_from_html

from courses.models import Programme
from courses.services.enrolments import enrol
from meetings.flows import take_off
from meetings.flows.groups import put_group_away
from meetings.models import Attendance, Meeting
from meetings.rules import wall_clock
from meetings.services.planning import PlanningRefused, later_meetings, plan_in_group
from meetings.services.tokens import make_feed
from people.models import OutboxMessage
from tests.factories import PersonFactory
from tests.meetings.browsing import browser_of, stands_in
from tests.meetings.calendar_reader import components
from tests.meetings.conftest import make_circle

pytestmark = pytest.mark.django_db

FILLED = {
    "kind": "theme",
    "title": "Thema-avond: grenzen",
    "day": "2026-12-05",
    "clock": "14:00",
    "minutes": "120",
    "place": "Utrecht, zaal 5",
}


@pytest.fixture(autouse=True)
def _frozen(time_machine, now):
    time_machine.move_to(now, tick=False)


def plan(circle, by=None, **filled):
    """The form, filled in by somebody who found it on the group's page."""
    client = browser_of(by or circle.trainer)
    address = reverse("plan_in_group", args=[circle.cohort.pk])
    assert f'href="{address}"' in client.get(reverse("group", args=[circle.cohort.pk])).text
    return client.post(address, stands_in(client.get(address).text) | FILLED | filled)


def beside(circle):
    return list(circle.cohort.meetings.exclude(kind="training").order_by("starts_at"))


@pytest.mark.parametrize("kind", Meeting.BESIDE_SESSIONS)
def test_a_form_plans_a_meeting_for_everybody_in_the_group(circle, kind):
    response = plan(circle, kind=kind)
    assert response["Location"] == reverse("group", args=[circle.cohort.pk])
    (planned,) = beside(circle)
    programme = circle.course.programme
    assert (planned.kind, planned.title, planned.session, planned.minutes, planned.closed_list) == (
        kind,
        "Thema-avond: grenzen",
        None,
        120,
        False,
    )
    assert (planned.organisation, planned.discreet_title) == (programme.organisation, programme.neutral_name)
    told = OutboxMessage.objects.filter(kind="planned")
    # Who planned it knows; the trainer would hear of what a coordinator plans.
    assert {message.recipient for message in told} == set(circle.people)
    assert "grenzen" not in " ".join(f"{each.subject} {each.text}" for each in told)
    for person in circle.people:
        page = browser_of(person).get(reverse("my_group", args=[circle.course.short_key])).text
        assert "Thema-avond: grenzen" in page


def test_a_coordinator_plans_and_the_trainer_hears_of_it(circle):
    plan(circle, by=circle.coordinator)
    told = OutboxMessage.objects.filter(kind="planned").values_list("recipient", flat=True)
    assert set(told) == {person.pk for person in [*circle.people, circle.trainer]}


def test_who_comes_into_the_group_later_is_in_and_has_it_in_their_calendar(circle, now):
    plan(circle)
    (planned,) = beside(circle)
    late = PersonFactory(alias="Zwaluw")
    enrol(
        learner=late,
        course=circle.course,
        cohort=circle.cohort,
        alias="Zwaluw",
        admitted=True,
        now=now + timedelta(hours=1),
    )
    secret = make_feed(person=late, now=now)
    events = components(Client().get(f"/agenda/{secret}.ics").content)["VEVENT"]
    assert f"{planned.uid.hex}@" in " ".join(event["UID"][1] for event in events)


def test_it_repeats_at_the_same_time_and_is_the_next_on_mijn_leerplek(circle):
    plan(circle, day="2026-11-21", count="3", every="2")
    planned = beside(circle)
    assert [wall_clock(each.starts_at)[0].isoformat() for each in planned] == [
        "2026-11-21",
        "2026-12-05",
        "2026-12-19",
    ]
    page = browser_of(circle.people[0]).get(reverse("leerplek")).text
    assert (reverse("meeting", args=[planned[0].pk]) in page, "Thema-avond: grenzen" in page) == (True, True)


def test_the_trainers_list_takes_attendance_and_nobody_is_sent_to_catch_up(circle, now, time_machine):
    plan(circle)
    (planned,) = beside(circle)
    take_off(meeting=planned, person=circle.people[2], now=now)
    time_machine.move_to(planned.starts_at + timedelta(minutes=5), tick=False)
    client, address = browser_of(circle.trainer), reverse("attendance", args=[planned.pk])
    desk = client.get(reverse("training")).text
    assert (f'href="{address}"' in desk, "Thema-avond: grenzen" in desk) == (True, True)
    form = BeautifulSoup(client.get(address).text, "html.parser").select_one("form.panel")
    filled = querydict_from_html(str(form)).dict()
    missing = f"status-{circle.people[1].pk.hex}"
    assert client.post(address, filled | {missing: "absent"}).status_code == 302
    written = Attendance.objects.current().filter(meeting=planned)
    assert {row.person.alias: row.status for row in written} == {
        "Vogel 0": "present",
        "Vogel 1": "absent",
        "Vogel 2": "notice",
    }
    assert not OutboxMessage.objects.filter(kind="catch_up").exists()


# --- beside the sessions --------------------------------------------------------------------------------------------
def test_the_sessions_keep_their_numbers_and_what_is_no_session_says_what_it_is(circle):
    plan(circle)
    page = BeautifulSoup(
        browser_of(circle.trainer).get(reverse("group", args=[circle.cohort.pk])).text, "html.parser"
    )
    heads = [each.get_text().partition(":")[0] for each in page.select("ol.dates h3")]
    assert heads == ["Bijeenkomst 1", "Bijeenkomst 2", "Thema-avond"] + [
        f"Bijeenkomst {number}" for number in range(3, 10)
    ]
    assert "themabijeenkomst" in page.select("ol.dates li")[2].get_text()


def test_sessions_move_along_with_sessions_and_a_row_with_its_row(circle):
    plan(circle, count="3")
    row = beside(circle)
    plan(circle, kind="workshop", day="2026-12-06")
    workshop = circle.cohort.meetings.get(kind="workshop")
    assert later_meetings(circle.meetings[0]) == circle.meetings[1:]
    assert later_meetings(row[0]) == row[1:]
    assert later_meetings(workshop) == []


# --- what is refused ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["support", "training"])
def test_who_is_in_a_support_group_would_show_so_it_is_no_choice(circle, kind, now):
    response = plan(circle, kind=kind)
    assert (response.status_code, beside(circle)) == (422, [])
    with pytest.raises(ValueError, match="not planned in a group"):
        plan_in_group(cohort=circle.cohort, kind=kind, title="A", moments=[now], minutes=60, now=now)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("minutes", "5"),
        ("count", "31"),
        ("place", "Blijf-van-mijn-lijfhuis, huiselijk geweld"),
    ],
)
def test_what_makes_no_meeting_is_said_and_makes_none(circle, field, value):
    response = plan(circle, **{field: value})
    assert (response.status_code, beside(circle), OutboxMessage.objects.count()) == (422, [], 0)


def test_two_presses_on_the_button_are_one_meeting_and_one_message(circle):
    assert plan(circle).status_code == 302
    again = plan(circle, online_link="https://beeld.example.org/kamer-7")
    assert (again.status_code, len(beside(circle)), OutboxMessage.objects.count()) == (422, 1, 3)
    # What they filled in is not lost: perhaps they meant another day.
    assert "met dezelfde titel op hetzelfde moment" in again.text
    filled = stands_in(again.text)
    assert filled.items() >= (FILLED | {"online_link": "https://beeld.example.org/kamer-7"}).items()
    client, address = browser_of(circle.trainer), reverse("plan_in_group", args=[circle.cohort.pk])
    assert client.post(address, filled | {"day": "2026-12-06"}).status_code == 302
    plan(circle, kind="workshop")
    plan(circle, title="Thema-avond: rouw")
    assert len(beside(circle)) == 4


def test_nothing_is_planned_in_a_group_that_is_put_away(circle, now):
    client, address = browser_of(circle.trainer), reverse("plan_in_group", args=[circle.cohort.pk])
    put_group_away(cohort=circle.cohort, by=circle.trainer, now=now)
    circle.cohort.refresh_from_db()
    for response in (client.get(address), client.post(address, FILLED)):
        assert response["Location"] == reverse("group", args=[circle.cohort.pk])
    assert f'href="{address}"' not in client.get(response["Location"]).text
    with pytest.raises(PlanningRefused, match="opgeborgen"):
        plan_in_group(cohort=circle.cohort, kind="theme", title="A", moments=[now], minutes=60, now=now)
    assert beside(circle) == []


def test_only_who_has_the_group_in_care_plans_in_it(circle, now):
    Programme.objects.update(neutral_name="Avondcursus")
    address = reverse("plan_in_group", args=[circle.cohort.pk])
    other = make_circle(now, members=0, sessions=1)
    for person in (circle.people[0], other.trainer, other.coordinator, PersonFactory()):
        client = browser_of(person)
        assert [client.get(address).status_code, client.post(address, FILLED).status_code] == [404, 404]
    assert beside(circle) == []


@pytest.mark.parametrize("count", ["1", "20"])
def test_my_group_costs_the_same_with_one_meeting_and_with_many(now, count, django_assert_num_queries):
    circle = make_circle(now, members=1, sessions=1)
    plan(circle, count=count)
    client, address = browser_of(circle.people[0]), reverse("my_group", args=[circle.course.short_key])
    client.get(address)
    # The person, the enrolment, members, trainers, the meetings and one’s places in them.
    with django_assert_num_queries(6):
        client.get(address)
