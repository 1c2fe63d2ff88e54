"""Every kind of activity on a phone: with the keys alone, without JavaScript, and with axe looking on."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cms.models import QuestionBank
from courses.activities import KINDS, h5p
from courses.models import Activity, ActivityState, ActivityVersion, Attempt, Lesson
from courses.services.enrolments import enrol
from courses.services.progress import rebuild_progress
from tests.cms import made_pages as made
from tests.courses.activity_samples import FIELDS
from tests.e2e.steps import address, answer, follow, signed_in, talk
from tests.e2e.test_axe import AXE, COLOURS, RUN, WIDER_THAN_THE_WINDOW
from tests.e2e.test_keyboard import press_keys_for
from tests.factories import PersonFactory, asked_of, right_answer, wrong_answer
from tests.recordings import file_for

# What is done by pressing a button of its own, with nothing to fill in.
BY_BUTTON = {"dialogue", "video", "audio", "download"}
# Packages play in a frame of their own: test_h5p walks them, without JavaScript too.
WALKED = [kind for kind in FIELDS if kind != h5p.KIND]

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def as_raw(value: Any) -> Any:
    """An author's fields as Wagtail stores them: what is a list of rows becomes a list of blocks."""
    if isinstance(value, dict):
        return {name: as_raw(inner) for name, inner in value.items() if name != "id"}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [made.block("item", as_raw(row)) for row in value]
    return value


def bank_of(questions: list[dict[str, Any]]) -> QuestionBank:
    bank = QuestionBank(title="Toetsvragen")
    blocks = [made.block(question["kind"], as_raw(question["fields"])) for question in questions]
    bank.questions = bank._meta.get_field("questions").to_python(blocks)
    bank.save()
    return bank


def block_of(kind: str) -> dict[str, Any]:
    fields = {**FIELDS[kind], "required": True, "alternative": "Lees hoe Samir het deed."}
    if kind == "quiz":
        fields["bank"] = bank_of(fields.pop("questions")).pk
    elif kind == "assignment":
        fields["days"] = 0  # nobody answers here
    value = as_raw(fields) | file_for(kind)
    if kind == "label":
        value["labels"] = [made.block("item", label) for label in fields["labels"]]
    return made.block(kind, value)


@pytest.fixture
def learner(site):
    """Somebody in a course of which one lesson asks everything there is to ask."""
    catalogue = made.CataloguePage.objects.get()
    page = made.make_course(catalogue, "Alle vormen")
    lesson_page = made.make_lesson(made.make_session(page), "Alles", *[block_of(kind) for kind in WALKED])
    lesson = Lesson.objects.select_related("session__course").get(key=lesson_page.translation_key)
    person = PersonFactory(alias="Alle", email="alle@example.org")
    enrol(learner=person, course=lesson.session.course, alias="Alle", now=timezone.now())
    person.lesson = lesson
    return person


def right(learner, version: ActivityVersion) -> dict[str, Any]:
    return right_answer(asked_of(learner.enrolments.get(), version))


def version_of(lesson: Lesson, kind: str) -> ActivityVersion:
    return ActivityVersion.objects.select_related("activity").get(
        activity__lesson=lesson, activity__kind=kind
    )


def is_done(version: ActivityVersion) -> bool:
    return ActivityState.objects.filter(activity=version.activity_id, status="done").exists()


def test_the_lesson_asks_every_kind(learner):
    asked = set(Activity.objects.filter(lesson=learner.lesson).values_list("kind", flat=True))
    assert asked == set(KINDS) - {h5p.KIND}


@pytest.mark.parametrize("kind", WALKED)
def test_without_javascript_every_kind_is_done_by_form(visitor, learner, kind):
    page = visitor(js=False)
    signed_in(page, learner.email)
    page.goto(address(learner.lesson))
    version = version_of(learner.lesson, kind)
    if kind == "dialogue":
        talk(page, version.activity_id, js=False)
    else:
        answer(page, version.activity_id, right(learner, version), js=False)
    assert is_done(version)
    assert rebuild_progress(enrolments=learner.enrolments.all()) == 0


