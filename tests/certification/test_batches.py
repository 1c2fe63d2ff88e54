"""Certificates for many at once: each gets one, once, or a reason; and whoever said yes must be allowed to still."""

import threading
import uuid
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django_tasks_db.models import DBTaskResult

from certification import flows
from certification.flows import ONE_TASK, requeue_forgotten_batches
from certification.models import Award, AwardEvent, Batch, BatchLine, Document
from certification.queries import standings
from certification.queries.batches import roll_of
from certification.services import batches
from certification.services.accesses import clear_old_batches
from certification.services.batches import give_line, pause_batch
from certification.services.corrections import replace_award
from courses.models import Cohort, Course, Enrolment
from courses.services.enrolments import enrol
from people.models import Membership, OutboxMessage, User
from people.services.privacy import erase_person
from tests.certification import groups
from tests.certification.groups import begin, counts, graduates, reasons, work
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db: None) -> Course:
    return groups.course_to_confirm()


@pytest.fixture
def coordinator(course: Course) -> User:
    return groups.coordinator_of(course)


@pytest.fixture
def group(course: Course) -> list[Enrolment]:
    return graduates(course, 3)


@pytest.fixture
def batch(course: Course, group: list[Enrolment], coordinator: User, record: SimpleNamespace) -> Batch:
    return begin(course, group, by=coordinator, now=record.end)


# --- giving ---------------------------------------------------------------------------------------------------------
def test_everybody_gets_one_with_its_document_and_whose_yes_it_was(batch: Batch, group, coordinator: User):
    work(batch)
    assert counts(batch) == {"given": 3}
    assert list(Award.objects.order_by("serial_number").values_list("enrolment", flat=True)) == [
        each.pk for each in group
    ]
    assert list(Document.objects.values_list("state", flat=True)) == ["ready"] * 3
    assert set(AwardEvent.objects.values_list("kind", "by")) == {("confirmed", coordinator.pk)}
    assert OutboxMessage.objects.filter(kind="document_ready").count() == 3


def test_a_second_round_changes_nothing(batch: Batch):
    work(batch)
    before = list(Award.objects.values()), list(Document.objects.order_by("pk").values())
    work(batch)
    assert (list(Award.objects.values()), list(Document.objects.order_by("pk").values())) == before


def test_the_work_is_queued_in_small_tasks_behind_mails_and_single_documents(course, coordinator, record):
    people = [
        enrol(learner=PersonFactory(), course=course, alias=f"{number}", now=record.start)
        for number in range(ONE_TASK + 1)
    ]
    batch = begin(course, people, by=coordinator, now=record.end)
    tasks = DBTaskResult.objects.filter(task_path="certification.tasks.give_lines")
    sizes = sorted(len(task.args_kwargs["args"][0]) for task in tasks)
    assert sizes == [1, ONE_TASK]
    assert {task.priority for task in tasks} == {5}
    assert {*batch.lines.values_list("task_id", flat=True)} == {task.pk for task in tasks}


def test_a_form_sent_twice_begins_once(course, group, coordinator, record):
    batch_id = uuid.uuid4()
    for _press in range(2):
        flows.give_to_many(batch_id=batch_id, course=course, enrolments=group, by=coordinator, now=record.end)
    assert BatchLine.objects.count() == 3
    assert DBTaskResult.objects.filter(task_path="certification.tasks.give_lines").count() == 1


def test_nobody_stands_on_a_list_twice(batch: Batch, group):
    with pytest.raises(IntegrityError, match=r"batch"), transaction.atomic():
        BatchLine.objects.create(batch=batch, enrolment=group[0])


@pytest.mark.parametrize(
    "line",
    [{"state": "given"}, {"state": "had"}, {"state": "failed"}, {"state": "skipped"}],
    ids=lambda line: line["state"],
)
def test_a_line_that_promises_or_says_nothing_is_refused(batch: Batch, line: dict):
    with pytest.raises(IntegrityError), transaction.atomic():
        batch.lines.update(**line)


