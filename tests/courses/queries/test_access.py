"""Who may open what: whoever may not learns nothing."""

import uuid

import pytest

from courses.models import Cohort, Enrolment
from courses.queries.access import (
    course_for,
    course_on_offer,
    lesson_for,
    open_enrolments,
    reflections_of,
    session_for,
    version_for,
)
from courses.services.enrolments import enrol, withdraw
from people.models import Role
from people.services.roles import grant_role
from tests.factories import ActivityFactory, CourseFactory, LessonFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_a_learner_finds_what_is_taught_in_their_course(enrolment, course, django_assert_num_queries):
    learner = enrolment.learner
    with django_assert_num_queries(1):
        lesson, mine = lesson_for(short_key=course.lesson.short_key, learner=learner)
        assert (lesson, lesson.session, mine) == (course.lesson, course.session, enrolment)
    assert session_for(short_key=course.session.short_key, learner=learner) == (course.session, enrolment)
    assert course_for(short_key=course.row.short_key, learner=learner) == enrolment
    assert list(open_enrolments(learner)) == [enrolment]


def test_somebody_else_finds_nothing(enrolment, course):
    stranger = PersonFactory()
    assert lesson_for(short_key=course.lesson.short_key, learner=stranger) is None
    assert session_for(short_key=course.session.short_key, learner=stranger) is None
    assert course_for(short_key=course.row.short_key, learner=stranger) is None


def test_who_stopped_finds_nothing(enrolment, course, now):
    withdraw(enrolment=enrolment, now=now)
    learner = enrolment.learner
    assert lesson_for(short_key=course.lesson.short_key, learner=learner) is None
    assert session_for(short_key=course.session.short_key, learner=learner) is None
    assert course_for(short_key=course.row.short_key, learner=learner) is None
    again = enrol(learner=learner, course=course.row, alias="Maan", now=now)
    assert lesson_for(short_key=course.lesson.short_key, learner=learner) == (course.lesson, again)


def test_who_completed_may_read_everything_again(enrolment, course, now):
    Enrolment.objects.update(status="completed", completed_at=now)
    assert lesson_for(short_key=course.lesson.short_key, learner=enrolment.learner) == (
        course.lesson,
        enrolment,
    )


@pytest.mark.parametrize("what", ["lesson", "session"])
def test_what_is_archived_is_not_found(what, enrolment, course, now):
    row = getattr(course, what)
    row.archived_at = now
    row.save()
    assert lesson_for(short_key=course.lesson.short_key, learner=enrolment.learner) is None
    found = session_for(short_key=course.session.short_key, learner=enrolment.learner)
    assert (found is None) == (what == "session")


def test_a_version_belongs_to_its_activity(course):
    version = course.question.versions.get()
    assert version_for(activity_id=course.question.pk, version_id=version.pk) == version
    assert version_for(activity_id=course.button.pk, version_id=version.pk) is None
    assert version_for(activity_id=course.question.pk, version_id=2**62) is None


def test_texts_are_ones_own_newest_first(enrolment, course, answer, now):
    other = ActivityFactory(lesson=course.lesson, kind="reflection")
    answer(enrolment, course.text, data={"text": "Eerst"})
    answer(enrolment, other, data={"text": "Later"}, at=now.replace(hour=12))
    assert [text.activity for text in reflections_of(enrolment.learner)] == [other, course.text]
    assert list(reflections_of(PersonFactory())) == []


def test_a_course_on_offer_is_found_until_it_is_archived(course, now):
    assert course_on_offer(key=course.row.key) == course.row
    course.row.archived_at = now
    course.row.save()
    assert course_on_offer(key=course.row.key) is None
    assert course_on_offer(key=uuid.uuid4()) is None


# --- whom trainers and coordinators see -----------------------------------------------------------------------------
@pytest.fixture
def groups(now):
    """Two organisations with a course each; the first with a group in Ede and one in Arnhem."""
    courses = [LessonFactory().session.course for _number in range(2)]
    ede, arnhem = (
        Cohort.objects.create(course=courses[0], name=name, region=name) for name in ("Ede", "Arnhem")
    )
    elsewhere = Cohort.objects.create(course=courses[1], name="Elders", region="Ede")

    def learner(course, cohort):
        return enrol(learner=PersonFactory(), course=course, cohort=cohort, alias=str(cohort), now=now)

    return {
        "Ede": learner(courses[0], ede),
        "Arnhem": learner(courses[0], arnhem),
        "alone": learner(courses[0], None),
        "Elders": learner(courses[1], elsewhere),
    }


def seen_by(user, groups):
    visible = set(Enrolment.objects.visible_to(user))
    return [name for name, enrolment in groups.items() if enrolment in visible]


def coordinator(enrolment, now, region=""):
    person = PersonFactory()
    organisation = enrolment.course.programme.organisation
    grant_role(user=person, role=Role.COORDINATOR, organisation=organisation, region=region, now=now)
    return person


def test_learners_see_themselves(groups):
    assert seen_by(groups["Ede"].learner, groups) == ["Ede"]


def test_strangers_and_visitors_see_nobody(groups):
    from django.contrib.auth.models import AnonymousUser

    assert seen_by(PersonFactory(), groups) == []
    assert list(Enrolment.objects.visible_to(AnonymousUser())) == []


def test_trainers_see_their_own_groups(groups):
    trainer = PersonFactory()
    groups["Ede"].cohort.trainers.add(trainer)
    assert seen_by(trainer, groups) == ["Ede"]


def test_being_a_trainer_somewhere_shows_nobody(groups, now):
    trainer = PersonFactory()
    grant_role(
        user=trainer, role=Role.TRAINER, organisation=groups["Ede"].course.programme.organisation, now=now
    )
    assert seen_by(trainer, groups) == []


def test_coordinators_see_their_organisation_or_their_region_of_it(groups, now):
    assert seen_by(coordinator(groups["Ede"], now), groups) == ["Ede", "Arnhem", "alone"]
    assert seen_by(coordinator(groups["Ede"], now, region="Ede"), groups) == ["Ede"]
    assert seen_by(coordinator(groups["Elders"], now, region="Arnhem"), groups) == []


def test_in_care_are_others_who_have_not_stopped(groups, now):
    person = coordinator(groups["Ede"], now)
    enrol(learner=person, course=groups["Ede"].course, alias="Zelf", now=now)
    withdraw(enrolment=groups["Arnhem"], now=now)
    assert {enrolment.alias for enrolment in Enrolment.objects.in_care_of(person)} == {"Ede", "None"}


def test_courses_of_an_organisation_without_a_role_in_it_stay_unseen(groups, now):
    person = PersonFactory()
    grant_role(user=person, role=Role.COORDINATOR, organisation=OrganisationFactory(), now=now)
    assert seen_by(person, groups) == []
    assert CourseFactory().pk not in Enrolment.objects.visible_to(person).values_list("course", flat=True)
