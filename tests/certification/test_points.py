"""Study points: how registers write numbers, whose period runs, what is told to a register and what never is."""

import io
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from certification.exports import NotYet, as_text, check_ended, run_file
from certification.flows import award_and_queue
from certification.models import Accreditation, Award, Edition, Register
from certification.queries.points import points_of, runs_of, told_of
from certification.registers import (
    Period,
    WrongNumber,
    edition_number,
    period_on,
    register_number,
    rule_in_words,
)
from certification.services.corrections import revoke_award
from certification.services.register_numbers import keep_number
from courses.models import Cohort, Enrolment
from courses.services.enrolments import enrol
from people.models import Role, User
from people.services.privacy import erase_person, export_person
from people.services.roles import grant_role
from tests.factories import PersonFactory

TODAY = date(2026, 11, 20)


def rule(prefix: str = "", least: int = 9, most: int = 9) -> Register:
    return Register(name="SKJ", number_prefix=prefix, digits_least=least, digits_most=most)


@pytest.mark.parametrize(
    ("register", "typed", "kept"),
    [
        (rule(), "100012345", "100012345"),
        (rule(), " 100.012 345 ", "100012345"),
        (rule("NIP-", 8, 8), "NIP-00123456", "NIP-00123456"),
        (rule("NIP-", 8, 8), "00123456", "NIP-00123456"),
        (rule("NIP-", 8, 8), "nip-00123456", "NIP-00123456"),
        (rule("", 1, 12), "7", "7"),
    ],
)
def test_a_number_is_kept_as_the_register_writes_it(register: Register, typed: str, kept: str):
    assert register_number(register, typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "12345678", "1234567890", "10001234x", "=1+1", "１００１２３４５６", "1000123\x0045", "9" * 5000],
)
def test_another_number_is_refused_with_the_rule(typed: str):
    with pytest.raises(WrongNumber, match=r"^Een nummer van SKJ heeft 9 cijfers, zoals 012345678\.$"):
        register_number(rule(), typed)


@pytest.mark.parametrize("typed", ["71", "0071", "2026-2", "E123456", " 71 ", "7" * 30])
def test_the_number_of_a_run_is_kept_as_the_register_writes_it(typed: str):
    assert edition_number(typed) == typed.strip()


@pytest.mark.parametrize("typed", ["", "=1+1", "+1", "-1", "@x", "7 1", "７１", "é", "7\x001", "7" * 31])
def test_another_number_of_a_run_is_refused(typed: str):
    with pytest.raises(WrongNumber, match=r"hoogstens 30 tekens lang, zoals 123456 of 2026-2\.$"):
        edition_number(typed)


def test_the_rule_is_said_with_prefix_and_range():
    assert rule_in_words(rule("NIP-", 6, 8)) == (
        "Een nummer van SKJ is NIP- met 6 tot 8 cijfers, zoals NIP-01234567."
    )


@pytest.mark.parametrize(
    ("began", "months", "period"),
    [
        (None, 60, None),
        (date(2020, 1, 1), None, None),
        (date(2022, 3, 1), 60, (date(2022, 3, 1), date(2027, 2, 28))),
        (date(2016, 11, 20), 60, (date(2026, 11, 20), date(2031, 11, 19))),
        (date(2016, 11, 21), 60, (date(2021, 11, 21), date(2026, 11, 20))),
        # From the same day each time: a short month in between moves none of the later ones.
        (date(2026, 8, 31), 1, (date(2026, 10, 31), date(2026, 11, 29))),
    ],
)
def test_periods_follow_one_another(began: date | None, months: int | None, period: Any):
    assert period_on(began, months, TODAY) == (Period(*period) if period else None)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("NIP-00123456", "NIP-00123456"),
        ("00123", "00123"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+31", "'+31"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
    ],
)
def test_no_cell_is_a_formula(cell: str, text: str):
    assert as_text(cell) == text


