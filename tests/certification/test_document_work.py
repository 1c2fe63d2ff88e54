"""The worker's way to one document and one message, whatever happens on it."""

import errno
import hashlib
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.storage import storages
from django_tasks_db.models import DBTaskResult

from certification.flows import requeue_overdue_documents, sweep_document_files
from certification.models import Award, Document
from certification.services import documents
from certification.services.documents import claim_document, mark_ready, produce
from certification.services.erasure import erase_awards
from certification.tasks import render_document
from people.models import OutboxMessage
from tests.certification.sheets import letter_nobody_has

pytestmark = pytest.mark.django_db
LEASE = documents.LEASE
MINUTE = timedelta(minutes=1)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def document_of(award: Award) -> Document:
    return Document.objects.get(award=award)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The disk fills up half-way through a file. Call it to make room again."""
    storage_class = type(storages["private"])
    real = storage_class._save

    def half(self: Any, name: str, content: Any) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF-1.7 half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storage_class, "_save", half)
    return lambda: monkeypatch.setattr(storage_class, "_save", real)


def test_the_task_makes_the_document_and_tells_the_holder(
    award: Award, private_files: Path, record: SimpleNamespace
):
    assert render_document.call(award.pk) is True
    document = document_of(award)
    pdf = (private_files / document.file_name).read_bytes()
    assert (document.state, document.size, document.sha256) == (
        "ready",
        len(pdf),
        hashlib.sha256(pdf).hexdigest(),
    )
    assert files(private_files) == [private_files / document.file_name]
    assert "Sanne" not in document.file_name
    assert award.public_id not in document.file_name


def test_the_message_says_nothing_of_the_course(finished: Award):
    message = OutboxMessage.objects.get()
    assert (message.recipient, message.kind, message.cause) == (
        finished.holder,
        "document_ready",
        f"document-ready:{finished.pk}",
    )
    everything = f"{message.subject} {message.text} {message.html}".lower()
    for telling in ("motiverende", "avondcursus", "maatje", "geweld", "sanne", finished.public_id.lower()):
        assert telling not in everything
    assert "http://testserver" in message.text


def test_running_twice_makes_one_document_and_one_message(
    finished: Award, private_files: Path, record: SimpleNamespace
):
    before = document_of(finished).file_name
    assert produce(award_id=finished.pk, now=record.end + LEASE) is False
    assert (document_of(finished).file_name, len(files(private_files))) == (before, 1)
    assert OutboxMessage.objects.count() == 1


def test_a_second_worker_leaves_it_alone_while_the_lease_runs(award: Award, record: SimpleNamespace):
    assert claim_document(award_id=award.pk, now=record.end) is not None
    assert claim_document(award_id=award.pk, now=record.end + LEASE - timedelta(seconds=1)) is None
    assert claim_document(award_id=award.pk, now=record.end + LEASE) is not None


def test_an_award_that_does_not_exist_is_no_error(db: None, record: SimpleNamespace):
    assert produce(award_id=999_999, now=record.end) is False


def test_a_worker_that_died_before_writing_is_followed_by_another(
    award: Award, record: SimpleNamespace, private_files: Path
):
    claim_document(award_id=award.pk, now=record.end)
    later = record.end + LEASE
    DBTaskResult.objects.all().delete()
    assert requeue_overdue_documents(now=later) == 1
    assert produce(award_id=award.pk, now=later) is True
    assert (len(files(private_files)), OutboxMessage.objects.count()) == (1, 1)


def test_a_worker_that_died_after_writing_leaves_no_second_file(
    award: Award, record: SimpleNamespace, private_files: Path
):
    dead = claim_document(award_id=award.pk, now=record.end)
    orphan = private_files / dead.file_name
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"%PDF- of a worker that died")
    assert produce(award_id=award.pk, now=record.end + LEASE) is True
    assert files(private_files) == [private_files / document_of(award).file_name]
    assert not orphan.exists()
    assert OutboxMessage.objects.count() == 1


def test_a_worker_that_was_only_slow_removes_its_own_file(
    award: Award, record: SimpleNamespace, private_files: Path
):
    slow = claim_document(award_id=award.pk, now=record.end)
    assert produce(award_id=award.pk, now=record.end + LEASE) is True
    late = private_files / slow.file_name
    late.write_bytes(b"%PDF- late")
    assert mark_ready(document=slow, pdf=b"%PDF- late", now=record.end + 2 * LEASE) is False
    assert files(private_files) == [private_files / document_of(award).file_name]
    assert OutboxMessage.objects.count() == 1


def test_if_the_message_cannot_be_written_the_document_is_not_ready(
    award: Award, record: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, private_files: Path
):
    def down(**message: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(documents, "send_message", down)
        with pytest.raises(RuntimeError):
            produce(award_id=award.pk, now=record.end)
    assert document_of(award).state == "rendering"
    assert produce(award_id=award.pk, now=record.end + LEASE) is True
    assert (len(files(private_files)), OutboxMessage.objects.count()) == (1, 1)


def test_a_full_disk_leaves_nothing_behind_and_is_tried_again(
    award: Award, record: SimpleNamespace, full_disk: Callable[[], None], private_files: Path
):
    assert produce(award_id=award.pk, now=record.end) is False
    document = document_of(award)
    assert (document.state, document.attempts, document.due_at, document.last_error, document.file_name) == (
        "waiting",
        1,
        record.end + MINUTE,
        "OSError ENOSPC",
        "",
    )
    assert files(private_files) == []
    assert OutboxMessage.objects.count() == 0
    full_disk()
    assert produce(award_id=award.pk, now=record.end) is False
    assert produce(award_id=award.pk, now=record.end + MINUTE) is True


def test_after_five_failures_it_is_called_failed_and_tried_again_at_longer_intervals(
    award: Award, record: SimpleNamespace, full_disk: Callable[[], None]
):
    now, waits, states = record.end, [], []
    for _ in range(12):
        produce(award_id=award.pk, now=now)
        document = document_of(award)
        waits.append((document.due_at - now) // MINUTE)
        states.append((document.state, document.stage))
        now = document.due_at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]
    assert states == [("waiting", "making")] * 4 + [("failed", "failed")] * 8
    full_disk()
    assert produce(award_id=award.pk, now=now) is True
    assert (document_of(award).stage, document_of(award).last_error) == ("ready", "")


def test_what_went_wrong_is_kept_without_the_name(
    award: Award, record: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
):
    def broken(*, award: Award, **_with: object) -> bytes:
        raise ValueError(f"cannot set {award.holder_name}")

    monkeypatch.setattr("certification.services.papers.make_paper", broken)
    produce(award_id=award.pk, now=record.end)
    assert document_of(award).last_error == "ValueError"


def test_a_letter_that_no_font_has_fails_it_at_once_and_is_all_that_is_kept_of_the_name(
    award: Award, record: SimpleNamespace, private_files: Path
):
    letter = letter_nobody_has()
    Award.objects.filter(pk=award.pk).update(holder_name=f"Sanne {letter} de Vries")
    assert produce(award_id=award.pk, now=record.end) is False
    document = document_of(award)
    assert (document.state, document.stage, document.missing_letter) == ("failed", "failed", letter)
    assert document.last_error == f"no font has U+{ord(letter):X}"
    assert (files(private_files), OutboxMessage.objects.count()) == ([], 0)
    Award.objects.filter(pk=award.pk).update(holder_name="Sanne de Vries")
    assert produce(award_id=award.pk, now=document.due_at) is True
    assert (document_of(award).stage, document_of(award).missing_letter) == ("ready", "")


def test_workers_that_die_over_it_again_and_again_do_not_go_on_forever(award: Award, record: SimpleNamespace):
    now = record.end
    for _ in range(5):
        assert claim_document(award_id=award.pk, now=now) is not None
        now += LEASE
    assert claim_document(award_id=award.pk, now=now) is None
    document = document_of(award)
    assert (document.state, document.last_error, document.due_at) == (
        "failed",
        "worker lost",
        now + 16 * MINUTE,
    )


def test_the_clock_leaves_alone_what_has_a_task_and_what_is_ready(
    award: Award, finished: Award, record: SimpleNamespace
):
    assert requeue_overdue_documents(now=record.end + timedelta(days=1)) == 0
    assert DBTaskResult.objects.filter(task_path="certification.tasks.render_document").count() == 1


def test_the_clock_takes_up_what_lost_its_task(award: Award, record: SimpleNamespace):
    assert requeue_overdue_documents(now=record.end) == 0
    DBTaskResult.objects.all().delete()
    assert requeue_overdue_documents(now=record.end) == 1
    assert requeue_overdue_documents(now=record.end) == 0
    assert document_of(award).task_id == DBTaskResult.objects.get().pk


def test_files_that_no_document_names_are_swept_after_a_day(
    finished: Award, record: SimpleNamespace, private_files: Path
):
    mine = private_files / document_of(finished).file_name
    old, fresh = mine.with_name("oud.pdf"), mine.with_name("vers.pdf")
    two_days = timedelta(days=2).total_seconds()
    for path in (mine, old, fresh):
        path.write_bytes(b"%PDF-")
    now = datetime.fromtimestamp(fresh.stat().st_mtime, tz=record.end.tzinfo)
    for path in (mine, old):
        os.utime(path, (now.timestamp() - two_days,) * 2)
    assert sweep_document_files(now=now) == 1
    assert files(private_files) == sorted([mine, fresh])


def test_sweeping_before_there_is_a_folder_is_no_error(db: None, record: SimpleNamespace):
    assert sweep_document_files(now=record.end) == 0


def test_a_person_erased_while_a_worker_renders_leaves_no_file_and_no_message(
    award: Award, record: SimpleNamespace, private_files: Path
):
    document = claim_document(award_id=award.pk, now=record.end)
    erase_awards(user=award.holder, now=record.end)
    path = private_files / document.file_name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"%PDF- Sanne de Vries")
    assert mark_ready(document=document, pdf=b"%PDF- Sanne de Vries", now=record.end) is False
    assert files(private_files) == []
    assert OutboxMessage.objects.count() == 0
