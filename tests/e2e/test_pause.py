"""To come to rest in the middle of a text, and to go on where one was."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from cms.models import LessonPage
from courses.models import Lesson
from tests.e2e.steps import address, follow, signed_in, the_course

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

AWAY = 40  # pixels: less than a line and a half


def longest_lesson() -> Lesson:
    """Of the course, the one with most to read before its first task."""
    pages = LessonPage.objects.live().filter(locale__language_code="nl")
    keys = {page.translation_key: len(str(page.body)) for page in pages}
    lessons = Lesson.objects.filter(session__course=the_course(), archived_at=None)
    return max(lessons, key=lambda lesson: keys.get(lesson.key, 0))


def paragraph(page: Page, number: int) -> str:
    """Scroll until this paragraph of the running text stands under the upper edge. Its words."""
    read = page.locator(".lesson-text p:not(.activity *, details *)").nth(number)
    read.evaluate("element => element.scrollIntoView({ block: 'start', behavior: 'instant' })")
    return read.inner_text()


def top_of(page: Page, words: str) -> float:
    return page.locator(".lesson-text p:not(.activity *, details *)", has_text=words).first.evaluate(
        "element => element.getBoundingClientRect().top"
    )


def way_out(page: Page, lesson: Lesson) -> Locator:
    return page.locator(f"a[href^='{reverse('pause', args=[lesson.short_key])}']")


def go_back(page: Page, lesson: Lesson) -> None:
    expect(page).to_have_url(re.compile(r"\?plek=[a-z]+-\d+$"))
    follow(page.locator(f"#inhoud a[href*='{address(lesson)}#']"))


@pytest.mark.parametrize("width", [360, 1280])
def test_back_from_a_pause_the_text_stands_where_it_was(visitor: Callable[..., Page], learner, width: int):
    page = visitor(width=width)
    signed_in(page, learner.email)
    lesson = longest_lesson()
    page.goto(address(lesson))
    words = paragraph(page, 5)
    was = top_of(page, words)
    assert page.evaluate("scrollY") > 100
    with page.expect_navigation():  # not Playwright's own click, which scrolls to the button first
        way_out(page, lesson).evaluate("link => link.click()")
    go_back(page, lesson)
    assert abs(top_of(page, words) - was) < AWAY

    # And as a hand does it, at the end of the lesson.
    way_out(page, lesson).scroll_into_view_if_needed()
    was = page.evaluate("scrollY")
    follow(way_out(page, lesson))
    go_back(page, lesson)
    assert abs(page.evaluate("scrollY") - was) < page.evaluate("innerHeight / 2")
    expect(way_out(page, lesson)).to_be_in_viewport()
