"""The room for intervision: its clock, its roles, the case that goes, and what stays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from meetings.flows import cancel_and_tell, close_room, register, take_off
from meetings.methods import METHODS
from meetings.models import Attendance, LearningPoint, Meeting, Room, Seat
from meetings.queries.rooms import people_in_room, standing_in_room
from meetings.services.anonymity import MayNameSomebody, PointsAtSomebody
from meetings.services.attendance import Mark
from meetings.services.learning_points import (
    clear_old_learning_points,
    keep_learning_point,
    read_learning_point,
    rotate_learning_point_keys,
)
from meetings.services.rooms import (
    Act,
    RoomRefused,
    come_in,
    end_forgotten_rooms,
    end_room,
    give_roles,
    keep_case,
    open_room,
    read_case,
    work_clock,
)
from people.privacy.traces import find_traces
from people.services.privacy import erase_person, export_person
from tests.factories import MeetingFactory, PersonFactory
from tests.meetings.conftest import Table, make_table

pytestmark = pytest.mark.django_db
CASE = "Een moeder zegt elke week af. Ik word er moedeloos van."


@pytest.fixture
def table(now) -> Table:
    return make_table(now)


def fresh(room: Room) -> Room:
    return Room.objects.select_related("meeting").get(pk=room.pk)


def press(table, act, now) -> Room:
    room = fresh(table.room)
    assert work_clock(room=room, act=act, step=room.step, now=now)
    return fresh(room)


def seconds(room, now) -> int:
    return int(room.left(now).total_seconds())


# --- the methods ----------------------------------------------------------------------------------------------------
def test_every_method_has_phases_with_time_and_words():
    assert list(METHODS) == ["incident", "gossip", "five"]
    for key, method in METHODS.items():
        assert method.key == key
        assert len(method.phases) >= 5
        assert all(
            phase.title and phase.task and phase.who and 1 <= phase.minutes <= 30 for phase in method.phases
        )
        assert 30 <= method.minutes <= 75


# --- opening --------------------------------------------------------------------------------------------------------
def test_a_room_is_opened_once_and_its_method_stays_from_the_beginning_on(now):
    table = make_table(now, method="incident")
    start = table.meeting.starts_at
    assert open_room(meeting=table.meeting, method="gossip", now=now) == table.room
    assert (fresh(table.room).method, Room.objects.count()) == ("gossip", 1)
    press(table, Act.START, start)
    with pytest.raises(RoomRefused):
        open_room(meeting=table.meeting, method="five", now=start)
    assert open_room(meeting=table.meeting, method="gossip", now=start) == table.room


@pytest.mark.parametrize(
    ("fields", "method"),
    [
        ({"kind": "support", "closed_list": True}, "five"),
        ({"kind": "theme"}, "five"),
        ({"cancelled": True}, "five"),
        ({"over": True}, "five"),
        ({}, "bestaat-niet"),
    ],
    ids=["support group", "theme", "cancelled", "long over", "unknown method"],
)
def test_where_no_room_is_opened(now, fields, method):
    cancelled, over = fields.pop("cancelled", False), fields.pop("over", False)
    meeting = MeetingFactory(**{"kind": "intervision", **fields}, cancelled_at=now if cancelled else None)
    at = meeting.ends_at + timedelta(hours=12) if over else now
    with pytest.raises(RoomRefused):
        open_room(meeting=meeting, method=method, now=at)
    assert Room.objects.count() == 0


# --- the clock ------------------------------------------------------------------------------------------------------
def test_the_clock_from_the_first_phase_to_the_last(table):
    start = table.meeting.starts_at
    with pytest.raises(RoomRefused):
        press(table, Act.NEXT, start)
    with pytest.raises(RoomRefused):
        press(table, Act.START, start - timedelta(minutes=61))
    room = press(table, Act.START, start)
    assert (room.phase, seconds(room, start), seconds(room, start + timedelta(seconds=90))) == (0, 600, 510)
    with pytest.raises(RoomRefused):
        press(table, Act.START, start)
    for phase in range(1, 6):
        room = press(table, Act.NEXT, start + timedelta(minutes=phase))
        assert room.phase == phase
        assert seconds(room, start + timedelta(minutes=phase)) == METHODS["gossip"].phases[phase].minutes * 60
    with pytest.raises(RoomRefused):
        press(table, Act.NEXT, start)
    room = press(table, Act.BACK, start)
    assert (room.phase, seconds(room, start)) == (4, 600)


def test_pausing_keeps_what_is_left_and_more_time_is_two_minutes(table):
    start = table.meeting.starts_at
    press(table, Act.START, start)
    room = press(table, Act.PAUSE, start + timedelta(minutes=4))
    assert (room.is_paused, seconds(room, start + timedelta(hours=1))) == (True, 360)
    room = press(table, Act.MORE, start + timedelta(minutes=5))
    assert (room.is_paused, room.seconds_left) == (True, 480)
    later = start + timedelta(minutes=9)
    room = press(table, Act.RESUME, later)
    assert (room.is_paused, room.phase_ends_at) == (False, later + timedelta(minutes=8))
    room = press(table, Act.MORE, later)
    assert room.phase_ends_at == later + timedelta(minutes=10)
    # Who is five minutes over time gets two from now, not three less than nothing.
    over = later + timedelta(minutes=15)
    assert seconds(room, over) == -300
    assert seconds(press(table, Act.MORE, over), over) == 120
    # Pressing what is so already changes nothing.
    assert seconds(press(table, Act.RESUME, over), over) == 120


def test_what_was_pressed_on_an_older_state_does_nothing(table):
    start = table.meeting.starts_at
    room = press(table, Act.START, start)
    assert work_clock(room=room, act=Act.NEXT, step=room.step, now=start)
    assert not work_clock(room=room, act=Act.NEXT, step=room.step, now=start)
    assert fresh(room).phase == 1


# --- roles ----------------------------------------------------------------------------------------------------------
def test_roles_change_hands_and_each_counts_the_turn_on(table, now):
    first, second, third = (person.pk for person in table.people)
    give_roles(room=table.room, roles={first: "owner", second: "facilitator", third: "observer"}, now=now)
    give_roles(room=table.room, roles={first: "facilitator", second: "owner"}, now=now)
    roles = dict(Seat.objects.values_list("person", "role"))
    assert roles == {first: "facilitator", second: "owner", third: "participant"}
    standing = standing_in_room(table.people[0], table.meeting.pk)
    assert (standing.facilitates, standing.leads, standing.brings_case) == (True, False, False)
    assert standing_in_room(table.leader, table.meeting.pk).facilitates
    assert not standing_in_room(table.people[2], table.meeting.pk).facilitates


def test_two_who_bring_the_case_and_strangers_are_refused(table, now):
    first, second, _third = (person.pk for person in table.people)
    with pytest.raises(RoomRefused):
        give_roles(room=table.room, roles={first: "owner", second: "owner"}, now=now)
    with pytest.raises(RoomRefused):
        give_roles(room=table.room, roles={PersonFactory().pk: "observer"}, now=now)
    assert Seat.objects.count() == 0
    for role in ("owner", "facilitator", "timekeeper"):
        Seat.objects.create(room=table.room, person_id=first, role=role)
        with pytest.raises(IntegrityError), transaction.atomic():
            Seat.objects.create(room=table.room, person_id=second, role=role)
        Seat.objects.all().delete()


def test_who_signs_off_is_not_in_the_room(table, now):
    take_off(meeting=table.meeting, person=table.people[0], now=now)
    assert standing_in_room(table.people[0], table.meeting.pk) is None
    assert [guest.alias for guest in people_in_room(table.meeting, table.room)] == ["Vogel 1", "Vogel 2"]


def test_who_sees_a_room(table, now, circle):
    """Who leads and who is on the list. Not who may register, nor who only coordinates; and no support group's."""
    outsider = PersonFactory()
    seen = {
        person: Room.objects.visible_to(person).count() for person in [table.leader, *table.people, outsider]
    }
    assert list(seen.values()) == [1, 1, 1, 1, 0]
    register(meeting=table.meeting, person=outsider, now=now)
    assert Room.objects.visible_to(outsider).count() == 1
    of_group = circle.meetings[0]
    Meeting.objects.filter(pk=of_group.pk).update(kind="case")
    open_room(meeting=Meeting.objects.get(pk=of_group.pk), method="five", now=now)
    counts = [
        Room.objects.visible_to(each).count()
        for each in (circle.trainer, circle.people[0], circle.coordinator)
    ]
    assert counts == [1, 1, 0]
    Meeting.objects.filter(pk=of_group.pk).update(kind="support", closed_list=True)
    assert Room.objects.visible_to(circle.trainer).count() == 0


