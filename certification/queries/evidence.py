"""What is known of enrolments, for the requirements to look at."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from certification.models import SignOff
from certification.requirements import Evidence, Part, Presence
from certification.requirements import Meeting as Attended
from courses.activities import assignment, quiz, survey
from courses.models import Activity, ActivityState, Attempt, CourseVersionItem, Enrolment
from courses.queries.progress import still_asked
from meetings.models import Attendance, Meeting

PRESENCES = {
    Attendance.Status.PRESENT: Presence.ATTENDED,
    Attendance.Status.LATE: Presence.ATTENDED,
    Attendance.Status.CAUGHT_UP: Presence.CAUGHT_UP,
    Attendance.Status.NOTICE: Presence.MISSED,
    Attendance.Status.ABSENT: Presence.MISSED,
}
# Nobody wrote anything down yet.
TO_COME = Attended(Presence.TO_COME)
PARTS = {quiz.KIND: "tests", survey.KIND: "surveys", assignment.KIND: "assignments"}


def evidence_of(enrolments: Sequence[Enrolment]) -> dict[UUID, Evidence]:
    """Evidence per enrolment. Eight queries for any number of them, six where nobody has a meeting."""
    asked = _asked({enrolment.course_version_id for enrolment in enrolments})
    parts = _parts({enrolment.course_id for enrolment in enrolments})
    done: dict[UUID, set[int]] = defaultdict(set)
    for enrolment_id, activity_id in ActivityState.objects.filter(
        enrolment__in=enrolments, status=ActivityState.Status.DONE
    ).values_list("enrolment_id", "activity_id"):
        done[enrolment_id].add(activity_id)
    passing = Attempt.objects.filter(enrolment__in=enrolments, passed=True, self_reported=False)
    graded = set(passing.filter(max_score__gt=0).values_list("enrolment_id", "activity_id"))
    graded_enrolments = {enrolment_id for enrolment_id, _activity in graded}
    # A hand-in that a trainer looked at: what only waited long enough has no feedback in it.
    judged = set(
        passing.filter(activity__kind=assignment.KIND, response__has_key="feedback").values_list(
            "enrolment_id", "activity_id"
        )
    )
    signed = set(SignOff.objects.filter(enrolment__in=enrolments).values_list("enrolment_id", flat=True))
    meetings = _meetings(enrolments)
    found = {}
    for enrolment in enrolments:
        mine, required = done[enrolment.pk], asked[enrolment.course_version_id]
        sorted_parts: dict[str, list[Part]] = defaultdict(list)
        for activity_id, kind in parts[enrolment.course_id]:
            key = (enrolment.pk, activity_id)
            is_done = key in judged if kind == assignment.KIND else activity_id in mine
            sorted_parts[PARTS[kind]].append(Part(activity_id, is_done, key in graded or key in judged))
        found[enrolment.pk] = Evidence(
            completed=enrolment.status == Enrolment.Status.COMPLETED,
            asked=len(required),
            done=len(required & mine),
            open=tuple(sorted(required - mine)),
            graded_here=enrolment.pk in graded_enrolments,
            in_group=enrolment.cohort_id is not None,
            meetings=tuple(meetings[enrolment.pk]),
            signed_off=enrolment.pk in signed,
            **{name: tuple(each) for name, each in sorted_parts.items()},
        )
    return found


def _meetings(enrolments: Sequence[Enrolment]) -> dict[UUID, list[Attended]]:
    """The training sessions of everybody's group that were not cancelled, in the order of time, and how they stand with each.

    What else a group meets for is no part of the programme: it neither counts nor has to be made up for.
    """
    by_cohort: dict[int, list[UUID]] = defaultdict(list)
    cohorts = {enrolment.cohort_id for enrolment in enrolments if enrolment.cohort_id}
    planned = (
        Meeting.objects.standing()
        .filter(cohort__in=cohorts, kind=Meeting.Kind.TRAINING)
        .order_by("starts_at", "pk")
    )
    for cohort_id, meeting_id in planned.values_list("cohort", "pk"):
        by_cohort[cohort_id].append(meeting_id)
    marks = {
        (meeting_id, person_id): Attended(PRESENCES[status], minutes)
        for meeting_id, person_id, status, minutes in Attendance.objects.current()
        .filter(
            meeting__cohort__in=by_cohort,
            meeting__kind=Meeting.Kind.TRAINING,
            person__in={each.learner_id for each in enrolments},
        )
        .values_list("meeting", "person", "status", "minutes")
    }
    return {
        enrolment.pk: [
            marks.get((meeting_id, enrolment.learner_id), TO_COME)
            for meeting_id in by_cohort.get(enrolment.cohort_id, ())
        ]
        for enrolment in enrolments
    }


def _asked(course_versions: set[int]) -> dict[int, set[int]]:
    asked: dict[int, set[int]] = defaultdict(set)
    items = CourseVersionItem.objects.filter(still_asked(), course_version__in=course_versions)
    for version_id, activity_id in items.values_list("course_version_id", "activity_id"):
        asked[version_id].add(activity_id)
    return asked


def _parts(courses: set[int]) -> dict[int, list[tuple[int, str]]]:
    """Tests, surveys and assignments that a course has now, in its order."""
    parts: dict[int, list[tuple[int, str]]] = defaultdict(list)
    live = Activity.objects.filter(
        kind__in=PARTS,
        retired_at=None,
        lesson__archived_at=None,
        lesson__session__archived_at=None,
        lesson__session__course__in=courses,
    ).order_by("lesson__session__position", "lesson__position", "position", "pk")
    for course_id, activity_id, kind in live.values_list("lesson__session__course_id", "pk", "kind"):
        parts[course_id].append((activity_id, kind))
    return parts
