"""What browsers fetch: recordings and documents of lessons, the files of packages, and the document in which one plays."""

from .content_host import file as scorm_file
from .content_host import player as scorm_player
from .package_files import content_file, library_file
from .player import played, scorm_hosts, tried_at
from .recordings import editor_file, lesson_file

__all__ = [
    "content_file",
    "editor_file",
    "lesson_file",
    "library_file",
    "played",
    "scorm_file",
    "scorm_hosts",
    "scorm_player",
    "tried_at",
]
