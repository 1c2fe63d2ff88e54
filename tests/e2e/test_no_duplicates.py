"""Every answer counts once: double clicks, Back, two tabs and a lost connection lose nothing and double nothing."""

import pytest
from playwright.sync_api import Page, Route, expect

from courses.models import Attempt, Reflection
from courses.services.reflections import decrypt
from tests.e2e.steps import (
    activity_form,
    address,
    answer,
    enrolled,
    fill,
    follow,
    in_order,
    lesson_with,
    sign_in,
    sign_out,
)
from tests.factories import PersonFactory, right_answer, wrong_answer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

both_ways = pytest.mark.parametrize("js", [True, False], ids=["script", "no script"])


@pytest.fixture
def lesson(site):
    return lesson_with("single_choice", "reflection")


@pytest.fixture
def question(lesson):
    return in_order(lesson, "single_choice")[0]


@pytest.fixture
def private(lesson):
    return in_order(lesson, "reflection")[0]


@pytest.fixture
def at_lesson(visitor, learner, lesson):
    def come(*, js: bool = True) -> Page:
        page = visitor(js=js)
        sign_in(page, learner.email)
        page.goto(address(lesson))
        return page

    return come


def uuids() -> list[str]:
    return [str(attempt.uuid) for attempt in Attempt.objects.order_by("pk")]


@both_ways
def test_a_double_click_sends_one_answer(at_lesson, question, js):
    page = at_lesson(js=js)
    form = activity_form(page, question.activity_id)
    uuid = form.locator("input[name=uuid]").input_value()
    fill(form, right_answer(question))
    form.locator("button[type=submit]").first.dblclick()
    expect(form.locator("input[name=uuid]")).not_to_have_value(uuid)
    expect(form.locator(".feedback-right")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert uuids() == [uuid]


@both_ways
def test_back_shows_what_was_answered_and_a_second_answer_is_a_new_one(at_lesson, question, js):
    page = at_lesson(js=js)
    form = activity_form(page, question.activity_id)
    first = form.locator("input[name=uuid]").input_value()
    answer(page, question.activity_id, wrong_answer(question), js=js)
    follow(page.locator(".next > a.button"))
    page.go_back()
    expect(form.locator("input:checked")).to_have_value(wrong_answer(question)["choice"])
    expect(form.locator(".feedback")).to_be_visible()
    second = form.locator("input[name=uuid]").input_value()
    answer(page, question.activity_id, right_answer(question), js=js)
    assert second != first
    assert uuids() == [first, second]


@both_ways
def test_the_same_form_in_two_tabs_counts_once_and_says_so(at_lesson, question, js):
    page = at_lesson(js=js)
    form = activity_form(page, question.activity_id)
    uuid = form.locator("input[name=uuid]").input_value()
    tab = page.context.new_page()
    tab.goto(page.url)
    copy = activity_form(tab, question.activity_id)
    # A tab that the browser duplicates or brings back holds the very same form.
    copy.locator("input[name=uuid]").evaluate("(input, uuid) => { input.value = uuid; }", uuid)
    answer(page, question.activity_id, right_answer(question), js=js)

    fill(copy, wrong_answer(question))
    with tab.expect_response(lambda response: "/antwoord/" in response.url) as sent:
        copy.locator("button[type=submit]").first.click()
    assert sent.value.status == 409
    fresh = activity_form(tab, question.activity_id)
    expect(fresh.locator("input[name=uuid]")).not_to_have_value(uuid)
    note = fresh.locator(".note")
    assert Attempt.objects.get().readable in note.inner_text()
    if js:
        expect(note).to_be_focused()
    assert uuids() == [uuid]

    second = fresh.locator("input[name=uuid]").input_value()
    answer(tab, question.activity_id, wrong_answer(question), js=js)
    assert uuids() == [uuid, second]


def test_a_lost_connection_keeps_what_was_filled_in_and_says_so(at_lesson, question, private, watch):
    watch.allow("htmx:")  # says in the console what the page says in words
    page = at_lesson()
    form, own = activity_form(page, question.activity_id), activity_form(page, private.activity_id)
    chosen = right_answer(question)["choice"]
    fill(form, {"choice": chosen})
    fill(own, {"text": "Halverwege de trein."})
    page.route("**/antwoord/**", lambda route: route.abort("internetdisconnected"))
    sentence = page.locator("body").get_attribute("data-error-send")
    for sent in (form, own):
        sent.locator("button[type=submit]").first.click()
        expect(sent.locator(".send-error[role=alert]")).to_have_text(sentence)
    expect(form.locator("input:checked")).to_have_value(chosen)
    expect(own.locator("textarea")).to_have_value("Halverwege de trein.")
    assert uuids() == []

    page.unroute("**/antwoord/**")
    answer(page, question.activity_id, {})
    answer(page, private.activity_id, {})
    expect(page.locator(".send-error")).to_have_count(0)
    assert Attempt.objects.count() == 2
    assert decrypt(Reflection.objects.get()) == "Halverwege de trein."


def test_an_answer_whose_receipt_got_lost_counts_once_when_it_is_sent_again(at_lesson, question, watch):
    watch.allow("htmx:")
    page = at_lesson()
    form = activity_form(page, question.activity_id)
    uuid = form.locator("input[name=uuid]").input_value()
    fill(form, right_answer(question))

    def arrive_but_lose_the_receipt(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/antwoord/**", arrive_but_lose_the_receipt)
    form.locator("button[type=submit]").first.click()
    expect(form.locator(".send-error")).to_be_visible()
    assert uuids() == [uuid]
    page.unroute("**/antwoord/**")
    answer(page, question.activity_id, {})
    expect(form.locator(".feedback-right")).to_be_visible()
    assert uuids() == [uuid]


def test_signed_out_in_another_tab_the_text_stays_and_the_page_says_what_to_do(at_lesson, learner, private):
    page = at_lesson()
    own = activity_form(page, private.activity_id)
    fill(own, {"text": "Nog niet bewaard."})
    tab = page.context.new_page()
    sign_out(tab)
    own.locator("button[type=submit]").first.click()
    sentence = page.locator("body").get_attribute("data-error-session")
    expect(own.locator(".send-error")).to_have_text(sentence)
    expect(own.locator("textarea")).to_have_value("Nog niet bewaard.")
    assert uuids() == []


def test_signed_in_again_in_another_tab_the_text_can_be_sent(at_lesson, learner, private):
    page = at_lesson()
    own = activity_form(page, private.activity_id)
    fill(own, {"text": "Nog niet bewaard."})
    tab = page.context.new_page()
    sign_out(tab)
    sign_in(tab, learner.email)
    own.locator("button[type=submit]").first.click()
    # The sentence promises it: log in again in another tab and send it once more.
    expect(own.locator(".send-error")).to_have_count(0)
    expect(own.locator(".readers [data-focus]")).to_be_visible()
    assert decrypt(Reflection.objects.get()) == "Nog niet bewaard."


def test_what_one_person_typed_never_lands_with_the_next_who_signs_in(at_lesson, learner, private, now):
    other = PersonFactory(alias="Iemand anders")
    enrolled(other, now=now)
    page = at_lesson()
    own = activity_form(page, private.activity_id)
    fill(own, {"text": "Alleen van mij."})
    tab = page.context.new_page()
    sign_out(tab)
    sign_in(tab, other.email)
    own.locator("button[type=submit]").first.click()
    expect(own.locator(".send-error")).to_have_text(page.locator("body").get_attribute("data-error-session"))
    expect(own.locator("textarea")).to_have_value("Alleen van mij.")
    assert Reflection.objects.count() == 0
