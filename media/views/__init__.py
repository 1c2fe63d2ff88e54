"""What browsers fetch: recordings and documents of lessons, the files of packages, and the document in which one plays."""

from .package_files import content_file, library_file
from .player import framed
from .recordings import editor_file, lesson_file

__all__ = ["content_file", "editor_file", "framed", "lesson_file", "library_file"]
