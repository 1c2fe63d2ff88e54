"""The room as its people see it: who does what on which page, what is asked every few seconds, and what is refused."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from meetings.flows import write_attendance
from meetings.models import Attendance, LearningPoint, Meeting, Room, Seat
from meetings.services.attendance import Mark
from meetings.services.rooms import Act, end_room, keep_case, read_case, work_clock
from tests.factories import MeetingFactory, PersonFactory
from tests.meetings.browsing import as_shown
from tests.meetings.conftest import Table, browser_of, make_table

pytestmark = pytest.mark.django_db
CASE = "Een moeder zegt elke week af. Ik word er moedeloos van."


@pytest.fixture
def table(now) -> Table:
    return make_table(now)


@pytest.fixture(autouse=True)
def evening(time_machine, table):
    """When the meeting begins."""
    time_machine.move_to(table.meeting.starts_at, tick=False)
    return table.meeting.starts_at


@pytest.fixture
def leader(table) -> Client:
    return browser_of(table.leader)


@pytest.fixture
def owner(table) -> Client:
    table.brings_case(table.people[0])
    return browser_of(table.people[0])


@pytest.fixture
def other(table) -> Client:
    return browser_of(table.people[1])


def at(table, name="room") -> str:
    return reverse(name, args=[table.meeting.pk])


def seen(client, table, name="room") -> str:
    return client.get(at(table, name)).content.decode()


def press(client, table, act, step=None):
    step = Room.objects.get().step if step is None else step
    return client.post(at(table, "work_clock"), {"act": act, "step": step}, follow=True)


def test_one_link_leads_from_the_meeting_into_the_room(leader, other, table, circle):
    address = at(table)
    for client in (leader, other):
        assert address in seen(client, table, "meeting")
    outsider = browser_of(PersonFactory())
    assert address not in seen(outsider, table, "meeting")
    assert outsider.get(address).status_code == 404
    # Other kinds have none; the group's page leads its trainer there, and nobody who only coordinates.
    meeting = circle.meetings[0]
    room, group = reverse("room", args=[meeting.pk]), reverse("group", args=[circle.cohort.pk])
    assert room not in browser_of(circle.trainer).get(group).content.decode()
    Meeting.objects.filter(pk=meeting.pk).update(kind="case")
    assert room in browser_of(circle.trainer).get(group).content.decode()
    assert room not in browser_of(circle.coordinator).get(group).content.decode()


def test_the_title_is_neutral_and_the_page_stays_out_of_caches(other, table):
    response = other.get(at(table))
    assert re.search("<title>(.*)</title>", response.content.decode())[1] == "Kamer · Leerhuis"
    for name in ("room", "room_state"):
        assert other.get(at(table, name))["Cache-Control"] == "no-store"


def test_before_it_is_opened_who_leads_chooses_a_method_and_others_wait(now, evening):
    leader, person = PersonFactory(), PersonFactory()
    meeting = MeetingFactory(kind="case")
    meeting.leaders.add(leader)
    meeting.places.create(person=person, status="registered", created_at=now, changed_at=now)
    address, choose = reverse("room", args=[meeting.pk]), reverse("choose_method", args=[meeting.pk])
    waiting = browser_of(person)
    assert 'data-room-part="waiting"' in waiting.get(address).content.decode()
    assert waiting.post(choose, {"method": "five"}).status_code == 404
    client = browser_of(leader)
    assert client.post(choose, {"method": "bestaat-niet"}).status_code == 422
    assert Room.objects.filter(meeting=meeting).count() == 0
    tag = waiting.get(reverse("room_state", args=[meeting.pk]))["ETag"]
    assert client.post(choose, {"method": "incident"}).status_code == 302
    assert "Incidentmethode" in client.get(address).content.decode()
    moved = waiting.get(reverse("room_state", args=[meeting.pk]), headers={"If-None-Match": tag})
    assert (moved.status_code, "Incidentmethode" in moved.content.decode()) == (200, True)


def test_everybody_sees_the_phase_and_only_who_leads_has_its_buttons(leader, other, table, evening):
    press(leader, table, "start")
    page = seen(other, table)
    assert "fase 1 van 6" in page
    assert "Tot 19.10 uur." in page  # without a script: until when, and a link to look again
    assert 'data-left="600.0"' in page
    assert 'name="act"' not in page
    assert seen(leader, table).count('name="act"') == 3
    assert press(other, table, "next").status_code == 404
    assert Room.objects.get().phase == 0


def test_a_press_on_an_older_step_does_nothing_and_says_so(leader, other, table):
    step = Room.objects.get().step
    other.post(at(table, "come_in"))  # is no step of the clock
    press(leader, table, "start", step)
    page = press(leader, table, "start", step).content.decode()
    assert "Iemand was je net voor." in page
    assert Room.objects.get().phase == 0


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"act": "start"},
        {"act": "stop", "step": 0},
        {"act": "start", "step": "9" * 5000},
        {"act": "start", "step": "-1"},
    ],
)
def test_what_no_button_sends_is_refused(leader, table, data):
    assert leader.post(at(table, "work_clock"), data).status_code == 422
    assert Room.objects.get().phase is None


# --- what is asked every few seconds ---------------------------------------------------------------------------------
def test_nothing_changed_is_told_by_304_with_what_the_clock_has_left(
    leader, other, table, time_machine, evening
):
    press(leader, table, "start")
    state = at(table, "room_state")
    first = other.get(state)
    assert (first.status_code, first["Room-Left"]) == (200, "600.0")
    time_machine.move_to(evening + timedelta(seconds=95), tick=False)
    again = other.get(state, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["Room-Left"], again.content) == (304, "505.0", b"")
    # As the compression in front of it writes it.
    assert other.get(state, headers={"If-None-Match": f"W/{first['ETag']}"}).status_code == 304
    press(leader, table, "next")
    assert other.get(state, headers={"If-None-Match": first["ETag"]}).status_code == 200
    # Somebody else's answer is not one's own: who leads has other buttons.
    assert leader.get(state, headers={"If-None-Match": other.get(state)["ETag"]}).status_code == 200


@pytest.mark.parametrize("change", ["role", "came", "case", "method", "end"])
def test_every_change_is_news(leader, owner, other, table, change, evening):
    state = at(table, "room_state")
    tag = other.get(state)["ETag"]
    assert other.get(state, headers={"If-None-Match": tag}).status_code == 304
    {
        "role": lambda: leader.post(at(table, "give_roles"), roles_of(table, "participant", "owner")),
        "came": lambda: owner.post(at(table, "come_in")),
        "case": lambda: owner.post(at(table, "write_case"), {"text": CASE}),
        "method": lambda: leader.post(at(table, "choose_method"), {"method": "five"}),
        "end": lambda: end_room(room=table.room, now=evening),
    }[change]()
    assert other.get(state, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("people", [1, 12])
def test_queries_do_not_grow_with_the_people(now, evening, people, django_assert_num_queries):
    table = make_table(now, people=people)
    client = browser_of(table.people[0])
    state = reverse("room_state", args=[table.meeting.pk])
    tag = client.get(state)["ETag"]  # warms what is kept of the session
    # The user, and how they stand to the room.
    with django_assert_num_queries(2):
        assert client.get(state, headers={"If-None-Match": tag}).status_code == 304
    # And seats, names, attendance, who leads.
    with django_assert_num_queries(6):
        assert client.get(state).status_code == 200


def test_who_is_signed_out_is_not_sent_to_the_sign_in_page(table):
    assert Client().get(at(table, "room_state")).status_code == 404
    assert Client().get(at(table)).status_code == 302


# --- roles and coming in ---------------------------------------------------------------------------------------------
def roles_of(table, *roles):
    given = [*roles, *["participant"] * 3]
    return {f"role-{person.pk.hex}": role for person, role in zip(table.people, given, strict=False)}


def test_roles_are_handed_out_and_who_leads_the_conversation_has_the_clock(leader, table):
    leader.post(at(table, "give_roles"), roles_of(table, "owner", "facilitator", "timekeeper"))
    page = seen(leader, table)
    for words in ("brengt de casus in", "begeleidt het gesprek", "bewaakt de tijd"):
        assert words in page
    second, third = browser_of(table.people[1]), browser_of(table.people[2])
    press(second, table, "start")
    assert Room.objects.get().phase == 0
    assert press(third, table, "next").status_code == 404
    assert second.get(at(table, "close_room")).status_code == 200
    page = leader.post(
        at(table, "give_roles"), roles_of(table, "owner", "owner"), follow=True
    ).content.decode()
    assert "Eén persoon tegelijk: “brengt de casus in”." in page
    assert leader.post(at(table, "give_roles"), roles_of(table, "baas")).status_code == 422
    assert Seat.objects.filter(role="facilitator").get().person == table.people[1]


def test_who_is_there_says_so_and_who_leads_is_not_on_the_list(leader, other, table):
    assert 'id="room-come"' in seen(other, table)
    other.post(at(table, "come_in"))
    assert 'id="room-come"' not in seen(other, table)
    assert 'id="room-come"' not in seen(leader, table)
    assert leader.post(at(table, "come_in")).status_code == 404
    assert list(Seat.objects.values_list("person", flat=True)) == [table.people[1].pk]


# --- the case --------------------------------------------------------------------------------------------------------
def test_the_case_is_read_by_the_room_and_written_by_who_brings_it(owner, other, leader, table):
    assert owner.post(at(table, "write_case"), {"text": CASE}).status_code == 302
    for client in (owner, other, leader):
        assert CASE in seen(client, table, "room_state")
    other.post(at(table, "write_case"), {"text": "Iets anders."})
    assert read_case(Room.objects.get(), now=table.meeting.starts_at) == CASE
    assert 'name="text"' not in seen(other, table)


def test_what_is_found_is_named_and_the_text_comes_back(owner, table):
    text = "Mail wil@post.nl, bel 06-12345678, rekening NL91ABNA0417164300."
    response = owner.post(at(table, "write_case"), {"text": text})
    page = response.content.decode()
    assert response.status_code == 422
    assert "een telefoonnummer, een e-mailadres, een bankrekeningnummer (IBAN)" in page
    assert text in page
    assert Room.objects.get().case is None


def test_a_name_is_asked_about_and_a_tick_counts_for_that_name_alone(owner, table):
    address = at(table, "write_case")
    first = owner.post(address, {"text": "Dat zei Ahmed."})
    page = first.content.decode()
    assert (first.status_code, 'name="confirm"' in page, 'value="Ahmed"' in page) == (422, True, True)
    ticked = {"asked": "Ahmed", "confirm": "on"}
    assert owner.post(address, {"text": "Dat zei Ahmed tegen Fatima.", **ticked}).status_code == 422
    assert owner.post(address, {"text": "Dat zei Ahmed.", "asked": "Ahmed"}).status_code == 422
    assert Room.objects.get().case is None
    assert owner.post(address, {"text": "Dat zei Ahmed.", **ticked}).status_code == 302
    assert Room.objects.get().case is not None


def test_a_legal_name_is_never_shown_by_the_question(owner, table):
    person = table.people[1]
    person.legal_name = "Wilhelmina Quispelaar"
    person.save()
    page = owner.post(at(table, "write_case"), {"text": "Quispelaar was er ook."}).content.decode()
    assert "Quispelaar" in page
    assert "Wilhelmina" not in page


@pytest.mark.parametrize("text", ["x" * 4001, "a\x00b"], ids=["too long", "NUL"])
def test_a_text_that_cannot_be_kept_comes_back(owner, table, text):
    assert owner.post(at(table, "write_case"), {"text": text}).status_code == 422
    assert Room.objects.get().case is None


def test_trying_names_by_the_dozen_ends(owner, table):
    answers = [
        owner.post(at(table, "write_case"), {"text": f"Dat zei Ahmed{number}."}) for number in range(21)
    ]
    assert "Wacht een kwartier" in answers[-1].content.decode()
    assert "Wacht een kwartier" not in answers[-2].content.decode()


def test_script_in_a_case_stays_text(owner, other, table):
    owner.post(at(table, "write_case"), {"text": "een <script>alert(1)</script> man"})
    assert "<script>alert" not in seen(other, table)


# --- the end ---------------------------------------------------------------------------------------------------------
def closing(table, *statuses):
    marks = {f"status-{person.pk.hex}": status for person, status in zip(table.people, statuses, strict=True)}
    return {**marks, "guests": 0}


def test_closing_shows_who_came_writes_minutes_and_erases(leader, owner, other, table, time_machine, evening):
    owner.post(at(table, "write_case"), {"text": CASE})
    owner.post(at(table, "come_in"))
    press(leader, table, "start")
    time_machine.move_to(evening + timedelta(minutes=95), tick=False)
    page = seen(leader, table, "close_room")
    checked = re.findall(r'name="status-(\w+)" value="(\w+)"[^>]* checked', page)
    assert dict(checked) == {
        table.people[0].pk.hex: "present",
        table.people[1].pk.hex: "absent",
        table.people[2].pk.hex: "absent",
    }
    data = closing(table, "present", "late", "absent") | {f"minutes-{table.people[1].pk.hex}": 30}
    assert leader.post(at(table, "close_room"), data)["Location"] == at(table)
    minutes = Attendance.objects.order_by("-minutes").values_list("person", "minutes")
    assert list(minutes) == [(table.people[0].pk, 95), (table.people[1].pk, 30), (table.people[2].pk, 0)]
    for client in (leader, owner, other):
        for name in ("room", "room_state"):
            page = seen(client, table, name)
            assert (CASE in page, "data-room-ended" in page) == (False, True)
    # No more than that: for a certificate only training sessions count.
    assert "Er staan 95 minuten voor je genoteerd." in seen(owner, table)
    # Once: what was written down is changed on the list of attendance from here on.
    assert leader.get(at(table, "close_room"))["Location"] == at(table)
    assert leader.post(at(table, "close_room"), closing(table, *["absent"] * 3)).status_code == 302
    assert Attendance.objects.count() == 3
    assert press(leader, table, "next").status_code == 200
    owner.post(at(table, "write_case"), {"text": CASE})
    assert Room.objects.get().case is None


@pytest.mark.parametrize("minutes", [7, 0])
def test_a_room_that_ends_early_closes_untouched_where_attendance_was_written_before(
    leader, owner, table, time_machine, evening, minutes
):
    owner.post(at(table, "write_case"), {"text": CASE})
    marks = [
        Mark(person.pk, status, minutes=of)
        for person, (status, of) in zip(
            table.people, [("present", None), ("late", 120), ("absent", None)], strict=True
        )
    ]
    write_attendance(meeting=table.meeting, marks=marks, by=table.leader, now=evening - timedelta(minutes=30))
    time_machine.move_to(evening + timedelta(minutes=minutes), tick=False)
    sent = as_shown(seen(leader, table, "close_room"))
    assert leader.post(at(table, "close_room"), sent).status_code == 302
    assert (Room.objects.get().is_open, Room.objects.get().case) == (False, None)
    rows = Attendance.objects.current().order_by("person__alias")
    assert [(row.status, row.minutes, row.replaces and row.replaces.minutes) for row in rows] == [
        ("present", minutes, 150),
        ("late", minutes, 120),
        ("absent", 0, None),
    ]


@pytest.mark.parametrize(("closed_after", "most"), [(41, 41), (0, 150)])
def test_after_a_room_closed_early_nobody_gets_more_minutes_than_there_were(
    leader, table, time_machine, evening, closed_after, most
):
    time_machine.move_to(evening + timedelta(minutes=closed_after), tick=False)
    assert (
        leader.post(at(table, "close_room"), closing(table, "present", "late", "absent")).status_code == 302
    )
    sent = as_shown(seen(leader, table, "attendance")) | {f"status-{table.people[2].pk.hex}": "present"}
    assert leader.post(at(table, "attendance"), sent).status_code == 302
    held = Attendance.objects.current().order_by("person__alias").values_list("minutes", flat=True)
    # Closed before anything was, the room says nothing of how long the meeting took: the trainer has the word.
    assert list(held) == [closed_after, closed_after, most]
    more = {f"minutes-{table.people[0].pk.hex}": most + 1}
    assert leader.post(at(table, "attendance"), sent | more).status_code == 422


def test_a_page_from_before_a_room_closed_early_changes_no_minutes(leader, table, time_machine, evening):
    late = [Mark(table.people[0].pk, "late", minutes=120)]
    write_attendance(meeting=table.meeting, marks=late, by=table.leader, now=evening)
    old = as_shown(seen(leader, table, "attendance"))
    time_machine.move_to(evening + timedelta(minutes=41), tick=False)
    leader.post(at(table, "close_room"), closing(table, "late", "late", "absent"))
    assert leader.post(at(table, "attendance"), old).status_code == 302
    held = Attendance.objects.current().order_by("person__alias").values_list("minutes", flat=True)
    assert list(held) == [41, 41, 0]


def test_half_an_answer_closes_nothing(leader, table):
    assert leader.post(at(table, "close_room"), {"guests": -1}).status_code == 422
    assert (Room.objects.get().is_open, Attendance.objects.count()) == (True, 0)


def test_a_learning_point_is_written_in_the_last_phase_or_after_and_read_by_its_writer(
    leader, owner, other, table, evening
):
    address, text = at(table, "write_learning_point"), "Eerst vragen, dan pas iets vinden."
    assert owner.post(address, {"text": text}).status_code == 404  # nothing has begun
    press(leader, table, "start")
    assert 'data-room-part="point"' not in seen(owner, table)
    for _phase in range(5):
        press(leader, table, "next")
    assert 'data-room-part="point"' in seen(owner, table)
    assert owner.post(address, {"text": text}).status_code == 302
    end_room(room=table.room, now=evening)
    assert text in seen(owner, table)
    for client in (other, leader):
        assert text not in seen(client, table)
    refused = owner.post(address, {"text": "Bel 06-12345678."})
    assert (refused.status_code, "een telefoonnummer" in refused.content.decode()) == (422, True)
    assert owner.post(address, {"text": ""}).status_code == 302
    assert LearningPoint.objects.count() == 0


def test_a_room_that_was_called_off_is_not_there(leader, table, evening):
    Meeting.objects.filter(pk=table.meeting.pk).update(cancelled_at=evening)
    assert leader.get(at(table)).status_code == 404
    assert at(table) not in seen(leader, table, "meeting")


def test_reading_writes_nothing(other, table, evening):
    work_clock(room=table.room, act=Act.START, step=0, now=evening)
    table.brings_case(table.people[0])
    keep_case(room=table.room, by=table.people[0], text=CASE, now=evening)
    before = Room.objects.values().get()
    for name in ("room", "room_state"):
        other.get(at(table, name))
    assert Room.objects.values().get() == before
    assert Seat.objects.count() == 1