# --- with a course --------------------------------------------------------------------------------------------------
@pytest.fixture
def accreditation(enrolment: Enrolment, record: SimpleNamespace) -> Accreditation:
    skj = Register.objects.create(
        name="SKJ", digits_least=8, digits_most=8, number_prefix="NIP-", period_months=60, points_needed=50
    )
    cohort = Cohort.objects.create(course=enrolment.course, name="Ede", ends_on=date(2026, 11, 15))
    Enrolment.objects.update(cohort=cohort)
    enrolment.refresh_from_db()
    return Accreditation.objects.create(
        scheme=record.make_scheme(enrolment.course),
        register=skj,
        number="=A1",
        category="Agogisch",
        points=Decimal("4.5"),
        valid_from=date(2026, 1, 1),
        valid_until=date(2027, 12, 31),
    )


@pytest.fixture
def coordinator(enrolment: Enrolment, record: SimpleNamespace) -> User:
    person = PersonFactory()
    grant_role(
        user=person,
        role=Role.COORDINATOR,
        organisation=enrolment.course.programme.organisation,
        now=record.end,
    )
    return person


def earn(enrolment: Enrolment, record: SimpleNamespace) -> Award:
    return award_and_queue(enrolment=record.complete(enrolment), now=record.end)


@pytest.mark.django_db
def test_planned_becomes_earned(
    accreditation: Accreditation,
    enrolment: Enrolment,
    record: SimpleNamespace,
    django_assert_num_queries: DjangoAssertNumQueries,
):
    keep_number(
        user=enrolment.learner, register=accreditation.register, typed="1" * 8, period_from=date(2026, 1, 1)
    )
    with django_assert_num_queries(3):
        (before,) = points_of(enrolment.learner, today=TODAY)
    assert (before.earned, before.planned, before.missing) == (0, Decimal("4.5"), Decimal("45.5"))
    earn(enrolment, record)
    with django_assert_num_queries(3):
        (after,) = points_of(enrolment.learner, today=TODAY)
    assert (after.earned, after.planned, after.missing) == (Decimal("4.5"), 0, Decimal("45.5"))
    assert after.by_category == {"Agogisch": Decimal("4.5")}


@pytest.mark.django_db
def test_only_points_of_the_period_and_of_awards_that_count_are_added_up(
    accreditation: Accreditation, enrolment: Enrolment, record: SimpleNamespace
):
    award = earn(enrolment, record)
    keep_number(
        user=enrolment.learner, register=accreditation.register, typed="1" * 8, period_from=date(2026, 11, 13)
    )
    assert points_of(enrolment.learner, today=TODAY)[0].earned == 0
    keep_number(user=enrolment.learner, register=accreditation.register, typed="1" * 8, period_from=None)
    assert points_of(enrolment.learner, today=TODAY)[0].earned == Decimal("4.5")
    revoke_award(award=award, now=record.end)
    assert points_of(enrolment.learner, today=TODAY)[0].earned == 0


@pytest.mark.django_db
def test_a_run_says_who_has_no_number(
    accreditation: Accreditation,
    enrolment: Enrolment,
    coordinator: User,
    record: SimpleNamespace,
    django_assert_num_queries: DjangoAssertNumQueries,
):
    earn(enrolment, record)
    for number in range(3):
        other = enrol(
            learner=PersonFactory(legal_name="Ander"),
            course=enrolment.course,
            cohort=enrolment.cohort,
            alias=f"Ander {number}",
            now=record.start,
        )
        earn(other, record)
    keep_number(user=enrolment.learner, register=accreditation.register, typed="1" * 8, period_from=None)
    # Counts; accreditations, groups, numbers of runs; who has no number, and who got points before.
    with django_assert_num_queries(6):
        (run,) = runs_of(coordinator)
    assert (run.people, run.ready, run.without_number) == (4, 1, ["Ander 0", "Ander 1", "Ander 2"])
    assert runs_of(enrolment.learner) == []


@pytest.fixture
def twice(accreditation: Accreditation, enrolment: Enrolment, record: SimpleNamespace) -> Award:
    """Somebody who did the course was admitted to another group, and did it again the same day."""
    earn(enrolment, record)
    group = Cohort.objects.create(course=enrolment.course, name="Arnhem", way_in="invitation")
    again = enrol(
        learner=enrolment.learner,
        course=enrolment.course,
        cohort=group,
        alias="Roos weer",
        admitted=True,
        now=record.end,
    )
    return earn(again, record)


def once_more(coordinator: User) -> list[list[str]]:
    return [run.once_more for run in sorted(runs_of(coordinator), key=lambda run: run.cohort.pk)]


