"""Packages in a lesson, played in a real browser in their sandbox."""

import json
import re
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import FrameLocator, Page, expect

from cms.models import CoursePage
from courses.models import Activity, ActivityState, Attempt, Enrolment, Lesson, ResumePoint, Statement
from courses.queries.packages import attempts_read
from media.flows import import_package
from media.packages.packing import pack_example
from tests.cms import made_pages as made
from tests.e2e.steps import activity_form, address, enrolled, signed_in, the_course
from tests.factories import PersonFactory
from tests.media.played_packages import PARAMS, SET, made_library, made_version


@pytest.fixture
def learner(packages, now):
    """Somebody who starts once the lesson is there: it counts for them."""
    person = PersonFactory(alias="Noor", email="noor@example.org")
    enrolled(person, now=now)
    return person


@pytest.fixture
def packages(site):
    """A lesson with two packages: the same question with the same libraries, and another one."""
    course = CoursePage.objects.get(translation_key=the_course().key)
    session = made.make_session(course, "Oefenen")
    first = made_version(title="Eerste")
    second = made_version(title="Tweede", params={**PARAMS, "question": "En nu?"})
    page = made.make_lesson(
        session, "Probeer", made.package(first.package), made.text("Nog een."), made.package(second.package)
    )
    lesson = Lesson.objects.get(key=page.translation_key)
    one, two = Activity.objects.filter(lesson=lesson).order_by("position")
    return SimpleNamespace(lesson=lesson, page=page, first=first, second=second, one=one, two=two)


def frame_of(page: Page, activity: Activity) -> FrameLocator:
    return activity_form(page, activity.pk).frame_locator("iframe")


def told(page: Page, activity: Activity):
    return page.locator(f"#t-{activity.pk}")


def right(page: Page, activity: Activity) -> None:
    frame_of(page, activity).locator("[data-answer='1']").click()


@pytest.mark.e2e
@pytest.mark.parametrize("width", [360, 1280])
def test_play_answer_leave_and_go_on_elsewhere(visitor, packages, learner, width):
    page = visitor(width=width)
    signed_in(page, learner.email)
    page.goto(address(packages.lesson))
    one = activity_form(page, packages.one.pk)
    expect(one.locator("iframe")).to_have_attribute("title", "Probeer het zelf.")
    expect(one.locator("[data-note=wait]")).to_be_hidden()
    frame_of(page, packages.one).locator("[data-answer='0']").click()
    expect(told(page, packages.one)).to_contain_text("0 ")
    right(page, packages.one)
    expect(told(page, packages.one).locator("svg")).to_be_visible()
    right(page, packages.two)
    expect(told(page, packages.two).locator("svg")).to_be_visible()
    # All that the lesson asks is done; the page says so by itself.
    expect(page.locator("#waar .track li.done")).to_have_count(1)
    page.goto("/leerplek/")
    states = ActivityState.objects.filter(activity__in=[packages.one, packages.two])
    assert {state.status for state in states} == {"done"}
    assert list(Attempt.objects.order_by("pk").values_list("score", "self_reported")) == [
        (0, True),
        (100, True),
        (100, True),
    ]

    elsewhere = visitor(width=width)
    signed_in(elsewhere, learner.email)
    elsewhere.goto(address(packages.lesson))
    expect(frame_of(elsewhere, packages.one).locator(".told")).to_have_text("Gekozen: Ernaast staan")
    expect(frame_of(elsewhere, packages.two).locator(".told")).to_have_text("Gekozen: Ernaast staan")


@pytest.mark.e2e
def test_leaving_at_once_keeps_the_place(visitor, packages, learner):
    """A learner who closes the page right after a touch finds it as it was."""
    page = visitor()
    signed_in(page, learner.email)
    page.goto(address(packages.lesson))
    frame = frame_of(page, packages.one)
    # Without a statement, so that only the state can tell.
    frame.locator(".test-question").evaluate("() => { H5P.instances[0].state.chosen = 0; }")
    frame.locator("p").first.click()
    page.wait_for_timeout(900)  # the child waits for the hand to rest
    page.close(run_before_unload=True)
    page = visitor()
    signed_in(page, learner.email)
    page.goto(address(packages.lesson))
    expect(frame_of(page, packages.one).locator(".told")).to_have_text("Gekozen: Zelf bemiddelen")
    assert not Attempt.objects.exists()


@pytest.mark.e2e
def test_three_times_shift_leaves_from_within_a_package(visitor, packages, learner, neutral_site):
    page = visitor()
    signed_in(page, learner.email)
    page.goto(address(packages.lesson))
    answer = frame_of(page, packages.one).locator("[data-answer='0']")
    # What else is typed in a package, capitals too, leads nowhere.
    for key in ("Shift+A", "Shift+B", "Shift+C", "Shift", "Shift", "d", "Shift"):
        answer.press(key)
    expect(told(page, packages.one)).to_be_attached()
    answer.press("e")
    for _time in range(3):
        answer.press("Shift")
    expect(page).to_have_url(neutral_site)


