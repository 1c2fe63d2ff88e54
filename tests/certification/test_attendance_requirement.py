"""Attendance as a requirement: from what a trainer wrote down to the certificate."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from certification.documents.sheet import sheet_of
from certification.exports import run_file
from certification.flows import award_and_queue, award_what_waited
from certification.models import Accreditation, Award, Edition, Register
from certification.queries import evidence_of, standings, with_places
from certification.queries.points import points_of, told_of
from certification.queries.standing import Place
from certification.requirements import Evidence, Meeting, Presence, RequirementError, clean, judge
from certification.services.register_numbers import keep_number
from courses.models import Cohort, Enrolment
from courses.services.enrolments import enrol
from meetings.models import Attendance
from meetings.models import Meeting as Planned
from meetings.services.attendance import Mark, catch_up, record_attendance
from people.models import User
from tests.factories import PersonFactory

THERE, MISSED = Meeting(Presence.ATTENDED, 120), Meeting(Presence.MISSED)
CAUGHT_UP, TO_COME = Meeting(Presence.CAUGHT_UP), Meeting(Presence.TO_COME)


def asked(**settings: Any) -> dict[str, dict]:
    return {"attendance": {"least": None, "may_miss": None, "caught_up": False, **settings}}


@pytest.mark.parametrize(
    ("asks", "meetings", "met"),
    [
        ({"least": 80}, (), False),
        ({"least": 80}, (THERE,) * 7 + (MISSED,) * 2, False),
        ({"least": 80}, (THERE,) * 8 + (MISSED,), True),
        ({"least": 80}, (THERE,) * 8 + (TO_COME,), True),
        ({"least": 100}, (THERE,) * 8 + (CAUGHT_UP,), False),
        ({"least": 100, "caught_up": True}, (THERE,) * 8 + (CAUGHT_UP,), True),
        ({"least": 1}, (MISSED,) * 9, False),
        ({"may_miss": 1}, (THERE,) * 8 + (MISSED,), True),
        ({"may_miss": 1}, (THERE,) * 7 + (MISSED,) * 2, False),
        ({"may_miss": 1}, (THERE,) * 7 + (MISSED, TO_COME), False),
        ({"may_miss": 0}, (THERE,) * 9, True),
        ({"may_miss": 99}, (TO_COME,), True),
    ],
)
def test_enough_is_a_share_or_all_but_so_many(asks: dict, meetings: tuple, met: bool):
    assert judge(asked(**asks), Evidence(meetings=meetings)).outcomes["attendance"].met is met


def test_what_was_caught_up_alone_earns_nothing():
    verdict = judge(asked(least=50, caught_up=True), Evidence(meetings=(CAUGHT_UP, CAUGHT_UP)))
    assert (verdict.missing, verdict.earned) == ([], False)


def test_the_learner_reads_what_is_needed():
    outcome = judge(asked(least=80), Evidence(meetings=(THERE, THERE, TO_COME))).outcomes["attendance"]
    assert outcome.sentence == "Kom naar minstens 3 van de 3 bijeenkomsten; je was er bij 2."
    assert outcome.found == {"attended": 2, "needed": 3, "planned": 3}


def test_who_has_no_group_reads_how_to_come_into_one(completed: Enrolment):
    def sentence() -> str:
        evidence = evidence_of([completed])[completed.pk]
        return judge(asked(least=80), evidence).outcomes["attendance"].sentence

    assert sentence() == (
        "Kom naar de bijeenkomsten van een groep. "
        "Je volgt deze cursus zonder groep: vraag de coördinator om een plek."
    )
    completed.cohort = Cohort.objects.create(course=completed.course, name="Ede")
    assert sentence() == "Kom naar de bijeenkomsten van je groep. Er is er nog geen gepland."


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"least": 80, "may_miss": 1},
        {"least": 0},
        {"least": 101},
        {"may_miss": -1},
    ],
)
def test_settings_that_could_not_hold_are_refused(data: dict):
    with pytest.raises(RequirementError, match=r"^Aanwezigheid: "):
        clean({"attendance": {"least": None, "may_miss": None, **data}})


# --- with meetings --------------------------------------------------------------------------------------------------
def meeting(cohort: Cohort, starts_at: datetime, kind: str = "training") -> Planned:
    return Planned.objects.create(
        kind=kind,
        organisation=cohort.course.programme.organisation,
        cohort=cohort,
        title="Bijeenkomst",
        discreet_title="Avond",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        created_at=starts_at,
        changed_at=starts_at,
    )


def mark(planned: Planned, person: User, status: str, trainer: User) -> None:
    minutes = 110 if status in ("present", "late") else None
    record_attendance(
        meeting=planned,
        marks=[Mark(person.pk, status, minutes=minutes)],
        by=trainer,
        now=planned.ends_at + timedelta(hours=1),
    )


@pytest.fixture
def trainer(db: None) -> User:
    return PersonFactory()


@pytest.fixture
def group(enrolment: Enrolment, trainer: User, record: SimpleNamespace) -> list[Planned]:
    """Three evenings of the learner's group, and one that was cancelled."""
    cohort = Cohort.objects.create(course=enrolment.course, name="Ede")
    cohort.trainers.add(trainer)
    Enrolment.objects.update(cohort=cohort)
    enrolment.refresh_from_db()
    evenings = [meeting(cohort, record.start + timedelta(days=7 * week)) for week in range(4)]
    Planned.objects.filter(pk=evenings[3].pk).update(cancelled_at=record.start)
    return evenings


