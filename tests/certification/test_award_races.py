"""Ten last answers at once: one award, one document, one task. On SQLite and on PostgreSQL."""

import threading
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from certification.flows import award_and_queue, replace_award
from certification.models import Award, Document, SerialCounter
from certification.services.corrections import CorrectionRefused
from certification.services.documents import produce
from certification.services.erasure import erase_awards
from courses.models import Attempt, Enrolment
from courses.services.enrolments import enrol
from courses.services.erasure import erase_record
from people.models import OutboxMessage, User
from tests.factories import PersonFactory

THREADS = 10

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work: Callable[[], object]) -> list[object]:
    """Do the work in ten threads that start together. What they returned, or raised."""
    gate = threading.Barrier(THREADS)
    results: list[object] = []

    def one() -> None:
        try:
            gate.wait(timeout=30)
            results.append(work())
        except Exception as error:  # the test looks at it
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_ten_last_answers_at_once_give_one_award(enrolment: Enrolment, record: SimpleNamespace):
    record.complete(enrolment, but=1)
    last = record.items_of(enrolment)[-1]

    def last_answer() -> int:
        with transaction.atomic():
            mine = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
            record.answer(mine, last)
            return award_and_queue(enrolment=mine, now=record.end).pk

    results = at_once(last_answer)
    award = Award.objects.get()
    assert results == [award.pk] * THREADS
    assert Attempt.objects.filter(activity=last.activity).count() == THREADS
    assert (Document.objects.count(), DBTaskResult.objects.count()) == (1, 1)


def test_the_constraint_holds_without_the_lock(completed: Enrolment, record: SimpleNamespace):
    results = at_once(lambda: award_and_queue(enrolment=completed, now=record.end).pk)
    assert results == [Award.objects.get().pk] * THREADS
    assert Document.objects.count() == 1


def test_ten_awards_at_once_are_numbered_one_to_ten(record: SimpleNamespace):
    """Of one organisation, the first of its year: no number twice, none left out."""
    course = record.make_course()
    enrolments = iter(
        [
            record.complete(
                enrol(
                    learner=PersonFactory(legal_name="Sanne de Vries"),
                    course=course,
                    alias="R",
                    now=record.start,
                )
            )
            for _ in range(THREADS)
        ]
    )
    results = at_once(lambda: award_and_queue(enrolment=next(enrolments), now=record.end).serial)
    assert sorted(results) == [f"2026-{number:05d}" for number in range(1, THREADS + 1)]
    assert SerialCounter.objects.get().last == THREADS


def test_awards_that_fail_leave_no_gap(record: SimpleNamespace):
    course = record.make_course()
    enrolments = [
        record.complete(
            enrol(learner=PersonFactory(legal_name="Sanne"), course=course, alias="R", now=record.start)
        )
        for _ in range(THREADS)
    ]
    turns = iter(range(THREADS))

    def every_other_fails() -> None:
        turn = next(turns)
        with transaction.atomic():
            award_and_queue(enrolment=enrolments[turn], now=record.end)
            if turn % 2:
                raise ZeroDivisionError

    at_once(every_other_fails)
    numbers = sorted(Award.objects.values_list("serial_number", flat=True))
    assert numbers == list(range(1, THREADS // 2 + 1))


def test_ten_corrections_at_once_make_one(award: Award, record: SimpleNamespace):
    by = PersonFactory()

    def correct() -> int:
        return replace_award(award=award, name="Sanne Bakker", by=by, reason="Naam", now=record.end).pk

    results = at_once(correct)
    assert sum(isinstance(each, CorrectionRefused) for each in results) == THREADS - 1
    assert Award.objects.current().count() == 1
    assert sorted(Award.objects.values_list("serial_number", flat=True)) == [1, 2]


def test_ten_workers_at_one_document_make_one_file_and_one_message(
    award: Award, record: SimpleNamespace, private_files
):
    results = at_once(lambda: produce(award_id=award.pk, now=record.end))
    assert sorted(results) == [False] * (THREADS - 1) + [True]
    assert len(list(private_files.rglob("*.pdf"))) == 1
    assert OutboxMessage.objects.count() == 1


def test_erasure_and_the_last_answer_at_once_leave_no_name(enrolment: Enrolment, record: SimpleNamespace):
    record.complete(enrolment, but=1)
    last, person, later = record.items_of(enrolment)[-1], enrolment.learner, record.end + timedelta(hours=1)
    turns = iter(range(THREADS))

    def either() -> None:
        with transaction.atomic():
            if next(turns) == THREADS // 2:
                erase_awards(user=person, now=later)
                erase_record(learner=person, now=later)
                return
            mine = Enrolment.objects.select_for_update().filter(pk=enrolment.pk).first()
            if mine is not None:
                record.answer(mine, last)
                award_and_queue(enrolment=mine, now=record.end)

    assert at_once(either) == [None] * THREADS
    assert Award.objects.exclude(holder_name="").count() == 0
    assert Document.objects.count() == 0
    User.objects.filter(pk=person.pk).delete()
