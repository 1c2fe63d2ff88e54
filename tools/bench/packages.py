"""Packages: what bringing in a large one costs, and that nothing is left of bad ones."""

import ctypes
import gc
import random
import time
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.utils import timezone

from media.archives.policy import MB
from media.flows import import_package
from media.models import PackageImport
from tests.media.hostile_packages import HOSTILE
from tests.media.hostile_scorm import HOSTILE_SCORM
from tests.media.made_packages import library, package

from .figures import Figure, at_most, exactly, shown

SECONDS, MEGABYTES = 1.5, 64
EVERY = HOSTILE | HOSTILE_SCORM


def figures() -> list[Figure]:
    return [*_large(), *_hostile()]


def _large() -> list[Figure]:
    """Eleven megabytes as a course presentation has them: 40 libraries, 60 pictures, one film."""
    path = Path(settings.VAR_DIR) / "groot.h5p"
    path.write_bytes(_eleven_megabytes())
    size = path.stat().st_size
    with path.open("rb") as opened:
        before = _reset_peak()
        started = time.process_time()
        job = import_package(file=File(opened, path.name), title="Groot", now=timezone.now())
        spent, peak = time.process_time() - started, _peak() - before
    path.unlink()
    assert job.state == PackageImport.State.DONE, job.refusal or job.last_error
    return [
        shown("package: size", size / MB, "MB"),
        at_most("package: bringing it in", spent, "s of processor time", SECONDS),
        at_most("package: extra memory at its peak", peak, "MB", MEGABYTES),
    ]


def _hostile() -> list[Figure]:
    rows, files = _rows(), _files()
    refused, worst, before = 0, 0.0, _reset_peak()
    for make, code in EVERY.values():
        data = make()
        started = time.process_time()
        job = import_package(file=ContentFile(data, "fout.h5p"), title="Fout", now=timezone.now())
        worst = max(worst, time.process_time() - started)
        refused += job.state == PackageImport.State.REFUSED and job.refusal["code"] == code
        job.delete()
    return [
        exactly("bad packages refused, each with its own sentence", refused, f"of {len(EVERY)}", len(EVERY)),
        exactly("bad packages: files and rows left", _rows() - rows + _files() - files, "", 0),
        at_most("bad packages: the slowest", worst, "s of processor time", SECONDS),
        shown("bad packages: peak memory, the packages themselves included", _peak() - before, "MB"),
    ]


def _eleven_megabytes() -> bytes:
    chance, files = random.Random(11), {}
    words = [f"woord{number}" for number in range(4000)]
    for number in range(40):
        script = " ".join(chance.choices(words, k=9000)).encode()
        needs = [f"H5P.L{number + 1}"] if number < 39 else []
        files |= library(f"H5P.L{number}", needs=needs, files={"big.js": script})
    files |= library("H5P.Vraag", 1, 2, 3, needs=["H5P.L0", "H5P.Deel"], runnable=1)
    for number in range(60):
        files[f"content/images/{number}.jpg"] = b"\xff\xd8\xff\xd9" + chance.randbytes(100_000)
    files["content/videos/film.mp4"] = b"\0\0\0\x18ftypmp42" + chance.randbytes(4 * MB)
    return package(files)


def _rows() -> int:
    models = apps.get_app_config("media").get_models()
    return sum(model.objects.count() for model in models)


def _files() -> int:
    return sum(path.is_file() for path in Path(settings.PRIVATE_ROOT).rglob("*"))


def _reset_peak() -> float:
    """Let the kernel count this process's peak anew; megabytes in use now, without what was freed before."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _peak() -> float:
    return _status("VmHWM")


def _status(field: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) / 1024
