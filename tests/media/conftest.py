from pathlib import Path

import pytest


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
    from django.core.files.base import ContentFile

    from media.flows import import_package

    def bring_in(data, *, title="Een vraag", name="vraag.h5p", now=now, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return import_package(file=ContentFile(data, name), title=title, now=now, **fields)

    return bring_in
