"""Starting and stopping a course, by whichever way in."""

import datetime
import threading
import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from courses.models import Activity, ActivityState, Attempt, Cohort, Course, Enrolment
from courses.queries.access import lesson_for, open_cohort
from courses.queries.progress import enrolments_of
from courses.services.attempts import record_answer
from courses.services.enrolments import EnrolmentRefused, complete_as_it_is, enrol, note_place, withdraw
from courses.services.progress import refresh
from people.models import User
from tests.factories import ActivityFactory, CourseFactory, LessonFactory, PersonFactory

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def learner(db):
    return PersonFactory()


def cohort_of(course, **more):
    return Cohort.objects.create(course=course, name="Groep", **more)


def test_starting_freezes_what_is_asked_and_takes_the_alias(learner, now):
    activity = ActivityFactory(kind="read")
    enrolment = enrol(learner=learner, course=activity.lesson.session.course, alias="Maan", now=now)
    assert (enrolment.alias, enrolment.status, enrolment.started_at, enrolment.here) == (
        "Maan",
        "active",
        now,
        None,
    )
    assert [item.activity for item in enrolment.course_version.items.all()] == [activity]


def test_starting_twice_gives_the_same_enrolment(learner, now):
    course = CourseFactory()
    first = enrol(learner=learner, course=course, alias="Maan", now=now)
    assert enrol(learner=learner, course=course, alias="Ster", now=now + HOUR) == first
    assert Enrolment.objects.get().alias == "Maan"


def test_who_stopped_starts_anew_and_keeps_the_old_record(learner, now):
    course = CourseFactory()
    first = enrol(learner=learner, course=course, alias="Maan", now=now)
    withdraw(enrolment=first, now=now + HOUR)
    second = enrol(learner=learner, course=course, alias="Ster", now=now + 2 * HOUR)
    assert second != first
    assert list(Enrolment.objects.order_by("started_at").values_list("status", "withdrawn_at")) == [
        ("withdrawn", now + HOUR),
        ("active", None),
    ]


def test_who_completed_cannot_start_again_nor_stop(learner, now):
    course = CourseFactory()
    first = enrol(learner=learner, course=course, alias="Maan", now=now)
    Enrolment.objects.update(status="completed", completed_at=now)
    assert enrol(learner=learner, course=course, alias="Maan", now=now) == first
    withdraw(enrolment=first, now=now)
    assert Enrolment.objects.get().status == "completed"


