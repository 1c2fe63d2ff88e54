"""Who was there: written down, corrected with its history, checked in by oneself, caught up, and what outlives a person."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from meetings.flows import catch_up_with, write_attendance
from meetings.models import Attendance, CheckIn, Meeting
from meetings.queries.participants import missed_sessions, participants
from meetings.services.attendance import AttendanceRefused, Mark, check_in
from meetings.services.tokens import make_receipt, read_receipt, read_screen_code, screen_code
from people.models import OutboxMessage
from people.services.privacy import erase_person, export_person
from tests.factories import MeetingFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening(circle):
    """During the first meeting, half an hour after it began."""
    return circle.meetings[0].starts_at + timedelta(minutes=30)


def write(circle, now, *statuses, **fields):
    marks = [
        Mark(person.pk, *([status] if isinstance(status, str) else status))
        for person, status in zip(circle.people, statuses, strict=False)
    ]
    return write_attendance(
        meeting=circle.meetings[0], marks=marks, by=circle.trainer, now=now, **fields
    ).rows


def current(circle):
    rows = Attendance.objects.current().filter(meeting=circle.meetings[0])
    return [(row.status, row.minutes) for row in rows.order_by("person__alias")]


def test_who_was_there_gets_the_minutes_and_who_was_not_none(circle, evening):
    write(circle, evening, "present", ("late", 120), ("notice", 99), guests=2)
    assert current(circle) == [("present", 150), ("late", 120), ("notice", 0)]
    assert Meeting.objects.get(pk=circle.meetings[0].pk).guests == 2


def test_a_correction_is_a_row_beside_the_first_and_the_same_again_is_none(circle, evening):
    write(circle, evening, "present", "absent")
    assert write(circle, evening, "present", "absent") == []
    (row,) = write(circle, evening + timedelta(hours=1), "present", ("late", 60, "kwam met de bus"))
    assert (row.status, row.replaces.status, row.remark) == ("late", "absent", "kwam met de bus")
    assert Attendance.objects.count() == 3
    assert current(circle) == [("present", 150), ("late", 60)]


def test_what_is_still_to_come_or_off_is_not_written_down(circle, now, evening):
    with pytest.raises(AttendanceRefused):
        write(circle, now, "present")
    Meeting.objects.filter(pk=circle.meetings[0].pk).update(cancelled_at=now)
    with pytest.raises(AttendanceRefused):
        write(circle, evening, "present")
    assert Attendance.objects.count() == 0


def test_one_row_holds_whatever_two_trainers_write(circle, evening):
    """The database refuses a second beginning and a second correction of the same row."""
    (first,) = write(circle, evening, "present")
    for fields in ({"subject": first.subject}, {"replaces": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attendance.objects.create(
                meeting=first.meeting, person=first.person, status="absent", recorded_at=evening, **fields
            )


def test_who_missed_a_session_is_told_and_catches_up_to_a_status_of_its_own(circle, evening):
    write(circle, evening, "absent", "present")
    missing = circle.people[0]
    assert [row.meeting for row in missed_sessions(missing, now=evening)] == [circle.meetings[0]]
    message = OutboxMessage.objects.get(kind="catch_up")
    assert (message.recipient, message.optional) == (missing, True)
    row = catch_up_with(meeting=circle.meetings[0], person=missing, now=evening + timedelta(days=1))
    assert (row.status, row.minutes, row.by_self) == ("caught_up", 0, True)
    assert list(missed_sessions(missing, now=evening + timedelta(days=1))) == []
    assert catch_up_with(meeting=circle.meetings[0], person=circle.people[1], now=evening) is None


def test_who_left_the_group_stays_in_what_was_written_down(circle, evening):
    write(circle, evening, "present", "present", "present")
    enrolment = circle.members[0]
    enrolment.status, enrolment.withdrawn_at = "withdrawn", evening
    enrolment.save()
    assert [each.alias for each in participants(circle.meetings[0])] == ["Vogel 0", "Vogel 1", "Vogel 2"]
    assert [each.alias for each in participants(circle.meetings[1])] == ["Vogel 1", "Vogel 2"]


def test_attendance_outlives_the_person_under_a_random_key(circle, evening):
    write(circle, evening, ("late", 100, "vroeg naar huis"), "present")
    second = circle.meetings[1]
    mark = Mark(circle.people[0].pk, "present")
    write_attendance(meeting=second, marks=[mark], by=circle.trainer, now=second.starts_at)
    person = circle.people[0]
    assert erase_person(user=person, now=evening).traces == []
    kept = Attendance.objects.filter(person=None).order_by("recorded_at")
    assert [(row.status, row.minutes, row.remark) for row in kept] == [
        ("late", 100, ""),
        ("present", 150, ""),
    ]
    assert len({row.subject for row in kept}) == 1
    assert [each.alias for each in participants(circle.meetings[0])] == ["Vogel 1", "Vogel 2"]


def test_people_get_their_own_attendance_along(circle, evening):
    write(circle, evening, ("late", 100, "met de bus"))
    (row,) = export_person(user=circle.people[0], now=evening)["holdings"]["meetings.Attendance"]
    assert (row["status"], row["minutes"], row["remark"]) == ("late", 100, "met de bus")


# --- checking in ----------------------------------------------------------------------------------------------------
@pytest.fixture
def door(circle):
    meeting = circle.meetings[0]
    Meeting.objects.filter(pk=meeting.pk).update(self_check_in=True)
    meeting.refresh_from_db()
    return meeting


def receipt(meeting, person=None):
    return read_receipt(make_receipt(meeting.pk, person=person))


def test_a_code_on_the_screen_is_good_for_this_turn_and_the_one_before(door):
    now = door.starts_at
    code = screen_code(door, now=now)
    assert read_screen_code(code, now=now) == door.pk
    assert read_screen_code(code, now=now + timedelta(seconds=59)) == door.pk
    assert read_screen_code(code, now=now + timedelta(seconds=60)) is None
    assert read_screen_code(code, now=now - timedelta(seconds=1)) is None


@pytest.mark.parametrize(
    "forged", ["", "x", "a-b-c", "0" * 32 + "-1-" + "0" * 32, "%00-1-é", "1-" + "9" * 5000 + "-x"]
)
def test_forged_codes_and_receipts_are_nothing(door, forged):
    assert read_screen_code(forged, now=door.starts_at) is None
    assert read_receipt(forged) is None


def test_a_code_of_one_meeting_does_not_open_another(circle, door):
    _meeting, turn, signature = screen_code(door, now=door.starts_at).split("-")
    other = f"{circle.meetings[1].pk.hex}-{turn}-{signature}"
    assert read_screen_code(other, now=door.starts_at) is None


def test_somebody_checks_in_once_and_a_trainer_has_the_last_word(circle, door, evening):
    person, slip = circle.people[0], receipt(door)
    row = check_in(meeting=door, nonce=slip.nonce, person=person, now=evening)
    assert (row.status, row.minutes, row.by_self) == ("late", 120, True)
    again = check_in(meeting=door, nonce=slip.nonce, person=person, now=evening)
    assert again == row
    write(circle, evening, "notice")
    assert check_in(meeting=door, nonce=receipt(door).nonce, person=person, now=evening).status == "notice"
    assert CheckIn.objects.count() == 2


def test_in_time_is_present_for_all_of_it(circle, door):
    early = door.starts_at - timedelta(minutes=20)
    row = check_in(meeting=door, nonce=receipt(door).nonce, person=circle.people[0], now=early)
    assert (row.status, row.minutes) == ("present", 150)


def test_a_used_receipt_is_nobody_elses(circle, door, evening):
    slip = receipt(door)
    check_in(meeting=door, nonce=slip.nonce, person=circle.people[0], now=evening)
    with pytest.raises(AttendanceRefused):
        check_in(meeting=door, nonce=slip.nonce, person=circle.people[1], now=evening)
    assert Attendance.objects.count() == 1


@pytest.mark.parametrize("minutes", [-61, 150, 60 * 24], ids=["for tomorrow", "at the end", "a day later"])
def test_nobody_checks_in_outside_the_meetings_hours(circle, door, minutes):
    now = door.starts_at + timedelta(minutes=minutes)
    with pytest.raises(AttendanceRefused):
        check_in(meeting=door, nonce=receipt(door).nonce, person=circle.people[0], now=now)
    assert (Attendance.objects.count(), CheckIn.objects.count()) == (0, 0)


def test_who_is_not_on_the_list_does_not_check_in(circle, door, evening):
    with pytest.raises(AttendanceRefused):
        check_in(meeting=door, nonce=receipt(door).nonce, person=PersonFactory(), now=evening)
    with pytest.raises(AttendanceRefused):
        check_in(meeting=MeetingFactory(), nonce=receipt(door).nonce, person=circle.people[0], now=evening)
    assert Attendance.objects.count() == 0
