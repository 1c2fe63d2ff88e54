"""A small site: one course of two sessions, the first with two lessons."""

from types import SimpleNamespace

import pytest

from tests.cms import made_pages as made


@pytest.fixture
def tree(db):
    """`course`: `first` (lessons `one` with a question and a button, `two` with a button), `second` (empty)."""
    home, catalogue = made.make_site()
    course = made.make_course(catalogue)
    first, second = made.make_session(course, "Kennismaking"), made.make_session(course, "Steun")
    one = made.make_lesson(
        first, "Naast iemand staan", made.text(), made.choice("Wat past?"), made.reading("Gelezen")
    )
    two = made.make_lesson(first, "Een zorg", made.reading("Ook gelezen"))
    return SimpleNamespace(
        home=home, catalogue=catalogue, course=course, first=first, second=second, one=one, two=two
    )
