"""What a package becomes: versions that never change, bytes kept once, and nothing left of what did not succeed."""

import contextlib
import errno
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from media.flows import queue_import, requeue_overdue_imports
from media.models import (
    Blob,
    BlobHold,
    Library,
    Package,
    PackageImport,
    PackageVersion,
)
from media.packages.packing import pack_example
from media.packages.reports import in_detail, in_words
from media.queries.packages import files_of, libraries_of, library_file_at
from media.services import blobs, imports
from media.services.packages import archive, current_version, roll_back, take_back
from tests.media.conftest import bytes_of, files_in, queued
from tests.media.made_packages import (
    OTHER,
    as_json,
    content,
    files,
    library,
    manifest,
    needed,
    package,
    picture_at,
    png,
)
from tests.media.photos import gps_of, photo_with_place

pytestmark = pytest.mark.django_db


# --- what it becomes --------------------------------------------------------------------------------------------------
def test_a_package_becomes_a_version_with_its_libraries_in_loading_order(bring_in, now, private_files):
    job = bring_in(package())
    version = job.version
    assert (job.state, job.progress, job.refusal, job.file_name) == ("done", 100, {}, "")
    assert (version.package.title, version.package.kind, version.package.organisation) == (
        "Een vraag",
        "h5p",
        None,
    )
    assert (version.number, current_version(version.package), version.imported_at) == (1, version, now)
    assert [(each.library.folder, each.preloaded) for each in libraries_of(version)] == [
        ("H5P.Deel-1.0", True),
        ("H5P.Vraag-1.2", True),
    ]
    assert str(version.main_library) == "H5P.Vraag 1.2.3"
    own = [(each.path, each.content_type) for each in files_of(version)]
    assert own == [("content.json", "application/json"), ("images/a.png", "image/png")]
    assert bytes_of(files_of(version)[1].blob) == png()
    script = library_file_at(version.main_library.tree_hash, "main.js")
    assert (script.content_type, bytes_of(script.blob)) == ("text/javascript", b"/* H5P.Vraag */")
    assert version.size == sum(len(data) for path, data in files().items() if path != "h5p.json")
    assert len(files_in(private_files)) == Blob.objects.count() == 6
    assert BlobHold.objects.count() == 0


def test_our_own_content_type_is_a_sound_package(bring_in):
    version = bring_in(pack_example(), title="Een gesprek openen").version
    assert [str(each.library) for each in libraries_of(version)] == ["H5P.LeerhuisChoice 1.0.0"]
    assert pack_example() == pack_example()


def test_the_report_says_in_words_what_is_in_it(bring_in):
    described = manifest(license="CC BY", authors=[{"name": "Sam", "role": "Author"}])
    data = package(
        {"h5p.json": as_json(described), "__MACOSX/._x": b"1", "H5P.Deel-1.0/old.swf": b"FWS"}
        | content({"a": picture_at("images/weg.png")})
        | library("H5PEditor.Los")
    )
    report = bring_in(data).version.report
    with translation.override("en"):
        said = [sentence.replace("\xa0", " ") for sentence in in_words(report)]
    size = report["size"]
    assert said == [
        "It is “Een vraag”, made as Vraag 1.2.3.",
        f"It holds 2 files of its own and takes {size} bytes, libraries included.",
        "Made by Sam.",
        "Licence: CC BY.",
        "Mind: the content names files that are not in the package: images/weg.png.",
    ]
    with translation.override("en"):
        assert in_detail(report) == [
            "It runs with Deel (H5P.Deel 1.0.0), Vraag (H5P.Vraag 1.2.3).",
            "Not kept, as nothing here needs it: H5PEditor.Los 1.0.",
        ]
    assert not Library.objects.filter(machine_name="H5PEditor.Los").exists()


