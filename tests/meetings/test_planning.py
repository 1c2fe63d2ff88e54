"""A group's dates from one form, moving them, cancelling, and what calendars and people hear of it."""

from datetime import date, time, timedelta

import pytest

from meetings.flows import cancel_and_tell, change_and_tell, register, remind
from meetings.models import Meeting
from meetings.rules import at_home, wall_clock
from meetings.services.planning import PlanningRefused, plan_meetings, state_of
from people.models import ContactPreference, OutboxMessage
from tests.factories import MeetingFactory, OrganisationFactory, PersonFactory
from tests.meetings.conftest import make_circle

pytestmark = pytest.mark.django_db
SEVEN = time(19)


def days(circle):
    meetings = Meeting.objects.filter(cohort=circle.cohort).order_by("session__position")
    return [wall_clock(meeting.starts_at)[0] for meeting in meetings]


def test_nine_sessions_get_nine_dated_meetings(circle):
    assert len(circle.meetings) == 9
    assert days(circle) == [date(2026, 11, 26) + timedelta(weeks=number) for number in range(9)]
    assert {wall_clock(meeting.starts_at)[1] for meeting in circle.meetings} == {SEVEN}
    assert {meeting.discreet_title for meeting in circle.meetings} == {"Avondcursus"}
    assert circle.cohort.ends_on == date(2027, 1, 21)


def test_a_session_without_a_meeting_gets_none(now):
    circle = make_circle(now, members=0, sessions=3)
    circle.course.sessions.filter(position=2).update(meeting="")
    other = make_circle(now, members=0, sessions=3)
    assert len(other.meetings) == 3
    from meetings.queries.groups import sessions_with_meeting

    assert [session.position for session in sessions_with_meeting(circle.course)] == [1, 3]


def move(circle, number, day, now, **fields):
    meeting = Meeting.objects.get(pk=circle.meetings[number - 1].pk)
    starts_at = at_home(day, SEVEN)
    return change_and_tell(
        meeting=meeting,
        state=fields.pop("state", state_of(meeting)),
        by=fields.pop("by", circle.trainer),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=150),
        now=now,
        **fields,
    )


def test_moving_session_four_moves_five_to_nine_along_or_leaves_them(circle, now):
    before = days(circle)
    changed = move(circle, 4, before[3] + timedelta(days=7), now, and_later=True)
    assert [each.session.position for each in changed] == [4, 5, 6, 7, 8, 9]
    assert days(circle) == before[:3] + [day + timedelta(days=7) for day in before[3:]]
    move(circle, 4, before[3], now, and_later=False)
    assert days(circle)[3:5] == [before[3], before[4] + timedelta(days=7)]
    sequences = Meeting.objects.order_by("session__position").values_list("sequence", flat=True)
    assert list(sequences) == [0, 0, 0, 2, 1, 1, 1, 1, 1]


def test_everybody_hears_once_of_a_change_in_one_message_each_per_meeting(circle, now):
    move(circle, 4, date(2026, 12, 18), now, and_later=True)
    told = OutboxMessage.objects.filter(kind="moved")
    assert told.count() == 3 * 6
    assert set(told.values_list("joinable", "optional", "subject")) == {
        (True, False, "Een afspraak is veranderd")
    }


def test_a_change_on_an_older_state_is_refused_and_changes_nothing(circle, now):
    move(circle, 4, date(2026, 12, 18), now)
    with pytest.raises(PlanningRefused):
        move(circle, 4, date(2026, 12, 19), now, state=state_of(circle.meetings[3]))
    assert days(circle)[3] == date(2026, 12, 18)


def test_what_changes_nothing_that_calendars_show_is_no_new_edition(circle, now):
    meeting = circle.meetings[0]
    assert (
        change_and_tell(
            meeting=meeting, state=state_of(meeting), reminder_minutes=60, by=circle.trainer, now=now
        )
        == []
    )
    meeting.refresh_from_db()
    assert (meeting.sequence, meeting.reminder_minutes) == (0, 60)
    assert OutboxMessage.objects.count() == 0


