"""The zip file of a batch: whole or not at all, for a few days, and gone with whoever is erased."""

import csv
import errno
import io
import tracemalloc
import zipfile
from copy import copy
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from certification import flows
from certification.flows import bundle_batch, requeue_forgotten_batches, sweep_document_files
from certification.models import Award, Batch, Bundle, Document
from certification.services import bundles
from certification.services.bundles import claim_bundle, drop_expired, pack, write_zip
from certification.services.corrections import replace_award, revoke_award
from certification.services.documents import produce
from courses.models import Enrolment
from people.services.privacy import erase_person, export_person
from tests.certification import groups
from tests.certification.groups import begin, graduates, packed, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(record) -> Batch:
    """Two people with a certificate each."""
    course = groups.course_to_confirm()
    made = begin(course, graduates(course, 2), by=groups.coordinator_of(course), now=record.end)
    work(made)
    return made


@pytest.fixture
def asked(batch: Batch, record) -> Bundle:
    return bundle_batch(batch=batch, language="nl", now=record.end)


def content(bundle: Bundle, folder: Path) -> dict[str, bytes]:
    bundle.refresh_from_db()
    with zipfile.ZipFile(folder / bundle.file_name) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def zips(folder: Path) -> list[Path]:
    return list(folder.rglob("*.zip"))


# --- what is in it --------------------------------------------------------------------------------------------------
def test_it_holds_the_pdfs_by_number_and_an_index(asked, private_files, record, dutch):
    assert packed(asked.batch) is True
    found = content(asked, private_files)
    first, second = Award.objects.order_by("serial_number")
    assert list(found) == ["index.csv", "index.xlsx", f"{first.serial}.pdf", f"{second.serial}.pdf"]
    assert found[f"{first.serial}.pdf"] == (private_files / first.document.file_name).read_bytes()
    rows = list(csv.reader(io.StringIO(found["index.csv"].decode("utf-8-sig")), delimiter=";"))
    day = f"{timezone.localdate(first.issued_at):%d-%m-%Y}"
    assert rows == [
        [
            "Bestand",
            "Nummer",
            "Naam in de groep",
            "Afgegeven op",
            "Geldig tot en met",
            "Nummer om na te kijken",
        ],
        [f"{first.serial}.pdf", first.serial, "Deel 000", day, "", first.grouped_id],
        [f"{second.serial}.pdf", second.serial, "Deel 001", day, "", second.grouped_id],
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(found["index.xlsx"])).active
    assert [[cell or "" for cell in row] for row in sheet.values] == rows


def test_nothing_in_it_but_the_papers_says_who_or_what(asked, private_files):
    packed(asked.batch)
    found = content(asked, private_files)
    told = [name for name in found if not name.endswith(".pdf")]
    said = " ".join(found) + found["index.csv"].decode()
    sheet = openpyxl.load_workbook(io.BytesIO(found["index.xlsx"])).active
    said += str(list(sheet.values))
    assert told == ["index.csv", "index.xlsx"]
    for word in ("Deelnemer", "Motiverende", "Avondcursus", "Programma"):
        assert word not in said


def test_a_name_that_a_spreadsheet_would_run_is_text(asked, private_files):
    Enrolment.objects.update(alias="=cmd|' /C calc'!A0")
    packed(asked.batch)
    assert "'=cmd" in content(asked, private_files)["index.csv"].decode()


def test_what_was_withdrawn_is_left_out_and_of_a_correction_the_last_is_in_it(asked, private_files, record):
    first, second = Award.objects.order_by("serial_number")
    coordinator = asked.batch.by
    revoke_award(award=first, by=coordinator, now=record.end, reason="x")
    new = replace_award(award=second, name="Beter", by=coordinator, now=record.end, reason="x")
    produce(award_id=new.pk, now=record.end)
    packed(asked.batch)
    assert list(content(asked, private_files))[2:] == [f"{new.serial}.pdf"]


def test_without_any_pdf_it_says_so(asked, private_files):
    Award.objects.update(status="revoked", revoked_at=asked.asked_at)
    assert packed(asked.batch) is False
    asked.refresh_from_db()
    assert (asked.state, asked.reason, zips(private_files)) == ("failed", "empty", [])


# --- making it ------------------------------------------------------------------------------------------------------
def test_pressing_twice_makes_one_and_asking_again_takes_the_earlier_away(
    asked, batch, private_files, record
):
    assert bundle_batch(batch=batch, language="nl", now=record.end) == asked
    assert DBTaskResult.objects.filter(task_path="certification.tasks.pack_bundle").count() == 1
    packed(batch)
    again = bundle_batch(batch=batch, language="nl", now=record.end)
    assert again != asked
    assert zips(private_files) == []
    pack(bundle_id=again.pk, now=record.end)
    assert len(zips(private_files)) == 1


def test_a_second_worker_leaves_it_alone_and_takes_over_from_a_dead_one(asked, private_files, record):
    first = claim_bundle(bundle_id=asked.pk, now=record.end)
    assert pack(bundle_id=asked.pk, now=record.end) is False
    late = record.end + bundles.LEASE
    storages["private"].save(first.file_name, ContentFile(b"half"))
    assert pack(bundle_id=asked.pk, now=late) is True
    asked.refresh_from_db()
    assert [path.name for path in zips(private_files)] == [Path(asked.file_name).name]
    assert asked.attempts == 2


