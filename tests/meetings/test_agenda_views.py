"""The learner's side of meetings, and who sees what."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from courses.services.enrolments import enrol
from meetings.flows import change_and_tell, register, take_off, write_attendance
from meetings.models import Meeting, Registration
from meetings.queries.agenda import open_meetings
from meetings.services.attendance import Mark
from meetings.services.places import put_on_list
from meetings.services.planning import state_of
from people.models import OutboxMessage, Role
from people.services.roles import grant_role
from tests.factories import CourseFactory, MeetingFactory, PersonFactory
from tests.meetings.conftest import browser_of, events_at, feed_address, make_circle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def test_mijn_leerplek_shows_the_next_meeting_and_one_tap_signs_off_and_on(learner, circle):
    page = learner.get(reverse("leerplek")).content.decode()
    assert "19.00 tot 21.30 uur" in page
    assert "Utrecht, zaal 2" in page
    come = reverse("come", args=[circle.meetings[0].pk])
    response = learner.post(come, {"off": "yes", "back": "leerplek"})
    assert response["Location"] == reverse("leerplek")
    assert "Ik kan toch komen" in learner.get(reverse("leerplek")).content.decode()
    assert Registration.objects.get().status == "cancelled"
    learner.post(come, {"on": "yes"})
    assert Registration.objects.get().status == "registered"


@pytest.mark.parametrize(
    ("minutes", "there", "offered"),
    [(-61, False, True), (-30, False, True), (-30, True, False), (0, False, False), (30, True, False)],
)
def test_cannot_come_is_offered_until_one_is_there_or_it_begins(
    circle, time_machine, minutes, there, offered
):
    meeting, person = circle.meetings[0], circle.people[0]
    moment = meeting.starts_at + timedelta(minutes=minutes)
    time_machine.move_to(moment, tick=False)
    if there:
        write_attendance(meeting=meeting, marks=[Mark(person.pk, "present")], by=circle.trainer, now=moment)
    client = browser_of(person)
    for page in (reverse("leerplek"), reverse("meeting", args=[meeting.pk])):
        assert ("Ik kan niet komen" in client.get(page).text) == offered
    assert ("Je bent er." in client.get(reverse("leerplek")).text) == there
    # A page that was left open offers it still: it is refused in words, and nothing changes.
    answer = client.post(reverse("come", args=[meeting.pk]), {"off": "yes", "back": "leerplek"}, follow=True)
    said = (
        "Deze bijeenkomst is al begonnen." if minutes >= 0 else "Wie er al is, kan zich niet meer afmelden."
    )
    assert (answer.status_code, said in answer.text) == (200, not offered)
    assert Registration.objects.filter(status="cancelled").count() == int(offered)


def test_coming_after_all_is_not_offered_when_it_has_begun(circle, now, time_machine):
    meeting, person = circle.meetings[0], circle.people[0]
    take_off(meeting=meeting, person=person, now=now)
    for moment, offered in ((now, True), (meeting.starts_at, False)):
        time_machine.move_to(moment, tick=False)
        client = browser_of(person)
        for page in (reverse("leerplek"), reverse("meeting", args=[meeting.pk])):
            shown = client.get(page)
            assert (shown.status_code, "Ik kan toch komen" in shown.text) == (200, offered)


LINK = "https://beeld.example.org/kamer-7"


def test_mijn_leerplek_shows_the_link_of_the_next_meeting_to_who_comes(now):
    circle = make_circle(now, members=2, place="", online_link=LINK)
    person, other = circle.people
    client = browser_of(person)
    page = client.get(reverse("leerplek")).text
    assert f'href="{LINK}"' in page
    assert "<b>26</b><span>november</span>" in page
    assert "19.00 tot 21.30 uur" in page
    take_off(meeting=circle.meetings[0], person=person, now=now)
    assert LINK not in client.get(reverse("leerplek")).text
    assert LINK in browser_of(other).get(reverse("leerplek")).text
    # Whose turn on a waiting list it is has no link.
    meeting = MeetingFactory(online_link=LINK, capacity=1, starts_at=now + timedelta(hours=3))
    late = PersonFactory()
    for each in (other, late):
        register(meeting=meeting, person=each, now=now)
    assert LINK not in browser_of(late).get(reverse("leerplek")).text


def test_what_is_off_shows_neither_link_nor_calendar(now):
    meeting, person, leader = MeetingFactory(online_link=LINK), PersonFactory(), PersonFactory()
    meeting.leaders.add(leader)
    register(meeting=meeting, person=person, now=now)
    page, file = reverse("meeting", args=[meeting.pk]), reverse("meeting_file", args=[meeting.pk])
    for each in (person, leader):
        shown = browser_of(each).get(page).text
        assert (LINK in shown, f'href="{file}"' in shown) == (True, True)
    calendar = feed_address(person, now)
    landed = browser_of(leader).post(reverse("cancel_meeting", args=[meeting.pk]), follow=True)
    assert landed.redirect_chain == [(page, 302)]
    assert "Deze bijeenkomst gaat niet door." in landed.text
    for each in (person, leader):
        shown = browser_of(each).get(page).text
        assert (LINK in shown, f'href="{file}"' in shown) == (False, False)
    (event,) = events_at(calendar)
    assert (event["STATUS"][1], "LOCATION" in event) == ("CANCELLED", False)


def test_who_calls_off_a_groups_meeting_lands_on_the_group(circle):
    response = browser_of(circle.trainer).post(reverse("cancel_meeting", args=[circle.meetings[0].pk]))
    assert response["Location"] == reverse("group", args=[circle.cohort.pk])


@pytest.mark.parametrize("registered", [False, True])
def test_what_somebody_leads_stands_once_in_their_agenda(circle, now, registered):
    meeting = MeetingFactory(title="Thema: rust")
    meeting.leaders.add(circle.trainer)
    if registered:
        register(meeting=meeting, person=circle.trainer, now=now)
    other = MeetingFactory(title="Thema: werk")
    page = browser_of(circle.trainer).get(reverse("agenda")).text
    assert [page.count(reverse("meeting", args=[each.pk])) for each in (meeting, other)] == [1, 1]
    assert page.index("Wat je leidt") < page.index("Thema: rust") < page.index("Thema: werk")


@pytest.mark.parametrize(
    ("first", "said"), [(date(2027, 3, 25), "25 maart"), (date(2027, 4, 1), "1 april")], ids=["CET", "CEST"]
)
def test_seven_o_clock_is_seven_o_clock_on_every_page_and_in_the_calendar(time_machine, first, said):
    """Before and after the clock changes in March; the browser says nothing of where it is."""
    moment = datetime(2027, 3, 20, 12, tzinfo=UTC)
    time_machine.move_to(moment, tick=False)
    circle = make_circle(moment, members=1, sessions=1, first=first, online_link=LINK)
    (meeting,), (person,) = circle.meetings, circle.people
    client = browser_of(person)
    for name, args in (("leerplek", []), ("agenda", []), ("meeting", [meeting.pk])):
        page = client.get(reverse(name, args=args)).text
        assert "19.00 tot 21.30 uur" in page
        assert f"<b>{first.day}</b>" in page
    (event,) = events_at(feed_address(person, moment))
    assert event["DTSTART"] == ({"TZID": "Europe/Amsterdam"}, f"{first:%Y%m%d}T190000")
    starts_at = meeting.starts_at + timedelta(minutes=15)
    change_and_tell(
        meeting=meeting,
        state=state_of(meeting),
        by=circle.trainer,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=150),
        now=moment,
    )
    assert f"{said}, 19.15 uur" in OutboxMessage.objects.get(kind="moved").text


def test_the_online_link_is_for_who_is_in(circle, now):
    link = "https://beeld.example.org/kamer-7"
    meeting = circle.meetings[0]
    Meeting.objects.filter(pk=meeting.pk).update(online_link=link)
    address = reverse("meeting", args=[meeting.pk])
    assert link in browser_of(circle.people[0]).get(address).content.decode()
    take_off(meeting=meeting, person=circle.people[0], now=now)
    assert link not in browser_of(circle.people[0]).get(address).content.decode()
    assert link not in browser_of(circle.coordinator).get(address).content.decode()
    assert browser_of(PersonFactory()).get(address).status_code == 404
    open_one = MeetingFactory(online_link=link)
    stranger = PersonFactory()
    assert link not in browser_of(stranger).get(reverse("meeting", args=[open_one.pk])).content.decode()
    register(meeting=open_one, person=stranger, now=now)
    assert link in browser_of(stranger).get(reverse("meeting", args=[open_one.pk])).content.decode()


@pytest.mark.parametrize(
    ("fields", "seen"),
    [
        ({}, True),
        ({"audience": "ervaringsmaatjes"}, True),
        ({"audience": "professionals"}, False),
        ({"region": "Utrecht"}, True),
        ({"region": "Noord"}, False),
        ({"kind": "support", "closed_list": True}, False),
        ({"closed_list": True}, False),
    ],
)
def test_open_meetings_are_those_of_ones_audience_and_region(now, fields, seen):
    circle = make_circle(now, members=1, region="Utrecht")
    meeting = MeetingFactory(**fields)
    person = circle.people[0]
    assert [each.meeting for each in open_meetings(person, now=now)] == ([meeting] if seen else [])
    status = browser_of(person).get(reverse("meeting", args=[meeting.pk])).status_code
    assert status == (200 if seen else 404)
    posted = browser_of(person).post(reverse("come", args=[meeting.pk]), {"on": "yes"}).status_code
    assert posted == (302 if seen else 404)


def test_a_professional_never_sees_who_is_in_a_support_group(now):
    """Neither the meeting nor a name; and a coordinator sees the meeting without its list."""
    leader, member, coordinator = PersonFactory(), PersonFactory(alias="Zilverreiger"), PersonFactory()
    professional = PersonFactory()
    course = CourseFactory(programme__audience="professionals")
    enrol(learner=professional, course=course, alias="Pro", now=now)
    meeting = MeetingFactory(kind="support", closed_list=True)
    meeting.leaders.add(leader)
    grant_role(user=coordinator, role=Role.COORDINATOR, organisation=meeting.organisation, now=now)
    put_on_list(meeting=meeting, person=member, now=now)
    pages = [reverse(name, args=[meeting.pk]) for name in ("meeting", "on_list", "attendance")]
    assert [browser_of(professional).get(page).status_code for page in pages] == [404, 404, 404]
    assert [browser_of(coordinator).get(page).status_code for page in pages] == [200, 404, 404]
    assert [browser_of(leader).get(page).status_code for page in pages] == [200, 200, 200]
    assert b"Zilverreiger" not in browser_of(coordinator).get(pages[0]).content
    assert b"Zilverreiger" not in browser_of(member).get(pages[0]).content
    assert browser_of(member).post(reverse("come", args=[meeting.pk]), {"on": "yes"}).status_code == 404
    assert list(Meeting.objects.exportable()) == []


def test_a_leader_keeps_the_closed_list(now):
    leader, member = PersonFactory(), PersonFactory(email="linde@example.org")
    meeting = MeetingFactory(kind="support", closed_list=True)
    meeting.leaders.add(leader)
    address, client = reverse("on_list", args=[meeting.pk]), browser_of(leader)
    assert client.post(address, {"email": "niemand@example.org"}).status_code == 422
    client.post(address, {"email": "LINDE@example.org"})
    assert Registration.objects.get().person == member
    client.post(address, {"take_off": str(PersonFactory().pk)})
    assert Registration.objects.get().status == "registered"
    client.post(address, {"take_off": str(member.pk)})
    assert Registration.objects.get().status == "cancelled"


# --- counts ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [1, 9])
def test_the_agenda_costs_the_same_with_one_meeting_and_with_many(now, number, django_assert_num_queries):
    circle = make_circle(now, members=1, sessions=number)
    for _each in range(number):
        MeetingFactory()
    client = browser_of(circle.people[0])
    client.get(reverse("agenda"))  # the menu is kept from then on
    # The user; coming with places, open with places, the calendar; roles.
    with django_assert_num_queries(7):
        assert client.get(reverse("agenda")).status_code == 200


@pytest.mark.parametrize("number", [1, 9])
def test_mijn_leerplek_costs_the_same_with_one_meeting_and_with_many(now, number, django_assert_num_queries):
    circle = make_circle(now, members=1, sessions=number, online_link=LINK)
    for _each in range(number):
        register(meeting=MeetingFactory(), person=circle.people[0], now=now)
    client = browser_of(circle.people[0])
    client.get(reverse("leerplek"))  # the menu is kept from then on
    # The user, roles; enrolments with their activities, states and lessons; the next meeting with the place in it; groups
    # and places that wait; what was missed; texts; awards and names they wait for. These lessons ask for nothing, so that
    # ten more read what the certificate waits for.
    with django_assert_num_queries(24):
        assert client.get(reverse("leerplek")).status_code == 200
