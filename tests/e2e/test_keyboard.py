"""Learning without a mouse: everything can be reached, seen and done with the keys alone."""

from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import address, in_order, lesson_with, signed_in
from tests.factories import right_answer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

MOST_STOPS = 250  # of the Tab key on one page

# Where the focus is: what it is on, whether one sees it, and whether it lies free of the safety strip.
FOCUS = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const strip = document.querySelector('.safety');
    const box = at.getBoundingClientRect();
    const bar = strip.getBoundingClientRect();
    const style = getComputedStyle(at);
    const inStrip = strip.contains(at);
    const onScreen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const middle = document.elementFromPoint(
        Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1),
        Math.min(Math.max(box.top + Math.min(box.height, 40) / 2, 0), innerHeight - 1),
    );
    return {
        what: at.outerHTML.slice(0, 160),
        name: at.getAttribute('name') ?? '',
        value: at.value ?? '',
        tag: at.localName,
        type: at.getAttribute('type') ?? '',
        form: at.closest('form[data-activity]')?.id ?? '',
        seen: onScreen && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        covered: !inStrip && (
            (box.top < bar.bottom - 1 && box.bottom > bar.top + 1 && getComputedStyle(strip).zIndex !== 'auto'
                && !at.classList.contains('skip'))
            || (strip.contains(middle))
        ),
    };
}"""


def press_tab(page: Page) -> dict | None:
    page.keyboard.press("Tab")
    return page.evaluate(FOCUS)


def tab_to(page: Page, **wanted: str) -> dict:
    """Tab on until the focus is there; every stop on the way is seen and free."""
    for _ in range(MOST_STOPS):
        at = press_tab(page)
        if at is None:
            continue
        assert at["seen"], f"no focus to be seen on {at['what']}"
        assert not at["covered"], f"under the safety strip: {at['what']}"
        if all(at[name] == value for name, value in wanted.items()):
            return at
    raise AssertionError(f"never reached {wanted}")


def choose(page: Page, form: str, name: str, value: str) -> None:
    """One field of a form, by its own keys."""
    at = tab_to(page, form=form, name=name)
    if at["tag"] == "select":
        options = page.evaluate("() => [...document.activeElement.options].map(option => option.value)")
        for _ in range(options.index(value)):
            page.keyboard.press("ArrowDown")
    elif at["tag"] == "textarea" or at["type"] == "text":
        page.keyboard.type(value)
        return
    else:
        # Radio buttons are one stop: the first is taken with Space, the others with the arrows, round and round.
        page.keyboard.press("Space")
        for _ in range(20):
            if page.evaluate("() => document.activeElement.value") == value:
                break
            page.keyboard.press("ArrowDown")
    assert page.evaluate("() => document.activeElement.value") == value


def tick(page: Page, form: str, name: str, values: list[str]) -> None:
    """Check boxes are a stop each."""
    for _ in values:
        while tab_to(page, form=form, name=name)["value"] not in values:
            continue
        page.keyboard.press("Space")


def press_keys_for(page: Page, version, data: Mapping[str, Any]) -> None:
    """An activity with the keys, and the focus on what came of it."""
    form = f"a-{version.activity_id}"
    if version.activity.kind == "dialogue":
        while page.locator(f"#{form} button[name=say]").count():
            press_button(page, form, name="say")
        return
    shown = page.locator(f"#{form} fieldset :is(select, input, textarea)").all()
    order = dict.fromkeys(field.get_attribute("name") for field in shown)
    for name in [name for name in order if name in data] or data:
        if isinstance(data[name], list):
            tick(page, form, name, data[name])
        else:
            choose(page, form, name, data[name])
    press_button(page, form)


def press_button(page: Page, form: str, **wanted: str) -> None:
    """A button of a form, and the focus on what comes back."""
    uuid = page.locator(f"#{form} input[name=uuid]").input_value()
    tab_to(page, form=form, tag="button", **wanted)
    page.keyboard.press("Enter")
    expect(page.locator(f"#{form} input[name=uuid]")).not_to_have_value(uuid)
    expect(page.locator(f"#{form} [data-focus]").first).to_be_focused()
    at = page.evaluate(FOCUS)
    assert not at["covered"], at["what"]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "kinds",
    [
        ("single_choice", "scale", "reflection"),
        ("order", "multiple_choice"),
        ("match", "true_false"),
        ("read",),
    ],
    ids="-".join,
)
def test_a_lesson_is_done_with_the_keys_alone(visitor, learner, kinds, width):
    page = visitor(width=width)
    signed_in(page, learner.email)
    lesson = lesson_with(*kinds)
    page.goto(address(lesson))
    for version in in_order(lesson):
        press_keys_for(page, version, right_answer(version))
    # And on: the link to the next lesson is the next thing after the last task.
    for _ in range(MOST_STOPS):
        press_tab(page)
        if page.evaluate("() => document.activeElement.matches('.next a.button')"):
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.looks
@pytest.mark.parametrize("width", [360, 1280])
def test_the_first_skip_link_leads_past_the_menu(visitor, width):
    page = visitor(width=width)
    page.goto("/")
    at = press_tab(page)
    skip = page.locator("a.skip[href='#inhoud']")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    assert at["seen"]
    page.keyboard.press("Enter")
    press_tab(page)
    assert page.evaluate("() => document.querySelector('#inhoud').contains(document.activeElement)")


@pytest.mark.looks
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/", "/cursussen/maatjestraining/", "/leerplek/", "/leerplek/profiel/"])
def test_every_stop_of_the_keyboard_is_seen_and_free(visitor, learner, path, width):
    page = visitor(width=width)
    if path.startswith("/leerplek/"):
        signed_in(page, learner.email)
    page.goto(path)
    stops = 0
    while (at := press_tab(page)) is not None and stops < MOST_STOPS:
        assert at["seen"], f"no focus to be seen on {at['what']}"
        assert not at["covered"], f"under the safety strip: {at['what']}"
        stops += 1
    assert 10 < stops < MOST_STOPS
