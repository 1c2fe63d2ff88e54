"""Who needs a trainer's attention, and why: signs that the record holds anyhow. Nothing of what somebody wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from courses.activities import assignment
from courses.models import (
    ActivityState,
    AnswerSeen,
    Attempt,
    CallRequest,
    CheckIn,
    Cohort,
    CourseVersionItem,
    Enrolment,
    Reflection,
    Session,
)
from courses.queries.progress import still_asked
from people.models import User

# So often tried without passing is stuck. A test of three tries is used up then, too.
STUCK_AFTER = 3


def cohorts_in_care(user: User) -> QuerySet[Cohort]:
    """The groups that somebody trains or coordinates, newest first; those that were put away last."""
    trains = Cohort.trainers.through.objects.filter(user=user, cohort=OuterRef("pk"))
    return (
        Cohort.objects.in_care_of(user)
        .annotate(is_trained=Exists(trains))
        .select_related("course__programme")
        .order_by(F("archived_at").desc(nulls_first=True), F("starts_on").desc(nulls_last=True), "-pk")
    )


def with_last_busy(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Each with `last_seen`: the last answer in the course or the last sign-in, whichever is later; None for neither.

    And with `last_busy`: that, or the start where it is later: nobody is quiet for longer than they are in.
    """
    newest = (
        Attempt.objects.filter(enrolment=OuterRef("pk"))
        .order_by()
        .values("enrolment")
        .annotate(newest=Max("received_at"))
        .values("newest")
    )
    answered, signed_in, started = Subquery(newest), F("learner__last_login"), F("started_at")
    # Of a NULL and a moment SQLite's greatest is NULL, PostgreSQL's the moment.
    seen = Coalesce(Greatest(answered, signed_in), answered, signed_in)
    return enrolments.annotate(
        last_seen=seen,
        last_busy=Greatest(Coalesce(answered, started), Coalesce(signed_in, started), started),
    )


def of_cohort(cohort: Cohort, user: User) -> QuerySet[Enrolment]:
    """Who is in a group and has not stopped, with `last_busy`; never the one who looks, where they learn there."""
    members = Enrolment.objects.filter(cohort=cohort).exclude(status=Enrolment.Status.WITHDRAWN)
    return with_last_busy(members.exclude(learner=user))


@dataclass(frozen=True)
class Attention:
    """A learner who may need somebody, with the reasons: each is empty or zero where it is none."""

    enrolment: Enrolment
    quiet_days: int = 0
    stuck_in: str = ""
    stuck_times: int = 0
    call: CallRequest | None = None
    missed: tuple[datetime, ...] = ()


def needing_attention(
    enrolments: QuerySet[Enrolment],
    *,
    calls: Mapping[Any, CallRequest],
    missed: Mapping[tuple[int, Any], tuple[datetime, ...]],
    now: datetime,
) -> list[Attention]:
    """Of these enrolments (`with_last_busy`), those who were quiet for long, are stuck, missed a meeting, or asked for a call.

    `calls`: open requests by enrolment. `missed`: when the meetings were, by group and learner; this floor knows none.
    Who asked stands first, then who was quiet longest. One query.
    """
    quiet_since = now - timedelta(days=settings.QUIET_DAYS)
    tries = _stuck().order_by("-attempts_count", "activity_id")
    found = (
        enrolments.annotate(
            stuck_times=Subquery(tries.values("attempts_count")[:1]),
            stuck_in=Subquery(tries.values("activity__lesson__title")[:1]),
        )
        .filter(
            Q(pk__in=list(calls))
            | Q(learner__in={learner for _cohort, learner in missed})
            | Q(stuck_times__isnull=False)
            | Q(last_busy__lt=quiet_since, status=Enrolment.Status.ACTIVE)
        )
        .select_related("cohort")
        .order_by("last_busy", "pk")
    )
    attention = [
        Attention(
            enrolment=enrolment,
            quiet_days=_quiet_days(enrolment, now),
            stuck_in=enrolment.stuck_in or "",
            stuck_times=enrolment.stuck_times or 0,
            call=calls.get(enrolment.pk),
            missed=missed.get((enrolment.cohort_id, enrolment.learner_id), ()),
        )
        for enrolment in found
    ]
    attention = [
        each for each in attention if each.call or each.quiet_days or each.stuck_times or each.missed
    ]
    return sorted(attention, key=lambda each: each.call is None)


def _stuck() -> QuerySet[ActivityState]:
    # What is handed in waits for a trainer: that is not the learner who is stuck.
    return ActivityState.objects.filter(
        enrolment=OuterRef("pk"),
        status=ActivityState.Status.TRIED,
        attempts_count__gte=STUCK_AFTER,
        activity__retired_at=None,
    ).exclude(activity__kind=assignment.KIND)


def _quiet_days(enrolment: Any, now: datetime) -> int:
    days = (now - enrolment.last_busy).days
    active = enrolment.status == Enrolment.Status.ACTIVE
    return days if active and days >= settings.QUIET_DAYS else 0


