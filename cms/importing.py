"""A programme as a zip file that somebody uploads: read as from a stranger, rehearsed before it is done.

The folder in it goes through the same loader as the shipped programmes. What a rehearsal reports is what happens, or
nothing happens.
"""

import hashlib
import json
import secrets
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import LogContext, log
from wagtail.models import Page

from cms.filing import FileRefused
from cms.loading import UPLOADED, IdentityTaken, Loader, Rehearsed, SiteMissing
from cms.models import CoursePage, LessonPage
from cms.models.teaching import programmes_written_by, writes_all
from cms.programmes import NotationError, ProgrammeErrors, ProgrammeText, read_programme
from cms.programmes.identity import page_identity
from cms.programmes.messages import Message
from cms.publishing import affected_by
from courses.models import Programme
from courses.queries.affected import Affected
from media.archives import Archive, Policy, Refused
from media.archives.policy import refuse_hidden

# Which kinds of files belong to a programme is the loader's business: it refuses what it does not know.
POLICY = Policy(judge=refuse_hidden, members=3_000, depth=4)
FOLDER = "programmas"
KEPT = timedelta(hours=2)  # how long an upload waits for its confirmation


class UploadRefused(Exception):
    """The file is not taken over. `sentences` are for who uploaded it: which file, which line, what to do."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass
class Report:
    """What an upload would change, by titles of pages and question banks. `noticed`: lessons that people learn in."""

    name: str
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)
    unchanged: int = 0
    noticed: list[tuple[str, Affected]] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        return bool(self.created or self.updated or self.withdrawn)

    @property
    def under_way(self) -> int:
        """Learners in the course who would notice anything of it."""
        return max((affected.under_way for _title, affected in self.noticed), default=0)

    @property
    def fingerprint(self) -> str:
        """The same for as long as the same would happen to the same learners' activities."""
        said = json.dumps(asdict(self), sort_keys=True, default=str)
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass
class _Run(Loader):
    """Loading that notes for whom a lesson changes, just before it does."""

    noticed: list[tuple[str, Affected]] = field(default_factory=list)

    def _publish(self, page: Page) -> None:
        if isinstance(page, LessonPage) and (affected := affected_by(page)):
            self.noticed.append((page.title, affected))
        super()._publish(page)


def keep_upload(file: BinaryIO, *, owner: uuid.UUID) -> uuid.UUID:
    """Keep an uploaded file until it is confirmed. Returns the token that its owner finds it by."""
    token = uuid.UUID(bytes=secrets.token_bytes(16))
    storages["private"].save(_name(owner, token), File(file))
    return token


def drop_upload(*, owner: uuid.UUID, token: uuid.UUID) -> None:
    storages["private"].delete(_name(owner, token))


def sweep_uploads(now: datetime) -> int:
    """Remove uploads that nobody confirmed; how many."""
    storage = storages["private"]
    names = [f"{FOLDER}/{name}" for name in storage.listdir(FOLDER)[1]] if storage.exists(FOLDER) else []
    old = [name for name in names if storage.get_modified_time(name) < now - KEPT]
    for name in old:
        storage.delete(name)
    return len(old)


@contextmanager
def kept_text(*, owner: uuid.UUID, token: uuid.UUID) -> Iterator[ProgrammeText]:
    """The programme in a kept upload, with its folder there for as long as it is used.

    Raises `FileNotFoundError` where the upload is gone, `UploadRefused` for what is wrong with it.
    """
    with (
        storages["private"].open(_name(owner, token)) as file,
        tempfile.TemporaryDirectory(prefix="leerhuis-") as name,
    ):
        yield _read(file, Path(name))


def rehearse(text: ProgrammeText, *, writer: Any, overwrite: bool) -> Report:
    """What loading the text would change, found out by doing it and undoing it. Raises `UploadRefused`."""
    run = _Run(language=text.language, overwrite=overwrite, writer=writer, rehearse=True)
    try:
        _load(run, text, writer)
    except Rehearsed:
        return _report(run, text)
    raise AssertionError("a rehearsal ends by undoing it")