def test_cancelling_keeps_the_row_counts_on_and_tells_once(circle, now):
    meeting = circle.meetings[1]
    assert cancel_and_tell(meeting=meeting, by=circle.trainer, now=now)
    assert not cancel_and_tell(meeting=meeting, by=circle.trainer, now=now)
    meeting.refresh_from_db()
    assert (meeting.cancelled_at, meeting.sequence) == (now, 1)
    assert OutboxMessage.objects.filter(kind="cancelled").count() == 3


def test_reminders_go_out_once_from_the_offset_on_and_again_after_a_move(circle, now):
    meeting = circle.meetings[0]
    early = meeting.starts_at - timedelta(hours=25)
    due = meeting.starts_at - timedelta(hours=24)
    assert (remind(now=early), remind(now=due), remind(now=due + timedelta(minutes=1))) == (0, 1, 0)
    assert OutboxMessage.objects.filter(kind="reminder").count() == 3
    move(circle, 1, date(2026, 11, 30), due + timedelta(hours=1))
    assert remind(now=at_home(date(2026, 11, 29), SEVEN)) == 1
    assert OutboxMessage.objects.filter(kind="reminder").count() == 6


def test_nobody_is_reminded_afterwards_who_signed_off_or_who_wants_fewer(circle, now):
    """The first may be written to in the morning only, the second cannot come, the third switched it off."""
    first, second, third = circle.people
    ContactPreference.objects.create(user=first, safe_from=time(8), safe_until=time(9))
    ContactPreference.objects.create(user=third, only_needed=True)
    meeting = circle.meetings[0]
    from meetings.flows import take_off

    take_off(meeting=meeting, person=second, now=now)
    Meeting.objects.filter(pk=meeting.pk).update(reminder_minutes=120)
    remind(now=meeting.starts_at - timedelta(hours=1))
    reminders = OutboxMessage.objects.filter(kind="reminder")
    assert set(reminders.values_list("recipient", "state")) == {
        (first.pk, "withheld"),
        (third.pk, "withheld"),
    }


def test_a_repeated_meeting_is_planned_as_a_row_and_a_support_group_is_closed(now):
    leader = PersonFactory()
    moments = [at_home(date(2027, 3, 25), SEVEN), at_home(date(2027, 4, 1), SEVEN)]
    planned = plan_meetings(
        moments=moments,
        minutes=90,
        leaders=[leader],
        now=now,
        kind="support",
        title="Samen",
        discreet_title="Avond",
        organisation=OrganisationFactory(),
    )
    assert [(each.closed_list, each.series == planned[0].series) for each in planned] == [(True, True)] * 2
    assert [wall_clock(each.starts_at)[1] for each in planned] == [SEVEN, SEVEN]


def test_who_registered_hears_of_a_move(now):
    meeting, person = MeetingFactory(), PersonFactory()
    register(meeting=meeting, person=person, now=now)
    later = meeting.starts_at + timedelta(days=1)
    ends_at = later + timedelta(hours=2)
    change_and_tell(
        meeting=meeting,
        state=state_of(meeting),
        by=PersonFactory(),
        starts_at=later,
        ends_at=ends_at,
        now=now,
    )
    assert OutboxMessage.objects.get(kind="moved").recipient == person


def test_who_leads_hears_of_it_and_who_changed_it_does_not(circle, now):
    move(circle, 4, date(2026, 12, 18), now, by=circle.coordinator)
    told = OutboxMessage.objects.filter(kind="moved").values_list("recipient", flat=True)
    assert set(told) == {person.pk for person in [*circle.people, circle.trainer]}
    cancel_and_tell(meeting=circle.meetings[4], by=circle.trainer, now=now)
    told = OutboxMessage.objects.filter(kind="cancelled").values_list("recipient", flat=True)
    assert set(told) == {person.pk for person in circle.people}
