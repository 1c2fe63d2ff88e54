"""Which kind of package a file is, by the one manifest at its root, and what reads it."""

from collections.abc import Callable
from typing import BinaryIO

from media.archives import Archive, Policy

from . import h5p, imsmanifest, scorm
from .h5p import ReadPackage
from .refusals import PackageRefused
from .scorm import ReadScorm

Read = ReadPackage | ReadScorm
Reader = Callable[..., Read]
READERS: dict[str, tuple[Policy, Reader]] = {
    h5p.MANIFEST: (h5p.POLICY, h5p.read),
    imsmanifest.MANIFEST: (scorm.POLICY, scorm.read),
}
MOST_BYTES = max(policy.archive_bytes for policy, _read in READERS.values())
# Looked through once to see what it is; the package's own policy is asked after that.
LOOKED_THROUGH = Policy(judge=lambda _path: None)


def open_package(file: BinaryIO) -> tuple[Archive, Reader]:
    """The archive, held to the rules of what it is, and what reads it. `Refused` where it is no package."""
    paths = [member.path for member in Archive(file, LOOKED_THROUGH).members]
    for manifest, (policy, reader) in READERS.items():
        if manifest in paths:
            return Archive(file, policy), reader
    for manifest in READERS:
        for path in paths:
            if path.casefold() == manifest:
                raise PackageRefused("manifest_case", path=path, name=manifest)
            if path.count("/") == 1 and path.endswith(f"/{manifest}"):
                raise PackageRefused("manifest_folder")
    raise PackageRefused("no_manifest")
