"""A trainer changes a lesson while people are in it: old answers stay as they were made, the next learner gets the new."""

import uuid

import pytest
from playwright.sync_api import Page, expect

from cms.models import LessonPage
from courses.models import Activity, ActivityState, ActivityVersion, Attempt, Enrolment, Lesson
from courses.queries.progress import unfinished_required
from courses.services.progress import rebuild_progress
from tests.e2e.steps import (
    a_trainer,
    activity_form,
    address,
    answer,
    enrolled,
    fill,
    follow,
    in_order,
    lesson_with,
    sign_in,
    versions_of,
)
from tests.factories import PASSWORD, PersonFactory, right_answer, wrong_answer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

NEW_QUESTION = "Iemand belt je om elf uur 's avonds. Wat doe je eerst?"


@pytest.fixture
def trainer(site, now):
    return a_trainer(now=now)


@pytest.fixture
def lesson(site) -> Lesson:
    return lesson_with("single_choice", "scale")


def page_of(lesson: Lesson) -> LessonPage:
    return LessonPage.objects.get(translation_key=lesson.key)


def publish_in_the_editor(page: Page) -> None:
    """The menu beside "save draft", and its last entry; people are under way, so it says who notices before it does."""
    page.locator("footer [data-controller~='w-dropdown'] [data-w-dropdown-target='toggle']").click()
    with page.expect_navigation():
        page.locator("button[name=action-publish]").click()
    expect(page.locator("main li")).to_contain_text("1 ")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    expect(page.locator(".messages .success")).to_be_visible()


def option_keys(version: ActivityVersion, *, right: bool) -> list[str]:
    return [option["key"] for option in version.specification["options"] if option["right"] is right]


def test_a_changed_question_keeps_old_answers_and_asks_the_next_learner_the_new(
    visitor, learner, lesson, trainer, now
):
    (old,) = in_order(lesson, "single_choice")
    mine = visitor()
    sign_in(mine, learner.email)
    mine.goto(address(lesson))
    answer(mine, old.activity_id, right_answer(old))
    attempt = Attempt.objects.get()
    made = Attempt.objects.values().get()

    # The trainer enters through our own door, changes question and key, and publishes.
    editor = visitor(width=1280)
    editor.goto(f"/cms/pages/{page_of(lesson).pk}/edit/")
    editor.locator("#id_login").fill(trainer.email)
    editor.locator("#id_password").fill(PASSWORD)
    with editor.expect_navigation():
        editor.locator("#inhoud form button[type=submit]").first.click()
    block = editor.locator(f"input[name$='-id'][value='{old.activity.key}']").get_attribute("name")
    field = block.removesuffix("-id") + "-value"
    rights = [option["right"] for option in old.specification["options"]]
    was, becomes = rights.index(True), rights.index(False)
    editor.locator(f"[name='{field}-question']").fill(NEW_QUESTION)
    editor.locator(f"[name='{field}-options-{was}-value-right']").uncheck()
    editor.locator(f"[name='{field}-options-{becomes}-value-right']").check()
    publish_in_the_editor(editor)

    (new,) = in_order(lesson, "single_choice")
    assert (new.activity_id, new.number) == (old.activity_id, old.number + 1)
    assert new.specification["question"] == NEW_QUESTION

    # Who had answered: the answer stands as it was made, readable, and counts.
    assert Attempt.objects.values().get() == made
    assert attempt.version.specification["question"] == old.specification["question"] != NEW_QUESTION
    mine.reload()
    form = activity_form(mine, old.activity_id)
    assert NEW_QUESTION in form.inner_text()
    assert attempt.readable in form.locator(".note").inner_text()
    assert ActivityState.objects.get(activity=old.activity_id).status == "done"
    assert not unfinished_required(attempt.enrolment).filter(activity=old.activity_id).exists()

    # Who comes next: the new wording, graded by the new key.
    other = PersonFactory(alias="Later")
    enrolled(other, now=now)
    theirs = visitor()
    sign_in(theirs, other.email)
    theirs.goto(address(lesson))
    fresh = activity_form(theirs, old.activity_id)
    assert NEW_QUESTION in fresh.inner_text()
    assert old.specification["question"] not in theirs.content()
    expect(fresh.locator(".note")).to_have_count(0)
    (old_right,) = option_keys(old, right=True)
    answer(theirs, old.activity_id, {"choice": old_right})
    expect(fresh.locator(".feedback-right")).to_have_count(0)
    answer(theirs, old.activity_id, right_answer(new))
    expect(fresh.locator(".feedback-right")).to_be_visible()
    passed = Attempt.objects.filter(learner=other).order_by("pk").values_list("version_id", "passed")
    assert list(passed) == [(new.pk, False), (new.pk, True)]
    replay_agrees()


def test_a_form_opened_before_the_change_is_graded_by_what_was_on_screen(visitor, learner, lesson):
    (old,) = in_order(lesson, "single_choice")
    page = visitor()
    sign_in(page, learner.email)
    page.goto(address(lesson))
    reword(lesson, old.activity)
    answer(page, old.activity_id, right_answer(old))
    attempt = Attempt.objects.get()
    assert (attempt.version_id, attempt.passed) == (old.pk, True)
    replay_agrees()


