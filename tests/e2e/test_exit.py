"""The way out: at once, by every hand, and with nothing behind the Back button."""

import re
import time

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from playwright.sync_api import Dialog, Page, expect

from tests.e2e.conftest import PATIENCE
from tests.e2e.steps import activity_form, address, in_order, lesson_with, sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

SECRET = "Wat niemand mag lezen"


@pytest.fixture
def lesson_page(visitor, learner):
    """Open a lesson with something private typed in it, after one's own place: `lesson_page(js=True)`."""

    def come(*, js: bool = True, width: int = 360) -> Page:
        page = visitor(js=js, width=width)
        sign_in(page, learner.email)
        page.goto("/leerplek/")
        lesson = lesson_with("reflection")
        page.goto(address(lesson))
        (reflection,) = in_order(lesson, "reflection")
        activity_form(page, reflection.activity_id).locator("textarea").fill(SECRET)
        return page

    return come


def session_ends(page: Page) -> None:
    """The page is left before the server has heard of it: on a busy machine its answer takes a moment."""
    until = time.monotonic() + PATIENCE / 1000
    while (UserSession.objects.exists() or Session.objects.exists()) and time.monotonic() < until:
        page.wait_for_timeout(50)


def has_left(page: Page, neutral_site: str, alias: str) -> None:
    """On the neutral site, signed out, and Back shows nothing of one's own, however often."""
    expect(page).to_have_url(neutral_site)
    expect(page.locator("h1")).to_have_text("Zonnig")
    session_ends(page)
    assert UserSession.objects.count() == 0
    assert Session.objects.count() == 0
    assert [cookie["name"] for cookie in page.context.cookies() if "session" in cookie["name"]] == []
    for _ in range(3):
        page.go_back()
        expect(page.locator("body[data-personal]")).to_have_count(0)
        assert SECRET not in page.content()
        assert alias not in page.content()
    page.goto("/leerplek/")
    expect(page).to_have_url(re.compile("/account/login/"))


@pytest.mark.parametrize("width", [360, 1280])
def test_the_button_leaves_at_once(lesson_page, neutral_site, learner, width):
    page = lesson_page(width=width)
    page.locator("#snel-weg").click()
    has_left(page, neutral_site, learner.alias)


def test_a_typed_text_is_lost_by_no_other_way_without_a_question(lesson_page):
    page, asked = lesson_page(), []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.goto("/leerplek/")
    assert asked == ["beforeunload"]


def test_three_times_shift_leaves(lesson_page, neutral_site, learner):
    page = lesson_page()
    for _ in range(3):
        page.keyboard.press("Shift")
    has_left(page, neutral_site, learner.alias)


def test_capitals_in_a_text_do_not_leave(lesson_page, neutral_site):
    page = lesson_page()
    page.locator("textarea").first.focus()
    for capital in "ABCD":
        page.keyboard.press(f"Shift+{capital}")
    assert page.locator("textarea").first.input_value() == f"{SECRET}ABCD"
    assert "/les/" in page.url


def test_by_keyboard_the_second_skip_link_leads_to_the_exit(lesson_page, neutral_site, learner):
    page = lesson_page(width=1280)
    page.goto(page.url)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip[href='#snel-weg']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#snel-weg")).to_be_focused()
    page.keyboard.press("Enter")
    has_left(page, neutral_site, learner.alias)


def test_without_javascript_the_button_leaves(lesson_page, neutral_site, learner):
    page = lesson_page(js=False)
    page.locator("#snel-weg").click()
    has_left(page, neutral_site, learner.alias)


def test_the_page_is_covered_before_the_other_site_answers(lesson_page, neutral_site):
    page = lesson_page()
    # In one breath with the press: nothing may be seen while the next site still loads.
    covered = page.evaluate("""() => {
        document.querySelector('#snel-weg').click();
        return {
            left: document.documentElement.hasAttribute('data-left'),
            title: document.title,
            seen: document.body.innerText.trim(),
            cover: document.querySelector('.exit-cover').getBoundingClientRect().toJSON(),
        };
    }""")
    assert covered["left"]
    assert covered["title"] == "\u200b"
    assert covered["seen"] == ""
    assert (covered["cover"]["width"], covered["cover"]["height"]) == (360, 740)
    expect(page).to_have_url(neutral_site)


def test_a_stranger_may_press_the_button_too(visitor, neutral_site):
    page = visitor()
    page.goto("/")
    page.locator("#snel-weg").click()
    expect(page).to_have_url(neutral_site)


def test_a_second_tab_is_signed_out_as_well(lesson_page, neutral_site):
    page = lesson_page()
    other = page.context.new_page()
    other.goto("/leerplek/")
    page.locator("#snel-weg").click()
    expect(page).to_have_url(neutral_site)
    other.reload()
    expect(other.locator("body[data-personal]")).to_have_count(0)
