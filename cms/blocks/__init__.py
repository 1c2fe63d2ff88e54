"""What editors put on pages. Block lists are constants; each block names its template."""

from .activities import ACTIVITY_BLOCKS, ActivityBlock
from .lesson import LESSON_BLOCKS
from .public import DOOR_BLOCKS, FACT_BLOCKS, PROMISE_BLOCKS, STANDARD_BLOCKS, STEP_BLOCKS
from .quiz import BANK_BLOCKS

__all__ = [
    "ACTIVITY_BLOCKS",
    "BANK_BLOCKS",
    "DOOR_BLOCKS",
    "FACT_BLOCKS",
    "LESSON_BLOCKS",
    "PROMISE_BLOCKS",
    "STANDARD_BLOCKS",
    "STEP_BLOCKS",
    "ActivityBlock",
]