def test_a_task_taken_out_while_it_is_on_screen_says_so_and_records_nothing(visitor, learner, lesson):
    question, *_others = in_order(lesson)
    page = visitor()
    sign_in(page, learner.email)
    page.goto(address(lesson))
    take_out(lesson, question.activity)
    form = activity_form(page, question.activity_id)
    fill(form, right_answer(question))
    form.locator("button[type=submit]").click()
    gone = page.locator(f"div#a-{question.activity_id}.note")
    expect(gone).to_be_visible()
    expect(gone.locator("[data-focus]")).to_be_focused()
    assert Attempt.objects.count() == 0


def test_without_javascript_a_task_taken_out_leads_back_to_the_lesson(visitor, learner, lesson):
    question, *_others = in_order(lesson)
    page = visitor(js=False)
    sign_in(page, learner.email)
    page.goto(address(lesson))
    take_out(lesson, question.activity)
    form = activity_form(page, question.activity_id)
    fill(form, right_answer(question))
    with page.expect_navigation():
        form.locator("button[type=submit]").click()
    assert page.url.endswith(address(lesson))
    expect(page.locator(".messages .message")).to_be_visible()
    expect(form).to_have_count(0)
    assert Attempt.objects.count() == 0


def test_progress_equals_its_replay_after_tasks_were_added_changed_and_retired(visitor, learner, lesson):
    first, second, *_others = in_order(lesson)
    page = visitor()
    sign_in(page, learner.email)
    page.goto(address(lesson))
    answer(page, first.activity_id, wrong_answer(first))
    answer(page, second.activity_id, right_answer(second))
    needed = set(Enrolment.objects.get().course_version.items.values_list("activity_id", flat=True))

    reword(lesson, first.activity)
    added = add_question(lesson)
    take_out(lesson, second.activity)
    page.reload()
    expect(activity_form(page, second.activity_id)).to_have_count(0)
    (reworded,) = versions_of([first.activity_id]).values()
    answer(page, first.activity_id, right_answer(reworded))
    (version,) = versions_of([added.pk]).values()
    answer(page, added.pk, right_answer(version))

    enrolment = Enrolment.objects.get()
    states = ActivityState.objects.filter(enrolment=enrolment).values_list("activity_id", "status")
    assert dict(states) == {first.activity_id: "done", second.activity_id: "done", added.pk: "done"}
    # What is asked of this learner was settled when they began.
    assert set(enrolment.course_version.items.values_list("activity_id", flat=True)) == needed
    assert added.pk not in needed
    replay_agrees()


def test_mijn_leerplek_never_leads_to_a_task_that_is_gone(visitor, learner):
    lesson = lesson_with("match", "true_false", "single_choice")
    first, second, third, *_others = in_order(lesson)
    page = visitor()
    sign_in(page, learner.email)
    page.goto(address(lesson))
    answer(page, first.activity_id, right_answer(first))
    take_out(lesson, second.activity)
    page.goto("/leerplek/")
    follow(page.locator("[aria-labelledby=verder] a.button"))
    assert page.url.endswith(f"{address(lesson)}#a-{third.activity_id}")
    expect(activity_form(page, third.activity_id)).to_be_in_viewport()


def replay_agrees() -> None:
    """Rebuilding changes no row; with one row falsified it mends exactly that one."""
    assert rebuild_progress(enrolments=Enrolment.objects.all()) == 0
    before = list(ActivityState.objects.order_by("pk").values())
    falsified = ActivityState.objects.filter(status="done").earliest("pk")
    ActivityState.objects.filter(pk=falsified.pk).update(status="tried", best_score=0, completed_at=None)
    assert rebuild_progress(enrolments=Enrolment.objects.all()) == 1
    assert list(ActivityState.objects.order_by("pk").values()) == before


def publish_body(lesson: Lesson, change) -> None:
    """Publish the lesson's page with its stream changed by a function of the raw blocks."""
    page = page_of(lesson)
    page.body = page._meta.get_field("body").to_python(change(page.body.get_prep_value()))
    page.save_revision().publish()


def reword(lesson: Lesson, activity: Activity) -> None:
    def change(blocks: list[dict]) -> list[dict]:
        (block,) = [block for block in blocks if block["id"] == str(activity.key)]
        block["value"]["question"] = NEW_QUESTION
        return blocks

    publish_body(lesson, change)


def take_out(lesson: Lesson, activity: Activity) -> None:
    publish_body(lesson, lambda blocks: [block for block in blocks if block["id"] != str(activity.key)])


def add_question(lesson: Lesson) -> Activity:
    key = uuid.uuid4()
    options = [("Meteen opnemen", False), ("Even ademhalen", True)]
    value = {
        "required": True,
        "question": "Erbij gekomen: wat helpt jou?",
        "options": [
            {
                "type": "item",
                "id": str(uuid.uuid4()),
                "value": {"text": text, "right": right, "feedback": "Kijk nog eens naar de les."},
            }
            for text, right in options
        ],
    }
    block = {"type": "single_choice", "id": str(key), "value": value}
    publish_body(lesson, lambda blocks: [*blocks, block])
    return Activity.objects.get(key=key)
