"""A group that did a course, with who coordinates it: what certificates are given to in one go."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from certification.flows import give_to_many
from certification.models import Batch, BatchLine
from certification.tasks import give_lines, pack_bundle
from courses.models import Course, Enrolment
from courses.services.enrolments import enrol
from people.models import Role, User
from people.services.roles import grant_role
from tests.certification.conftest import START, complete, make_course, make_scheme
from tests.factories import PersonFactory


def course_to_confirm(**scheme: Any) -> Course:
    """A course whose certificate a coordinator gives."""
    course = make_course()
    make_scheme(course, handing="confirmed", **scheme)
    return course


def coordinator_of(course: Course, *, region: str = "") -> User:
    person = PersonFactory(alias="Collega")
    grant_role(
        user=person,
        role=Role.COORDINATOR,
        organisation=course.programme.organisation,
        region=region,
        now=START,
    )
    return person


def graduates(course: Course, count: int, **more: Any) -> list[Enrolment]:
    """People who did all that is required, with names that can be printed."""
    return [
        complete(
            enrol(
                learner=PersonFactory(legal_name=f"Deelnemer {number}"),
                course=course,
                alias=f"Deel {number:03d}",
                now=START,
                **more,
            )
        )
        for number in range(count)
    ]


def begin(course: Course, enrolments: Sequence[Enrolment], *, by: User, now: datetime) -> Batch:
    return give_to_many(batch_id=uuid.uuid4(), course=course, enrolments=enrolments, by=by, now=now)


def work(batch: Batch) -> None:
    """What a worker does for a batch: all lines of its tasks, in order."""
    give_lines.call(list(batch.lines.order_by("pk").values_list("pk", flat=True)))


def packed(batch: Batch) -> bool:
    """What a worker does for the zip file of a batch."""
    return pack_bundle.call(str(batch.bundle.pk))


def counts(batch: Batch) -> dict[str, int]:
    """How many lines stand how; those of which there are none are left out."""
    states = list(BatchLine.objects.filter(batch=batch).values_list("state", flat=True))
    return {state: states.count(state) for state in sorted(set(states))}


def reasons(batch: Batch) -> list[tuple[str, str]]:
    return list(batch.lines.order_by("pk").values_list("state", "reason"))
