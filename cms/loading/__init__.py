"""From programme texts to pages. Publishing the pages writes the syllabus, as for any editor.

Loading is idempotent: a page whose text is the same is left alone. So is a page that somebody has edited in Wagtail,
unless told otherwise: the text on disk must not undo a trainer's work.
"""

from .blocks import BLOCKS, FILE_FIELDS, lesson_blocks
from .comparing import UPLOADED
from .loader import PARTS, Loader
from .results import IdentityTaken, Loaded, Rehearsed, SiteMissing

__all__ = [
    "BLOCKS",
    "FILE_FIELDS",
    "PARTS",
    "UPLOADED",
    "IdentityTaken",
    "Loaded",
    "Loader",
    "Rehearsed",
    "SiteMissing",
    "lesson_blocks",
]
