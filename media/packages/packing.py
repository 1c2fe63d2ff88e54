"""Packs our own examples into packages, byte for byte the same every time: an H5P content type, and a lesson per SCORM version."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

# Our own content type and an example, as source: `media/h5p_library`.
SOURCE = Path(__file__).resolve().parents[1] / "h5p_library"
LIBRARY = "H5P.LeerhuisChoice-1.0"
SCORM_SOURCE = SOURCE.parent / "scorm_examples"
# The earliest moment a zip file can name: packing again gives the same file.
NO_MOMENT = (1980, 1, 1, 0, 0, 0)


def pack_example(changed: Mapping[str, bytes] | None = None) -> bytes:
    """The example as an `.h5p` file; `changed` puts other bytes at a path, or adds a file."""
    files = {**_files(SOURCE / LIBRARY, f"{LIBRARY}/"), **_files(SOURCE / "example", "")}
    return pack(files | (changed or {}))


def pack_scorm(edition: str, changed: Mapping[str, bytes | None] | None = None) -> bytes:
    """The example of a SCORM edition, `scorm12` or `scorm2004`; `changed` puts other bytes at a path, or (None) takes it out."""
    files = _files(SCORM_SOURCE / edition, "") | (changed or {})
    return pack({path: content for path, content in files.items() if content is not None})


EXAMPLES = {
    "h5p": pack_example,
    "scorm12": lambda: pack_scorm("scorm12"),
    "scorm2004": lambda: pack_scorm("scorm2004"),
}


def pack(files: Mapping[str, bytes]) -> bytes:
    """A zip file of these files by path."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, NO_MOMENT), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _files(folder: Path, prefix: str) -> dict[str, bytes]:
    return {
        f"{prefix}{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
