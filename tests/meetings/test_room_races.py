"""Two who press at once make one step, and nothing is written in a room while it ends. On both databases."""

from collections import Counter

import pytest
from django.db import connection

from meetings.flows import close_room
from meetings.models import Attendance, Meeting, Room, Seat
from meetings.services.attendance import Mark
from meetings.services.rooms import (
    Act,
    RoomRefused,
    come_in,
    end_forgotten_rooms,
    give_roles,
    keep_case,
    open_room,
    work_clock,
)
from tests.figures import figure
from tests.meetings.conftest import make_table
from tests.meetings.test_place_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_ten_presses_on_next_at_once_make_one_step(now):
    table = make_table(now)
    start = table.meeting.starts_at
    room = table.room
    assert work_clock(room=room, act=Act.START, step=room.step, now=start)
    turn, step = Room.objects.values_list("turn", "step").get()
    results = at_once(*[lambda: work_clock(room=room, act=Act.NEXT, step=step, now=start)] * 10)
    figure(f"10 presses on next at once on {connection.vendor}: {results.count(True)} step")
    assert Counter(results) == {True: 1, False: 9}
    assert (Room.objects.get().phase, Room.objects.get().turn) == (1, turn + 1)


def test_opening_at_once_makes_one_room(now):
    make_table(now)
    Room.objects.all().delete()
    meeting = Meeting.objects.get()
    results = at_once(*[lambda: open_room(meeting=meeting, method="five", now=now)] * 6)
    assert (set(results), Room.objects.count()) == ({Room.objects.get()}, 1)


def test_a_case_that_is_kept_while_the_room_ends_is_not_in_it_afterwards(now):
    table = make_table(now)
    table.brings_case(table.people[0])
    room, end = table.room, table.meeting.ends_at
    marks = [Mark(person.pk, "present") for person in table.people]

    def write() -> str:
        try:
            keep_case(room=room, by=table.people[0], text="Een moeder zegt af.", now=end)
        except RoomRefused:
            return "refused"
        return "kept"

    def close() -> str:
        try:
            close_room(room=room, marks=marks, by=table.leader, now=end)
        except RoomRefused:
            return "closed already"
        return "closed"

    results = at_once(*[write] * 4, *[close] * 3, write)
    assert Counter(results)["closed"] == 1
    assert Counter(results)["closed already"] == 2
    assert set(results) <= {"kept", "refused", "closed", "closed already"}
    room = Room.objects.get()
    assert (room.case, room.is_open, Seat.objects.count(), Attendance.objects.count()) == (None, False, 0, 3)
    assert write() == "refused"


def test_coming_in_roles_and_the_clock_at_once_lose_nothing(now):
    table = make_table(now, people=8)
    room, start = table.room, table.meeting.starts_at
    roles = {table.people[0].pk: "owner", table.people[1].pk: "facilitator"}
    results = at_once(
        *(lambda person=person: come_in(room=room, person=person, now=start) for person in table.people),
        lambda: give_roles(room=room, roles=roles, now=start),
        lambda: end_forgotten_rooms(now=start),
    )
    assert [each for each in results if isinstance(each, Exception)] == []
    assert Seat.objects.filter(came_at=start).count() == 8
    assert dict(Seat.objects.exclude(role="participant").values_list("person", "role")) == roles