# --- the case -------------------------------------------------------------------------------------------------------
@pytest.fixture
def told(table) -> Table:
    """The case is written, an hour before the meeting."""
    table.brings_case(table.people[0])
    keep_case(room=table.room, by=table.people[0], text=CASE, now=table.meeting.starts_at)
    return table


def as_stored(room) -> list[str]:
    """The encrypted case as the databases write out bytes: as text, or in hexadecimal."""
    return [bytes(room.case).decode(), bytes(room.case).hex()]


def traces() -> list:
    return find_traces([CASE, "moedeloos", "zegt elke week af"])


def test_the_case_is_read_in_the_room_and_stands_nowhere_in_words(told):
    room = fresh(told.room)
    assert read_case(room, now=told.meeting.starts_at) == CASE
    assert traces() == []
    assert [(trace.table, trace.column) for trace in find_traces(as_stored(room))] == [
        ("meetings_room", "case")
    ]


def test_at_the_end_no_table_holds_the_case_encrypted_or_not(told):
    ciphertext = as_stored(fresh(told.room))
    end = told.meeting.ends_at
    assert end_room(room=told.room, now=end)
    assert not end_room(room=told.room, now=end)
    room = fresh(told.room)
    assert (room.case, room.case_by, room.case_until, room.phase, Seat.objects.count()) == (None,) * 4 + (0,)
    assert (traces(), find_traces(ciphertext)) == ([], [])


