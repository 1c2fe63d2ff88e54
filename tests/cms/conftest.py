"""A small site: one course of two sessions, the first with two lessons."""

from types import SimpleNamespace

import pytest

from cms.models import CataloguePage, CoursePage, HomePage, LessonPage, SessionPage
from tests.cms import made_pages as made
from tests.sharing import made_for_the_module


def make_pages():
    _home, catalogue = made.make_site()
    course = made.make_course(catalogue)
    first, _second = made.make_session(course, "Kennismaking"), made.make_session(course, "Steun")
    made.make_lesson(
        first, "Naast iemand staan", made.text(), made.choice("Wat past?"), made.reading("Gelezen")
    )
    made.make_lesson(first, "Een zorg", made.reading("Ook gelezen"))


pages_of_the_module = made_for_the_module(make_pages)


@pytest.fixture
def tree(pages_of_the_module, db):
    """`course`: `first` (lessons `one` with a question and a button, `two` with a button), `second` (empty)."""
    if not pages_of_the_module:
        make_pages()
    first, second = SessionPage.objects.order_by("path")
    one, two = LessonPage.objects.order_by("path")
    return SimpleNamespace(
        home=HomePage.objects.get(),
        catalogue=CataloguePage.objects.get(),
        course=CoursePage.objects.get(),
        first=first,
        second=second,
        one=one,
        two=two,
    )
