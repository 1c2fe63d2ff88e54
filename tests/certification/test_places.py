"""Where what a certificate still asks can be done."""

from types import SimpleNamespace

import pytest
from pytest_django import DjangoAssertNumQueries

from certification.queries import standings, with_places
from courses.models import Activity, Enrolment
from courses.services.enrolments import enrol
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
ASKED = {"activities": {}, "final_test": {}, "evaluation": {}, "assignment": {}, "sign_off": {}}


@pytest.fixture
def asked(record: SimpleNamespace) -> Enrolment:
    """Somebody new in a course that asks for all there is to do."""
    course = record.make_course(also=("quiz", "survey", "assignment"))
    record.make_scheme(course, requirements=ASKED)
    return enrol(learner=PersonFactory(legal_name="Sanne"), course=course, alias="Roos", now=record.start)


def places(enrolment: Enrolment, record: SimpleNamespace) -> dict[str, list[str]]:
    enrolment = Enrolment.objects.get(pk=enrolment.pk)
    (standing,) = with_places(standings([enrolment]), now=record.end)
    return {kind: [each.activity.kind for each in found] for kind, found in standing.places.items()}


def test_each_kind_leads_to_its_own_and_the_lessons_to_the_first_that_is_open(
    asked: Enrolment, record: SimpleNamespace
):
    first = {"activities": ["read"]}
    rest = {"final_test": ["quiz"], "evaluation": ["survey"], "assignment": ["assignment"], "sign_off": []}
    assert places(asked, record) == first | rest
    record.do(asked, "quiz")
    del rest["final_test"]
    assert places(asked, record) == first | rest
    record.complete(asked)
    assert places(asked, record) == rest


def test_what_was_taken_out_of_the_course_leads_nowhere(asked: Enrolment, record: SimpleNamespace):
    first, second, *_others = Activity.objects.filter(required=True).order_by(
        "lesson__session__position", "lesson__position", "position"
    )
    Activity.objects.filter(pk=first.pk).update(retired_at=record.end)
    (standing,) = with_places(standings([asked]), now=record.end)
    assert [each.activity for each in standing.places["activities"]] == [second]


def test_places_cost_the_same_for_one_and_for_many_and_nothing_where_all_is_met(
    asked: Enrolment,
    completed: Enrolment,
    record: SimpleNamespace,
    django_assert_num_queries: DjangoAssertNumQueries,
):
    many = [
        enrol(learner=PersonFactory(), course=asked.course, alias="Ander", now=record.start) for _ in range(3)
    ]
    for enrolments in ([asked], [asked, *many]):
        known = standings(enrolments)
        with django_assert_num_queries(1):  # the activities; nobody misses a meeting
            with_places(known, now=record.end)
    met = standings([completed])
    with django_assert_num_queries(0):
        with_places(met, now=record.end)