# --- who does not get one -------------------------------------------------------------------------------------------
def test_who_has_one_keeps_it_and_gets_no_other(batch: Batch, group, coordinator, record):
    had = flows.confirm_award(enrolment=group[1], by=coordinator, now=record.end)
    work(batch)
    assert counts(batch) == {"given": 2, "had": 1}
    assert batch.lines.get(state="had").award == had


def test_who_misses_something_gets_a_reason_and_the_others_theirs(batch: Batch, group, course, record):
    Enrolment.objects.filter(pk=group[0].pk).update(status="withdrawn")
    User.objects.filter(pk=group[1].learner_id).update(legal_name="")
    work(batch)
    assert reasons(batch) == [("skipped", "stopped"), ("failed", "name"), ("given", "")]


def test_a_scheme_that_asks_more_by_now_is_the_one_that_counts(batch: Batch, course):
    course.scheme.requirements = {"activities": {}, "sign_off": {}}
    course.scheme.save()
    work(batch)
    assert reasons(batch) == [("failed", "missing")] * 3
    assert Award.objects.count() == 0


def test_what_rests_on_ones_own_word_alone_is_not_given(coordinator, record):
    course = record.make_course(also=("survey",))
    record.make_scheme(course, requirements={"evaluation": {}}, handing="confirmed")
    coordinator = groups.coordinator_of(course)
    (enrolment,) = graduates(course, 1)
    record.do(enrolment, "survey")
    batch = begin(course, [enrolment], by=coordinator, now=record.end)
    work(batch)
    assert reasons(batch) == [("failed", "check")]


def test_a_certificate_that_would_have_ended_is_given_to_nobody(batch: Batch, course):
    course.scheme.valid_until = date(2026, 1, 1)
    course.scheme.save()
    work(batch)
    assert reasons(batch) == [("failed", "over")] * 3


def test_who_is_erased_in_between_is_left_out(batch: Batch, group, record):
    erase_person(user=group[0].learner, now=record.end)
    work(batch)
    assert reasons(batch) == [("skipped", "gone"), ("given", ""), ("given", "")]
    assert Award.objects.filter(holder=None).count() == 0


def test_who_is_erased_afterwards_leaves_a_line_that_says_nothing_of_them(batch: Batch, group, record):
    work(batch)
    learner = group[0].learner
    assert erase_person(user=learner, now=record.end).traces == []
    line = batch.lines.order_by("pk").first()
    assert (line.enrolment, line.award.holder_name) == (None, "")


def test_whoever_lost_the_right_gives_nothing_any_more(batch: Batch, coordinator):
    Membership.objects.filter(user=coordinator).delete()
    work(batch)
    assert reasons(batch) == [("failed", "not_yours")] * 3


def test_a_coordinator_who_is_gone_gives_nothing_and_a_colleague_can_go_on(
    batch, course, coordinator, record
):
    erase_person(user=coordinator, now=record.end)
    work(batch)
    assert reasons(batch) == [("failed", "not_yours")] * 3
    colleague = groups.coordinator_of(course)
    assert flows.retry_batch(batch=batch, by=colleague, now=record.end) == 3
    work(batch)
    assert set(AwardEvent.objects.values_list("by", flat=True)) == {colleague.pk}


def test_one_line_that_breaks_stops_none_of_the_others(batch: Batch, group, monkeypatch):
    real = batches.award_if_earned

    def broken(*, enrolment, **arguments):
        if enrolment.pk == group[1].pk:
            raise RuntimeError("on purpose")
        return real(enrolment=enrolment, **arguments)

    monkeypatch.setattr(batches, "award_if_earned", broken)
    work(batch)
    assert reasons(batch) == [("given", ""), ("failed", "error"), ("given", "")]
    assert sorted(Award.objects.values_list("serial_number", flat=True)) == [1, 2]


