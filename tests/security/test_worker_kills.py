"""The worker is killed at random moments over many awards: as many documents and numbers as awards, none twice."""

import os
import random
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from certification.flows import award_and_queue, bundle_batch, requeue_overdue_documents
from certification.models import Award, BadgeStatus, Document
from certification.services.awards import named, numbered
from certification.services.corrections import CARRIED
from courses.services.enrolments import enrol
from people.models import OutboxMessage, User
from tests.certification.conftest import START, complete, make_course
from tests.certification.groups import begin, coordinator_of, counts, course_to_confirm, graduates
from tests.factories import PersonFactory
from tests.figures import figure
from tests.security.test_time_and_faults import (
    letterboxes,
    private_files,
    states,
    time_passes,
    work_through,
    worker,
)

__all__ = ["letterboxes", "private_files", "worker"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)
# 200 were measured; what each moment can break shows with fewer, and every run draws other moments.
AWARDS = int(os.environ.get("KILL_AWARDS", "24"))
KILLS = int(os.environ.get("KILLS", "3"))
# So many documents from each worker before it is killed.
EACH = AWARDS // (2 * KILLS)
PATIENCE = 5 * 60  # seconds for a worker to do all there is, on a machine that does other things as well


def many_awards(count: int) -> None:
    """One award is earned; the others are its like, each of a person of their own and with its own numbers."""
    now = timezone.now()
    learner = PersonFactory(legal_name="Deelnemer 0")
    first = award_and_queue(
        enrolment=complete(enrol(learner=learner, course=make_course(), alias="R", now=START)), now=now
    )
    carried = {field: getattr(first, field) for field in CARRIED if field not in {"holder", "enrolment"}}
    people = User.objects.bulk_create(
        User(
            email=f"deelnemer-{number}@example.org",
            legal_name=f"Deelnemer {number}",
            password=make_password(None),
        )
        for number in range(1, count)
    )
    for person in people:
        with transaction.atomic():
            award = Award.objects.create(
                holder=person,
                issued_at=now,
                **carried,
                **named(person.legal_name),
                **numbered(organisation_id=first.organisation_id, now=now),
            )
            Document.objects.create(award=award, due_at=now)
    requeue_overdue_documents(now=now)


def work_and_kills(worker: Callable) -> list[int]:
    """Workers that are killed once they are at it, then one that does the rest. After how many documents each died."""
    chance, killed_at = random.SystemRandom(), []
    for _kill in range(KILLS):
        process = worker()
        done = states(Document).get("ready", 0)
        until = time.monotonic() + 180  # a worker needs a while to start on a machine that does other things
        while states(Document).get("ready", 0) < done + EACH and time.monotonic() < until:
            time.sleep(0.05)  # it is at work once some are there
        time.sleep(chance.uniform(0, 0.6))
        process.kill()
        killed_at.append(states(Document).get("ready", 0))
        time_passes()
    for _round in range(2):  # the second finds nothing to do
        finish(worker)
    return killed_at


def finish(worker: Callable) -> None:
    """A worker does all there is."""
    work_through(worker, patience=PATIENCE)
    time_passes()


def check_one_each(private_files: Path, killed_at: list[int], what: str) -> None:
    """As many documents, files, numbers, badges and messages as awards, and every file is of another award."""
    named_files = list(Document.objects.values_list("file_name", flat=True))
    files = sorted(path.relative_to(private_files).as_posix() for path in private_files.rglob("*.pdf"))
    serials = sorted(Award.objects.values_list("serial_number", flat=True))
    figure(
        f"{connection.vendor}, {what}: killed after {killed_at} documents: {len(set(named_files))} of {AWARDS} documents, "
        f"{len(files)} files, {len(set(serials))} numbers, {BadgeStatus.objects.count()} badges"
    )
    assert states(Document) == {"ready": AWARDS}
    assert files == sorted(named_files)
    assert len(set(files)) == AWARDS
    assert serials == list(range(1, AWARDS + 1))
    assert BadgeStatus.objects.values("status_list", "index").distinct().count() == AWARDS
    assert OutboxMessage.objects.filter(kind="document_ready").count() == AWARDS
    inside = set()
    for path in private_files.rglob("*.pdf"):
        with pikepdf.open(path) as pdf:
            inside.add(str(pdf.docinfo.Title).rpartition(" ")[2])
    assert inside == set(Award.objects.values_list("public_id", flat=True))


@pytest.mark.timeout(1200)
def test_killed_at_any_moment_it_neither_loses_nor_doubles_a_document(worker, private_files: Path):
    many_awards(AWARDS)
    check_one_each(private_files, work_and_kills(worker), "one by one")


@pytest.mark.timeout(1200)
def test_killed_at_any_moment_a_batch_gives_one_to_each(worker, private_files: Path):
    """The award itself is given by the worker here: a kill may fall between the award, its number and its document."""
    course = course_to_confirm()
    people = graduates(course, AWARDS)
    batch = begin(course, people, by=coordinator_of(course), now=timezone.now())
    check_one_each(private_files, work_and_kills(worker), "a batch")
    assert counts(batch) == {"given": AWARDS}
    bundle_batch(batch=batch, language="nl", now=timezone.now())
    finish(worker)
    (path,) = private_files.rglob("*.zip")
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".pdf")]
        assert archive.testzip() is None
    assert len(set(names)) == len(names) == AWARDS
