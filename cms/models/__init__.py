"""The page types: what editors write and visitors see."""

from .keys import TextKey
from .public import CataloguePage, HomePage, StandardPage
from .teaching import CoursePage, LessonPage, SessionPage

__all__ = ["CataloguePage", "CoursePage", "HomePage", "LessonPage", "SessionPage", "StandardPage", "TextKey"]