# --- pause, resume, retry -------------------------------------------------------------------------------------------
def test_a_pause_stops_before_the_next_person(batch: Batch, coordinator, record):
    first, second, _third = batch.lines.order_by("pk")
    give_line(line_id=first.pk, now=record.end)
    pause_batch(batch=batch, now=record.end)
    give_line(line_id=second.pk, now=record.end)
    assert counts(batch) == {"given": 1, "waiting": 2}
    DBTaskResult.objects.all().delete()
    assert requeue_forgotten_batches(now=record.end) == 0  # the clock lets it rest too
    flows.resume_batch(batch=batch, by=coordinator)
    assert DBTaskResult.objects.filter(task_path="certification.tasks.give_lines").count() == 1
    work(batch)
    assert counts(batch) == {"given": 3}


def test_only_who_was_not_given_one_is_tried_again(batch: Batch, group, coordinator, record):
    User.objects.filter(pk=group[0].learner_id).update(legal_name="")
    Enrolment.objects.filter(pk=group[1].pk).update(status="withdrawn")
    work(batch)
    given = Award.objects.get()
    User.objects.filter(pk=group[0].learner_id).update(legal_name="Nu met naam")
    assert flows.retry_batch(batch=batch, by=coordinator, now=record.end) == 1
    assert counts(batch) == {"given": 1, "skipped": 1, "waiting": 1}
    work(batch)
    assert counts(batch) == {"given": 2, "skipped": 1}
    assert Award.objects.exclude(pk=given.pk).get().holder_name == "Nu met naam"


def test_trying_again_makes_documents_due_that_could_not_be_made(batch: Batch, coordinator, record):
    work(batch)
    later = record.end + timedelta(hours=6)
    stuck = Document.objects.order_by("pk").first()
    Document.objects.filter(pk=stuck.pk).update(
        state="failed", attempts=5, last_error="OSError ENOSPC", due_at=later
    )
    flows.retry_batch(batch=batch, by=coordinator, now=record.end)
    stuck.refresh_from_db()
    assert (stuck.due_at, stuck.attempts) == (record.end, 0)


# --- crashes --------------------------------------------------------------------------------------------------------
def test_the_clock_takes_up_what_a_dead_worker_left_and_nothing_else(batch: Batch, record):
    assert requeue_forgotten_batches(now=record.end) == 0  # its task is there still
    DBTaskResult.objects.all().delete()
    assert requeue_forgotten_batches(now=record.end) == 3
    work(batch)
    DBTaskResult.objects.all().delete()
    assert requeue_forgotten_batches(now=record.end) == 0


def test_old_batches_are_forgotten_and_what_they_gave_stays(batch: Batch, record):
    work(batch)
    assert clear_old_batches(now=record.end + timedelta(days=364)) == 0
    assert clear_old_batches(now=record.end + timedelta(days=366)) == 1
    assert (BatchLine.objects.count(), Award.objects.count()) == (0, 3)


# --- who sees it ----------------------------------------------------------------------------------------------------
def sees(person: User) -> bool:
    return Batch.objects.visible_to(person).exists()


def test_who_coordinates_everybody_in_it_sees_it(batch: Batch, course, coordinator, group):
    assert sees(coordinator)
    assert sees(groups.coordinator_of(course))
    assert not sees(group[0].learner)
    assert not sees(groups.coordinator_of(groups.course_to_confirm(), region="Noord"))


def test_a_region_sees_what_is_all_of_that_region(course, record, coordinator):
    north = Cohort.objects.create(course=course, name="Noord", region="Noord")
    of_the_north = graduates(course, 1, cohort=north)
    begin(course, of_the_north, by=coordinator, now=record.end)
    assert sees(groups.coordinator_of(course, region="Noord"))
    assert not sees(groups.coordinator_of(course, region="Zuid"))
    Batch.objects.all().delete()
    begin(course, [*of_the_north, *graduates(course, 1)], by=coordinator, now=record.end)
    assert not sees(groups.coordinator_of(course, region="Noord"))


