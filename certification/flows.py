"""What is done in one go: an award, its document and the task that makes it share one transaction."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from certification.models import Award, Batch, BatchLine, Bundle, Document
from certification.queries import earned_by, overdue_documents, standings, unawarded
from certification.queries.batches import forgotten_bundles, forgotten_lines
from certification.queries.renewal import ending, reminder_due, renewable_by_points
from certification.rules import printable_name
from certification.services import batches, bundles, corrections, documents
from certification.services.awards import award_if_earned
from certification.services.reminders import cause_of, remind
from certification.services.renewals import renew_by_points
from certification.services.sign_offs import sign_off
from certification.tasks import give_lines, pack_bundle, render_document
from courses.models import Cohort, Course, Enrolment
from people.models import User
from people.queries import live_task_ids, told_causes
from people.services.profiles import save_profile

# As many as one round of the clock enqueues again; the next round takes the next ones.
ONE_ROUND = 500
# Lines of one task: about a second of work, so that a mail or a pause never waits for long.
ONE_TASK = 10


@transaction.atomic(savepoint=False)  # part of the answer's transaction: it stands or falls with it
def award_and_queue(*, enrolment: Enrolment, now: datetime, confirmed_by: User | None = None) -> Award | None:
    """Award what an enrolment has earned and queue its document, in the transaction of what earned it.

    The award is the one made now or the one that was there; see `award_if_earned` for when there is none. One query
    while there is nothing to look into.
    """
    award = award_if_earned(enrolment=enrolment, now=now, confirmed_by=confirmed_by)
    if award is not None:
        _enqueue_first(award)
    return award


@transaction.atomic
def award_pending(*, learner: User, now: datetime) -> list[Award]:
    """Award what waited for a name, now that the learner gave one. Returns the new awards."""
    awards = [award_and_queue(enrolment=_locked(each), now=now) for each in earned_by(learner)]
    return [award for award in awards if award is not None]


def award_what_waited(*, now: datetime) -> int:
    """For the clock: award what was earned by something that nobody answered, such as a changed scheme. How many."""
    last, made = None, 0
    named = unawarded().exclude(learner__legal_name="").order_by("pk")
    while batch := list((named.filter(pk__gt=last) if last else named)[:ONE_ROUND]):
        earned = [each.enrolment for each in standings(batch) if each.earned and not each.waits_for_yes]
        made += sum(_award_locked(enrolment, now) for enrolment in earned)
        last = batch[-1].pk
    return made


@transaction.atomic
def _award_locked(enrolment: Enrolment, now: datetime) -> bool:
    return award_and_queue(enrolment=_locked(enrolment), now=now) is not None


@transaction.atomic
def confirm_award(*, enrolment: Enrolment, by: User, now: datetime) -> Award | None:
    """A coordinator says yes to what was earned. None where it is not (any more)."""
    return award_and_queue(enrolment=_locked(enrolment), now=now, confirmed_by=by)


@transaction.atomic
def say_ready(*, enrolment: Enrolment, by: User, ready: bool, now: datetime) -> Award | None:
    """A trainer says that somebody is ready, or takes it back. The award that follows from it, if one does."""
    locked = _locked(enrolment)
    sign_off(enrolment=locked, by=by, ready=ready, now=now)
    return award_and_queue(enrolment=locked, now=now) if ready else None


@transaction.atomic
def replace_award(*, award: Award, name: str, by: User, reason: str, now: datetime) -> Award:
    """Issue a corrected certificate in place of one, and queue its document. Raises `CorrectionRefused`.

    The holder's own full name is corrected with it where it is what the old one said: the mistake came from there, and
    what is given or renewed later is printed from it.
    """
    # Before the award, as erasure locks them. Their key does not change: who writes a row of theirs need not wait.
    holder = User.objects.select_for_update(no_key=True).filter(pk=award.holder_id).first()
    new = corrections.replace_award(award=award, name=name, by=by, reason=reason, now=now)
    if holder is not None and printable_name(holder.legal_name) == award.holder_name:
        save_profile(user=holder, legal_name=new.holder_name)
    _enqueue_first(new)
    return new


@transaction.atomic
def give_anew(*, award: Award, by: User, now: datetime) -> Award:
    """Give a new certificate where one was withdrawn, and queue its document. Raises `CorrectionRefused`."""
    new = corrections.give_anew(award=award, enrolment=_locked(award.enrolment), by=by, now=now)
    _enqueue_first(new)
    return new


def renew_what_points_renew(*, now: datetime) -> int:
    """For the clock: renew certificates whose holders have earned the points for it. How many."""
    return sum(_renew_by_points(award, now) for award in renewable_by_points(timezone.localdate(now)))


@transaction.atomic
def _renew_by_points(award: Award, now: datetime) -> bool:
    new = renew_by_points(award=award, now=now)
    if new is not None:
        _enqueue_first(new)
    return new is not None


def _locked(enrolment: Enrolment) -> Enrolment:
    """The enrolment as it is once nobody else is at it."""
    return (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("course__programme", "course_version", "learner")
        .get(pk=enrolment.pk)
    )


def _enqueue_first(award: Award) -> None:
    if award.document.state == Document.State.WAITING and award.document.task_id is None:
        _enqueue(award.document)


@transaction.atomic
def remake_document(*, award: Award, now: datetime) -> None:
    """The file of a ready document is gone: make it again."""
    if documents.note_lost_file(document=award.document, now=now):
        _enqueue(award.document)


@transaction.atomic
def requeue_overdue_documents(*, now: datetime) -> int:
    """For the clock: enqueue again what is due and has no task that will make it. How many."""
    due = list(overdue_documents(now)[:ONE_ROUND])
    live = live_task_ids([document.task_id for document in due if document.task_id], now)
    again = [document for document in due if document.task_id not in live]
    for document in again:
        _enqueue(document)
    return len(again)


def remind_of_ends(*, now: datetime) -> int:
    """For the clock, once a day: tell holders 90, 30 and 7 days before a certificate ends. How many.

    After a clock that stood still only the last reminder that is due goes out, not all it missed.
    """
    today = timezone.localdate(now)
    due = [(award, reminder_due(award.valid_until, today)) for award in ending(today)]
    known = told_causes([cause_of(award, days) for award, days in due])
    new = [(award, days) for award, days in due if cause_of(award, days) not in known]
    for award, days in new:
        remind(award=award, days=days, now=now)
    return len(new)


def sweep_document_files(*, now: datetime) -> int:
    """For the clock, once a night: delete files that no document or bundle names. How many."""
    return documents.sweep_files(now=now) + bundles.sweep_bundle_files(now=now)


@transaction.atomic
def give_to_many(
    *,
    batch_id: UUID,
    course: Course,
    enrolments: Sequence[Enrolment],
    by: User,
    now: datetime,
    cohort: Cohort | None = None,
) -> Batch:
    """Begin a batch and queue its lines. Sent twice with the same id, it is begun once."""
    batch, is_new = batches.begin_batch(
        batch_id=batch_id, course=course, cohort=cohort, enrolments=enrolments, by=by, now=now
    )
    if is_new:
        _enqueue_waiting(batch)
    return batch


@transaction.atomic
def resume_batch(*, batch: Batch, by: User) -> None:
    """Go on with a paused batch, under this person's yes."""
    batches.take_on(batch=batch, by=by)
    _enqueue_waiting(batch)


