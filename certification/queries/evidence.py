"""What is known of enrolments, for the requirements to look at."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from certification.models import SignOff
from certification.requirements import Evidence, Part
from courses.activities import assignment, quiz, survey
from courses.models import Activity, ActivityState, Attempt, CourseVersionItem, Enrolment
from courses.queries.progress import still_asked

PARTS = {quiz.KIND: "tests", survey.KIND: "surveys", assignment.KIND: "assignments"}


def evidence_of(enrolments: Sequence[Enrolment]) -> dict[UUID, Evidence]:
    """Evidence per enrolment. Six queries for any number of them."""
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
            graded_here=enrolment.pk in graded_enrolments,
            signed_off=enrolment.pk in signed,
            **{name: tuple(each) for name, each in sorted_parts.items()},
        )
    return found


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