@pytest.mark.e2e
def test_of_two_tabs_the_one_behind_says_so(visitor, packages, learner):
    page = visitor()
    signed_in(page, learner.email)
    page.goto(address(packages.lesson))
    other = page.context.new_page()
    other.goto(address(packages.lesson))
    expect(frame_of(other, packages.one).locator(".told")).to_be_attached()
    page.bring_to_front()
    right(page, packages.one)
    expect(told(page, packages.one).locator("svg")).to_be_visible()
    with page.expect_response(re.compile("/stand/")) as kept:
        pass
    assert kept.value.status == 204
    with other.expect_response(re.compile("/stand/")) as refused:
        frame_of(other, packages.one).locator("[data-answer='0']").click()
    assert refused.value.status == 409
    form = activity_form(other, packages.one.pk)
    expect(form.locator("[data-note=lagging]")).to_be_visible()
    form.locator("[data-note=lagging] [data-again]").click()
    expect(frame_of(other, packages.one).locator(".told")).to_have_text("Gekozen: Ernaast staan")
    point = ResumePoint.objects.get(activity=packages.one)
    assert json.loads(point.data) == {"chosen": 1}


@pytest.mark.e2e
def test_a_package_that_does_not_load_says_so_and_offers_the_other_form(visitor, packages, learner, watch):
    page = visitor()
    # H5P's core says what it misses.
    watch.allow("Unable to find constructor")
    watch.allow("reading 'on'")
    signed_in(page, learner.email)
    page.route(re.compile(r"/pakket/deel/"), lambda route: route.abort())
    page.goto(address(packages.lesson))
    form = activity_form(page, packages.one.pk)
    expect(form.locator("[data-note=lost]")).to_be_visible()
    page.unroute(re.compile(r"/pakket/deel/"))
    form.locator("[data-note=lost] [data-again]").click()
    expect(frame_of(page, packages.one).locator(".test-question")).to_be_visible()
    expect(form.locator("[data-note=lost]")).to_be_hidden()
    form.locator("summary", has_text="iets anders").click()
    form.locator("button[name=alternative]").click()
    expect(form.locator(".alternative .state")).to_be_visible()
    # The form was swapped, its frame with it: it plays again.
    expect(frame_of(page, packages.one).locator(".test-question")).to_be_visible()
    assert ActivityState.objects.get(activity=packages.one).status == "done"


# As bundlers write a library for development, one whose maker forgot to define it, and one that asks for a script elsewhere.
BROKEN = {
    "a development build": "eval('var H5P = H5P || {}; H5P.TestBroken = function () {};\\n//# sourceURL=webpack://x/./a.js?')",
    "an error": "throw new Error('no')",
    "nothing in it": "/* H5P.TestBroken */",
    "a script from elsewhere": "const s = document.createElement('script'); s.src = '/static/x.js'; document.head.append(s);",
}


@pytest.mark.e2e
@pytest.mark.parametrize("script", BROKEN.values(), ids=BROKEN)
def test_a_package_that_cannot_work_here_says_that_and_blames_no_connection(
    visitor, packages, learner, watch, script
):
    for words in (
        "Unable to find constructor",
        "reading 'on'",
        "script error",
        "policy:",
        "Content Security Policy",
        "unsafe-eval",
    ):
        watch.allow(words)
    version = made_version(
        made_library({"a.js": script}, machine_name="H5P.TestBroken"), params={"x": 1}, title="Stuk"
    )
    made.change(packages.page, made.package(version.package))
    activity = Activity.objects.get(lesson=packages.lesson, retired_at=None)
    page = visitor(width=360)
    signed_in(page, learner.email)
    page.goto(address(packages.lesson))
    form = activity_form(page, activity.pk)
    expect(form.locator("[data-note=broken]")).to_be_visible()
    expect(form.locator("[data-note]:visible")).to_have_count(1)
    expect(form.locator("iframe")).to_have_count(0)
    form.locator("summary", has_text="iets anders").click()
    form.locator("button[name=alternative]").click()
    expect(form.locator(".alternative .state")).to_be_visible()