@transaction.atomic
def retry_batch(*, batch: Batch, by: User, now: datetime) -> int:
    """Try those again who were not given one, and nobody else, under this person's yes. How many."""
    count = batches.let_failed_wait(batch=batch, now=now)
    resume_batch(batch=batch, by=by)
    return count


@transaction.atomic
def bundle_batch(*, batch: Batch, language: str, now: datetime) -> Bundle:
    """Have a worker make a zip file of the PDFs of a batch."""
    bundle = bundles.ask_for_bundle(batch=batch, language=language, now=now)
    if bundle.task_id is None:
        _enqueue_bundle(bundle)
    return bundle


@transaction.atomic
def requeue_forgotten_batches(*, now: datetime) -> int:
    """For the clock: enqueue again lines and zip files that no task will see to. How many."""
    lines = forgotten_lines(now, most=ONE_ROUND)
    for _batch, its_lines in groupby(lines, key=lambda line: line.batch_id):
        _enqueue_lines(list(its_lines))
    forgotten = forgotten_bundles(now)
    for bundle in forgotten:
        _enqueue_bundle(bundle)
    return len(lines) + len(forgotten)


def _enqueue_waiting(batch: Batch) -> None:
    _enqueue_lines(list(batch.lines.filter(state=BatchLine.State.WAITING).order_by("pk")))


def _enqueue_lines(lines: Sequence[BatchLine]) -> None:
    for start in range(0, len(lines), ONE_TASK):
        some = lines[start : start + ONE_TASK]
        result = give_lines.enqueue([line.pk for line in some])
        batches.note_line_task(lines=some, task_id=result.id)


def _enqueue_bundle(bundle: Bundle) -> None:
    result = pack_bundle.enqueue(str(bundle.pk))
    bundles.note_bundle_task(bundle=bundle, task_id=result.id)


def _enqueue(document: Document) -> None:
    result = render_document.enqueue(document.award_id)
    documents.note_task(document=document, task_id=result.id)