def take_over(text: ProgrammeText, *, writer: Any, overwrite: bool, confirmed: str) -> Report | None:
    """Load the text, if that changes what was confirmed (a report's fingerprint); else nothing, and `None`.

    Raises `UploadRefused`.
    """
    run = _Run(language=text.language, overwrite=overwrite, writer=writer)
    with transaction.atomic():
        _load(run, text, writer)
        report = _report(run, text)
        if report.fingerprint != confirmed:
            transaction.set_rollback(True)
            return None
        for page in CoursePage.objects.filter(translation_key=_course_key(text)):
            log(instance=page, action=UPLOADED, user=writer)
    return report


def _read(file: BinaryIO, folder: Path) -> ProgrammeText:
    try:
        archive = Archive(file, POLICY)
        for member in archive.members:
            path = folder / member.path
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as unpacked:
                for chunk in archive.chunks(member):
                    unpacked.write(chunk)
    except Refused as refused:
        raise UploadRefused([str(refused)]) from refused
    inside = list(folder.iterdir())
    if len(inside) == 1 and inside[0].is_dir():
        folder = inside[0]  # people pack the folder rather than what is in it
    if not (folder / "programme.yaml").is_file():
        raise UploadRefused(
            [_("There is no programme.yaml in it. Pack the folder of one programme, as a download gives it.")]
        )
    try:
        return read_programme(folder)
    except ProgrammeErrors as errors:
        raise UploadRefused([_sentence(error) for error in errors.errors]) from errors


def _sentence(error: NotationError | FileRefused) -> str:
    """What is wrong and where, in the language of who reads it."""
    message = error.message.translated(_) if isinstance(error.message, Message) else error.message
    return _("%(path)s, line %(line)s: %(message)s") % {
        "path": error.path,
        "line": error.line,
        "message": message,
    }


def _load(run: Loader, text: ProgrammeText, writer: Any) -> None:
    _refuse_what_is_not_theirs(text, writer)
    try:
        # As the command does it: what a text changes is not what a person changed in the editor.
        with LogContext():
            run.load_programme(text)
    except (SiteMissing, IdentityTaken) as refused:
        raise UploadRefused([refused.message.translated(_)]) from refused
    except FileRefused as refused:
        raise UploadRefused([_sentence(refused)]) from refused
    except ValidationError as refused:
        raise UploadRefused(refused.messages) from refused


def _refuse_what_is_not_theirs(text: ProgrammeText, writer: Any) -> None:
    """Who writes a course may renew it; a new programme or course, or another organisation, is for who writes all."""
    if writes_all(writer):
        return
    programme = Programme.objects.select_related("organisation").filter(key=text.key).first()
    page = CoursePage.objects.filter(translation_key=_course_key(text), programme=programme).first()
    allowed = (
        programme is not None
        and programmes_written_by(writer).filter(pk=programme.pk).exists()
        and page is not None
        and page.permissions_for_user(writer).can_publish()
    )
    if not allowed:
        raise UploadRefused(
            [_("This is not a course that you train. Ask an editor to bring in a new programme.")]
        )
    if text.organisation.casefold().replace(" ", "-") != programme.organisation.slug:
        raise UploadRefused(
            [
                _("programme.yaml, line 1: the organisation must stay “%(name)s”.")
                % {"name": programme.organisation.name}
            ]
        )


def _course_key(text: ProgrammeText) -> uuid.UUID:
    return page_identity(f"{text.key}:{text.course.key}", text.course.identity)


def _report(run: _Run, text: ProgrammeText) -> Report:
    done = run.result
    return Report(
        name=text.name,
        created=done.created,
        updated=done.updated,
        withdrawn=done.withdrawn,
        left_alone=done.left_alone,
        unchanged=len(done.unchanged),
        noticed=run.noticed,
    )


def _name(owner: uuid.UUID, token: uuid.UUID) -> str:
    return f"{FOLDER}/{owner.hex}-{token.hex}.zip"