# How webpack writes a module, with its devtool "eval" and with "eval-source-map".
DEVELOPED = (
    rb"/***/ (() => {\neval(\"H5P.Vraag = class {};\n\n//# sourceURL=webpack://h5p-vraag/./src/vraag.js?\");\n})",
    rb"eval('var a = 1;//# sourceMappingURL=data:application/json;base64,e30=\n//# sourceURL=webpack-internal:///1\n')",
)
# What production builds do, too: look for the window, name their source, and make a function where a browser lets them.
PRODUCED = (
    b"try { g = g || new Function('return this')(); } catch (e) { g = window; }\n"
    b"var t = '//# sourceURL=' + name + '\\n';\n//# sourceURL=webpack://h5p-vraag/dist/vraag.js\n"
)


@pytest.mark.parametrize("script", DEVELOPED)
@pytest.mark.parametrize("before", [0, 256 * 1024 - 60], ids=["at the beginning", "across two pieces"])
def test_a_development_build_is_taken_and_the_report_says_that_it_will_not_play(bring_in, script, before):
    data = package({"H5P.Deel-1.0/main.js": b"/" * before + b"\n" + script})
    job = bring_in(data)
    assert (job.state, job.version.report["unfinished"]) == ("done", ["H5P.Deel-1.0/main.js"])
    with translation.override("en"):
        assert in_words(job.version.report)[-1] == (
            "Mind: it will probably not play. These were built for development, as text that has to be turned into code first, "
            "and no package may do that here: H5P.Deel-1.0/main.js. Ask who made it for a production build, and bring that in."
        )


@pytest.mark.parametrize(
    "changed",
    [
        {"H5P.Deel-1.0/main.js": PRODUCED},
        {"H5P.Deel-1.0/main.js.txt": DEVELOPED[0]},
        library("H5PEditor.Los", files={"main.js": DEVELOPED[0]}),
        {"H5P.Deel-1.0/main.js": DEVELOPED[0]}
        | library("EmbeddedJS")
        | content({"a": {"library": "EmbeddedJS 1.0"}}),
    ],
    ids=["made for use", "no script", "not kept", "a library may do it"],
)
def test_what_will_play_is_not_warned_of(bring_in, changed):
    version = bring_in(package(changed)).version
    assert version.report["unfinished"] == []
    assert "Mind" not in " ".join(in_words(version.report))


def test_libraries_the_content_names_are_loaded_and_those_for_later_are_kept(bring_in):
    data = package(
        content({"part": {"library": "H5P.Genoemd 1.0"}})
        | library("H5P.Genoemd")
        | library("H5P.Later", needs=["H5P.Deel"])
        | library(
            "H5P.Vraag", 1, 2, needs=["H5P.Deel"], runnable=1, dynamicDependencies=[needed("H5P.Later")]
        )
    )
    loaded = [(each.library.machine_name, each.preloaded) for each in libraries_of(bring_in(data).version)]
    assert loaded == [
        ("H5P.Deel", True),
        ("H5P.Vraag", True),
        ("H5P.Genoemd", True),
        ("H5P.Later", False),
    ]


def test_what_is_listed_for_the_editor_does_not_play(bring_in):
    """Some tools list all that an editor needs as well; it breaks where there is none. The package itself always loads."""
    listed = [needed(name) for name in ("H5PEditor.Kleur", "H5P.Deel")]
    described = manifest(preloadedDependencies=[*listed, needed("H5P.Vraag", 1, 2)])
    data = package({"h5p.json": as_json(described)} | library("H5PEditor.Kleur"))
    loaded = [each.library.machine_name for each in libraries_of(bring_in(data).version)]
    assert loaded == ["H5P.Deel", "H5P.Vraag"]
    described = manifest("H5PEditor.Vraag", 1, 0)
    data = package({"h5p.json": as_json(described)} | library("H5PEditor.Vraag", runnable=1))
    assert bring_in(data).version.main_library.machine_name == "H5PEditor.Vraag"


def test_a_chain_of_a_thousand_libraries_is_a_chain(bring_in):
    made = library("H5P.Vraag", 1, 2, needs=["H5P.L0"], runnable=1)
    for number in range(1000):
        made |= library(f"H5P.L{number}", needs=[f"H5P.L{number + 1}"] if number < 999 else [])
    assert bring_in(package(made)).version.version_libraries.count() == 1001


