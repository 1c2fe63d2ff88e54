"""The clock on the wall, holidays, and what counts as neutral. Without a database."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from meetings.rules import (
    Shift,
    at_home,
    doors_open,
    holiday_on,
    homework_window,
    is_neutral,
    may_be_recorded,
    offer_ends,
    wall_clock,
    weekly,
)

SEVEN = time(19)


def test_a_weekly_seven_o_clock_stays_seven_o_clock_when_the_clock_changes():
    spring = weekly(date(2027, 3, 18), SEVEN, count=3)
    assert [moment.hour for moment in spring] == [18, 18, 17]
    assert [wall_clock(moment) for moment in spring] == [
        (date(2027, 3, 18), SEVEN),
        (date(2027, 3, 25), SEVEN),
        (date(2027, 4, 1), SEVEN),
    ]
    autumn = weekly(date(2026, 10, 22), SEVEN, count=2)
    assert [(moment.hour, wall_clock(moment)[1]) for moment in autumn] == [(17, SEVEN), (18, SEVEN)]


def test_an_hour_that_the_clock_skips_becomes_the_one_after_it():
    assert wall_clock(at_home(date(2027, 3, 28), time(2, 30)))[1] == time(3, 30)


def test_every_two_weeks():
    assert [wall_clock(moment)[0] for moment in weekly(date(2026, 1, 1), SEVEN, count=3, every=2)] == [
        date(2026, 1, 1),
        date(2026, 1, 15),
        date(2026, 1, 29),
    ]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2027, 4, 27), "Koningsdag"),
        (date(2027, 5, 6), "Hemelvaartsdag"),
        (date(2026, 12, 25), "Eerste kerstdag"),
        (date(2027, 3, 17), ""),
    ],
)
def test_dutch_holidays_are_known_by_name(day, name):
    assert holiday_on(day) == name


def test_later_meetings_move_as_far_on_the_wall_over_the_change_of_the_clock():
    """A week later, from seven to eight o'clock: also for those that lie on the other side of the change."""
    before, later = at_home(date(2027, 3, 18), SEVEN), at_home(date(2027, 3, 25), SEVEN)
    starts_at = at_home(date(2027, 3, 25), time(20))
    shift = Shift.between(before, starts_at, starts_at + timedelta(minutes=120))
    moved, ends_at = shift.moves(later, later + timedelta(minutes=150))
    assert wall_clock(moved) == (date(2027, 4, 1), time(20))
    assert ends_at - moved == timedelta(minutes=120)


def test_a_later_meeting_with_its_own_time_keeps_it():
    before, own = at_home(date(2026, 9, 3), SEVEN), at_home(date(2026, 9, 10), time(10))
    starts_at = at_home(date(2026, 9, 4), time(20))
    shift = Shift.between(before, starts_at, starts_at + timedelta(minutes=90))
    moved, ends_at = shift.moves(own, own + timedelta(minutes=60))
    assert (wall_clock(moved), ends_at - moved) == ((date(2026, 9, 11), time(10)), timedelta(minutes=60))


@pytest.mark.parametrize(
    ("minutes", "can_check_in", "can_be_recorded"),
    [(-61, False, False), (-60, True, True), (0, True, True), (149, True, True), (150, False, True)],
)
def test_the_doors_are_open_from_an_hour_before_until_the_end(minutes, can_check_in, can_be_recorded):
    starts_at = datetime(2026, 11, 26, 18, tzinfo=UTC)
    now = starts_at + timedelta(minutes=minutes)
    ends_at = starts_at + timedelta(minutes=150)
    assert doors_open(now, starts_at=starts_at, ends_at=ends_at) is can_check_in
    assert may_be_recorded(now, starts_at=starts_at) is can_be_recorded


def test_an_offer_never_outlasts_the_beginning_of_the_meeting():
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    soon, far = now + timedelta(hours=3), now + timedelta(days=9)
    assert [offer_ends(now, starts_at=moment) for moment in (soon, far, None)] == [
        soon,
        now + timedelta(hours=48),
        now + timedelta(hours=48),
    ]


def test_homework_is_suggested_from_days_before_until_the_next_meeting():
    first, second = weekly(date(2026, 11, 26), SEVEN, count=2)
    assert homework_window(first, days=7, next_starts_at=second) == (date(2026, 11, 19), date(2026, 12, 3))
    assert homework_window(second, days=0, next_starts_at=None) == (date(2026, 12, 3), None)


@pytest.mark.parametrize("text", ["Maatjestraining", "Groep huiselijk geweld", "Voor slachtoffers", "DADER"])
def test_words_that_tell_why_people_come_are_not_neutral(text):
    assert not is_neutral(text)
    assert is_neutral("Avondcursus, zaal 2")