@pytest.mark.django_db
def test_from_the_trainers_list_to_the_certificate(
    enrolment: Enrolment, group: list[Planned], trainer: User, record: SimpleNamespace
):
    scheme = record.make_scheme(
        enrolment.course, requirements=clean({"activities": {}, "attendance": {"least": 60}})
    )
    Accreditation.objects.create(
        scheme=scheme,
        register=Register.objects.create(name="Registerplein"),
        number="R1",
        counting="hours",
        points=10,
        valid_from=date(2026, 1, 1),
        valid_until=date(2027, 1, 1),
    )
    record.complete(enrolment)
    mark(group[0], enrolment.learner, "present", trainer)
    mark(group[1], enrolment.learner, "absent", trainer)
    assert award_and_queue(enrolment=enrolment, now=record.end) is None
    assert [each.sentence for each in standings([enrolment])[0].missing] == [
        "Kom naar minstens 2 van de 3 bijeenkomsten; je was er bij 1."
    ]
    mark(group[2], enrolment.learner, "late", trainer)
    assert award_what_waited(now=record.end) == 1
    award = Award.objects.get()
    assert award.requirements[1] == {
        "kind": "attendance",
        "settings": {"least": 60, "may_miss": None, "caught_up": False},
        "found": {"attended": 2, "needed": 2, "planned": 3},
    }
    # 220 minutes attended and 25 online: four whole hours.
    assert (award.attended_minutes, award.net_minutes, award.points.get().points) == (220, 25, 4)


@pytest.mark.django_db
def test_paper_proof_page_and_register_say_the_points_that_were_earned_not_the_most(
    enrolment: Enrolment, group: list[Planned], trainer: User, record: SimpleNamespace, client: Client
):
    scheme = record.make_scheme(enrolment.course, requirements=clean({"attendance": {"may_miss": 2}}))
    accreditation = Accreditation.objects.create(
        scheme=scheme,
        register=Register.objects.create(name="Registerplein"),
        number="R1",
        counting="hours",
        points=8,
        valid_from=date(2026, 1, 1),
        valid_until=date(2027, 1, 1),
    )
    record.complete(enrolment)
    for evening, minutes in ((group[0], 100), (group[1], 25)):  # and 25 online: 150
        there = Mark(enrolment.learner.pk, "present", minutes=minutes)
        record_attendance(meeting=evening, marks=[there], by=trainer, now=evening.ends_at)
    award = award_and_queue(enrolment=enrolment, now=record.end)
    keep_number(user=award.holder, register=accreditation.register, typed="7", period_from=None)
    edition = Edition(accreditation=accreditation, cohort=enrolment.cohort, number="1")
    told = told_of(accreditation=accreditation, cohort=enrolment.cohort)
    (mine,) = points_of(award.holder, today=record.end.date())
    assert {
        "frozen": award.accreditations[0]["points"],
        "paper": sheet_of(award).accreditations[0].shown_points,
        "register": run_file(edition, told, "csv").decode().split(";")[-2],
        "mine": str(mine.earned),
    } == {"frozen": "2.5", "paper": "2,5", "register": "2.5", "mine": "2.5"}
    assert "2,5 punten, accreditatie R1" in client.get(f"/bewijs/{award.public_id}/").content.decode()


@pytest.mark.django_db
def test_a_correction_counts_and_a_missed_evening_may_be_caught_up(
    enrolment: Enrolment, group: list[Planned], trainer: User, record: SimpleNamespace
):
    mark(group[0], enrolment.learner, "absent", trainer)
    mark(group[0], enrolment.learner, "present", trainer)
    mark(group[1], enrolment.learner, "notice", trainer)
    catch_up(meeting=group[1], person=enrolment.learner, now=record.end)
    assert [each.presence for each in evidence_of([enrolment])[enrolment.pk].meetings] == [
        Presence.ATTENDED,
        Presence.CAUGHT_UP,
        Presence.TO_COME,
    ]
    assert Attendance.objects.count() == 4


@pytest.mark.django_db
@pytest.mark.parametrize("kind", Planned.BESIDE_SESSIONS)
def test_what_a_group_meets_for_beside_its_sessions_neither_counts_nor_is_missed(
    enrolment: Enrolment, group: list[Planned], trainer: User, record: SimpleNamespace, kind: str
):
    record.make_scheme(
        enrolment.course, requirements=clean({"activities": {}, "attendance": {"may_miss": 1}})
    )
    record.complete(enrolment)
    beside = [meeting(enrolment.cohort, evening.starts_at + timedelta(days=1), kind) for evening in group]
    for planned, status in zip([group[0], *beside[:2]], ["present", "present", "absent"], strict=True):
        mark(planned, enrolment.learner, status, trainer)
    evidence = evidence_of([enrolment])[enrolment.pk]
    assert (len(evidence.meetings), evidence.attended_minutes) == (3, 110)
    # What is to be done about it is the next session, though another meeting comes before it.
    (standing,) = with_places(standings([enrolment]), now=group[0].ends_at)
    assert [each.sentence for each in standing.missing] == [
        "Kom naar minstens 2 van de 3 bijeenkomsten; je was er bij 1."
    ]
    assert standing.places["attendance"] == [Place(meeting=group[1])]


@pytest.mark.django_db
def test_attendance_of_many_costs_two_queries_more_than_none(
    enrolment: Enrolment,
    group: list[Planned],
    trainer: User,
    record: SimpleNamespace,
    django_assert_num_queries: DjangoAssertNumQueries,
):
    for _ in range(3):
        other = enrol(
            learner=PersonFactory(),
            course=enrolment.course,
            cohort=enrolment.cohort,
            alias="A",
            now=record.start,
        )
        mark(group[0], other.learner, "present", trainer)
    many = list(Enrolment.objects.all())
    for enrolments in (many[:1], many):
        with django_assert_num_queries(8):
            found = evidence_of(enrolments)
        assert {len(each.meetings) for each in found.values()} == {3}