def test_the_same_library_with_other_bytes_is_another_library(bring_in):
    first = bring_in(package()).version
    changed = package({"H5P.Deel-1.0/main.js": b"/* changed */"})
    second = bring_in(changed, title="Een tweede").version
    shared, ours = first.main_library, second.main_library
    assert shared == ours
    parts = Library.objects.filter(machine_name="H5P.Deel")
    assert len({part.tree_hash for part in parts}) == len(parts) == 2
    kept = libraries_of(first)[0].library
    assert bytes_of(kept.files.get(path="main.js").blob) == b"/* H5P.Deel */"


def test_bytes_are_kept_once_however_many_packages_hold_them(bring_in, private_files):
    bring_in(package())
    before = files_in(private_files)
    bring_in(package(), title="Nog eens")
    assert files_in(private_files) == before
    assert (Package.objects.count(), Library.objects.count()) == (2, 2)


def test_a_picture_with_a_script_behind_it_is_kept_as_a_picture(bring_in):
    data = png(behind=b"<script>alert(1)</script>")
    version = bring_in(package({"content/images/a.png": data})).version
    file = files_of(version).get(path="images/a.png")
    assert (file.content_type, bytes_of(file.blob)) == ("image/png", data)


def test_a_jpeg_called_png_is_served_as_what_it_is(bring_in):
    version = bring_in(package({"content/images/a.png": photo_with_place()})).version
    assert files_of(version).get(path="images/a.png").content_type == "image/jpeg"


def test_photos_lose_the_place_they_were_taken_at_and_nothing_else(bring_in):
    photo = photo_with_place()
    assert gps_of(photo) != {}
    version = bring_in(package({"content/images/b.jpg": photo})).version
    kept = bytes_of(files_of(version).get(path="images/b.jpg").blob)
    assert (gps_of(kept), len(kept)) == ({}, len(photo))
    assert kept[-200:] == photo[-200:]


# --- versions ---------------------------------------------------------------------------------------------------------
def test_replacing_makes_a_version_beside_the_old_one_and_rolling_back_returns(bring_in):
    first = bring_in(package()).version
    target = first.package
    second = bring_in(package(OTHER), replaces=target, title=target.title).version
    target.refresh_from_db()
    assert (second.package, second.number, target.current) == (target, 2, second)
    assert first.files.count() == 2
    roll_back(package=target, version=first)
    target.refresh_from_db()
    assert target.current == first
    assert (
        bring_in(package({"h5p.json": as_json(manifest(title="Nieuw"))} | OTHER), replaces=target).version
        == second
    )


def test_the_same_contents_again_are_the_same_version(bring_in):
    first = bring_in(package()).version
    again = bring_in(package(), replaces=first.package)
    assert (again.state, again.version, PackageVersion.objects.count()) == ("done", first, 1)


def test_a_version_of_another_package_is_none_of_this_one(bring_in):
    one, other = bring_in(package()).version, bring_in(package(OTHER)).version
    with pytest.raises(ValueError, match="another package"):
        roll_back(package=one.package, version=other)


def test_a_package_of_another_kind_is_not_replaced(bring_in, now, private_files):
    scorm = Package.objects.create(title="Les", kind=Package.Kind.SCORM_12, created_at=now)
    job = bring_in(package(), replaces=scorm)
    assert (job.state, job.refusal) == ("refused", {"code": "other_kind", "values": {"kind": "H5P"}})
    assert (Library.objects.count(), Blob.objects.count(), files_in(private_files)) == (0, 0, [])


def test_archiving_and_taking_back(bring_in, now):
    target = bring_in(package()).version.package
    archive(package=target, now=now)
    assert target.archived_at == now
    archive(package=target, now=now + timedelta(days=1))
    assert target.archived_at == now
    take_back(package=target)
    assert Package.objects.get().archived_at is None


