"""What every file behind a lesson has: a place in the private storage under a random name, and its digest."""

import secrets
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, storages
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

FOLDER = "lesbestanden"


def private_storage() -> Storage:
    return storages["private"]


class PrivateFileField(models.FileField):
    """A file in the private storage: the one that the settings name now, not the one of when this was imported."""

    @property
    def storage(self) -> Storage:
        return private_storage()

    @storage.setter
    def storage(self, given: object) -> None:
        """There is no other."""

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("storage", None)
        return name, path, args, kwargs


def random_name(instance: models.Model, filename: str) -> str:
    """The name under which a file is kept: nothing of what it was called, but its ending."""
    ending = PurePath(filename).suffix.lower().removeprefix(".")[:5]
    return f"{FOLDER}/{secrets.token_hex(16)}.{ending if ending.isalnum() else 'bin'}"


class PrivateFile(models.Model):
    """A file that has no address of its own: lessons give out signed ones, and the editor has its own door.

    The file itself never changes: answers of learners hang on what it holds. Upload another one instead.
    """

    door = ""  # how an address calls this model

    # SHA-256 of the content: the same file loaded twice is one.
    sha256 = models.CharField(max_length=64, editable=False, db_index=True)
    size = models.PositiveBigIntegerField(editable=False)  # bytes
    # What programmes as text call the file; empty for one that was uploaded.
    text_name = models.CharField(max_length=80, blank=True, editable=False)
    # Somebody wrote or changed it in the editor: a programme's text does not undo that.
    by_hand = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True

    @property
    def ending(self) -> str:
        return PurePath(self.file.name).suffix.removeprefix(".")

    @property
    def filename(self) -> str:
        """What the library calls the file: after its title, for the name under which it is kept says nothing."""
        return f"{self.title}.{self.ending}"

    @property
    def url(self) -> str:
        """For the editor's own screens; it asks who is looking."""
        return reverse("editor_file", args=[self.door, self.pk])

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Raises `ValidationError` where a lesson uses it, or did when somebody answered it."""
        try:
            return super().delete(*args, **kwargs)
        except models.ProtectedError as used:
            raise ValidationError(
                _("“%(title)s” is used in a lesson, now or in an earlier version. It has to stay.")
                % {"title": self}
            ) from used
