"""Floor 2: recordings and documents of lessons, and packages. Knows no course."""

from .handout import Handout
from .recording import Recording

__all__ = ["Handout", "Recording"]
