from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries

from certification.flows import award_and_queue, award_pending
from certification.models import Award, Document
from certification.queries import awards_of, earned_by
from certification.rules import name_digest
from certification.services.awards import award_if_earned, set_name_visible
from certification.services.corrections import revoke_award
from certification.services.serials import next_serial
from courses.models import Course, Enrolment, Lesson
from courses.services.enrolments import enrol
from courses.services.erasure import erase_record
from people.models import User
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_a_course_under_way_costs_one_query_and_gives_nothing(
    enrolment: Enrolment, record: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
):
    record.complete(enrolment, but=1)
    with django_assert_num_queries(1):  # whether the course has a scheme
        assert award_if_earned(enrolment=enrolment, now=record.end) is None
    assert Award.objects.count() == 0


def test_an_award_freezes_what_it_certifies(
    completed: Enrolment, record: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
):
    next_serial(organisation_id=completed.course.programme.organisation_id, year=record.end.year)
    # the scheme; whether it was awarded, and what it renews; what is asked with what passed; then, between two savepoints,
    # the serial number, award and history
    with django_assert_num_queries(8):
        award = award_if_earned(enrolment=completed, now=record.end)
    award.refresh_from_db()
    versions = [item.activity_version_id for item in record.items_of(completed)]
    attempts = list(completed.attempts.order_by("pk").values_list("pk", flat=True))
    assert {name: getattr(award, name) for name in FROZEN} == {
        "enrolment": completed,
        "holder": completed.learner,
        "course_key": completed.course.key,
        "course_version": completed.course_version.fingerprint,
        "title": "Motiverende gespreksvoering",
        "discreet_title": "Avondcursus",
        "neutral": False,
        "provider": "Leerhuis",
        "holder_name": "Sanne de Vries",
        "name_visible": False,
        "net_minutes": 25,
        "hours_label": "online deel",
        "serial": "2026-00002",
        "scheme": None,
        "paper": "certificate",
        "valid_until": None,
        "requirements": [],
        "started_on": date(2026, 9, 1),
        "completed_on": date(2026, 11, 12),
        "issued_at": record.end,
        "language": "nl",
        "status": "valid",
        "evidence": [
            {"required": v, "version": v, "attempt": a, "score": s, "max_score": s, "self_reported": False}
            for v, a, s in zip(versions, attempts, [0.0, 1.0, 0.0, 1.0], strict=True)
        ],
    }
    assert award.name_hmac == name_digest(name="Sanne de Vries", salt=award.salt)
    assert len(award.salt) == 32


FROZEN = [
    *(
        "enrolment",
        "holder",
        "course_key",
        "course_version",
        "title",
        "discreet_title",
        "neutral",
        "provider",
    ),
    *("holder_name", "name_visible", "net_minutes", "hours_label", "started_on", "completed_on", "issued_at"),
    *("language", "status", "evidence", "serial", "scheme", "paper", "valid_until", "requirements"),
]


def test_what_changes_later_changes_no_award(award: Award, record: SimpleNamespace):
    Course.objects.update(title="Anders", discreet_title="Anders", hours_label="")
    Lesson.objects.update(minutes=999)
    User.objects.update(legal_name="Anders")
    award.refresh_from_db()
    assert (award.title, award.net_minutes, award.holder_name) == (
        "Motiverende gespreksvoering",
        25,
        "Sanne de Vries",
    )


def test_wrong_answers_first_do_not_count_as_evidence(enrolment: Enrolment, record: SimpleNamespace):
    choice = record.items_of(enrolment)[1]
    record.answer(enrolment, choice, right=False, now=record.start)
    award = award_if_earned(enrolment=record.complete(enrolment), now=record.end)
    passed = enrolment.attempts.get(activity=choice.activity, passed=True)
    assert [item["attempt"] for item in award.evidence if item["required"] == choice.activity_version_id] == [
        passed.pk
    ]


def test_the_training_of_experts_by_experience_bears_its_neutral_title(
    learner: User, record: SimpleNamespace
):
    course = record.make_course(audience="ervaringsmaatjes", title="De maatjestraining")
    enrolment = enrol(learner=learner, course=course, alias="Roos", now=record.start)
    award = award_if_earned(enrolment=record.complete(enrolment), now=record.end)
    assert (award.neutral, award.shown_title, award.title) == (True, "Avondcursus", "De maatjestraining")


def test_without_a_name_that_can_be_printed_the_award_waits(completed: Enrolment, record: SimpleNamespace):
    for name in ("", "😀"):
        completed.learner.legal_name = name
        assert award_if_earned(enrolment=completed, now=record.end) is None
    assert Award.objects.count() == 0


def test_a_name_given_later_awards_what_waited(completed: Enrolment, record: SimpleNamespace):
    learner = completed.learner
    User.objects.filter(pk=learner.pk).update(legal_name="")
    learner.refresh_from_db()
    assert award_pending(learner=learner, now=record.end) == []
    User.objects.filter(pk=learner.pk).update(legal_name="Sanne de Vries")
    later = record.end + timedelta(days=3)
    awards = award_pending(learner=learner, now=later)
    assert [(award.enrolment_id, award.issued_at, award.completed_on) for award in awards] == [
        (completed.pk, later, date(2026, 11, 12))
    ]
    assert DBTaskResult.objects.count() == 1
    assert award_pending(learner=learner, now=later) == []


