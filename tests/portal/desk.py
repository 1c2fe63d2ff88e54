"""What the tests of the trainers' desk share: a group with its trainer, and people in it."""

from courses.models import Cohort, Enrolment
from courses.services.enrolments import enrol
from people.models import Role
from people.services.roles import grant_role
from tests.factories import PersonFactory


def trainer_of(cohort, now, alias="Joost"):
    person = PersonFactory(alias=alias)
    grant_role(user=person, role=Role.TRAINER, organisation=cohort.course.programme.organisation, now=now)
    cohort.trainers.add(person)
    return person


def group_of(course, now, *aliases, name="Groep Noord"):
    """A group with these learners. The group, and the enrolments in the order of the names."""
    cohort = Cohort.objects.create(course=course, name=name)
    return cohort, [member(cohort, alias, now) for alias in aliases]


def member(cohort, alias, now):
    return enrol(
        learner=PersonFactory(alias=alias), course=cohort.course, cohort=cohort, alias=alias, now=now
    )


def many_members(cohort, number, now):
    """Bare rows, quickly: for counting what a page costs."""
    like = Enrolment.objects.filter(cohort=cohort).first()
    people = [PersonFactory.build(alias=f"A{count:03}", password="!") for count in range(number)]
    type(people[0]).objects.bulk_create(people)
    Enrolment.objects.bulk_create(
        Enrolment(
            learner=person,
            course=cohort.course,
            cohort=cohort,
            course_version_id=like.course_version_id,
            alias=person.alias,
            started_at=now,
        )
        for person in people
    )