def test_one_with_a_line_of_ones_own_is_for_colleagues(course, group, record, coordinator):
    enrol(learner=coordinator, course=course, alias="Zelf", now=record.start)
    colleague = groups.coordinator_of(course)
    own = Enrolment.objects.get(learner=coordinator)
    begin(course, [*group, own], by=colleague, now=record.end)
    assert sees(colleague)
    assert not sees(coordinator)


def test_who_stopped_does_not_hide_the_others(batch: Batch, group, coordinator):
    Enrolment.objects.filter(pk=group[0].pk).update(status="withdrawn")
    assert sees(coordinator)


# --- who would get one ----------------------------------------------------------------------------------------------
def test_the_roll_sorts_everybody_once(course, group, coordinator, record):
    had = flows.confirm_award(enrolment=group[0], by=coordinator, now=record.end)
    User.objects.filter(pk=group[1].learner_id).update(legal_name="")
    new = enrol(learner=PersonFactory(legal_name="Nieuw"), course=course, alias="Nieuw", now=record.start)
    everybody = Enrolment.objects.filter(course=course).select_related("learner").order_by("alias")
    roll = roll_of(standings(list(everybody)))
    assert [each.award for each in roll.had] == [had]
    assert [each.enrolment for each in roll.nameless] == [group[1]]
    assert [each.enrolment for each in roll.ready] == [group[2]]
    assert [each.enrolment for each in roll.missing] == [new]
    assert [each.enrolment for each in roll.taken] == [group[2], group[0]]


def test_a_correction_in_between_is_the_one_they_have(batch: Batch, group, coordinator, record):
    first = flows.confirm_award(enrolment=group[0], by=coordinator, now=record.end)
    new = replace_award(award=first, name="Andere Naam", by=coordinator, reason="x", now=record.end)
    work(batch)
    assert batch.lines.get(state="had").award == new


# --- races ----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_batches_of_the_same_people_at_once_give_one_award_each(course, coordinator, record):
    people = graduates(course, 4)
    two = [begin(course, people, by=coordinator, now=record.end) for _batch in range(2)]
    gate, failures = threading.Barrier(4), []

    def one(batch: Batch) -> None:
        try:
            gate.wait(timeout=30)
            work(batch)
        except Exception as error:  # the test looks at it
            failures.append(error)
        finally:
            connection.close()

    # Two workers for each batch.
    threads = [threading.Thread(target=one, args=(batch,)) for batch in two for _worker in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert failures == []
    assert sorted(Award.objects.values_list("serial_number", flat=True)) == [1, 2, 3, 4]
    assert [sum(counts(batch).values()) for batch in two] == [4, 4]
    totals = [counts(batch) for batch in two]
    assert sum(total.get("given", 0) for total in totals) == 4
    assert sum(total.get("had", 0) for total in totals) == 4
    assert list(Document.objects.values_list("state", flat=True)) == ["ready"] * 4


@pytest.mark.django_db(transaction=True)
def test_an_erasure_at_the_same_time_ends_with_nobody_named(course, coordinator, record):
    people = graduates(course, 2)
    batch = begin(course, people, by=coordinator, now=record.end)
    gate, failures = threading.Barrier(2), []

    def at_once(what) -> None:
        try:
            gate.wait(timeout=30)
            what()
        except Exception as error:  # the test looks at it
            failures.append(error)
        finally:
            connection.close()

    works = (lambda: work(batch), lambda: erase_person(user=people[0].learner, now=record.end))
    threads = [threading.Thread(target=at_once, args=(what,)) for what in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert failures == []
    assert not Award.objects.filter(holder_name="Deelnemer 0").exists()
    assert batch.lines.order_by("pk").first().enrolment is None
    assert batch.lines.order_by("pk").last().state == "given"