@pytest.mark.django_db
def test_points_of_the_same_course_twice_in_a_period_are_pointed_out_at_the_second_run(
    twice: Award, coordinator: User
):
    assert twice.renews is None
    assert once_more(coordinator) == [[], ["Roos weer"]]


@pytest.mark.django_db
def test_in_another_period_or_as_a_renewal_the_same_course_counts_again(
    twice: Award, accreditation: Accreditation, coordinator: User
):
    keep_number(
        user=twice.holder, register=accreditation.register, typed="1" * 8, period_from=date(2022, 3, 1)
    )
    assert once_more(coordinator) == [[], ["Roos weer"]]
    twice.points.update(earned_on=date(2027, 3, 1))
    assert once_more(coordinator) == [[], []]
    twice.points.update(earned_on=date(2027, 2, 28))
    assert once_more(coordinator) == [[], ["Roos weer"]]
    first = Award.objects.exclude(pk=twice.pk).get()
    Award.objects.filter(pk=twice.pk).update(renews=first)
    assert once_more(coordinator) == [[], []]


@pytest.mark.django_db
def test_points_that_do_not_count_or_are_of_somebody_else_are_no_first_time(
    twice: Award, enrolment: Enrolment, coordinator: User, record: SimpleNamespace
):
    revoke_award(award=Award.objects.exclude(pk=twice.pk).get(), now=record.end)
    other = PersonFactory(legal_name="Ander")
    earn(
        enrol(learner=other, course=enrolment.course, cohort=enrolment.cohort, alias="A", now=record.start),
        record,
    )
    assert once_more(coordinator) == [[], []]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_register_is_told_numbers_and_no_names(
    accreditation: Accreditation, enrolment: Enrolment, record: SimpleNamespace, kind: str
):
    earn(enrolment, record)
    keep_number(user=enrolment.learner, register=accreditation.register, typed="00123456", period_from=None)
    # As one was kept before there was a rule for it.
    edition = Edition.objects.create(accreditation=accreditation, cohort=enrolment.cohort, number="=cmd|1")
    content = run_file(edition, told_of(accreditation=accreditation, cohort=enrolment.cohort), kind)
    rows = [
        ["Cursusnummer", "Uitvoeringsnummer", "Registratienummer", "Datum", "Punten", "Minuten"],
        ["'=A1", "'=cmd|1", "NIP-00123456", "12-11-2026", "4.5", "25"],
    ]
    if kind == "csv":
        assert content == ("\ufeff" + "".join(";".join(row) + "\r\n" for row in rows)).encode()
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert [[cell.value for cell in row] for row in sheet.rows] == rows
        assert {cell.data_type for row in sheet.rows for cell in row} == {"s"}
    assert "Sanne" not in content.decode("latin-1")


@pytest.mark.django_db
@pytest.mark.parametrize("ends_on", [None, TODAY, date(2026, 11, 21)])
def test_before_the_day_after_the_last_nothing_is_told(
    accreditation: Accreditation, enrolment: Enrolment, ends_on: date | None
):
    edition = Edition(accreditation=accreditation, cohort=Cohort(ends_on=ends_on), number="1")
    with pytest.raises(NotYet):
        check_ended(edition, today=TODAY)
    check_ended(Edition(cohort=Cohort(ends_on=date(2026, 11, 19))), today=TODAY)


@pytest.mark.django_db
def test_numbers_go_with_the_person_and_points_stay_without_one(
    accreditation: Accreditation, enrolment: Enrolment, record: SimpleNamespace
):
    award = earn(enrolment, record)
    keep_number(user=enrolment.learner, register=accreditation.register, typed="00123456", period_from=None)
    held = export_person(user=enrolment.learner, now=record.end)["holdings"]
    assert held["certification.RegisterNumber"][0]["number"] == "NIP-00123456"
    assert held["certification.Points"][0]["points"] == "4.5"
    assert erase_person(user=enrolment.learner, now=record.end).traces == []
    assert list(told_of(accreditation=accreditation, cohort=enrolment.cohort)) == []
    assert [each.points for each in award.points.all()] == [Decimal("4.5")]


def test_today_is_the_day_on_the_wall_at_home():
    assert timezone.get_default_timezone_name() == "Europe/Amsterdam"
