"""Who came into a group when some of its evenings were over: no attendance there, and catching up on their own word."""

from datetime import timedelta

import pytest
from django.urls import reverse

from certification.queries import evidence_of
from certification.requirements import Presence
from courses.models import Enrolment
from courses.services.enrolments import enrol
from meetings.flows import catch_up_with, leave_group, wait_for_group, write_attendance
from meetings.models import Attendance
from meetings.queries.agenda import session_meetings
from meetings.queries.participants import to_write_down
from meetings.services.attendance import Mark
from tests.factories import PersonFactory
from tests.meetings.browsing import as_shown
from tests.meetings.conftest import browser_of, make_circle

pytestmark = pytest.mark.django_db
CIRCLE = ["Vogel 0", "Vogel 1", "Vogel 2"]


def let_in(circle, now, person=None):
    person = person or PersonFactory(alias="Maan")
    wait_for_group(cohort=circle.cohort, person=person, alias="Maan", now=now)
    return Enrolment.objects.in_use().get(learner=person)


def listed(meeting):
    return [each.alias for each in to_write_down(meeting)]


def test_an_evening_before_somebody_came_in_gives_them_no_minutes(circle, time_machine):
    first, second = circle.meetings[:2]
    today = first.ends_at + timedelta(days=10)
    time_machine.move_to(today, tick=False)
    member = let_in(circle, today)
    client, address = browser_of(circle.trainer), reverse("attendance", args=[first.pk])
    assert client.post(address, as_shown(client.get(address).text)).status_code == 302
    rows = Attendance.objects.order_by("person__alias").values_list("person__alias", "minutes")
    assert list(rows) == [(alias, 150) for alias in CIRCLE]
    # The evening still counts as one of the group: what they did not come to they catch up with.
    presences = [each.presence for each in evidence_of([member])[member.pk].meetings]
    assert presences == [Presence.TO_COME] * 9
    assert listed(second) == CIRCLE
    assert listed(circle.meetings[2]) == ["Maan", *CIRCLE]


def test_who_comes_in_while_the_meeting_lasts_is_on_its_list(circle):
    let_in(circle, circle.meetings[0].ends_at - timedelta(minutes=1))
    assert listed(circle.meetings[0]) == ["Maan", *CIRCLE]


def test_who_learned_by_themselves_before_counts_from_when_they_came_into_the_group(circle, now):
    circle.course.open_enrolment = True
    circle.course.save()
    person, first = PersonFactory(), circle.meetings[0]
    enrol(learner=person, course=circle.course, alias="Maan", now=now)
    member = let_in(circle, first.ends_at, person)
    assert (member.started_at, member.cohort) == (now, circle.cohort)
    assert (listed(first), listed(circle.meetings[1])) == (CIRCLE, ["Maan", *CIRCLE])


def test_what_was_written_down_of_who_came_in_later_can_still_be_changed(circle):
    first = circle.meetings[0]
    member = let_in(circle, first.ends_at)
    mark = Mark(member.learner_id, "present")
    write_attendance(meeting=first, marks=[mark], by=circle.trainer, now=first.ends_at)
    assert listed(first) == ["Maan", *CIRCLE]


def test_who_stopped_and_came_back_was_in_until_they_stopped(circle):
    first, second, third = circle.meetings[:3]
    leave_group(enrolment=circle.members[0], now=first.ends_at + timedelta(days=1))
    let_in(circle, second.ends_at + timedelta(days=1), circle.people[0])
    assert [len(to_write_down(each)) for each in (first, second, third)] == [3, 2, 3]


def test_what_was_before_coming_in_is_caught_up_with_as_what_was_missed(circle):
    first, second = circle.meetings[:2]
    now = first.ends_at + timedelta(days=1)
    member = let_in(circle, now)
    (mine, earlier) = (session_meetings(each) for each in (member, circle.members[0]))
    assert [mine[each.session_id].missed for each in (first, second)] == [True, False]
    assert [earlier[each.session_id].missed for each in (first, second)] == [False, False]
    row = catch_up_with(meeting=first, person=member.learner, now=now)
    assert (row.status, row.minutes, row.by_self, row.replaces) == ("caught_up", 0, True, None)
    assert session_meetings(member)[first.session_id].missed is False
    for meeting, person in ((first, member), (second, member), (first, circle.members[0])):
        assert catch_up_with(meeting=meeting, person=person.learner, now=now) is None
    stranger = PersonFactory()
    assert catch_up_with(meeting=first, person=stranger, now=now) is None
    assert evidence_of([member])[member.pk].meetings[0].presence == Presence.CAUGHT_UP


def test_who_came_into_a_room_that_ran_late_is_written_down_there(now):
    circle = make_circle(now, members=1)
    first = circle.meetings[0]
    member = let_in(circle, first.ends_at)
    came = [each.alias for each in to_write_down(first, came={member.learner_id})]
    assert (came, listed(first)) == (["Maan", "Vogel 0"], ["Vogel 0"])
