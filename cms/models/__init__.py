"""The page types, and what pages draw on: what editors write and visitors see."""

from .keys import TextKey
from .public import CataloguePage, HomePage, StandardPage
from .questions import QuestionBank
from .review import SecondReader
from .teaching import CoursePage, LessonPage, SessionPage

__all__ = [
    "CataloguePage",
    "CoursePage",
    "HomePage",
    "LessonPage",
    "QuestionBank",
    "SecondReader",
    "SessionPage",
    "StandardPage",
    "TextKey",
]
