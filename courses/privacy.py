"""What the record holds about learners. All of it goes together: `courses.services.erasure`."""

from datetime import datetime
from typing import Any

from courses.models import ResumePoint, Statement, SurveyKey
from courses.services.erasure import erase_record
from courses.services.reflections import in_words
from courses.services.surveys import answers_under
from people import privacy
from people.models import User
from people.privacy import Holding, Personal

RECORD = "2 years after the course, then aggregated"
OWN = "the learner's own; at most 6 months after the course"


def _erase_all(*, user: User, now: datetime) -> None:
    erase_record(learner=user, now=now)


def _gone_already(*, user: User, now: datetime) -> None:
    """The enrolment's erasure took this along."""


def _survey_answers(key: SurveyKey) -> list[dict[str, Any]]:
    return answers_under(key)


def _place(point: ResumePoint) -> object:
    return point.state


def _reported(statement: Statement) -> object:
    return statement.content


def _personal(retention: str, **purposes: str) -> dict[str, Personal]:
    return {name: Personal(purpose, retention, "deleted") for name, purpose in purposes.items()}


privacy.declare(
    Holding(
        model="courses.CallRequest",
        person="enrolment__learner",
        fields=_personal(
            "30 days after the call",
            enrolment="who asked to be called",
            moment="when a call is safe",
            phone="where a call is safe",
            asked_at="since when somebody waits",
            taken_at="that somebody took it on",
        ),
        plain={"id"},
        erase=_gone_already,
    ),
    Holding(
        model="courses.CallRequest",
        person="taken_by",
        fields={"taken_by": Personal("who took it on", "30 days after the call", "cleared")},
    ),
    Holding(
        model="courses.CheckIn",
        person="enrolment__learner",
        fields=_personal(
            RECORD,
            enrolment="who was called after a heavy session",
            session="after which one",
            called_at="when",
        ),
        plain={"id"},
        erase=_gone_already,
    ),
    Holding(
        model="courses.CheckIn",
        person="called_by",
        fields={"called_by": Personal("who called", RECORD, "cleared")},
    ),
    Holding(
        model="courses.AnswerSeen",
        person="attempt__learner",
        fields=_personal(RECORD, attempt="which answer a trainer read", seen_at="when"),
        plain={"id"},
        erase=_gone_already,
    ),
    Holding(
        model="courses.AnswerSeen",
        person="seen_by",
        fields={"seen_by": Personal("who read it", RECORD, "cleared")},
    ),
    Holding(
        model="courses.Reflection",
        person="enrolment__learner",
        fields={
            **_personal(
                OWN,
                enrolment="whose text it is",
                written_at="when it was written",
                shared_at="since when a trainer may read it",
            ),
            "ciphertext": Personal("what somebody wrote for themselves", OWN, "deleted", export=in_words),
        },
        plain={"id", "activity", "version"},
        erase=_erase_all,
    ),
    Holding(
        model="courses.Reflection",
        person="shared_with",
        fields={"shared_with": Personal("who may read it", OWN, "cleared")},
    ),
    Holding(
        model="courses.LaterQuestions",
        person="enrolment__learner",
        fields=_personal(
            RECORD,
            enrolment="who agreed to be asked once more",
            agreed_at="since when",
            due_on="from when on",
            invited_at="that they were asked",
            answered_at="that they answered",
        ),
        plain={"id"},
        erase=_gone_already,
    ),
    Holding(
        model="courses.SurveyRound",
        person="closed_by",
        fields={"closed_by": Personal("who closed a round", "as long as the group exists", "cleared")},
        plain={"id", "cohort", "ask", "closed_at"},
    ),
    Holding(
        model="courses.SurveyKey",
        person="enrolment__learner",
        fields={
            "enrolment": Personal("whose answers belong together", RECORD, "deleted"),
            "secret": Personal(
                "makes the code of somebody’s survey answers", RECORD, "deleted", export=_survey_answers
            ),
        },
        plain={"id"},
        erase=_gone_already,
    ),
    Holding(
        model="courses.Feedback",
        person="submission__enrolment__learner",
        fields=_personal(
            RECORD,
            levels="what a trainer found",
            words="what a trainer wrote",
            given_at="when a trainer answered",
        ),
        plain={"id", "submission"},
        erase=_gone_already,
    ),
    Holding(
        model="courses.Feedback",
        person="trainer",
        fields={"trainer": Personal("who looked at it", RECORD, "cleared")},
    ),
    Holding(
        model="courses.Submission",
        person="enrolment__learner",
        fields={
            **_personal(
                RECORD,
                enrolment="who handed it in",
                attempt="what was handed in",
                file_format="what kind of file it is",
                handed_in_at="when it was handed in",
                due_at="from when on it counts without an answer",
                waited_out_at="when it began to count without an answer",
                superseded_at="when something else was handed in",
            ),
            "file_name": Personal("finds the file that was handed in", RECORD, "deleted", export=False),
        },
        plain={"id", "activity"},
        erase=_gone_already,
    ),
    Holding(
        model="courses.ResumePoint",
        person="enrolment__learner",
        fields={
            **_personal(
                RECORD,
                enrolment="who goes on",
                revision="tells a later place from an earlier one",
                saved_at="when somebody stopped",
            ),
            "data": Personal("where to go on", RECORD, "deleted", export=_place),
        },
        plain={"id", "activity", "version", "part"},
        erase=_gone_already,
    ),
    Holding(
        model="courses.Statement",
        person="enrolment__learner",
        fields={
            **_personal(
                RECORD,
                uuid="that a report counts once",
                enrolment="who used a package",
                attempt="which answer it made",
                verb="what was done in a package",
                received_at="when it was done",
            ),
            "original": Personal("what a package reported", RECORD, "deleted", export=_reported),
        },
        plain={"id", "activity", "version", "part"},
        erase=_gone_already,
    ),
    Holding(
        model="courses.ActivityState",
        person="enrolment__learner",
        fields=_personal(
            RECORD,
            enrolment="whose progress it is",
            status="how far somebody is",
            best_score="how far somebody is",
            attempts_count="how far somebody is",
            last_attempt="the answer shown again",
            completed_at="when it was done",
        ),
        plain={"id", "activity"},
        erase=_gone_already,
    ),
    Holding(
        model="courses.Attempt",
        person="learner",
        fields={
            **_personal(
                RECORD,
                uuid="that an answer counts once",
                learner="whose answer it is",
                enrolment="in which course",
                response="what was answered",
                readable="what was answered, in words",
                score="how it was graded",
                passed="how it was graded",
                received_at="when it was answered",
            ),
            "payload_hmac": Personal(
                "tells a repeated form from another answer", RECORD, "deleted", export=False
            ),
        },
        plain={"id", "version", "activity", "max_score", "pass_score", "self_reported"},
        erase=_gone_already,
    ),
    Holding(
        model="courses.Enrolment",
        person="learner",
        fields=_personal(
            RECORD,
            id="the record's own key",
            learner="who learns",
            cohort="in which group",
            alias="what the group calls them",
            status="how far somebody is",
            started_at="when it was begun",
            completed_at="when it was completed",
            withdrawn_at="when it was stopped",
            begun_again_at="when it was begun once more",
            closed_at="when the record was closed",
            here="where somebody goes on",
        ),
        plain={"course", "course_version"},
        erase=_gone_already,
    ),
    Holding(
        model="courses.Cohort",
        person="trainers",
        fields={"trainers": Personal("who trains a group", "as long as the group exists", "cleared")},
        plain={
            "id",
            "course",
            "name",
            "region",
            "starts_on",
            "ends_on",
            "capacity",
            "held",
            "way_in",
            "code",
            "homework_days",
            "archived_at",
            "created_at",
        },
        erase=lambda *, user, now: user.cohorts_trained.clear(),
    ),
)
privacy.declare_impersonal(
    "courses.Programme",
    "courses.Course",
    "courses.Session",
    "courses.Lesson",
    "courses.Activity",
    "courses.ActivityVersion",
    "courses.CourseVersion",
    "courses.CourseVersionItem",
    reason="what is taught, the same for everybody",
)
privacy.declare_impersonal(
    "courses.SurveyResponse",
    reason="answers under a code; without the enrolment's secret nobody can tell whose they are",
)
privacy.declare_impersonal(
    "courses.SurveyFigure",
    reason="sums over answers without a code, never shown of fewer than five people",
)
privacy.declare_impersonal(
    "courses.ErasureOrder",
    reason="a random id that nothing points at any more; a restored backup is erased by it again",
)
