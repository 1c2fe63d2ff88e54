"""What a person does in one go: one transaction, with the tasks and messages that follow from it."""

import uuid as uuids
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from certification.flows import award_and_queue, award_pending
from certification.models import Award
from certification.queries.evidence import PARTS
from courses.activities import respond
from courses.activities.recording import Played
from courses.models import ActivityVersion, CallRequest, Course, Enrolment, LaterQuestions, Submission
from courses.presentation import tried_again
from courses.queries.access import is_taught, open_cohort, version_for
from courses.queries.care import trainers_of
from courses.queries.later import due_to_be_asked
from courses.queries.progress import finished_but_open, is_done
from courses.queries.submissions import waited_long_enough
from courses.rules import payload_digest
from courses.services import enrolments
from courses.services.attempts import Recorded, record_answer
from courses.services.care import ask_for_call
from courses.services.enrolments import GroupFull
from courses.services.feedback import give_feedback, wait_out
from courses.services.later import note_invited
from courses.services.playing import weigh_report
from courses.services.progress import complete_if_finished, refresh
from meetings.flows import wait_for_group
from people.flows import send_message
from people.models import User
from people.rules import next_whole_hour
from people.services.profiles import save_profile

# As many as one round of the clock completes; the next round takes the next ones.
ONE_ROUND = 500


class NotTheirs(Exception):
    """There is no such activity for this learner: none at all, retired, or in a course they are not in."""


class Retired(Exception):
    """The activity was taken out of the lesson while the learner had it on screen."""


class TriesAgain(Exception):
    """Nothing is answered: the learner asks for one more try, with the answer of the last one still in the form."""


@dataclass(frozen=True)
class Answered:
    """What came of an answer: the record, the wording it was made on, and the enrolment after it."""

    recorded: Recorded
    version: ActivityVersion
    enrolment: Enrolment
    done: bool
    completed_now: bool
    # The certificate that came of it.
    awarded: Award | None = None

    @property
    def closes_something(self) -> bool:
        """The learner is to read how they stand with the certificate: nothing is left to do in the lessons."""
        completed = self.enrolment.status == Enrolment.Status.COMPLETED
        counts = self.done and self.version.activity.kind in PARTS
        return self.completed_now or self.awarded is not None or (completed and counts)


@transaction.atomic
def answer_activity(
    *,
    learner: User,
    activity_id: int,
    version_id: int,
    data: Mapping[str, Any],
    uuid: uuids.UUID,
    now: datetime,
    file: UploadedFile | None = None,
    before: str = "",
) -> Answered:
    """Record an answer, refresh progress, award what is earned and queue what follows.

    `before`, where the form asks for one more try: the digest of the answer that stood in it.
    Raises `NotTheirs`, `Retired`, `ResponseError`, `AnswerConflict` and `TriesAgain`; nothing is kept then.
    """
    version, enrolment = open_record(learner, activity_id, version_id)
    if before and tried_again(version.activity.kind):
        response = respond(version.activity.kind, version.specification, data)
        if payload_digest(version_id=version.pk, payload=response) == before:
            raise TriesAgain
    return answer_recorded(enrolment, version, data=data, file=file, uuid=uuid, now=now)


@dataclass(frozen=True)
class Reported:
    """What came of a report: how much counts as played, in per cents, and whether the activity is done."""

    per_cent: int
    done: bool


@transaction.atomic
def report_playing(
    *, learner: User, activity_id: int, version_id: int, at: Any, played: Any, revision: int, now: datetime
) -> Reported:
    """Keep the place in a recording; once enough of it was played, that is an answer like any other.

    Raises `NotTheirs`, `Retired`, `NotPlayed`, `NoPlace` and `PlaceConflict`; nothing is kept then.
    """
    version, enrolment = open_record(learner, activity_id, version_id)
    if version.recording_id is None:
        raise NotTheirs
    weighed = weigh_report(
        enrolment=enrolment, version=version, at=at, played=played, revision=revision, now=now
    )
    done = is_done(enrolment=enrolment, activity_id=activity_id)
    if weighed.enough and not done:
        data = {"played": Played(weighed.per_cent)}
        done = answer_recorded(enrolment, version, data=data, uuid=uuids.uuid4(), now=now).done
    return Reported(weighed.per_cent, done)


