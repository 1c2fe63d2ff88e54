"""The page types, and what pages draw on: what editors write and visitors see."""

from .public import CataloguePage, HomePage, StandardPage
from .questions import QuestionBank
from .teaching import CoursePage, LessonPage, SessionPage

__all__ = [
    "CataloguePage",
    "CoursePage",
    "HomePage",
    "LessonPage",
    "QuestionBank",
    "SessionPage",
    "StandardPage",
]