def test_the_database_refuses_a_case_in_a_room_that_has_ended_and_one_without_an_end(told, now):
    for fields in ({"ended_at": now}, {"case_until": None}, {"seconds_left": 5}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Room.objects.filter(pk=told.room.pk).update(**fields)


@pytest.mark.parametrize(
    ("hours", "left"), [(11.9, True), (12, False)], ids=["still within its time", "twelve hours later"]
)
def test_the_clock_ends_a_room_that_nobody_closed(told, hours, left):
    later = told.meeting.ends_at + timedelta(hours=hours)
    assert end_forgotten_rooms(now=later) == (0 if left else 1)
    room = fresh(told.room)
    assert (room.is_open, room.case is not None) == (left, left)
    assert end_forgotten_rooms(now=later + timedelta(minutes=1)) == 0 if not left else True


def test_a_meeting_that_was_moved_keeps_its_room_but_not_its_case(told):
    until = fresh(told.room).case_until
    Meeting.objects.filter(pk=told.meeting.pk).update(
        starts_at=told.meeting.starts_at + timedelta(days=30),
        ends_at=told.meeting.ends_at + timedelta(days=30),
    )
    assert read_case(fresh(told.room), now=until) == ""
    assert end_forgotten_rooms(now=until) == 1
    assert (fresh(told.room).is_open, fresh(told.room).case) == (True, None)


def test_a_meeting_that_is_called_off_ends_its_room(told, now):
    cancel_and_tell(meeting=told.meeting, by=told.leader, now=now)
    assert (fresh(told.room).is_open, fresh(told.room).case) == (False, None)


def test_somebody_else_who_brings_a_case_takes_the_earlier_one_out(told, now):
    told.brings_case(told.people[1])
    assert fresh(told.room).case is None
    with pytest.raises(RoomRefused):
        keep_case(room=told.room, by=told.people[0], text=CASE, now=told.meeting.starts_at)


def test_an_empty_text_takes_the_case_out(told):
    keep_case(room=told.room, by=told.people[0], text=" \n", now=told.meeting.starts_at)
    assert (fresh(told.room).case, fresh(told.room).case_until) == (None, None)


@pytest.mark.parametrize("minutes", [-61, 150 + 12 * 60], ids=["too early", "long over"])
def test_nobody_writes_a_case_outside_the_hours_of_the_meeting(table, minutes):
    table.brings_case(table.people[0])
    now = table.meeting.starts_at + timedelta(minutes=minutes)
    with pytest.raises(RoomRefused):
        keep_case(room=table.room, by=table.people[0], text=CASE, now=now)


def test_what_points_at_somebody_is_not_kept_whatever_is_confirmed(table):
    table.brings_case(table.people[0])
    with pytest.raises(PointsAtSomebody) as refused:
        keep_case(
            room=table.room,
            by=table.people[0],
            text="Bel 06-12345678 in 3511 AB",
            confirmed=["06-12345678", "3511 AB"],
            now=table.meeting.starts_at,
        )
    assert refused.value.kinds == ["phone", "postcode"]
    assert fresh(table.room).case is None


def test_names_of_the_people_there_are_asked_about_once_each(table):
    person = table.people[0]
    table.brings_case(person)
    other = table.people[1]
    other.legal_name = "Wilhelmina Quispelaar"
    other.save()

    def write(text, *confirmed):
        keep_case(room=table.room, by=person, text=text, confirmed=confirmed, now=table.meeting.starts_at)

    text = "Quispelaar en Vogel 2 waren erbij."
    with pytest.raises(MayNameSomebody) as asked:
        write(text)
    assert asked.value.names == ["Vogel 2", "Quispelaar"]
    write(text, "Quispelaar", "Vogel 2")
    with pytest.raises(MayNameSomebody):
        write(f"{text} En Noor.", "Quispelaar", "Vogel 2")


def test_nothing_is_done_in_a_room_that_has_ended(told):
    end = told.meeting.ends_at
    room = fresh(told.room)
    end_room(room=room, now=end)
    for work in (
        lambda: work_clock(room=room, act=Act.START, step=room.step, now=end),
        lambda: keep_case(room=room, by=told.people[0], text=CASE, now=end),
        lambda: give_roles(room=room, roles={}, now=end),
        lambda: come_in(room=room, person=told.people[0], now=end),
        lambda: close_room(room=room, marks=[], by=told.leader, now=end),
    ):
        with pytest.raises(RoomRefused):
            work()


# --- what stays -----------------------------------------------------------------------------------------------------
def test_closing_writes_attendance_and_minutes(told):
    end = told.meeting.ends_at
    come_in(room=told.room, person=told.people[0], now=end)
    come_in(room=told.room, person=told.people[0], now=end)
    assert Seat.objects.filter(came_at__isnull=False).count() == 1
    marks = [Mark(told.people[0].pk, "present", 95), Mark(told.people[1].pk, "absent")]
    close_room(room=told.room, marks=marks, by=told.leader, now=end)
    rows = Attendance.objects.order_by("-minutes").values_list("person", "status", "minutes")
    assert list(rows) == [(told.people[0].pk, "present", 95), (told.people[1].pk, "absent", 0)]


def test_a_learning_point_is_its_writers_alone_encrypted_exported_and_erased(told):
    writer, other = told.people[0], told.people[1]
    words = "Eerst vragen, dan pas iets vinden."
    keep_learning_point(meeting=told.meeting, person=writer, text=words, now=told.meeting.ends_at)
    assert read_learning_point(meeting=told.meeting, person=writer) == words
    assert read_learning_point(meeting=told.meeting, person=other) == ""
    assert find_traces([words]) == []
    held = export_person(user=writer, now=told.meeting.ends_at)["holdings"]
    assert held["meetings.LearningPoint"][0]["ciphertext"] == words
    assert held["meetings.Room"][0]["case"] == CASE
    assert erase_person(user=writer, now=told.meeting.ends_at).traces == []
    assert (LearningPoint.objects.count(), fresh(told.room).case) == (0, None)


def test_a_learning_point_passes_the_same_check_goes_when_emptied_and_after_two_years(told, settings):
    writer, end = told.people[0], told.meeting.ends_at

    def keep(text):
        keep_learning_point(meeting=told.meeting, person=writer, text=text, now=end)

    with pytest.raises(PointsAtSomebody):
        keep("Bel voortaan 06-12345678.")
    keep("Rustig blijven.")
    keep("Rustiger blijven.")
    settings.REFLECTION_KEYS = ["een nieuwe sleutel", *settings.REFLECTION_KEYS]
    assert rotate_learning_point_keys() == 1
    settings.REFLECTION_KEYS = settings.REFLECTION_KEYS[:1]
    assert read_learning_point(meeting=told.meeting, person=writer) == "Rustiger blijven."
    assert clear_old_learning_points(now=end + timedelta(days=729)) == 0
    keep(" ")
    assert LearningPoint.objects.count() == 0
    keep("Nog eens.")
    assert clear_old_learning_points(now=end + timedelta(days=731)) == 1