@pytest.mark.parametrize("kind", WALKED)
def test_every_kind_is_done_with_the_keys_alone_on_a_phone(visitor, learner, kind):
    page = visitor(width=360)
    signed_in(page, learner.email)
    version = version_of(learner.lesson, kind)
    page.goto(f"{address(learner.lesson)}#a-{version.activity_id}")
    page.locator(f"#a-{version.activity_id}").evaluate(
        "form => { form.tabIndex = -1; form.focus({ preventScroll: false }); form.removeAttribute('tabindex'); }"
    )
    press_keys_for(page, version, {} if kind in BY_BUTTON else right(learner, version))
    assert is_done(version)


@pytest.mark.parametrize("js", [True, False])
@pytest.mark.parametrize("kind", ["single_choice", "sort"])
def test_one_more_try_is_a_fresh_form(visitor, learner, kind, js):
    page = visitor(width=360, js=js)
    signed_in(page, learner.email)
    page.goto(address(learner.lesson))
    version = version_of(learner.lesson, kind)
    form = answer(page, version.activity_id, wrong_answer(version), js=js)
    expect(form.locator(".feedback-mark")).to_be_visible()
    again = form.locator("button[name=answered]")
    if js:
        again.click()
    else:
        follow(again)
    expect(form.get_by_text("Een nieuwe poging.")).to_be_visible()
    expect(form.locator(".feedback-mark")).to_have_count(0)
    expect(form.locator("legend").first).to_be_focused()
    expect(form.locator("input:checked")).to_have_count(
        0 if kind == "single_choice" else len(wrong_answer(version))
    )
    if js:
        expect(page.locator("[data-live]")).to_contain_text("Een nieuwe poging.")
    answer(page, version.activity_id, right(learner, version), js=js)
    assert list(Attempt.objects.order_by("pk").values_list("passed", flat=True)) == [False, True]


def look(page: Page, name: str) -> list[str]:
    page.evaluate(AXE)
    found = [f"{name}: {each}" for each in page.evaluate(RUN)]
    page.emulate_media(color_scheme="dark")
    found += [f"{name}, dark: {each}" for each in page.evaluate(RUN, COLOURS)]
    page.emulate_media(color_scheme="light")
    wide = page.evaluate(WIDER_THAN_THE_WINDOW)
    return [*found, f"{name}: {wide}"] if wide else found


@pytest.mark.looks
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_before_and_after_answering(visitor, learner, width):
    page = visitor(width=width)
    signed_in(page, learner.email)
    page.goto(address(learner.lesson))
    found = look(page, "blank")
    for kind in WALKED:
        version = version_of(learner.lesson, kind)
        if kind == "dialogue":
            talk(page, version.activity_id)
        else:
            answer(page, version.activity_id, right(learner, version))
    found += look(page, "answered")
    assert found == []


def test_a_video_is_played_goes_on_where_it_was_left_and_counts(visitor, learner):
    page = visitor(width=360)
    signed_in(page, learner.email)
    version = version_of(learner.lesson, "video")
    page.goto(address(learner.lesson))
    form = page.locator(f"#a-{version.activity_id}")
    expect(form.locator("[data-speed] select")).to_be_visible()
    form.locator("video").evaluate("video => { video.muted = true; return video.play(); }")
    page.wait_for_function(
        "id => document.querySelector(`#${id} video`).currentTime > 1.5", arg=f"a-{version.activity_id}"
    )
    page.goto("/leerplek/")  # leaving reports where it was
    expect(page.locator("h1")).to_be_visible()
    assert not is_done(version)
    page.goto(address(learner.lesson))
    expect(form.locator("[data-progress]")).to_have_text("Je gaat verder waar je was.")
    assert form.locator("video").evaluate("video => video.currentTime") > 1
    form.locator("[data-speed] select").select_option("1.5")
    with page.expect_response(
        lambda answer: answer.url.endswith("/plek/") and answer.json().get("done"), timeout=30_000
    ):
        form.locator("video").evaluate(
            "video => { video.muted = true; video.currentTime = 0; return video.play(); }"
        )
    expect(form.locator("[data-progress]")).to_contain_text("Dit telt.")
    assert is_done(version)
    assert Attempt.objects.get(version=version).self_reported is False


def test_the_other_form_is_chosen_with_the_keys_and_counts(visitor, learner):
    page = visitor(width=360)
    signed_in(page, learner.email)
    page.goto(address(learner.lesson))
    version = version_of(learner.lesson, "sort")
    form = page.locator(f"#a-{version.activity_id}")
    form.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(form.locator("button[name=alternative]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(form.locator("details[open] [data-focus]")).to_be_focused()
    assert is_done(version)
