"""The learner's side of meetings, attendance by form, checking in by code, and who sees what."""

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import Enrolment
from meetings.flows import change_and_tell, invite, register, take_off, write_attendance
from meetings.models import Attendance, GroupPlace, Meeting, Registration
from meetings.queries.agenda import open_meetings
from meetings.services.attendance import Mark, check_in
from meetings.services.places import put_on_list
from meetings.services.tokens import make_feed, make_receipt, read_receipt, screen_code
from people.models import OutboxMessage, Role
from people.services.roles import grant_role
from tests.factories import CourseFactory, MeetingFactory, PersonFactory
from tests.meetings.calendar_reader import components
from tests.meetings.conftest import make_circle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def learner(client, circle):
    client.force_login(circle.people[0])
    return client


def browser_of(person):
    client = Client()
    client.force_login(person)
    return client


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
    secret = make_feed(person=person, now=now)
    landed = browser_of(leader).post(reverse("cancel_meeting", args=[meeting.pk]), follow=True)
    assert landed.redirect_chain == [(page, 302)]
    assert "Deze bijeenkomst gaat niet door." in landed.text
    for each in (person, leader):
        shown = browser_of(each).get(page).text
        assert (LINK in shown, f'href="{file}"' in shown) == (False, False)
    (event,) = components(Client().get(f"/agenda/{secret}.ics").content)["VEVENT"]
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
    (event,) = components(Client().get(f"/agenda/{make_feed(person=person, now=moment)}.ics").content)[
        "VEVENT"
    ]
    assert event["DTSTART"] == ({"TZID": "Europe/Amsterdam"}, f"{first:%Y%m%d}T190000")
    starts_at = meeting.starts_at + timedelta(minutes=15)
    change_and_tell(
        meeting=meeting,
        edition=0,
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
    from courses.services.enrolments import enrol

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


# --- attendance -----------------------------------------------------------------------------------------------------
def marks(circle, *statuses, **more):
    data = {f"status-{person.pk.hex}": status for person, status in zip(circle.people, statuses, strict=True)}
    return {**data, "guests": "1", **more}


def changes_on(page):
    """What stands under “What was changed”, line by line, in plain words."""
    _form, _heading, told = page.partition("Wat is veranderd")
    lines = re.findall(r"<li>(.*?)</li>", told.partition("</details>")[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", "", line).split()) for line in lines]


def test_attendance_is_one_form_and_a_correction_shows_its_history(circle, time_machine):
    meeting = circle.meetings[0]
    time_machine.move_to(meeting.starts_at, tick=False)
    client, address = browser_of(circle.trainer), reverse("attendance", args=[meeting.pk])
    page = client.get(address).content.decode()
    assert page.count("checked") == 3
    assert client.post(address, marks(circle, "present", "late", "absent")).status_code == 302
    assert Attendance.objects.count() == 3
    assert changes_on(client.get(address).content.decode()) == []
    time_machine.move_to(meeting.starts_at + timedelta(minutes=5), tick=False)
    client.post(address, marks(circle, "present", "present", "absent"))
    time_machine.move_to(meeting.starts_at + timedelta(minutes=90), tick=False)
    third = circle.people[2].pk.hex
    more = {f"minutes-{third}": "60", f"remark-{third}": "Kwam om acht uur."}
    client.post(address, marks(circle, "present", "present", "late", **more))
    client.post(address, marks(circle, "present", "present", "late", **more | {f"minutes-{third}": "45"}))
    assert changes_on(client.get(address).content.decode()) == [
        "Vogel 2: kwam later, van 60 naar 45 minuten 26 november, 20.30, door Noor",
        "Vogel 2: van “gemist” naar “kwam later”, van 0 naar 60 minuten, andere opmerking 26 november, 20.30, door Noor",
        "Vogel 1: van “kwam later” naar “was er” 26 november, 19.05, door Noor",
    ]
    assert (Attendance.objects.count(), Attendance.objects.current().count()) == (6, 3)


def as_shown(page):
    """What a browser sends of a form of attendance that nobody touched."""
    data = {}
    for tag in re.findall(r"<input[^>]*>", page.partition('class="attend')[2].partition("</form>")[0]):
        field = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if field["type"] != "radio" or "checked" in tag:
            data[field["name"]] = field.get("value", "")
    return data


def test_a_page_that_was_open_for_long_does_not_undo_that_somebody_caught_up(circle, time_machine):
    meeting, (first, second, third) = circle.meetings[0], circle.people
    time_machine.move_to(meeting.starts_at, tick=False)
    client, address = browser_of(circle.trainer), reverse("attendance", args=[meeting.pk])
    client.post(address, marks(circle, "absent", "absent", "present"))
    old = as_shown(client.get(address).text)
    for person in (first, second):
        browser_of(person).post(reverse("caught_up", args=[meeting.pk]))
    sent = old | {"guests": "7", f"status-{second.pk.hex}": "late", f"status-{third.pk.hex}": "late"}
    page = client.post(address, sent, follow=True).text
    held = Attendance.objects.current().order_by("person__alias").values_list("status", "by_self")
    assert list(held) == [("caught_up", True), ("caught_up", True), ("late", False)]
    # Only who was changed here, too, is told of; on the page as it is now the trainer has the last word.
    assert "Over Vogel 1 is intussen iets anders opgeschreven. Dat blijft staan." in page
    assert Meeting.objects.get(pk=meeting.pk).guests == 7
    page = client.post(address, as_shown(page) | {f"status-{second.pk.hex}": "late"}, follow=True).text
    assert "intussen iets anders" not in page
    assert Attendance.objects.current().get(person=second).status == "late"


def test_who_checked_in_while_the_page_was_open_stays_checked_in(circle, time_machine):
    meeting, (first, second, _third) = circle.meetings[0], circle.people
    Meeting.objects.filter(pk=meeting.pk).update(self_check_in=True)
    meeting.refresh_from_db()
    time_machine.move_to(meeting.starts_at + timedelta(minutes=30), tick=False)
    client, address = browser_of(circle.trainer), reverse("attendance", args=[meeting.pk])
    old = as_shown(client.get(address).text)
    for person, minute in ((first, 30), (second, 150)):
        slip = read_receipt(make_receipt(meeting.pk, person=person))
        at = meeting.starts_at + timedelta(minutes=minute, seconds=-10)
        check_in(meeting=meeting, nonce=slip.nonce, person=person, now=at)
    page = client.post(address, old, follow=True).text
    held = [("late", 120, True), ("late", 0, True), ("present", 150, False)]
    current = Attendance.objects.current().order_by("person__alias")
    assert list(current.values_list("status", "minutes", "by_self")) == held
    assert "Over Vogel 0 en Vogel 1 is intussen iets anders opgeschreven." in page
    # Nor does keeping it once more give minutes to who came at the very end.
    client.post(address, as_shown(page))
    assert list(current.values_list("status", "minutes", "by_self")) == held


@pytest.mark.parametrize("bad", ["", "onzin", "caught_up"])
def test_what_is_no_answer_is_said_and_nothing_is_kept(circle, time_machine, bad):
    meeting = circle.meetings[0]
    time_machine.move_to(meeting.starts_at, tick=False)
    response = browser_of(circle.trainer).post(
        reverse("attendance", args=[meeting.pk]), marks(circle, "present", bad, "absent")
    )
    assert (response.status_code, Attendance.objects.count()) == (422, 0)


def test_somebody_who_is_not_in_the_group_cannot_be_written_down(circle, time_machine):
    meeting, stranger = circle.meetings[0], PersonFactory()
    time_machine.move_to(meeting.starts_at, tick=False)
    data = marks(circle, "present", "present", "present", **{f"status-{stranger.pk.hex}": "present"})
    browser_of(circle.trainer).post(reverse("attendance", args=[meeting.pk]), data)
    assert Attendance.objects.filter(person=stranger).count() == 0


def test_attendance_of_tomorrow_is_refused(circle):
    response = browser_of(circle.trainer).post(
        reverse("attendance", args=[circle.meetings[0].pk]), marks(circle, "present", "present", "present")
    )
    assert (response.status_code, Attendance.objects.count()) == (422, 0)


def test_catching_up_is_on_the_page_of_the_session_and_done_once(circle, now, learner):
    meeting = circle.meetings[0]
    write_attendance(
        meeting=meeting,
        marks=[Mark(circle.people[0].pk, "absent")],
        by=circle.trainer,
        now=meeting.starts_at,
    )
    address = reverse("caught_up", args=[meeting.pk])
    learner.post(address)
    learner.post(address)
    assert Attendance.objects.current().get().status == "caught_up"
    assert Attendance.objects.count() == 2
    assert browser_of(PersonFactory()).post(address).status_code == 404


# --- checking in ----------------------------------------------------------------------------------------------------
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


@pytest.mark.parametrize("number", [1, 12])
def test_attendance_costs_the_same_with_one_person_and_with_many(now, number, django_assert_num_queries):
    circle = make_circle(now, members=number, capacity=20)
    client = browser_of(circle.trainer)
    client.get(reverse("attendance", args=[circle.meetings[0].pk]))  # the menu is kept from then on
    # The user, the meeting; members, signed off, written down; history; roles.
    with django_assert_num_queries(7):
        assert client.get(reverse("attendance", args=[circle.meetings[0].pk])).status_code == 200
