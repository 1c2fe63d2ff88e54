"""Renewing: the same course once more, a shorter one, or points; in time, once, and with the earlier one left as it was."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from certification.flows import award_and_queue, renew_what_points_renew
from certification.flows import replace_award as replace
from certification.models import Accreditation, Award, Document, Points, Register, Scheme
from certification.queries import awards_of, held, may_begin_again, renewable_by
from certification.queries.renewal import ending, line_of
from certification.rules import attestation
from certification.services.badges import credential_of
from certification.services.corrections import revoke_award
from certification.services.documents import produce
from certification.services.renewals import renew_by_points
from courses.models import ActivityState, Attempt, Enrolment
from courses.services.enrolments import enrol
from people.services.privacy import erase_person
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
ENDS = date(2027, 11, 12)


def at(days_before: int, clock: int = 12) -> datetime:
    return datetime(2027, 11, 12, clock).astimezone() - timedelta(days=days_before)


def day(days_before: int) -> date:
    return timezone.localdate(at(days_before))


@pytest.fixture
def scheme(completed: Enrolment, record: SimpleNamespace) -> Scheme:
    return record.make_scheme(completed.course, valid_months=12)


@pytest.fixture
def first(scheme: Scheme, completed: Enrolment, record: SimpleNamespace) -> Award:
    award = award_and_queue(enrolment=completed, now=record.end)
    assert (award.valid_until, award.renews) == (ENDS, None)
    return award


@pytest.fixture
def skj(db: None) -> Register:
    return Register.objects.create(name="SKJ", digits_least=9, digits_most=9)


def ways(award: Award, today: date) -> tuple:
    (one,) = held(awards_of(award.holder).filter(pk=award.pk), today=today)
    renewal = one.renewal
    return renewal and (renewal.is_open, renewal.course, renewal.refresher, renewal.points)


def earn(holder, register: Register, points: str, *, now: datetime, record: SimpleNamespace) -> Award:
    """Another, accredited course brings points."""
    other = record.make_course(title="Iets anders")
    Accreditation.objects.create(
        scheme=record.make_scheme(other),
        register=register,
        number="1",
        points=Decimal(points),
        valid_from=date(2026, 1, 1),
        valid_until=date(2030, 1, 1),
    )
    enrolled = enrol(learner=holder, course=other, alias="R", now=now)
    for item in record.items_of(enrolled):
        record.answer(enrolled, item, now=now)
    return award_and_queue(enrolment=enrolled, now=now)


def test_the_window_opens_so_many_days_before_and_stays_open(first: Award):
    holder, course = first.holder, first.enrolment.course
    found = [renewable_by(holder=holder, course=course, today=day(left)) for left in (91, 90, 0, -400)]
    assert found == [None, first, first, first]
    assert ways(first, day(91)) == (False, course, None, None)
    assert ways(first, day(90)) == (True, course, None, None)


def test_a_certificate_without_an_end_has_nothing_to_renew(award: Award):
    assert ways(award, day(0)) is None
    assert not may_begin_again(award.enrolment, today=day(0))


def test_the_same_course_once_more_starts_clean_and_renews(
    first: Award, completed: Enrolment, record: SimpleNamespace
):
    answers, states = list(Attempt.objects.values()), list(ActivityState.objects.values())
    frozen = Award.objects.values().get()
    again = enrol(learner=completed.learner, course=completed.course, alias="Roos", again=True, now=at(60))
    assert award_and_queue(enrolment=again, now=at(60)) is None  # nothing of the first time counts
    items = record.items_of(again)
    for item in items[:-1]:
        record.answer(again, item, now=at(30))
    assert award_and_queue(enrolment=again, now=at(30)) is None
    record.answer(again, items[-1], now=at(20))
    second = award_and_queue(enrolment=again, now=at(20))
    assert (second.renews, second.way, second.valid_until) == (first, "course", date(2028, 11, 12))
    assert {each["attempt"] for each in second.evidence}.isdisjoint(
        each["attempt"] for each in first.evidence
    )
    assert Award.objects.values().get(pk=first.pk) == frozen
    mine = Attempt.objects.filter(enrolment=completed)
    assert (list(mine.values()), list(ActivityState.objects.filter(enrolment=completed).values())) == (
        answers,
        states,
    )
    assert (
        [each.pk for each in line_of(first)]
        == [each.pk for each in line_of(second)]
        == [
            first.pk,
            second.pk,
        ]
    )


def test_what_is_done_too_early_renews_nothing(first: Award, completed: Enrolment, record: SimpleNamespace):
    refresher = record.make_course(title="Opfris")
    Scheme.objects.update(refresher=refresher)
    early = enrol(learner=completed.learner, course=refresher, alias="R", now=at(200))
    assert award_and_queue(enrolment=record.complete(early), now=at(91)).renews is None
    # In time it can be done again.
    early.refresh_from_db()
    assert may_begin_again(early, today=day(90))


def test_who_is_late_renews_from_that_day_on(first: Award, completed: Enrolment, record: SimpleNamespace):
    again = enrol(learner=completed.learner, course=completed.course, alias="R", again=True, now=at(-5))
    second = award_and_queue(enrolment=record.complete(again), now=at(-10))
    assert (second.renews, second.valid_until) == (first, date(2028, 11, 22))


def test_what_was_renewed_is_not_renewed_again_until_the_renewal_is_withdrawn(
    first: Award, completed: Enrolment, record: SimpleNamespace
):
    again = enrol(learner=completed.learner, course=completed.course, alias="R", again=True, now=at(60))
    second = award_and_queue(enrolment=record.complete(again), now=at(60))
    (newest, oldest) = held(awards_of(completed.learner), today=day(59))
    assert (oldest.renewed_by, oldest.renewal, newest.renewed_by) == (second, None, None)
    assert not may_begin_again(again, today=day(59))
    revoke_award(award=second, now=at(50))
    assert renewable_by(holder=first.holder, course=completed.course, today=day(49)) == first


@pytest.fixture
def by_points(first: Award, skj: Register) -> Award:
    Scheme.objects.filter(pk=first.scheme_id).update(renewal_register=skj, renewal_points=Decimal(8))
    first.scheme.refresh_from_db()
    return first


def test_enough_points_renew_by_themselves_once_the_window_is_open(
    by_points: Award, skj: Register, record: SimpleNamespace
):
    holder = by_points.holder
    earn(holder, skj, "5.5", now=at(300), record=record)
    assert (ways(by_points, day(80))[3].earned, ways(by_points, day(80))[3].missing) == (
        Decimal("5.5"),
        Decimal("2.5"),
    )
    assert renew_what_points_renew(now=at(80)) == 0
    earn(holder, skj, "2.5", now=at(200), record=record)
    assert [renew_what_points_renew(now=at(left)) for left in (91, 90, 90, 10)] == [0, 1, 0, 0]
    new = Award.objects.get(way="points")
    assert (new.renews, new.enrolment, new.valid_until, new.completed_on) == (
        by_points,
        by_points.enrolment,
        date(2028, 11, 12),
        day(90),
    )
    assert (new.net_minutes, new.points.count(), new.accreditations) == (
        sum(Points.objects.values_list("minutes", flat=True)),
        0,
        [],
    )
    assert attestation(new) == "Verlengd met 8 studiepunten in SKJ."
    assert produce(award_id=new.pk, now=at(89))
    badge = credential_of(Award.objects.get(pk=new.pk))
    assert badge["credentialSubject"]["achievement"]["criteria"] == {"narrative": attestation(new)}


def test_points_of_its_own_of_before_of_another_register_and_withdrawn_ones_do_not_count(
    completed: Enrolment, scheme: Scheme, skj: Register, record: SimpleNamespace
):
    Accreditation.objects.create(
        scheme=scheme,
        register=skj,
        number="9",
        points=Decimal(50),
        valid_from=date(2026, 1, 1),
        valid_until=date(2030, 1, 1),
    )
    scheme.renewal_register, scheme.renewal_points = skj, Decimal(1)
    scheme.save()
    holder = completed.learner
    earn(holder, skj, "50", now=record.end - timedelta(days=1), record=record)
    award = award_and_queue(enrolment=completed, now=record.end)
    other = Register.objects.create(name="Registerplein", digits_least=1, digits_most=9)
    earn(holder, other, "50", now=at(100), record=record)
    revoke_award(award=earn(holder, skj, "50", now=at(100), record=record), now=at(99))
    earn(PersonFactory(legal_name="Ander"), skj, "50", now=at(100), record=record)
    assert renew_what_points_renew(now=at(10)) == 0
    assert ways(award, day(10))[3].earned == 0


def test_after_its_end_points_renew_nothing_and_the_course_still_does(
    by_points: Award, skj: Register, record: SimpleNamespace
):
    earn(by_points.holder, skj, "9", now=at(1), record=record)
    assert renew_what_points_renew(now=at(-1)) == 0
    assert ways(by_points, day(-1)) == (True, by_points.enrolment.course, None, None)


def test_a_renewal_by_points_that_was_withdrawn_is_not_made_anew(
    by_points: Award, skj: Register, record: SimpleNamespace
):
    earn(by_points.holder, skj, "9", now=at(100), record=record)
    assert renew_what_points_renew(now=at(80)) == 1
    revoke_award(award=Award.objects.get(way="points"), now=at(79))
    assert renew_what_points_renew(now=at(78)) == 0


def test_a_calendar_end_that_was_not_moved_on_renews_nothing(
    by_points: Award, skj: Register, record: SimpleNamespace
):
    Scheme.objects.filter(pk=by_points.scheme_id).update(valid_months=None, valid_until=ENDS)
    earn(by_points.holder, skj, "9", now=at(100), record=record)
    assert renew_what_points_renew(now=at(80)) == 0
    Scheme.objects.filter(pk=by_points.scheme_id).update(valid_until=date(2028, 12, 31))
    assert renew_what_points_renew(now=at(80)) == 1


def test_two_workers_renew_once(by_points: Award, skj: Register, record: SimpleNamespace):
    earn(by_points.holder, skj, "9", now=at(100), record=record)
    assert renew_by_points(award=by_points, now=at(80)) is not None
    assert renew_by_points(award=by_points, now=at(80)) is None
    made = Award.objects.values().get(way="points")
    for column in ("id", "public_id", "subject_key"):
        del made[column]
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.create(**made | {"serial_number": 999})


def test_a_corrected_certificate_keeps_its_renewal(by_points: Award, skj: Register, record: SimpleNamespace):
    earn(by_points.holder, skj, "9", now=at(100), record=record)
    renew_what_points_renew(now=at(80))
    coordinator = PersonFactory()
    renewal = Award.objects.get(way="points")
    new = replace(award=by_points, name="Sanne Vries", by=coordinator, reason="Naam.", now=at(70))
    assert line_of(new) == [new, renewal] == line_of(renewal)
    assert renew_what_points_renew(now=at(60)) == 0
    corrected = replace(award=renewal, name="Sanne Vries", by=coordinator, reason="Naam.", now=at(50))
    assert line_of(new) == [new, corrected]
    assert (corrected.way, corrected.renews) == ("points", by_points)


def corrected(award: Award, *, times: int) -> Award:
    for number in range(times):
        award = replace(
            award=award, name=f"Sanne {'I' * (number + 1)}", by=PersonFactory(), reason="Naam.", now=at(80)
        )
    return award


@pytest.mark.parametrize("times", [1, 2, 3])
def test_what_was_corrected_more_than_once_and_renewed_by_a_course_stays_renewed(
    first: Award, completed: Enrolment, record: SimpleNamespace, times: int
):
    again = enrol(learner=completed.learner, course=completed.course, alias="R", again=True, now=at(85))
    second = corrected(award_and_queue(enrolment=record.complete(again), now=at(85)), times=times)
    last = corrected(Award.objects.get(pk=first.pk), times=times)
    second.refresh_from_db()
    assert line_of(last) == line_of(second) == [last, second]
    (newest,) = [each for each in held(awards_of(first.holder), today=day(60)) if each.award == last]
    assert (newest.renewed_by, newest.renewal) == (second, None)
    assert renewable_by(holder=first.holder, course=completed.course, today=day(60)) is None
    assert list(ending(day(60))) == []
    erase_person(user=first.holder, now=at(50))
    assert line_of(Award.objects.get(pk=last.pk)) == [last, second]


@pytest.mark.parametrize("times", [1, 2, 3])
def test_what_was_corrected_more_than_once_and_renewed_by_points_stays_renewed(
    by_points: Award, skj: Register, record: SimpleNamespace, times: int
):
    earn(by_points.holder, skj, "9", now=at(100), record=record)
    renew_what_points_renew(now=at(85))
    second = corrected(Award.objects.get(way="points"), times=times)
    last = corrected(by_points, times=times)
    second.refresh_from_db()
    assert line_of(last) == line_of(second) == [last, second]
    assert (renew_what_points_renew(now=at(60)), list(ending(day(60)))) == (0, [])
    # The paper by points rests on the same enrolment and is renewed on its own.
    later = day(60) + timedelta(days=366)
    assert renewable_by(holder=by_points.holder, course=by_points.scheme.course, today=later) == second


def test_erasure_leaves_the_line_without_anybody_in_it(
    by_points: Award, skj: Register, record: SimpleNamespace
):
    earn(by_points.holder, skj, "9", now=at(100), record=record)
    renew_what_points_renew(now=at(80))
    erase_person(user=by_points.holder, now=at(70))
    by_points.refresh_from_db()
    assert [(each.state_on(day(60)), each.holder_name) for each in line_of(by_points)] == [("valid", "")] * 2
    assert Document.objects.count() == 0
    assert renew_what_points_renew(now=at(60)) == 0


def test_awards_with_their_renewals_cost_the_same_at_one_and_at_many(
    first: Award, record: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
):
    # The awards with points; links; renewals.
    with django_assert_num_queries(3):
        assert len(held(awards_of(first.holder), today=day(10))) == 1
    for _ in range(3):
        other = enrol(learner=first.holder, course=record.make_course(), alias="R", now=record.start)
        record.make_scheme(other.course, valid_months=12, refresher=first.enrolment.course)
        award_and_queue(enrolment=record.complete(other), now=record.end)
    with django_assert_num_queries(3):
        assert len(held(awards_of(first.holder), today=day(10))) == 4
