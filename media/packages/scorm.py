"""Reads a SCORM package to the last byte and says what is in it, or why it is refused. Writes nothing.

It is a website by strangers: whatever a browser may load is taken, and plays on an origin that nothing else has.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from media.archives import Archive, Policy
from media.archives.policy import MB, ending_of, left_by_a_system, refuse_hidden

from .entries import Entry, read_entries, tree_hash
from .formats import IN_SCORM
from .imsmanifest import MANIFEST, ScormManifest, parse_manifest
from .refusals import PackageRefused

MANIFEST_BYTES = 4 * MB
# Programs, scripts of servers, and archives in the archive: nobody can run or open them here, and no lesson needs them.
NOT_TAKEN = frozenset((
    "php", "phtml", "phar", "php3", "php4", "php5", "asp", "aspx", "ashx", "jsp", "jspx", "cgi", "pl", "py", "rb", "sh", "bash",
    "bat", "cmd", "com", "exe", "dll", "msi", "scr", "ps1", "vbs", "wsf", "hta", "jar", "class", "apk", "dmg", "iso", "reg",
    "lnk", "so", "bin", "zip", "rar", "7z", "gz", "tgz", "tar", "bz2", "xz", "h5p",
))  # fmt: skip
BYTES = "application/octet-stream"


def judge(path: str) -> None:
    """What editors put beside a website (sources, notes) stays; it is served as bytes that nothing runs."""
    if path.casefold() == MANIFEST and path != MANIFEST:
        raise PackageRefused("manifest_case", path=path, name=MANIFEST)
    refuse_hidden(path)
    if ending_of(path) in NOT_TAKEN:
        raise PackageRefused("ending", path=path)


def ignores(path: str) -> bool:
    """Flash runs nowhere any more, yet old packages still carry it."""
    return left_by_a_system(path) or ending_of(path) == "swf"


POLICY = Policy(judge=judge, ignores=ignores)


@dataclass
class ReadScorm:
    """What is in a SCORM package, checked."""

    manifest: ScormManifest
    entries: list[Entry]
    tree_hash: str
    libraries: list[Any] = field(default_factory=list)
    main: None = None

    @property
    def kind(self) -> str:
        return self.manifest.kind

    @property
    def raw(self) -> dict[str, Any]:
        """What is kept of the manifest."""
        return {"title": self.manifest.title, "edition": self.manifest.edition}

    @property
    def launch(self) -> dict[str, Any]:
        return self.manifest.launch

    def all_entries(self) -> list[Entry]:
        return self.entries


def read(archive: Archive, *, tell: Callable[[int], None] = lambda _bytes: None) -> ReadScorm:
    """Read all of it. `tell` hears how many bytes were read since last time. `Refused` where it is not taken."""
    members = {member.path: member for member in archive.members}
    manifest = parse_manifest(archive.read(members[MANIFEST], most=MANIFEST_BYTES), members.keys())
    entries = read_entries(archive, members, IN_SCORM, tell, otherwise=BYTES)
    return ReadScorm(manifest, entries, tree_hash((entry.path, entry.sha256) for entry in entries))