def open_record(learner: User, activity_id: int, version_id: int) -> tuple[ActivityVersion, Enrolment]:
    """What a learner is asked, and their enrolment, locked. Raises `NotTheirs` and `Retired`."""
    version = version_for(activity_id=activity_id, version_id=version_id)
    if version is None:
        raise NotTheirs
    course = version.activity.lesson.session.course
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("course_version", "learner")
        .in_use()
        .filter(learner=learner, course=course)
        .first()
    )
    if enrolment is None:
        raise NotTheirs
    enrolment.course = course
    if version.activity.retired_at or not is_taught(version.activity.lesson):
        raise Retired
    return version, enrolment


def answer_recorded(
    enrolment: Enrolment,
    version: ActivityVersion,
    *,
    data: Mapping[str, Any],
    uuid: uuids.UUID,
    now: datetime,
    file: UploadedFile | None = None,
) -> Answered:
    """An answer with all that follows from it. The caller holds the lock on the enrolment."""
    was_completed = enrolment.status == Enrolment.Status.COMPLETED
    recorded = record_answer(enrolment=enrolment, version=version, data=data, uuid=uuid, now=now, file=file)
    if not recorded.created:
        return Answered(recorded, version, enrolment, recorded.attempt.passed, completed_now=False)
    state = refresh(enrolment=enrolment, activity_id=version.activity_id, now=now)
    completed_now = enrolment.status == Enrolment.Status.COMPLETED and not was_completed
    award = None
    if completed_now or version.activity.kind in PARTS:
        award = award_and_queue(enrolment=enrolment, now=now)
    done = state is not None and state.status == "done"
    awarded = award if award is not None and award.issued_at == now else None
    return Answered(recorded, version, enrolment, done, completed_now, awarded)


def complete_finished(*, now: datetime) -> int:
    """For the clock: complete, and award, where the last open activity was taken out of the course. How many."""
    return sum(_complete_and_award(enrolment, now) for enrolment in finished_but_open()[:ONE_ROUND])


@transaction.atomic
def _complete_and_award(enrolment: Enrolment, now: datetime) -> bool:
    completed = complete_if_finished(enrolment=enrolment, now=now)
    award_and_queue(enrolment=completed, now=now)
    return completed.status == Enrolment.Status.COMPLETED


@transaction.atomic
def start_course(
    *, learner: User, course: Course, alias: str, now: datetime, code: str = "", again: bool = False
) -> Enrolment | None:
    """Enrol; without a code in the course's open group, so that its trainers see them. Raises `EnrolmentRefused`.

    `again`: who completed it does it once more.

    None where the code is right and the group full: they wait for a place in it.
    """
    today = timezone.localdate(now)
    cohort = None if code.strip() else open_cohort(course=course, learner=learner, today=today)
    try:
        return enrolments.enrol(
            learner=learner, course=course, cohort=cohort, alias=alias, code=code, again=again, now=now
        )
    except GroupFull as full:
        wait_for_group(cohort=full.cohort, person=learner, alias=alias, now=now)
        return None


@transaction.atomic
def give_legal_name(*, learner: User, legal_name: str, now: datetime) -> int:
    """Keep the name for certificates and award what was waiting for it. Returns how many awards."""
    return keep_profile(person=learner, legal_name=legal_name, now=now)


@transaction.atomic
def keep_profile(*, person: User, now: datetime, **changes: Any) -> int:
    """Change what is given (arguments of `save_profile`), and award what waited for a name. Returns how many awards."""
    save_profile(user=person, **changes)
    return len(award_pending(learner=person, now=now)) if person.legal_name else 0


@transaction.atomic
def answer_submission(
    *, submission_id: int, trainer: User, levels: Mapping[str, Any], words: str, now: datetime
) -> None:
    """A trainer's feedback: kept, counted, and the learner told. The same again changes nothing.

    Raises `NotTheirs` for a hand-in that is not (any more) this trainer's to look at, and `ResponseError`.
    """
    submission = _locked_submission(Submission.objects.reviewed_by(trainer), submission_id)
    if submission is None:
        raise NotTheirs
    attempt = give_feedback(submission=submission, trainer=trainer, levels=levels, words=words, now=now)
    if attempt is not None:
        _count(submission, now)
        _tell_of_feedback(submission, now)


