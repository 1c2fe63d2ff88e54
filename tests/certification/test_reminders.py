"""Reminders before a certificate ends: in time, once, discreet, and not where it was renewed."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from pytest_django import DjangoAssertNumQueries

from certification.flows import award_and_queue, remind_of_ends
from certification.models import Award
from certification.queries.renewal import reminder_due
from certification.services.corrections import revoke_award
from courses.models import Enrolment
from courses.services.enrolments import enrol
from people.models import OutboxMessage
from people.services.privacy import erase_person
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
END = date(2027, 11, 12)


def at(days_before: int, clock: int = 12) -> datetime:
    return datetime(2027, 11, 12, clock).astimezone() - timedelta(days=days_before)


@pytest.fixture
def ending(completed: Enrolment, record: SimpleNamespace) -> Award:
    record.make_scheme(completed.course, valid_months=12)
    award = award_and_queue(enrolment=completed, now=record.end)
    assert award.valid_until == END
    return award


def causes() -> list[str]:
    return [
        each.cause.rpartition(":")[2]
        for each in OutboxMessage.objects.filter(kind="renewal").order_by("created_at")
    ]


@pytest.mark.parametrize(
    ("left", "reminder"),
    [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)],
)
def test_the_last_reminder_whose_day_has_come_is_due(left: int, reminder: int | None):
    assert reminder_due(END, END - timedelta(days=left)) == reminder


def test_three_reminders_each_once(ending: Award):
    for left in range(100, -5, -1):
        remind_of_ends(now=at(left))
        remind_of_ends(now=at(left, clock=13))
    assert causes() == ["90", "30", "7"]


def test_a_clock_that_stood_still_sends_one_not_three(ending: Award):
    assert remind_of_ends(now=at(3)) == 1
    assert causes() == ["7"]


def test_a_clock_put_back_a_day_sends_nothing_twice(ending: Award):
    assert [remind_of_ends(now=at(left)) for left in (30, 31, 30)] == [1, 1, 0]
    assert causes() == ["90", "30"]


def test_a_reminder_says_nothing_of_the_course(ending: Award):
    remind_of_ends(now=at(30))
    message = OutboxMessage.objects.get(kind="renewal")
    assert message.subject == "Een datum om te onthouden"
    assert "12 november 2027" in message.text
    assert not [word for word in ("Motiverende", "certificaat", ending.serial) if word in message.text]


def test_what_was_renewed_withdrawn_or_erased_needs_no_reminder(
    ending: Award, completed: Enrolment, record: SimpleNamespace
):
    refresher = record.make_course()
    record.make_scheme(refresher, valid_months=12)
    completed.course.scheme.refresher = refresher
    completed.course.scheme.save()
    again = enrol(learner=completed.learner, course=refresher, alias="R", now=at(60))
    renewal = award_and_queue(enrolment=record.complete(again), now=at(60))
    assert remind_of_ends(now=at(30)) == 0
    revoke_award(award=renewal, now=at(29))
    assert remind_of_ends(now=at(29)) == 1  # the earlier one counts again by itself
    revoke_award(award=ending, now=at(28))
    assert remind_of_ends(now=at(7)) == 0


def test_an_erased_holder_is_told_nothing(ending: Award):
    erase_person(user=ending.holder, now=at(200))
    assert remind_of_ends(now=at(7)) == 0


def test_looking_for_what_ends_costs_two_queries_when_all_were_told(
    ending: Award, record: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
):
    for _ in range(3):
        other = enrol(
            learner=PersonFactory(legal_name="Ander"),
            course=ending.enrolment.course,
            alias="A",
            now=record.start,
        )
        award_and_queue(enrolment=record.complete(other), now=record.end)
    assert remind_of_ends(now=at(30)) == 4
    with django_assert_num_queries(2):  # what ends; what was told
        assert remind_of_ends(now=at(29)) == 0