def test_workers_that_die_over_it_are_not_sent_for_ever(asked, record):
    late = record.end
    for _death in range(bundles.MOST_ATTEMPTS):
        assert claim_bundle(bundle_id=asked.pk, now=late) is not None
        late += bundles.LEASE
    assert claim_bundle(bundle_id=asked.pk, now=late) is None
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("failed", "error")


def test_the_clock_takes_up_what_no_task_will_make(asked, record):
    assert requeue_forgotten_batches(now=record.end) == 0
    DBTaskResult.objects.all().delete()
    assert requeue_forgotten_batches(now=record.end) == 1


def test_a_full_disk_is_said_and_leaves_nothing(asked, batch, private_files, record, monkeypatch):
    real = type(storages["private"])._save

    def half(self, name, content):
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"PK half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(type(storages["private"]), "_save", half)
    assert packed(batch) is False
    asked.refresh_from_db()
    assert (asked.state, asked.reason, asked.file_name) == ("failed", "full", "")
    assert zips(private_files) == []
    monkeypatch.setattr(type(storages["private"]), "_save", real)
    bundle_batch(batch=batch, language="nl", now=record.end)
    batch.refresh_from_db()
    assert packed(Batch.objects.get()) is True


def test_a_pdf_that_is_gone_is_made_again_and_nothing_is_half(asked, private_files, record):
    lost = Document.objects.first()
    storages["private"].delete(lost.file_name)
    assert packed(asked.batch) is False
    asked.refresh_from_db()
    lost.refresh_from_db()
    assert (asked.state, asked.reason, zips(private_files)) == ("failed", "lost", [])
    assert (lost.state, lost.last_error) == ("waiting", "file lost")


def test_a_file_without_an_end_is_refused(asked):
    with pytest.raises(IntegrityError), transaction.atomic():
        Bundle.objects.update(state="ready", file_name="x", size=1)


# --- its end --------------------------------------------------------------------------------------------------------
def test_the_clock_takes_it_away_after_three_days(asked, private_files, record):
    packed(asked.batch)
    asked.refresh_from_db()
    assert drop_expired(now=asked.expires_at - timedelta(seconds=1)) == 0
    assert drop_expired(now=asked.expires_at) == 1
    assert (zips(private_files), Bundle.objects.count()) == ([], 0)


def test_what_crashes_left_is_swept_after_a_day_and_what_is_known_stays(asked, private_files, record):
    packed(asked.batch)
    storages["private"].save("bundels/rest.zip", ContentFile(b"PK"))
    asked.refresh_from_db()
    now = storages["private"].get_modified_time(asked.file_name)
    assert sweep_document_files(now=now + timedelta(hours=23)) == 0
    assert sweep_document_files(now=now + timedelta(hours=25)) == 1
    assert [path.name for path in zips(private_files)] == [Path(asked.file_name).name]


# --- privacy --------------------------------------------------------------------------------------------------------
def test_erasing_one_person_takes_the_whole_file(asked, private_files, record):
    packed(asked.batch)
    erase_person(user=Award.objects.first().holder, now=record.end)
    assert (zips(private_files), Bundle.objects.count()) == ([], 0)


def test_a_file_that_is_being_made_of_somebody_who_is_erased_never_comes(
    asked, private_files, record, monkeypatch
):
    real = bundles.write_zip

    def meanwhile(file, awards, *, now):
        real(file, awards, now=now)
        erase_person(user=awards[0].holder, now=now)

    monkeypatch.setattr(bundles, "write_zip", meanwhile)
    assert packed(asked.batch) is False
    assert (zips(private_files), Bundle.objects.count()) == ([], 0)


def test_what_is_taken_along_names_nobody_else(asked, record):
    packed(asked.batch)
    mine, other = Award.objects.order_by("pk")
    held = export_person(user=mine.holder, now=record.end)["holdings"]
    assert {"awards", "file_name"} & set(held["certification.Bundle"][0]) == set()
    assert len(held["certification.BatchLine"]) == 1
    assert other.public_id not in str(held)


# --- memory ---------------------------------------------------------------------------------------------------------
def test_one_pdf_is_in_memory_at_a_time(finished: Award, record, tmp_path):
    """Sixty PDFs of a megabyte: the zip file is large, what is held is not."""
    storages["private"].delete(finished.document.file_name)
    storages["private"].save(finished.document.file_name, ContentFile(b"x" * 2**20))
    with (tmp_path / "large.zip").open("wb") as file:
        numbered = [copy(finished) for _award in range(60)]
        for number, award in enumerate(numbered):
            award.serial_number = number
        tracemalloc.start()
        write_zip(file, numbered, now=record.end)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (tmp_path / "large.zip").stat().st_size > 60 * 2**20
    assert most < 8 * 2**20


def test_a_group_that_had_them_all_can_have_its_file(batch, record, private_files):
    again = begin(batch.course, list(Enrolment.objects.order_by("alias")), by=batch.by, now=record.end)
    work(again)
    bundle = flows.bundle_batch(batch=again, language="nl", now=record.end)
    assert packed(again) is True
    assert len(content(bundle, private_files)) == 4
