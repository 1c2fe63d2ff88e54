from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from media.flows import import_package, queue_import
from media.services import blobs
from tests.media.made_packages import package


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path) -> Path:
    """Files of one test stay its own."""
    folder = tmp_path / "private"
    settings.STORAGES = settings.STORAGES | {
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder},
        }
    }
    return folder


@pytest.fixture
def bring_in(now, django_capture_on_commit_callbacks):
    """Bring a package in as a terminal does; what waits for the end of the transaction happens as well."""

    def bring_in(data, *, title="Een vraag", name="vraag.h5p", now=now, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return import_package(file=ContentFile(data, name), title=title, now=now, **fields)

    return bring_in


def queued(now, data=None):
    return queue_import(
        file=ContentFile(data or package(), "vraag.h5p"), title="Een vraag", uploaded_by=None, now=now
    )


def files_in(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def bytes_of(blob):
    with blobs.private_storage().open(blob.file_name) as file:
        return file.read()