def wait_out_assignments(*, now: datetime) -> int:
    """For the clock: let count what trainers did not answer in time. How many."""
    due = list(waited_long_enough(now).values_list("pk", flat=True)[:ONE_ROUND])
    return sum(_wait_out(pk, now) for pk in due)


@transaction.atomic
def _wait_out(submission_id: int, now: datetime) -> bool:
    submission = _locked_submission(waited_long_enough(now), submission_id)
    if submission is None:  # answered, or handed in anew, a moment ago
        return False
    wait_out(submission=submission, now=now)
    _count(submission, now)
    return True


def _locked_submission(of: QuerySet[Submission], pk: int) -> Submission | None:
    """A hand-in as it is once its enrolment is locked: learner, trainer and clock wait for one another."""
    known = of.filter(pk=pk).first()
    if known is None:
        return None
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("learner", "course__programme__organisation", "course_version")
        .get(pk=known.enrolment_id)
    )
    submission = of.select_related("attempt__version__activity__lesson").filter(pk=pk).first()
    if submission is not None:
        submission.enrolment = enrolment
    return submission


def _count(submission: Submission, now: datetime) -> None:
    """Progress, completion and awards after an attempt that no learner made."""
    enrolment = submission.enrolment
    refresh(enrolment=enrolment, activity_id=submission.activity_id, now=now)
    award_and_queue(enrolment=enrolment, now=now)


def _tell_of_feedback(submission: Submission, now: datetime) -> None:
    """Once per hand-in; what is answered within the hour is one mail. Nothing of the course: the address is a neutral one."""
    version = submission.attempt.version
    with translation.override(version.locale):
        place = reverse("lesson", args=[version.activity.lesson.short_key])
        text = _("Somebody answered you. Log in to read it:\n%(address)s") % {
            "address": f"{settings.SITE_URL}{place}#a-{version.activity_id}"
        }
        send_message(
            recipient=submission.enrolment.learner,
            kind="feedback",
            cause=f"feedback:{submission.pk}",
            subject=_("There is an answer for you"),
            text=text,
            joinable=True,
            due_at=next_whole_hour(now),
            now=now,
        )


@transaction.atomic
def ask_to_be_called(*, enrolment: Enrolment, moment: str, phone: str, now: datetime) -> CallRequest:
    """Keep the request and tell the trainers of the group, once per request, that somebody asked."""
    request, is_new = ask_for_call(enrolment=enrolment, moment=moment, phone=phone, now=now)
    if is_new:
        for trainer in trainers_of(enrolment).select_related("contact"):
            _tell_trainer_of_call(request, trainer, now)
    return request


def _tell_trainer_of_call(request: CallRequest, trainer: User, now: datetime) -> None:
    """Neither who nor why nor which number: that stands behind the sign-in."""
    send_message(
        recipient=trainer,
        kind="call",
        cause=f"call:{request.pk}:{trainer.pk}",
        subject=_("Somebody asks you to call"),
        text=_(
            "Somebody in one of your groups would like you to call. Log in to see who, and when it suits:\n%(address)s"
        )
        % {"address": f"{settings.SITE_URL}{reverse('training')}"},
        joinable=True,
        now=now,
    )


def ask_later_questions(*, now: datetime) -> int:
    """For the clock: ask who agreed to it, three months after. How many."""
    due = list(
        due_to_be_asked(now, timezone.localdate(now))[:ONE_ROUND].select_related(
            "enrolment__learner__contact"
        )
    )
    return sum(_ask_later(questions, now) for questions in due)


@transaction.atomic
def _ask_later(questions: LaterQuestions, now: datetime) -> bool:
    if not note_invited(questions=questions, now=now):
        return False
    course = Course.objects.get(pk=questions.enrolment.course_id)
    with translation.override(course.source_locale):
        send_message(
            recipient=questions.enrolment.learner,
            kind="later",
            cause=f"later:{questions.pk}",
            subject=_("A few questions, as agreed"),
            text=_(
                "Hello,\n\n"
                "You said that we may ask you a few questions now. It takes five minutes, and you may skip what you want:\n%(address)s\n\n"
                "Not in the mood? Then you need not do anything; we ask once."
            )
            % {"address": f"{settings.SITE_URL}{reverse('later', args=[course.short_key])}"},
            now=now,
        )
    return True