def calls_for(trainer: User) -> QuerySet[CallRequest]:
    """The requests to be called in a trainer's groups: open ones first, the longest wait first."""
    return (
        CallRequest.objects.for_trainer(trainer)
        .select_related("enrolment__cohort", "taken_by")
        .order_by(F("taken_at").desc(nulls_first=True), "asked_at", "pk")
    )


def open_calls(trainer: User, cohort: Cohort | None = None) -> dict[Any, CallRequest]:
    """Open requests by enrolment, of all groups somebody trains or of one. One query."""
    calls = calls_for(trainer).filter(taken_at=None)
    if cohort is not None:
        calls = calls.filter(enrolment__cohort=cohort)
    return {call.enrolment_id: call for call in calls}


def call_of(enrolment: Enrolment) -> CallRequest | None:
    """A learner's last request, with who took it."""
    return (
        CallRequest.objects.filter(enrolment=enrolment)
        .select_related("taken_by")
        .order_by("-asked_at")
        .first()
    )


def who_did(session: Session, enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Of these, who did all that a session asks of them, with `did_at`: when they did the last thing in it."""
    done = ActivityState.objects.filter(
        enrolment=OuterRef("pk"), activity__lesson__session=session, status=ActivityState.Status.DONE
    )
    of_this_enrolment = Exists(
        ActivityState.objects.filter(
            enrolment=OuterRef(OuterRef("pk")),
            activity=OuterRef("activity"),
            status=ActivityState.Status.DONE,
        )
    )
    to_do = CourseVersionItem.objects.filter(
        still_asked(),
        ~of_this_enrolment,
        course_version=OuterRef("course_version"),
        activity__lesson__session=session,
    )
    last = done.order_by("-completed_at").values("completed_at")[:1]
    return enrolments.annotate(did_at=Subquery(last)).filter(~Exists(to_do), did_at__isnull=False)


@dataclass(frozen=True)
class CheckInLine:
    """Somebody on the list of who is called after a heavy session, and the call if there was one."""

    enrolment: Any
    check_in: CheckIn | None

    @property
    def did_at(self) -> datetime | None:
        """When they did the session, where `who_did` says so; in a group that met the meeting says when."""
        return getattr(self.enrolment, "did_at", None)


def check_in_list(session: Session, enrolments: QuerySet[Enrolment]) -> list[CheckInLine]:
    """These, who is still to be called first. Two queries."""
    called = {
        check_in.enrolment_id: check_in
        for check_in in CheckIn.objects.filter(session=session, enrolment__in=enrolments).select_related(
            "called_by"
        )
    }
    lines = [
        CheckInLine(enrolment, called.get(enrolment.pk)) for enrolment in enrolments.order_by("alias", "pk")
    ]
    return sorted(lines, key=lambda line: line.check_in is not None)


def open_answers(trainer: User) -> QuerySet[ActivityState]:
    """The last answers in own words of a trainer's groups, with `seen`: unread first, the oldest first."""
    seen = AnswerSeen.objects.filter(attempt=OuterRef("last_attempt"))
    return (
        ActivityState.objects.filter(
            activity__kind="open",
            enrolment__cohort__trainers=trainer,
            last_attempt__self_reported=False,
        )
        .exclude(enrolment__learner=trainer)
        .exclude(enrolment__status=Enrolment.Status.WITHDRAWN)
        .select_related(
            "enrolment__cohort", "activity__lesson__session", "last_attempt__version", "last_attempt__seen"
        )
        .annotate(is_seen=Exists(seen))
        .order_by("is_seen", "last_attempt__received_at", "pk")
    )


def texts_shared_with(trainer: User) -> QuerySet[Reflection]:
    """What learners share with a trainer now, newest first. Without a date the text was taken back."""
    return (
        Reflection.objects.shared_with_trainer(trainer)
        .select_related("enrolment__cohort", "version", "activity__lesson__session")
        .order_by("-shared_at", "pk")
    )


def trainers_of(enrolment: Enrolment) -> QuerySet[User]:
    """The trainers of a learner's group, whom a text can be shared with; never the learner."""
    if enrolment.cohort_id is None:
        return User.objects.none()
    return (
        User.objects.filter(cohorts_trained=enrolment.cohort_id, is_active=True)
        .exclude(pk=enrolment.learner_id)
        .order_by("alias", "pk")
    )


def fellow_members(enrolment: Enrolment) -> QuerySet[Enrolment]:
    """Who else is in a learner's group now, by alias. Never anybody's account."""
    if enrolment.cohort_id is None:
        return Enrolment.objects.none()
    return (
        Enrolment.objects.filter(cohort=enrolment.cohort_id)
        .exclude(status=Enrolment.Status.WITHDRAWN)
        .exclude(pk=enrolment.pk)
        .only("pk", "alias")
        .order_by("alias", "pk")
    )