def test_a_course_in_which_nothing_is_graded_gives_no_award_and_asks_no_name(
    learner: User, record: SimpleNamespace
):
    enrolment = enrol(
        learner=learner, course=record.make_course(graded=False), alias="Roos", now=record.start
    )
    assert award_if_earned(enrolment=record.complete(enrolment), now=record.end) is None
    assert enrolment.status == "completed"
    assert list(earned_by(learner)) == []


def test_a_completion_without_answers_behind_it_gives_no_award(enrolment: Enrolment, record: SimpleNamespace):
    enrolment.status, enrolment.completed_at = "completed", record.end
    enrolment.save()
    assert award_if_earned(enrolment=enrolment, now=record.end) is None


def test_awarding_again_gives_the_award_that_is_there(
    award: Award,
    completed: Enrolment,
    record: SimpleNamespace,
    django_assert_num_queries: DjangoAssertNumQueries,
):
    with django_assert_num_queries(1):  # the award that is there; the course came with its scheme
        again = award_and_queue(enrolment=completed, now=record.end + timedelta(days=1))
    assert (again, again.issued_at) == (award, record.end)
    assert (Award.objects.count(), Document.objects.count(), DBTaskResult.objects.count()) == (1, 1, 1)


def test_award_document_and_task_are_written_together_or_not_at_all(
    completed: Enrolment, record: SimpleNamespace
):
    with transaction.atomic():
        award_and_queue(enrolment=completed, now=record.end)
        transaction.set_rollback(True)
    assert (Award.objects.count(), Document.objects.count(), DBTaskResult.objects.count()) == (0, 0, 0)
    award = award_and_queue(enrolment=completed, now=record.end)
    task = DBTaskResult.objects.get()
    assert (task.args_kwargs["args"], task.pk) == ([award.pk], Document.objects.get().task_id)


def test_the_award_is_in_the_language_of_the_course_unless_it_has_the_learners(
    completed: Enrolment, record: SimpleNamespace
):
    with translation.override("en"):
        assert award_if_earned(enrolment=completed, now=record.end).language == "nl"


def test_a_translated_course_is_certified_in_the_learners_language(
    completed: Enrolment, record: SimpleNamespace
):
    Course.objects.update(titles={"en": "Motivational interviewing"})
    completed.course.refresh_from_db()
    with translation.override("en"):
        award = award_if_earned(enrolment=completed, now=record.end)
    assert (award.language, award.title) == ("en", "Motivational interviewing")


def test_only_the_holder_sets_whether_the_name_is_shown(award: Award):
    set_name_visible(award=award, holder=award.holder, visible=True)
    with pytest.raises(Award.DoesNotExist):
        set_name_visible(award=award, holder=PersonFactory(), visible=False)
    award.refresh_from_db()
    assert award.name_visible is True


def test_an_award_is_revoked_once(award: Award, record: SimpleNamespace):
    revoke_award(award=award, now=record.end)
    revoke_award(award=award, now=record.end + timedelta(days=1))
    award.refresh_from_db()
    assert (award.status, award.revoked_at) == ("revoked", record.end)


@pytest.mark.parametrize(
    "change",
    [
        {"public_id": "O0O0O0O0O0O0O0O0O0O0O0O0O0"},
        {"public_id": "AAAA"},
        {"holder": None},
        {"holder_name": ""},
        {"status": "revoked"},
        {"completed_on": date(2026, 8, 31)},
    ],
)
def test_the_database_refuses_an_award_that_could_not_be_true(award: Award, change: dict):
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.filter(pk=award.pk).update(**change)


def test_an_account_with_a_certificate_cannot_be_deleted_around_the_erasure(award: Award):
    erase_record(learner=award.holder, now=award.issued_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        award.holder.delete()


@pytest.mark.parametrize("change", [{"state": "ready"}, {"state": "rendering"}])
def test_the_database_refuses_a_document_that_promises_what_is_not_there(award: Award, change: dict):
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(award=award).update(**change)


def test_awards_of_a_learner_are_read_with_two_queries_at_one_and_at_many(
    award: Award, learner: User, record: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
):
    with django_assert_num_queries(2):  # awards with documents, links to them
        assert [each.document.state for each in awards_of(learner)] == ["waiting"]
    for _ in range(3):
        enrolment = enrol(learner=learner, course=record.make_course(), alias="Roos", now=record.start)
        award_and_queue(enrolment=record.complete(enrolment), now=record.end)
    with django_assert_num_queries(2):
        assert len([each.document.state for each in awards_of(learner)]) == 4


def test_what_is_earned_is_found_with_a_fixed_number_of_queries(
    completed: Enrolment,
    learner: User,
    record: SimpleNamespace,
    django_assert_num_queries: DjangoAssertNumQueries,
):
    # enrolments; schemes and awards; required, parts, done, graded, judged, signed off
    with django_assert_num_queries(9):
        assert [each.course.programme.name for each in earned_by(learner)] == ["Programma"]
    for _ in range(2):
        record.complete(enrol(learner=learner, course=record.make_course(), alias="Roos", now=record.start))
    with django_assert_num_queries(9):
        assert len(earned_by(learner)) == 3


def test_nothing_earned_costs_one_query(
    enrolment: Enrolment, learner: User, django_assert_num_queries: DjangoAssertNumQueries
):
    with django_assert_num_queries(1):
        assert earned_by(learner) == []
