"""Recording answers: once per form, as they were made, and never the private text."""

import datetime
import uuid

import pytest
from django.db import connection

from courses.activities import ResponseError
from courses.models import Attempt, Reflection
from courses.services.attempts import AnswerConflict, record_answer
from courses.services.enrolments import enrol, withdraw
from courses.services.reflections import decrypt
from people.privacy.traces import find_traces
from tests.factories import ActivityFactory, ActivityVersionFactory, right_answer, wrong_answer

pytestmark = pytest.mark.django_db
FORM = uuid.UUID("11111111-1111-4111-8111-111111111111")
SECRET = "Op de vensterbank zitten kauwtjes"


def record(enrolment, activity, now, data=None, form=FORM):
    version = activity.versions.get()
    return record_answer(
        enrolment=enrolment, version=version, data=data or right_answer(version), uuid=form, now=now
    )


def test_an_answer_is_kept_with_what_it_was_measured_by(enrolment, course, now):
    recorded = record(enrolment, course.question, now)
    version = course.question.versions.get()
    right = version.specification["options"][1]["key"]
    attempt = Attempt.objects.get()
    assert (recorded.attempt, recorded.created, recorded.response) == (attempt, True, {"choice": right})
    assert (attempt.learner, attempt.enrolment, attempt.version, attempt.activity) == (
        enrolment.learner,
        enrolment,
        version,
        course.question,
    )
    assert (attempt.response, attempt.readable) == ({"choice": right}, "B: Ernaast staan")
    assert (attempt.score, attempt.max_score, attempt.pass_score, attempt.passed) == (1, 1, 1, True)
    assert (attempt.received_at, attempt.self_reported, len(attempt.payload_hmac)) == (now, False, 64)


def test_the_same_form_again_changes_nothing(enrolment, course, now):
    first = record(enrolment, course.question, now)
    again = record(enrolment, course.question, now + datetime.timedelta(hours=1))
    assert (again.attempt, again.created, again.result) == (first.attempt, False, first.result)
    assert list(Attempt.objects.values_list("received_at", flat=True)) == [now]


def test_the_same_form_with_another_answer_is_a_conflict(enrolment, course, now):
    first = record(enrolment, course.question, now)
    with pytest.raises(AnswerConflict) as conflict:
        record(enrolment, course.question, now, wrong_answer(course.question.versions.get()))
    assert conflict.value.attempt == first.attempt
    assert Attempt.objects.count() == 1


def test_the_same_form_for_another_activity_is_a_conflict(enrolment, course, now):
    record(enrolment, course.question, now)
    with pytest.raises(AnswerConflict):
        record(enrolment, course.button, now)


def test_the_same_form_in_another_enrolment_is_a_conflict(enrolment, course, now):
    record(enrolment, course.question, now)
    withdraw(enrolment=enrolment, now=now)
    again = enrol(learner=enrolment.learner, course=course.row, alias="Maan", now=now)
    with pytest.raises(AnswerConflict):
        record(again, course.question, now)


def test_two_learners_may_come_with_the_same_uuid(enrolment, course, now):
    from tests.factories import PersonFactory

    other = enrol(learner=PersonFactory(), course=course.row, alias="Ster", now=now)
    assert record(enrolment, course.question, now).created is True
    assert record(other, course.question, now).created is True


def test_what_is_no_answer_leaves_nothing(enrolment, course, now):
    with pytest.raises(ResponseError):
        record(enrolment, course.question, now, {"choice": "geen"})
    assert Attempt.objects.count() == 0


def test_every_form_of_its_own_is_an_answer_of_its_own(enrolment, course, now):
    for number in range(3):
        record(enrolment, course.question, now, form=uuid.UUID(int=number))
    assert Attempt.objects.count() == 3


def test_an_answer_is_graded_by_the_wording_that_was_on_screen(enrolment, course, now):
    old = course.question.versions.get()
    turned = [{**option, "right": not option["right"]} for option in old.specification["options"]]
    ActivityVersionFactory(
        activity=course.question, number=2, specification={**old.specification, "options": turned}
    )
    recorded = record_answer(enrolment=enrolment, version=old, data=right_answer(old), uuid=FORM, now=now)
    assert (recorded.attempt.passed, recorded.attempt.version) == (True, old)


# --- private texts --------------------------------------------------------------------------------------------------
def test_a_private_text_is_in_no_table_as_it_was_written(enrolment, course, now):
    recorded = record(enrolment, course.text, now, {"text": SECRET})
    assert (recorded.response, recorded.attempt.response, recorded.attempt.readable) == (
        {"text": SECRET},
        {"answered": True},
        "",
    )
    assert decrypt(Reflection.objects.get()) == SECRET
    assert find_traces([SECRET, "vensterbank", "kauwtjes"]) == []
    assert [row for row in _all_bytes() if b"vensterbank" in row] == []


def test_the_search_would_find_it(enrolment, course, now):
    course.lesson.title = f"Over {SECRET}"
    course.lesson.save()
    assert [(trace.table, trace.column, trace.rows) for trace in find_traces([SECRET])] == [
        ("courses_lesson", "title", 1)
    ]
    assert len([row for row in _all_bytes() if b"vensterbank" in row]) == 1


def test_the_same_private_text_again_is_recognised_and_another_one_is_not(enrolment, course, now):
    record(enrolment, course.text, now, {"text": SECRET})
    assert record(enrolment, course.text, now, {"text": SECRET}).created is False
    with pytest.raises(AnswerConflict):
        record(enrolment, course.text, now, {"text": "Iets anders"})
    assert decrypt(Reflection.objects.get()) == SECRET


def test_a_private_text_written_anew_replaces_the_old_one(enrolment, course, now):
    record(enrolment, course.text, now, {"text": "Eerst dit"}, form=uuid.uuid4())
    record(enrolment, course.text, now, {"text": SECRET}, form=uuid.uuid4())
    assert decrypt(Reflection.objects.get()) == SECRET
    assert Attempt.objects.count() == 2


def test_two_learners_who_write_the_same_leave_different_digests(enrolment, course, now, settings):
    other = ActivityFactory(lesson=course.lesson, kind="reflection")
    record(enrolment, course.text, now, {"text": SECRET}, form=uuid.uuid4())
    record(enrolment, other, now, {"text": SECRET}, form=uuid.uuid4())
    settings.RECORD_KEY = "another"
    record(enrolment, course.text, now, {"text": SECRET}, form=uuid.uuid4())
    assert len(set(Attempt.objects.values_list("payload_hmac", flat=True))) == 3


def _all_bytes():
    """Every value of every table as bytes, whatever its type: binary columns too."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                for value in row:
                    yield bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
