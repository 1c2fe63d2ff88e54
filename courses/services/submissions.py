"""Handing in, and taking away what was handed in."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from courses.models import Attempt, Enrolment, Submission
from courses.services.handed_files import keep_file, private_storage, remove_file


@transaction.atomic
def hand_in(*, attempt: Attempt, file: UploadedFile | None, now: datetime) -> Submission:
    """Lay an attempt on an assignment before the trainers, in the place of what was handed in before.

    `file` is the one that the attempt's response tells of. The file of before goes: whoever hands in anew hands in all
    of it. Handing in again before the trainer answered does not make the wait longer.
    """
    before = Submission.objects.filter(
        enrolment_id=attempt.enrolment_id, activity_id=attempt.activity_id, superseded_at=None
    ).first()
    due_at = now + timedelta(days=attempt.version.specification["days"])
    if before is not None:
        if not hasattr(before, "feedback"):
            due_at = min(due_at, before.due_at)
        _supersede(before, now)
    told = attempt.response["file"] if file is not None else None
    return Submission.objects.create(
        enrolment_id=attempt.enrolment_id,
        activity_id=attempt.activity_id,
        attempt=attempt,
        file_name=keep_file(file, told["format"]) if told else "",
        file_format=told["format"] if told else "",
        handed_in_at=now,
        due_at=due_at,
    )


def _supersede(before: Submission, now: datetime) -> None:
    transaction.on_commit(partial(remove_file, before.file_name))
    before.superseded_at, before.file_name = now, ""
    before.save(update_fields=["superseded_at", "file_name"])


@transaction.atomic
def erase_submissions(*, enrolments: Iterable[Enrolment]) -> int:
    """Delete what was handed in, files first, with the feedback on it. How many.

    Raises `OSError` where the storage refuses, so that nothing counts as erased that is still there.
    """
    submissions = Submission.objects.filter(enrolment__in=enrolments)
    for name in submissions.exclude(file_name="").values_list("file_name", flat=True):
        private_storage().delete(name)
    count = submissions.count()
    submissions.delete()
    return count
