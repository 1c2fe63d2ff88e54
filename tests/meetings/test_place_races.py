"""Fifty people at the last places at once, and offers that are accepted, declined and run out together. On both databases."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections

from courses.models import Cohort, Enrolment
from meetings.flows import (
    answer_group_offer,
    answer_meeting_offer,
    change_and_tell,
    leave_group,
    let_offers_run_out,
    register,
    remind,
    take_off,
    wait_for_group,
)
from meetings.models import Meeting, Registration
from meetings.services.attendance import Mark, record_attendance
from meetings.services.places import PlaceRefused
from meetings.services.planning import state_of
from people.models import OutboxMessage
from tests.factories import MeetingFactory, PersonFactory
from tests.figures import figure
from tests.meetings.conftest import make_circle

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, PLACES = 50, 8


def at_once(*works: Callable[[], object]) -> list[object]:
    """Each in a thread of its own with a connection of its own, started together. What they returned, or raised."""
    gate = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def one(number: int, work: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=60)
            results[number] = work()
        except Exception as error:  # the test looks at it
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=150)
    return results


def statuses(meeting: Meeting) -> Counter[str]:
    return Counter(Registration.objects.filter(meeting=meeting).values_list("status", flat=True))


def test_fifty_registrations_at_once_for_eight_places(now):
    meeting = MeetingFactory(capacity=PLACES)
    people = [PersonFactory() for _number in range(PEOPLE)]
    results = at_once(
        *(lambda person=person: register(meeting=meeting, person=person, now=now).status for person in people)
    )
    assert [each for each in results if isinstance(each, Exception)] == []
    found = statuses(meeting)
    turns = Registration.objects.filter(meeting=meeting, status="waiting").values_list("position", flat=True)
    figure(f"{PEOPLE} registrations at once for {PLACES} places on {connection.vendor}: {dict(found)}")
    assert found == {"registered": PLACES, "waiting": PEOPLE - PLACES}
    assert sorted(turns) == list(range(1, PEOPLE - PLACES + 1))


def test_one_person_pressing_twenty_times_has_one_place(now):
    meeting, person = MeetingFactory(capacity=PLACES), PersonFactory()
    at_once(*(lambda: register(meeting=meeting, person=person, now=now) for _click in range(20)))
    assert statuses(meeting) == {"registered": 1}


def test_places_that_come_free_at_once_are_offered_once_each(now):
    """Eight leave while eight others ask; then all with an offer answer at once, and the clock runs among them."""
    meeting = MeetingFactory(capacity=PLACES)
    people = [PersonFactory() for _number in range(PLACES * 3)]
    for person in people[: PLACES * 2]:
        register(meeting=meeting, person=person, now=now)
    leaving = [
        lambda person=person: take_off(meeting=meeting, person=person, now=now) for person in people[:PLACES]
    ]
    asking = [
        lambda person=person: register(meeting=meeting, person=person, now=now)
        for person in people[PLACES * 2 :]
    ]
    results = at_once(*leaving, *asking)
    assert [each for each in results if isinstance(each, Exception)] == []
    assert statuses(meeting) == {"cancelled": PLACES, "offered": PLACES, "waiting": PLACES}
    assert OutboxMessage.objects.filter(kind="offer").count() == PLACES

    offered = list(Registration.objects.filter(meeting=meeting, status="offered").select_related("person"))
    soon = now + timedelta(hours=1)
    answers = [
        lambda place=place, yes=bool(number % 2): (
            answer_meeting_offer(meeting=meeting, person=place.person, accept=yes, now=soon).status
        )
        for number, place in enumerate(offered)
    ]
    results = at_once(*answers, *(lambda: let_offers_run_out(now=soon) for _clock in range(3)))
    assert [each for each in results if isinstance(each, Exception)] == []
    found = statuses(meeting)
    figure(f"{PLACES} answers and three clocks at once on {connection.vendor}: {dict(found)}")
    assert found == {"cancelled": PLACES, "registered": 4, "declined": 4, "offered": 4, "waiting": 4}
    assert OutboxMessage.objects.filter(kind="offer").count() == PLACES + 4


def test_accepting_and_running_out_at_once_give_the_place_to_one(now):
    meeting = MeetingFactory(capacity=1)
    first, second, third = (PersonFactory() for _number in range(3))
    for person in (first, second, third):
        register(meeting=meeting, person=person, now=now)
    take_off(meeting=meeting, person=first, now=now)
    late = now + timedelta(hours=48)

    def accept() -> str:
        try:
            return answer_meeting_offer(meeting=meeting, person=second, accept=True, now=late).status
        except PlaceRefused:
            return "refused"

    at_once(*[accept] * 5, *[lambda: let_offers_run_out(now=late)] * 5)
    places = dict(Registration.objects.values_list("person", "status"))
    assert (places[second.pk], places[third.pk]) == ("expired", "offered")
    assert OutboxMessage.objects.filter(kind="offer", recipient=third).count() == 1


def test_fifty_at_once_into_a_group_of_eight(now):
    circle = make_circle(now, members=0, sessions=1, way_in="open")
    people = [PersonFactory() for _number in range(PEOPLE)]
    results = at_once(
        *(
            lambda person=person: (
                wait_for_group(cohort=circle.cohort, person=person, alias=person.alias, now=now).status
            )
            for person in people
        )
    )
    inside = Enrolment.objects.filter(cohort=circle.cohort).exclude(status="withdrawn").count()
    figure(
        f"{PEOPLE} at once into a group of {PLACES} on {connection.vendor}: {dict(Counter(map(str, results)))}"
    )
    assert Counter(results) == {"registered": PLACES, "waiting": PEOPLE - PLACES}
    assert inside == PLACES
    # Four leave at once, and four who waited come in.
    members = list(Enrolment.objects.filter(cohort=circle.cohort).select_related("learner", "cohort"))[:4]
    at_once(*(lambda member=member: leave_group(enrolment=member, now=now) for member in members))
    waiting = list(circle.cohort.places.filter(status="offered").select_related("person"))
    assert (len(waiting), Cohort.objects.get().held) == (4, 4)
    at_once(
        *(
            lambda place=place: answer_group_offer(
                cohort=circle.cohort, person=place.person, accept=True, now=now
            )
            for place in waiting
        )
    )
    inside = Enrolment.objects.filter(cohort=circle.cohort).exclude(status="withdrawn").count()
    assert (inside, Cohort.objects.get().held) == (PLACES, 0)


def test_a_meeting_moved_while_people_register_loses_nobody_and_tells_who_was_in(now):
    meeting = MeetingFactory(capacity=None)
    people = [PersonFactory() for _number in range(10)]
    later = meeting.starts_at + timedelta(days=1)
    move = {"starts_at": later, "ends_at": later + timedelta(hours=2)}
    results = at_once(
        lambda: change_and_tell(
            meeting=meeting, state=state_of(meeting), by=PersonFactory(), now=now, **move
        ),
        *(lambda person=person: register(meeting=meeting, person=person, now=now) for person in people),
    )
    assert [each for each in results if isinstance(each, Exception)] == []
    assert statuses(meeting) == {"registered": 10}
    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.sequence) == (later, 1)
    # Whoever registered before the move was told of it, once; the others saw the new day when they registered.
    assert OutboxMessage.objects.filter(kind="moved").count() <= 10


def test_two_trainers_writing_and_two_clocks_reminding_leave_one_of_each(now):
    circle = make_circle(now, members=3, sessions=1)
    (meeting,) = circle.meetings
    at_once(*[lambda: remind(now=meeting.starts_at - timedelta(hours=2))] * 4)
    assert OutboxMessage.objects.filter(kind="reminder").count() == 3

    def write(status: str) -> Callable[[], object]:
        marks = [Mark(person.pk, status) for person in circle.people]
        return lambda: record_attendance(
            meeting=meeting, marks=marks, by=circle.trainer, now=meeting.starts_at
        )

    results = at_once(*[write("present"), write("absent")] * 5)
    assert [each for each in results if isinstance(each, Exception)] == []
    current = meeting.attendances.filter(replacement=None).values_list("person", flat=True)
    assert sorted(current) == sorted(person.pk for person in circle.people)
