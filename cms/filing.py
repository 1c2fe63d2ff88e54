"""Files of a programme's text into Wagtail's library, once per content; and from there back to text."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.core.files import File

from cms.library import choosable
from cms.programmes import FileText
from cms.programmes.messages import Message
from cms.programmes.recordings import AUDIO, DOCUMENTS, VIDEO
from cms.programmes.writing import file_name
from media.models import Handout, Recording
from media.recordings import NotWebVTT, captions_of
from media.services.recordings import (
    NotTaken,
    add_document,
    add_recording,
    inspected_document,
    inspected_recording,
)
from people.models import User

TOLERANCE = 2.0  # seconds by which a text may differ from what a recording says of itself
KINDS = {**dict.fromkeys(VIDEO, "video"), **dict.fromkeys(AUDIO, "audio")}
Filed = Recording | Handout


class FileRefused(Exception):
    """A file of a programme is none that lessons can use: which, on which line, and what to do.

    `message` is a `Message`, or what the library says in the reader's language.
    """

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.path, self.line, self.message = path, line, message


@dataclass
class Filing:
    """One run over a programme's files. `overwrite` takes the text over where somebody changed it in Wagtail.

    `writer` meets and changes files of their own only; `None` is whoever is at a terminal.
    """

    overwrite: bool = False
    writer: User | None = None
    by_name: dict[str, Filed] = field(default_factory=dict)
    created: list[Filed] = field(default_factory=list)
    updated: list[Filed] = field(default_factory=list)
    left_alone: list[Filed] = field(default_factory=list)
    # Names of files of which the lessons have to be published again.
    changed: set[str] = field(default_factory=set)

    def put(self, texts: Iterable[FileText]) -> None:
        """Create or update them; the same content under the same name is one. Raises `FileRefused`."""
        for text in texts:
            with text.opened() as content:
                self.by_name[text.name] = self._put(text, content)

    @contextmanager
    def nothing_left_behind(self) -> Iterator[None]:
        """Where what is inside fails, the stored content of what was created goes, as its rows do."""
        try:
            yield
        except BaseException:
            for each in self.created:
                each.file.storage.delete(each.file.name)
            raise

    def _put(self, text: FileText, content: BinaryIO) -> Filed:
        values = _values(text)
        model = Handout if text.ending in DOCUMENTS else Recording
        known = choosable(self.writer, model) if self.writer else model.objects.all()
        same = known.filter(sha256=text.sha256)
        there = same.filter(text_name=text.stem).first() or same.filter(text_name="").first()
        if there is None:
            made = _made(text, content, {**values, "uploaded_by": self.writer})
            self.created.append(made)
            return made
        if all(getattr(there, name) == value for name, value in values.items()):
            return there
        if there.by_hand and not self.overwrite:
            self.left_alone.append(there)
            return there
        for name, value in values.items():
            setattr(there, name, value)
        there.save()
        self.updated.append(there)
        self.changed.add(text.name)
        return there


def _values(text: FileText) -> dict[str, Any]:
    if text.ending in DOCUMENTS:
        return {"title": text.title}
    if text.captions:
        try:
            captions_of(text.captions.encode())
        except NotWebVTT as refused:
            raise FileRefused(f"media/{text.stem}.vtt", refused.line, refused.reason) from refused
    return {
        "title": text.title,
        "language": text.language,
        "duration": float(text.seconds),
        "captions": text.captions,
        "transcript": text.transcript,
    }


def _made(text: FileText, content: BinaryIO, values: Mapping[str, Any]) -> Filed:
    size = File(content).size
    try:
        if text.ending in DOCUMENTS:
            found = inspected_document(file=content, name=text.name, size=size)
            return add_document(file=content, found=found, text_name=text.stem, **values)
        kind = KINDS[text.ending]
        found = inspected_recording(file=content, name=text.name, size=size, kind=kind)
    except NotTaken as refused:
        raise FileRefused(f"media/{text.name}", 1, str(refused)) from refused
    if found.duration and abs(found.duration - values["duration"]) > TOLERANCE:
        message = Message(
            "'seconds' says %(stated)s, and the file lasts %(found)s. Mend 'seconds'.",
            stated=text.seconds,
            found=f"{found.duration:g}",
        )
        raise FileRefused(text.path, 1, message)
    return add_recording(file=content, found=found, kind=kind, text_name=text.stem, **values)


# --- and back -------------------------------------------------------------------------------------------------------
def name_for(thing: Filed, taken: Mapping[str, Filed]) -> str:
    """What a text calls a file: as the text did that brought it, else after its title, where that is free."""
    wanted = thing.text_name or file_name(thing.title, f"bestand-{thing.pk}")
    stems = {name.partition(".")[0] for name, other in taken.items() if other != thing}
    number, stem = 1, wanted
    while stem in stems:
        number += 1
        stem = f"{wanted}-{number}"
    return f"{stem}.{thing.ending}"


def text_of(thing: Filed, name: str) -> FileText:
    """A file of the library as the text that makes it."""
    is_recording = isinstance(thing, Recording)
    return FileText(
        path=f"media/{name.partition('.')[0]}.md",
        name=name,
        title=" ".join(thing.title.split()),
        language=thing.language if is_recording else "",
        seconds=f"{thing.duration:.2f}".rstrip("0").rstrip(".") if is_recording else "",
        transcript=thing.transcript.strip("\n") if is_recording else "",
        captions=thing.captions if is_recording else "",
        sha256=thing.sha256,
        opened=lambda: thing.file.storage.open(thing.file.name),
    )
