"""Watch a video. What it shares with its sister is in `recording.py`."""

from .recording import clean, form, grade, is_self_reported, readable, specification, translated

__all__ = ["clean", "form", "grade", "is_self_reported", "readable", "specification", "translated"]

KIND = "video"
MINUTES = 0.5  # beside what the recording itself lasts
GRADED = False
PRIVATE = False
PLAYS = True
