"""Writing to the record: the answer that completes a course, and many writers at once."""

import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import OperationalError, connection

from courses.models import Attempt, Enrolment
from courses.queries.progress import unfinished_required
from people.models import User

from . import asking
from .data import WRITERS, WRITES, give, versions_of
from .figures import Figure, at_most, exactly, shown
from .meters import metered


def completion() -> list[Figure]:
    """The last answer of a course: the roll-up finds nothing open, the certificate is awarded, its task is queued."""
    learner = User.objects.get(alias="five")
    enrolment = Enrolment.objects.filter(learner=learner).order_by("course__pk").last()
    versions = [
        version
        for session in enrolment.course.sessions.all()
        for lesson in session.lessons.all()
        for version in versions_of(lesson)
    ]
    open_activities = set(unfinished_required(enrolment).values_list("activity_id", flat=True))
    still_open = [version for version in versions if version.activity_id in open_activities]
    for version in still_open[:-1]:
        give(learner, version)
    ask = asking.answers(learner, still_open[-1:])
    with metered() as meter:
        ask()
    enrolment.refresh_from_db()
    assert enrolment.status == Enrolment.Status.COMPLETED
    assert enrolment.awards.get().document is not None
    return [at_most("answer that completes a course and awards: queries", meter.queries, "", 14)]


def writers() -> list[Figure]:
    """Answers by several threads at once, each with a learner of its own, by the flow the form goes through."""
    learners = list(User.objects.filter(alias__startswith="writer").order_by("alias"))
    course = Enrolment.objects.filter(learner=learners[0]).first().course
    versions = [
        version for lesson in course.sessions.first().lessons.all() for version in versions_of(lesson)
    ]
    before, start = Attempt.objects.count(), threading.Barrier(WRITERS)

    def write(learner: User) -> tuple[list[float], int]:
        took, failed = [], 0
        start.wait()
        for number in range(WRITES):
            started = time.perf_counter()
            try:
                give(learner, versions[number % len(versions)])
            except OperationalError:
                failed += 1
            took.append(time.perf_counter() - started)
        connection.close()
        return took, failed

    with ThreadPoolExecutor(WRITERS) as pool:
        results = list(pool.map(write, learners))
    took = sorted(each for times, _failed in results for each in times)
    failed = sum(failed for _times, failed in results)
    kept = Attempt.objects.count() - before
    half, most = statistics.median(took), took[int(len(took) * 0.95)]
    name = f"{WRITERS} writers on SQLite"
    return [
        exactly(f"{name}: failed of {WRITERS * WRITES} answers", failed, "", 0),
        exactly(f"{name}: answers lost", WRITERS * WRITES - failed - kept, "", 0),
        shown(f"{name}: p50", half * 1000, "ms"),
        shown(f"{name}: p95", most * 1000, "ms"),
        at_most(f"{name}: p95 against p50", most / half, "x", 4),
    ]
