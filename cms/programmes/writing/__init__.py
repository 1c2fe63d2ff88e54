"""Programmes written as text: the way back from pages to files. Pure, as reading is."""

from cms.programmes.writing.activities import WRITERS
from cms.programmes.writing.errors import CannotBeWritten
from cms.programmes.writing.folder import (
    Problem,
    ProgrammeCannotBeWritten,
    file_name,
    said,
    save_files,
    save_media,
    write_programme,
)
from cms.programmes.writing.markdown import same_html, write_markdown

__all__ = [
    "WRITERS",
    "CannotBeWritten",
    "Problem",
    "ProgrammeCannotBeWritten",
    "file_name",
    "said",
    "same_html",
    "save_files",
    "save_media",
    "write_markdown",
    "write_programme",
]