def test_the_database_refuses_a_second_open_enrolment(learner, now):
    course = CourseFactory()
    first = enrol(learner=learner, course=course, alias="Maan", now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(
            learner=learner, course=course, course_version=first.course_version, alias="Ster", started_at=now
        )


def test_an_archived_course_cannot_be_started(learner, now):
    with pytest.raises(EnrolmentRefused):
        enrol(learner=learner, course=CourseFactory(archived_at=now), alias="Maan", now=now)
    assert Enrolment.objects.count() == 0


def test_a_closed_course_is_joined_through_a_group(learner, now):
    course = CourseFactory(open_enrolment=False)
    with pytest.raises(EnrolmentRefused):
        enrol(learner=learner, course=course, alias="Maan", now=now)
    cohort = cohort_of(course)
    assert enrol(learner=learner, course=course, alias="Maan", cohort=cohort, now=now).cohort == cohort


def test_a_code_finds_its_group_whatever_its_case(learner, now):
    course = CourseFactory(open_enrolment=False)
    cohort_of(course, way_in="code", code="ROOS-1")
    cohort = cohort_of(course, way_in="code", code="MAAN-42")
    cohort_of(CourseFactory(), way_in="code", code="ELDERS")
    for wrong in ("maan-43", "ELDERS", "%"):
        with pytest.raises(EnrolmentRefused):
            enrol(learner=learner, course=course, alias="Maan", code=wrong, now=now)
    assert enrol(learner=learner, course=course, alias="Maan", code=" maan-42 ", now=now).cohort == cohort


@pytest.mark.parametrize("code", ["", "roos"])
def test_a_group_with_a_code_asks_for_it(code, learner, now):
    course = CourseFactory()
    cohort = cohort_of(course, way_in="code", code="MAAN-42")
    with pytest.raises(EnrolmentRefused):
        enrol(learner=learner, course=course, alias="Maan", cohort=cohort, code=code, now=now)
    assert Enrolment.objects.count() == 0


def test_the_group_of_another_course_is_a_mistake(learner, now):
    with pytest.raises(ValueError, match="another course"):
        enrol(learner=learner, course=CourseFactory(), alias="M", cohort=cohort_of(CourseFactory()), now=now)


def test_a_full_group_takes_nobody_until_somebody_stops(learner, now):
    course = CourseFactory()
    cohort = cohort_of(course, capacity=1)
    first = enrol(learner=PersonFactory(), course=course, alias="Ster", cohort=cohort, now=now)
    with pytest.raises(EnrolmentRefused):
        enrol(learner=learner, course=course, alias="Maan", cohort=cohort, now=now)
    withdraw(enrolment=first, now=now)
    assert enrol(learner=learner, course=course, alias="Maan", cohort=cohort, now=now).status == "active"


@pytest.mark.parametrize(
    "unsound",
    [
        {"way_in": "code", "code": ""},
        {"starts_on": datetime.date(2026, 5, 2), "ends_on": datetime.date(2026, 5, 1)},
    ],
    ids=["a code without a code", "ends before it starts"],
)
def test_the_database_refuses_an_unsound_group(unsound, learner):
    with pytest.raises(IntegrityError), transaction.atomic():
        cohort_of(CourseFactory(), **unsound)


def test_the_place_is_written_only_when_it_is_another(learner, now, django_assert_num_queries):
    lesson = LessonFactory()
    enrolment = enrol(learner=learner, course=lesson.session.course, alias="Maan", now=now)
    with django_assert_num_queries(1):
        note_place(enrolment=enrolment, lesson_id=lesson.pk)
    enrolment.refresh_from_db()
    assert enrolment.here == lesson
    with django_assert_num_queries(0):
        note_place(enrolment=enrolment, lesson_id=lesson.pk)


# --- at the same moment ---------------------------------------------------------------------------------------------
def at_once(jobs):
    """Run jobs in threads that start together; returns what each gave, or the exception it raised."""
    start, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(number, job):
        try:
            start.wait(timeout=30)
            results[number] = job()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.mark.django_db(transaction=True)
def test_a_group_never_takes_more_than_it_has_places(now):
    course = CourseFactory()
    cohort = cohort_of(course, capacity=3)
    people = [PersonFactory() for _number in range(8)]

    def job(person):
        return lambda: enrol(
            learner=User.objects.get(pk=person.pk),
            course=Course.objects.get(pk=course.pk),
            cohort=Cohort.objects.get(pk=cohort.pk),
            alias="M",
            now=now,
        )

    results = at_once([job(person) for person in people])
    assert sorted(type(result).__name__ for result in results) == ["Enrolment"] * 3 + ["GroupFull"] * 5
    assert cohort.enrolments.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_double_click_starts_once(now):
    course, person = CourseFactory(), PersonFactory()
    results = at_once(
        [lambda: enrol(learner=person, course=Course.objects.get(pk=course.pk), alias="M", now=now)] * 5
    )
    assert len({result.pk for result in results}) == 1
    assert Enrolment.objects.count() == 1


@pytest.fixture
def done(learner, now):
    """A course that the learner completed in a group, with an answer in it."""
    activity = ActivityFactory(kind="read")
    course = activity.lesson.session.course
    enrolment = enrol(learner=learner, course=course, cohort=cohort_of(course), alias="Maan", now=now)
    record_answer(
        enrolment=enrolment, version=activity.versions.get(), data={"read": "on"}, uuid=uuid.uuid4(), now=now
    )
    refresh(enrolment=enrolment, activity_id=activity.pk, now=now)
    assert enrolment.status == "completed"
    return enrolment


def test_doing_a_completed_course_once_more_starts_clean_and_leaves_the_record_as_it_was(done, now):
    before = list(Attempt.objects.values()), list(ActivityState.objects.values())
    again = enrol(learner=done.learner, course=done.course, alias="Ster", again=True, now=now + HOUR)
    assert (again.status, again.states.count(), again.attempts.count()) == ("active", 0, 0)
    assert (list(Attempt.objects.values()), list(ActivityState.objects.values())) == before
    done.refresh_from_db()
    assert (done.status, done.begun_again_at, done.cohort.name) == ("completed", now + HOUR, "Groep")
    assert list(enrolments_of(done.learner)) == [again]
    lesson = Activity.objects.get().lesson
    assert lesson_for(short_key=lesson.short_key, learner=done.learner)[1] == again
    # A second press finds what the first one made.
    assert enrol(learner=done.learner, course=done.course, alias="Zon", again=True, now=now + HOUR) == again


def test_who_is_still_under_way_goes_on(learner, now):
    course = CourseFactory()
    first = enrol(learner=learner, course=course, alias="Maan", now=now)
    assert enrol(learner=learner, course=course, alias="Maan", again=True, now=now + HOUR) == first


def test_a_course_is_completed_as_it_is_once_and_only_while_it_is_under_way(learner, now):
    first = enrol(learner=learner, course=CourseFactory(), alias="Maan", now=now)
    for hours in (1, 2):
        complete_as_it_is(enrolment=first, now=now + hours * HOUR)
    first.refresh_from_db()
    assert (first.status, first.completed_at) == ("completed", now + HOUR)
    stopped = enrol(learner=learner, course=CourseFactory(), alias="Maan", now=now)
    withdraw(enrolment=stopped, now=now)
    complete_as_it_is(enrolment=stopped, now=now + HOUR)
    stopped.refresh_from_db()
    assert stopped.status == "withdrawn"


def test_not_once_more_in_the_same_group(done, now):
    with pytest.raises(EnrolmentRefused, match="een andere"):
        enrol(learner=done.learner, course=done.course, cohort=done.cohort, alias="Ster", again=True, now=now)
    assert open_cohort(course=done.course, learner=done.learner, today=now.date()) is None
    other = cohort_of(done.course)
    assert open_cohort(course=done.course, learner=done.learner, today=now.date()) == other
    assert Enrolment.objects.get().begun_again_at is None


def test_who_completed_it_and_is_admitted_to_another_group_does_it_once_more(done, now):
    other = cohort_of(done.course, way_in="invitation")
    again = enrol(
        learner=done.learner, course=done.course, cohort=other, alias="Ster", admitted=True, now=now + HOUR
    )
    assert (again.cohort, again.status, Enrolment.objects.count()) == (other, "active", 2)


def test_who_stops_doing_it_once_more_is_back_where_they_completed_it(done, now):
    again = enrol(learner=done.learner, course=done.course, alias="Ster", again=True, now=now + HOUR)
    withdraw(enrolment=again, now=now + 2 * HOUR)
    assert list(enrolments_of(done.learner)) == [done]


def test_the_database_keeps_one_record_in_use_and_leaves_nothing_half_done_behind(done, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(
            learner=done.learner,
            course=done.course,
            course_version=done.course_version,
            alias="Ster",
            started_at=now,
        )
    again = enrol(learner=done.learner, course=done.course, alias="Ster", again=True, now=now + HOUR)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.filter(pk=again.pk).update(begun_again_at=now)
