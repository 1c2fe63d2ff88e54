"""Earning by a scheme: what it asks, when it is given, what it freezes, and what a change of it does not do."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from certification.flows import award_and_queue, award_pending, award_what_waited, confirm_award, say_ready
from certification.models import Accreditation, Award, Points, Register, Scheme, Signatory, SignOff
from certification.months import add_months
from certification.queries import evidence_of, standings
from certification.rules import earned_points
from courses.models import Cohort, Enrolment, Submission
from courses.services.enrolments import enrol
from courses.services.feedback import give_feedback, wait_out
from courses.services.progress import refresh
from people.models import User
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
ALL = {"activities": {}, "final_test": {}, "evaluation": {}, "assignment": {}, "sign_off": {}}


@pytest.fixture
def rich(learner: User, record: SimpleNamespace) -> Enrolment:
    """Somebody in a group of a course with a test, an evaluation and an assignment, whose scheme asks all there is."""
    course = record.make_course(also=("quiz", "survey", "assignment"))
    record.make_scheme(course, requirements=ALL)
    cohort = Cohort.objects.create(course=course, name="Ede")
    cohort.trainers.add(PersonFactory())
    return enrol(learner=learner, course=course, cohort=cohort, alias="Roos", now=record.start)


def answer_assignment(enrolment: Enrolment, level: str, now: datetime) -> None:
    submission = Submission.objects.select_related("attempt__version__activity").get(superseded_at=None)
    criteria = submission.attempt.version.specification["criteria"]
    give_feedback(
        submission=submission,
        trainer=enrolment.cohort.trainers.get(),
        levels={each["key"]: level for each in criteria},
        words="Zo is het.",
        now=now,
    )
    refresh(enrolment=enrolment, activity_id=submission.activity_id, now=now)


def missing(enrolment: Enrolment) -> list[str]:
    (standing,) = standings([enrolment])
    return [kind for kind, outcome in standing.verdict.outcomes.items() if not outcome.met]


def test_the_list_shrinks_until_the_award_is_there(rich: Enrolment, record: SimpleNamespace):
    assert missing(rich) == list(ALL)
    record.complete(rich)
    assert missing(rich) == ["final_test", "evaluation", "assignment", "sign_off"]
    record.do(rich, "quiz")
    record.do(rich, "survey")
    assert missing(rich) == ["assignment", "sign_off"]
    record.do(rich, "assignment")
    assert missing(rich) == ["assignment", "sign_off"]  # handed in; nobody looked yet
    answer_assignment(rich, "not_yet", record.end)
    assert missing(rich) == ["assignment", "sign_off"]
    answer_assignment(rich, "enough", record.end)
    assert missing(rich) == ["sign_off"]
    assert award_and_queue(enrolment=rich, now=record.end) is None
    award = say_ready(enrolment=rich, by=rich.cohort.trainers.get(), ready=True, now=record.end)
    assert award.requirements == [
        {"kind": "activities", "settings": {}, "found": {"done": 4, "asked": 4}},
        {"kind": "final_test", "settings": {}, "found": {"done": 1, "asked": 1}},
        {"kind": "evaluation", "settings": {}, "found": {"done": 1, "asked": 1}},
        {"kind": "assignment", "settings": {}, "found": {"done": 1, "asked": 1}},
        {"kind": "sign_off", "settings": {}, "found": {"signed_off": True}},
    ]
    assert (award.scheme.course, award.events.get().kind) == (rich.course, "issued")


def test_an_assignment_that_only_waited_long_enough_is_not_good_enough_here(
    rich: Enrolment, record: SimpleNamespace
):
    activity = record.do(rich, "assignment")
    submission = Submission.objects.select_related("attempt__version__activity").get()
    wait_out(submission=submission, now=record.end)
    refresh(enrolment=rich, activity_id=activity.pk, now=record.end)
    assert "assignment" in missing(rich)


def test_a_scheme_without_lessons_awards_before_the_course_is_completed(
    enrolment: Enrolment, record: SimpleNamespace
):
    record.make_scheme(enrolment.course, requirements={"sign_off": {}}, paper="participation")
    award = say_ready(enrolment=enrolment, by=PersonFactory(), ready=True, now=record.end)
    assert (enrolment.status, award.paper, award.completed_on) == (
        "active",
        "participation",
        date(2026, 11, 12),
    )


def test_ready_is_said_once_and_taken_back(enrolment: Enrolment, record: SimpleNamespace):
    record.make_scheme(enrolment.course, requirements={"sign_off": {}, "activities": {}})
    trainer = PersonFactory()
    for _ in range(2):
        assert say_ready(enrolment=enrolment, by=trainer, ready=True, now=record.end) is None
    assert SignOff.objects.get().by == trainer
    say_ready(enrolment=enrolment, by=trainer, ready=False, now=record.end)
    assert SignOff.objects.count() == 0


def test_who_stopped_gets_nothing(enrolment: Enrolment, record: SimpleNamespace):
    record.make_scheme(enrolment.course, requirements={"sign_off": {}})
    Enrolment.objects.update(status="withdrawn")
    enrolment.refresh_from_db()
    SignOff.objects.create(enrolment=enrolment, by=None, at=record.end)
    assert award_and_queue(enrolment=enrolment, now=record.end) is None


def test_where_a_coordinator_has_to_say_yes_nothing_comes_by_itself(
    completed: Enrolment, record: SimpleNamespace
):
    record.make_scheme(completed.course, handing="confirmed")
    coordinator = PersonFactory()
    assert award_and_queue(enrolment=completed, now=record.end) is None
    assert award_pending(learner=completed.learner, now=record.end) == []
    assert award_what_waited(now=record.end) == 0
    assert standings([completed])[0].waits_for_yes
    award = confirm_award(enrolment=completed, by=coordinator, now=record.end)
    assert [(event.kind, event.by) for event in award.events.all()] == [("confirmed", coordinator)]


def test_a_yes_to_what_is_not_earned_gives_nothing(enrolment: Enrolment, record: SimpleNamespace):
    record.make_scheme(enrolment.course, handing="confirmed")
    assert confirm_award(enrolment=enrolment, by=PersonFactory(), now=record.end) is None
    assert Award.objects.count() == 0


def test_what_a_changed_scheme_makes_earned_is_found_by_the_clock(
    enrolment: Enrolment, record: SimpleNamespace
):
    record.complete(enrolment)
    scheme = record.make_scheme(enrolment.course, requirements={"activities": {}, "sign_off": {}})
    assert award_what_waited(now=record.end) == 0
    scheme.requirements = {"activities": {}}
    scheme.save()
    assert award_what_waited(now=record.end) == 1
    assert award_what_waited(now=record.end) == 0


def test_a_changed_scheme_takes_no_award_away(award: Award, record: SimpleNamespace):
    record.make_scheme(award.enrolment.course, requirements={"sign_off": {}}, valid_months=1)
    before = Award.objects.values().get()
    (standing,) = standings([award.enrolment])
    assert (standing.award, standing.earned, len(standing.missing)) == (award, False, 1)
    assert award_and_queue(enrolment=award.enrolment, now=record.end) == award
    assert award_what_waited(now=record.end) == 0
    assert Award.objects.values().get() == before


def test_standings_cost_the_same_for_one_and_for_many(
    rich: Enrolment, record: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
):
    for _ in range(4):
        other = enrol(learner=PersonFactory(), course=rich.course, alias="A", now=record.start)
        record.do(other, "quiz")
    many = list(Enrolment.objects.select_related("learner"))
    # schemes and awards; required, parts, done, graded, judged, signed off, meetings
    for enrolments in (many[:1], many):
        with django_assert_num_queries(9):
            assert len([each.lacks_name for each in standings(enrolments)]) == len(enrolments)


def test_evidence_quotes_nobody(rich: Enrolment, record: SimpleNamespace):
    record.do(rich, "assignment")
    assert "bus" not in repr(evidence_of([rich]))


# --- what it is worth, and how long ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 12), 60, date(2031, 11, 12)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_there_is(day: date, months: int, end: date):
    assert add_months(day, months) == end


@pytest.mark.parametrize(
    ("fields", "until"),
    [
        ({}, None),
        ({"valid_months": 24}, date(2028, 11, 12)),
        ({"valid_until": date(2027, 12, 31)}, date(2027, 12, 31)),
    ],
)
def test_an_award_counts_through_its_last_day(
    completed: Enrolment, record: SimpleNamespace, fields: dict[str, Any], until: date | None
):
    record.make_scheme(completed.course, **fields)
    award = award_and_queue(enrolment=completed, now=record.end)
    award.refresh_from_db()
    assert award.valid_until == until
    if until:
        assert [award.state_on(until), award.state_on(until + timedelta(days=1))] == ["valid", "expired"]
        assert list(Award.objects.counting_on(until)) == [award]
        assert list(Award.objects.counting_on(until + timedelta(days=1))) == []
    else:
        assert award.state_on(date(2099, 1, 1)) == "valid"


def test_nothing_is_issued_that_would_have_expired_already(completed: Enrolment, record: SimpleNamespace):
    record.make_scheme(completed.course, valid_until=timezone.localdate(record.end) - timedelta(days=1))
    assert award_and_queue(enrolment=completed, now=record.end) is None


def test_two_ends_are_refused(enrolment: Enrolment, record: SimpleNamespace):
    with pytest.raises(IntegrityError), transaction.atomic():
        record.make_scheme(enrolment.course, valid_months=3, valid_until=date(2030, 1, 1))


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_a_day_off_costs_nobody_anything(completed: Enrolment, record: SimpleNamespace, days: int):
    """It was completed tomorrow, or is looked at a day early: issued all the same, and numbered in its own year."""
    record.make_scheme(completed.course, valid_months=12)
    award = award_and_queue(enrolment=completed, now=record.end + timedelta(days=days))
    assert (award.serial, award.completed_on) == ("2026-00001", date(2026, 11, 12))
    assert award.state_on(timezone.localdate(record.end)) == "valid"


def test_a_clock_put_back_over_new_year_goes_on_with_the_old_years_numbers(
    learner: User, record: SimpleNamespace
):
    serials = []
    for now in (
        datetime(2026, 12, 31, 12, tzinfo=record.end.tzinfo),
        datetime(2027, 1, 1, 12, tzinfo=record.end.tzinfo),
        datetime(2026, 12, 31, 13, tzinfo=record.end.tzinfo),
        datetime(2027, 1, 1, 13, tzinfo=record.end.tzinfo),
    ):
        enrolment = enrol(learner=learner, course=record.make_course(), alias="R", now=record.start)
        serials.append(award_and_queue(enrolment=record.complete(enrolment), now=now).serial)
    assert serials == ["2026-00001", "2027-00001", "2026-00002", "2027-00002"]


# --- registers ------------------------------------------------------------------------------------------------------
def accredit(scheme: Scheme, **fields: Any) -> Accreditation:
    register, _made = Register.objects.get_or_create(name=fields.pop("register", "SKJ"))
    dates = {"valid_from": date(2026, 1, 1), "valid_until": date(2027, 12, 31)}
    return Accreditation.objects.create(
        **{"scheme": scheme, "register": register, "number": "A1", "points": Decimal("4"), **dates, **fields}
    )


def test_points_and_who_signs_are_frozen_with_the_award(completed: Enrolment, record: SimpleNamespace):
    scheme = record.make_scheme(completed.course)
    scheme.signatories.add(
        Signatory.objects.create(
            organisation=completed.course.programme.organisation, name="A. Bos", function="Directeur"
        )
    )
    accredit(scheme, category="Agogisch")
    accredit(scheme, register="Registerplein", number="R2", counting="hours", points=Decimal("10"))
    accredit(scheme, register="Vroeger", valid_until=date(2026, 11, 11))
    award = award_and_queue(enrolment=completed, now=record.end)
    Accreditation.objects.filter(number="A1").update(points=99)
    award.refresh_from_db()
    assert award.signatories == [{"name": "A. Bos", "function": "Directeur", "image": ""}]
    # 25 net minutes are less than half an hour: no point yet.
    assert [(each["number"], each["points"]) for each in award.accreditations] == [
        ("R2", "0.0"),
        ("A1", "4.0"),
    ]
    assert award.accreditations[1] == {
        "register": "SKJ",
        "number": "A1",
        "category": "Agogisch",
        "points": "4.0",
        "net_minutes": None,
    }
    points = Points.objects.order_by("register__name")
    assert [(each.register.name, each.points, each.minutes) for each in points] == [
        ("Registerplein", Decimal("0"), 25),
        ("SKJ", Decimal("4"), 25),
    ]


@pytest.mark.parametrize(
    ("counting", "most", "accredited", "minutes", "points"),
    [
        ("whole", "4", None, 0, "4"),
        ("hours", "10", None, 89, "1.0"),
        ("hours", "10", None, 90, "1.5"),
        ("hours", "2", None, 600, "2"),
        ("hours", "10", 120, 600, "2"),
    ],
)
def test_points_by_the_hour_are_counted_in_halves_rounded_down(
    counting: str, most: str, accredited: int | None, minutes: int, points: str
):
    accreditation = Accreditation(counting=counting, points=Decimal(most), net_minutes=accredited)
    assert earned_points(accreditation, minutes) == Decimal(points)


def test_a_scheme_by_which_something_was_awarded_is_not_deleted(
    completed: Enrolment, record: SimpleNamespace
):
    scheme = record.make_scheme(completed.course)
    award_and_queue(enrolment=completed, now=record.end)
    with pytest.raises(ProtectedError), transaction.atomic():
        scheme.delete()
    assert Award.objects.get().scheme == scheme