@pytest.mark.e2e
@pytest.mark.parametrize(
    "document", [None, "<!doctype html><title>x</title>"], ids=["never comes", "says nothing"]
)
def test_whoever_waits_for_nothing_is_told(visitor, packages, learner, document):
    def in_the_frame(route):
        if route.request.resource_type != "document":
            route.continue_()  # the page's script asks where it plays
        elif document:
            route.fulfill(body=document, content_type="text/html")

    page = visitor()
    signed_in(page, learner.email)
    page.clock.install()
    page.route(re.compile(r"/spelen/"), in_the_frame)
    page.goto(address(packages.lesson))
    form = activity_form(page, packages.one.pk)
    expect(form.locator("[data-note=wait]")).to_be_visible()
    page.clock.run_for(31_000)
    expect(form.locator("[data-note=lost]")).to_be_visible()
    expect(form.locator("[data-note=lost] [data-again]")).to_be_visible()


@pytest.mark.e2e
def test_without_javascript_the_other_form_counts(visitor, packages, learner):
    page = visitor(js=False)
    signed_in(page, learner.email)
    page.goto(address(packages.lesson))
    form = activity_form(page, packages.one.pk)
    expect(form.locator("noscript, .note").first).to_be_visible()
    form.locator("summary", has_text="iets anders").click()
    with page.expect_navigation():
        form.locator("button[name=alternative]").click()
    assert ActivityState.objects.get(activity=packages.one).status == "done"


@pytest.mark.e2e
def test_what_a_package_reports_is_kept_word_for_word(visitor, packages, learner):
    page = visitor()
    signed_in(page, learner.email)
    page.goto(address(packages.lesson))
    right(page, packages.one)
    expect(told(page, packages.one).locator("svg")).to_be_visible()
    statements = {each.verb: each.content for each in Statement.objects.filter(activity=packages.one)}
    assert set(statements) == {"attempted", "answered"}
    definition = statements["answered"]["object"]["definition"]
    assert definition["correctResponsesPattern"] == ["1"]
    assert statements["answered"]["result"]["response"] == "1"


@pytest.mark.e2e
def test_parts_that_tell_only_when_asked_are_read_with_the_whole(visitor, packages, learner):
    """And what a part told by itself is kept once."""
    version = made_version(
        made_library({"set.js": SET}, machine_name="H5P.TestSet"), params={"x": 1}, title="Reeks"
    )
    made.change(packages.page, made.package(version.package))
    activity = Activity.objects.get(lesson=packages.lesson, retired_at=None)
    page = visitor()
    signed_in(page, learner.email)
    page.goto(address(packages.lesson))
    frame_of(page, activity).locator("button").click()
    expect(told(page, activity).locator("svg")).to_be_visible()
    enrolment = Enrolment.objects.get(learner=learner)
    (read,) = attempts_read(activity=activity, enrolment=enrolment)
    assert [(each.question, *each.answers, each.right) for each in read.interactions] == [
        ("Wie?", "een maatje", True),
        ("Waar?", "thuis", True),
    ]
    parts = Statement.objects.filter(activity=activity).order_by("pk").values_list("part", flat=True)
    assert (read.attempt.score, list(parts)) == (100, ["a", "b", ""])


@pytest.mark.e2e
def test_a_trainer_tries_it_and_nothing_is_kept(visitor, packages, now):
    from tests.e2e.steps import a_trainer

    trainer = a_trainer(now=now)
    page = visitor(width=1280)
    signed_in(page, trainer.email)
    page.goto(reverse("try_lesson", args=[packages.page.pk]))
    frame = page.frame_locator("iframe").first
    frame.locator("[data-answer='1']").click()
    expect(frame.locator(".told")).to_have_text("Gekozen: Ernaast staan")
    assert not Statement.objects.exists()


@pytest.mark.e2e
def test_our_own_content_type_plays_scores_and_goes_on(visitor, site, now):
    """Brought in as a file, as trainers do; its form is sent to nobody, which a sandbox would not even tell it."""
    job = import_package(file=ContentFile(pack_example(), "voorbeeld.h5p"), title="Voorbeeld", now=now)
    course = CoursePage.objects.get(translation_key=the_course().key)
    page_of_lesson = made.make_lesson(
        made.make_session(course, "Oefenen"), "Probeer", made.package(job.version.package)
    )
    activity = Activity.objects.get(lesson__key=page_of_lesson.translation_key)
    person = PersonFactory(alias="Noor", email="noor@example.org")
    enrolled(person, now=now)
    page = visitor()
    signed_in(page, person.email)
    page.goto(address(activity.lesson))
    frame = frame_of(page, activity)
    frame.locator("input[type=radio]").first.check()
    frame.locator("button[type=submit]").click()
    expect(told(page, activity).locator("svg")).to_be_visible()
    expect(frame.locator(".leerhuis-choice-answer.is-right")).to_be_visible()
    with page.expect_response(re.compile("/stand/")):
        pass
    page.reload()
    expect(frame_of(page, activity).locator(".leerhuis-choice-answer.is-right")).to_be_visible()
    (attempt,) = Attempt.objects.filter(activity=activity)
    assert (attempt.score, attempt.passed, attempt.self_reported) == (100, True, True)
