"""Who would get a certificate by a scheme as it is, and by the same scheme as it might become."""

from datetime import date
from types import SimpleNamespace

import pytest
from pytest_django import DjangoAssertNumQueries

from certification.flows import award_and_queue
from certification.models import Award, Scheme
from certification.queries import Prospect, compare
from certification.services.corrections import revoke_award
from courses.models import Enrolment
from courses.services.enrolments import enrol
from people.models import User
from tests.factories import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dutch")]
TODAY = date(2026, 11, 12)
READY = "Je trainer moet nog zeggen dat je er klaar voor bent. Daar praten jullie samen over."
LESSONS = {"activities": {}}


def one(enrolment: Enrolment, stored: Scheme, changed: Scheme | None = None):
    (found,) = compare([enrolment], stored=stored, changed=changed, today=TODAY)
    return found


def asking(course, requirements: dict = LESSONS, **fields) -> Scheme:
    """A scheme that is nowhere saved."""
    return Scheme(course=course, requirements=requirements, **fields)


def test_what_a_scheme_might_ask_is_judged_without_saving_it(completed: Enrolment, record: SimpleNamespace):
    stored = record.make_scheme(completed.course)
    found = one(completed, stored, asking(completed.course, {**LESSONS, "sign_off": {}}))
    assert (found.before.prospect, found.before.missing) == (Prospect.COMES, ())
    assert (found.after.prospect, found.after.missing) == (Prospect.MISSES, (READY,))
    assert (found.differs, found.tips) == (True, True)
    assert Scheme.objects.get().requirements == LESSONS


def test_without_a_change_nothing_differs(completed: Enrolment, record: SimpleNamespace):
    found = one(completed, record.make_scheme(completed.course))
    assert (found.after, found.differs, found.tips) == (None, False, False)


@pytest.mark.parametrize(
    ("fields", "legal_name", "prospect", "gets_it"),
    [
        ({}, "Sanne de Vries", Prospect.COMES, True),
        ({}, "", Prospect.AFTER_NAME, True),
        ({"handing": "confirmed"}, "Sanne de Vries", Prospect.AFTER_YES, True),
        ({"valid_until": TODAY}, "Sanne de Vries", Prospect.COMES, True),
        ({"valid_until": date(2026, 11, 11)}, "Sanne de Vries", Prospect.OVER, False),
        ({"requirements": {"evaluation": {}}}, "Sanne de Vries", Prospect.MISSES, False),
    ],
)
def test_it_says_what_comes_of_it(
    completed: Enrolment, record: SimpleNamespace, fields, legal_name, prospect, gets_it
):
    completed.learner.legal_name = legal_name
    found = one(completed, record.make_scheme(completed.course), asking(completed.course, **fields))
    assert (found.after.prospect, found.after.gets_it) == (prospect, gets_it)


def test_what_nobody_checked_brings_nothing(learner: User, record: SimpleNamespace):
    course = record.make_course(graded=False)
    stored = record.make_scheme(course)
    enrolment = record.complete(enrol(learner=learner, course=course, alias="Roos", now=record.start))
    found = one(enrolment, stored)
    assert (found.before.prospect, found.before.gets_it) == (Prospect.UNCHECKED, False)


def test_an_award_stays_whatever_is_asked(award: Award, record: SimpleNamespace):
    stored = record.make_scheme(award.enrolment.course)
    found = one(award.enrolment, stored, asking(award.enrolment.course, {"sign_off": {}}))
    assert (found.before, found.differs) == (found.after, False)
    assert (found.after.prospect, found.after.missing) == (Prospect.HAS, ())


def test_what_was_withdrawn_is_not_said_to_be_kept(award: Award, record: SimpleNamespace):
    revoke_award(award=award, by=PersonFactory(), reason="Op verzoek", now=record.end)
    found = one(award.enrolment, record.make_scheme(award.enrolment.course))
    assert (found.before.prospect, found.before.gets_it) == (Prospect.WITHDRAWN, False)


def test_who_differs_comes_first_and_most_who_would_or_would_not_get_it(
    completed: Enrolment, record: SimpleNamespace
):
    course = completed.course
    stored = record.make_scheme(course)
    given, begun = (
        enrol(learner=PersonFactory(legal_name="Ander"), course=course, alias=alias, now=record.start)
        for alias in ("Aap", "Beer")
    )
    award_and_queue(enrolment=record.complete(given), now=record.end)
    found = compare(
        [given, begun, completed],
        stored=stored,
        changed=asking(course, {**LESSONS, "sign_off": {}}),
        today=TODAY,
    )
    assert [(each.enrolment.alias, each.tips, each.differs) for each in found] == [
        ("Roos", True, True),
        ("Beer", False, True),
        ("Aap", False, False),
    ]


def test_it_costs_the_same_for_one_and_for_many(
    completed: Enrolment, record: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
):
    course = completed.course
    stored = record.make_scheme(course)
    for number in range(4):
        enrol(learner=PersonFactory(), course=course, alias=f"A{number}", now=record.start)
    many = list(Enrolment.objects.select_related("learner").order_by("pk"))
    for enrolments in (many[:1], many):
        # awards; required, parts, done, graded, judged, signed off: once for both schemes
        with django_assert_num_queries(7):
            found = compare(enrolments, stored=stored, changed=asking(course, {"sign_off": {}}), today=TODAY)
        assert len(found) == len(enrolments)
