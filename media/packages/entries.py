"""The files of a package that are kept: digest, size and kind of each, whatever format the package has."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from media.archives import Archive, Member

from .formats import HEAD_BYTES, content_type
from .photos import without_place


@dataclass(frozen=True)
class Entry:
    """A file that is kept: its path in the package, library or below `content/`, and what it holds once it is cleaned."""

    path: str
    member: Member
    sha256: str
    size: int
    content_type: str


def read_entries(
    archive: Archive,
    files: Mapping[str, Member],
    kinds: Mapping[str, str],
    tell: Callable[[int], None],
    *,
    otherwise: str = "",
) -> list[Entry]:
    """Read files by path. `kinds` says what they are by ending, `otherwise` what all others are (empty: refused)."""
    entries = []
    for path, member in sorted(files.items()):
        digest, head, size = hashlib.sha256(), b"", 0
        for piece in cleaned(archive, member):
            digest.update(piece)
            size += len(piece)
            if len(head) < HEAD_BYTES:
                head += piece[: HEAD_BYTES - len(head)]
        kind = content_type(member.path, head, kinds, otherwise=otherwise)
        entries.append(Entry(path, member, digest.hexdigest(), size, kind))
        tell(size)
    return entries


def cleaned(archive: Archive, member: Member) -> Iterator[bytes]:
    """The bytes as they are kept: photos without the place they were taken at."""
    return without_place(archive.chunks(member))


def tree_hash(parts: Iterable[tuple[str, str]]) -> str:
    """One digest over names and digests, whatever order they come in."""
    digest = hashlib.sha256()
    for name, sha256 in sorted(parts):
        digest.update(f"{name}\0{sha256}\n".encode())
    return digest.hexdigest()