# --- faults -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("write", range(1, 7))
def test_a_full_disk_leaves_nothing(write, bring_in, private_files, monkeypatch):
    """Whichever write it is that finds no room; half of it is on the disk by then."""
    count, save = 0, blobs.private_storage().__class__._save

    def full(storage, name, data):
        nonlocal count
        count += name.startswith("blobs/")
        if count == write and name.startswith("blobs/"):
            save(storage, name, ContentFile(b"half"))
            raise OSError(errno.ENOSPC, "No space left on device")
        return save(storage, name, data)

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)
    job = bring_in(package())
    assert (job.state, job.last_error) == ("failed", "OSError ENOSPC")
    left = [model.objects.count() for model in (Blob, BlobHold, Library, Package, PackageVersion)]
    assert (left, files_in(private_files)) == ([0, 0, 0, 0, 0], [])


def test_a_full_disk_at_the_upload_leaves_nothing(now, private_files, monkeypatch):
    def full(storage, name, data):
        path = private_files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)
    with pytest.raises(OSError, match="No space"):
        queue_import(file=ContentFile(package(), "a.h5p"), title="Een vraag", uploaded_by=None, now=now)
    assert (PackageImport.objects.count(), files_in(private_files)) == (0, [])


def test_the_task_is_in_the_transaction_of_the_import(now):
    with contextlib.suppress(RuntimeError), transaction.atomic():
        queued(now)
        raise RuntimeError
    assert (PackageImport.objects.count(), DBTaskResult.objects.count()) == (0, 0)
    job = queued(now)
    job.refresh_from_db()
    assert DBTaskResult.objects.get().id == job.task_id


def test_what_a_dead_worker_had_is_done_by_the_next(now, django_capture_on_commit_callbacks):
    job = queued(now)
    assert imports.claim(import_id=job.pk, now=now) is not None
    assert imports.run(import_id=job.pk, now=now) is None  # somebody has it
    DBTaskResult.objects.all().delete()  # the worker died, and its row with it
    later = now + imports.LEASE
    assert requeue_overdue_imports(now=later) == 1
    assert requeue_overdue_imports(now=later) == 0  # a task will do it
    with django_capture_on_commit_callbacks(execute=True):
        assert imports.run(import_id=job.pk, now=later).state == "done"
    assert PackageVersion.objects.count() == 1
    assert imports.run(import_id=job.pk, now=later) is None


def test_a_worker_that_lost_its_lease_stops_and_leaves_nothing_of_its_own(now, private_files, monkeypatch):
    job = queued(now)
    monkeypatch.setattr(imports, "TELL_EVERY", 0)
    read = iter(range(100))

    def slow(archive, member, cleaned=imports.cleaned):
        if next(read) == 2:  # all were read, and two are written
            assert imports.claim(import_id=job.pk, now=timezone.now() + 2 * imports.LEASE)
        return cleaned(archive, member)

    monkeypatch.setattr("media.services.imports.cleaned", slow)
    assert imports.run(import_id=job.pk, now=now) is None
    job.refresh_from_db()
    assert (job.state, job.attempts, Package.objects.count()) == ("running", 2, 0)
    assert [path.suffix for path in files_in(private_files)] == [".zip"]


def test_an_import_that_workers_die_of_ends(now, private_files, django_capture_on_commit_callbacks):
    job = queued(now)
    for _time in range(imports.MOST_ATTEMPTS):
        assert imports.claim(import_id=job.pk, now=now) is not None
        now += imports.LEASE
    with django_capture_on_commit_callbacks(execute=True):
        assert imports.run(import_id=job.pk, now=now) is None
    job.refresh_from_db()
    assert (job.state, job.file_name, files_in(private_files)) == ("failed", "", [])


def test_what_fails_is_tried_again_later(now, monkeypatch):
    job = queued(now)
    monkeypatch.setattr("media.services.imports.open_package", lambda *a, **k: 1 / 0)
    ended = imports.run(import_id=job.pk, now=now)
    assert (ended.state, ended.last_error) == ("waiting", "ZeroDivisionError")
    assert ended.due_at == now + timedelta(minutes=1)
    assert imports.run(import_id=job.pk, now=now) is None
