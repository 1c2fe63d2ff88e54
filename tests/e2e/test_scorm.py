"""SCORM packages in a lesson, played in a real browser on a host of their own."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from playwright.sync_api import FrameLocator, Page, Response, expect

from cms.models import CoursePage
from courses.models import Activity, ActivityState, Attempt, Enrolment, Lesson, ResumePoint
from courses.queries.packages import attempts_read
from media.flows import import_package
from media.packages.packing import pack_scorm
from tests.cms import made_pages as made
from tests.e2e.steps import activity_form, address, enrolled, sign_in, the_course
from tests.factories import PersonFactory


@pytest.fixture(autouse=True)
def content_host(site, settings) -> None:
    settings.CONTENT_HOST = f"localhost:{urlsplit(site).port}"


@pytest.fixture
def lesson_of(site, now):
    """A lesson with one of our own packages, and a learner in its course."""

    def make(edition: str) -> SimpleNamespace:
        file = ContentFile(pack_scorm(edition), f"{edition}.zip")
        job = import_package(file=file, title="Oefening", now=now)
        assert job.state == "done", job.refusal
        session = made.make_session(CoursePage.objects.get(translation_key=the_course().key), "Oefenen")
        page = made.make_lesson(session, "Probeer", made.package(job.version.package, pass_percent=50))
        lesson = Lesson.objects.get(key=page.translation_key)
        person = PersonFactory(alias="Noor", email="noor@example.org")
        enrolled(person, now=now)
        return SimpleNamespace(
            lesson=lesson, page=page, learner=person, activity=Activity.objects.get(lesson=lesson)
        )

    return make


def player(page: Page, activity: Activity) -> FrameLocator:
    return activity_form(page, activity.pk).frame_locator("iframe")


def part(page: Page, activity: Activity) -> FrameLocator:
    return player(page, activity).frame_locator("iframe")


def told(page: Page, activity: Activity):
    return page.locator(f"#t-{activity.pk}")


def keeps(words: str) -> Callable[[Response], bool]:
    """The answer to a place that holds some words: places are told one after the other."""
    return lambda answer: "/stand/" in answer.url and words in (answer.request.post_data or "")


def attempts() -> list[tuple]:
    return list(Attempt.objects.order_by("pk").values_list("score", "passed", "self_reported"))


@pytest.mark.e2e
def test_scorm_12_goes_on_elsewhere_and_counts(visitor, lesson_of):
    width = 360
    made_of = lesson_of("scorm12")
    page = visitor(width=width)
    sign_in(page, made_of.learner.email)
    page.goto(address(made_of.lesson))
    sco = part(page, made_of.activity)
    expect(sco.locator("#where")).to_have_text("Bladzijde 1 van 4")
    sco.locator("#next").click()
    with page.expect_response(keeps("grens-1")) as kept:
        sco.locator("input[name=grens-1][value=b]").check()
    assert kept.value.status == 204
    page.goto("/leerplek/")
    assert attempts() == []

    elsewhere = visitor(width=width)
    sign_in(elsewhere, made_of.learner.email)
    elsewhere.goto(address(made_of.lesson))
    sco = part(elsewhere, made_of.activity)
    expect(sco.locator("#where")).to_have_text("Bladzijde 2 van 4")
    expect(sco.locator("input[name=grens-1][value=b]")).to_be_checked()
    sco.locator("#next").click()
    sco.locator("input[name=grens-2][value=a]").check()
    sco.locator("#next").click()
    expect(told(elsewhere, made_of.activity).locator("svg")).to_be_visible()
    expect(elsewhere.locator("#waar .track li.done")).to_have_count(1)
    assert attempts() == [(100, True, True)]
    assert ActivityState.objects.get(activity=made_of.activity).status == "done"
    (point,) = ResumePoint.objects.filter(activity=made_of.activity, part="0")
    assert json.loads(point.data)["cmi"]["core"]["lesson_location"] == "3"


@pytest.mark.e2e
def test_the_parts_of_scorm_2004_are_done_one_by_one_and_count_together(visitor, lesson_of, watch):
    watch.allow("connect-src")  # axe asks for style sheets by script
    made_of = lesson_of("scorm2004")
    page = visitor(width=1280)
    sign_in(page, made_of.learner.email)
    page.goto(address(made_of.lesson))
    shown, sco = player(page, made_of.activity), part(page, made_of.activity)
    parts = shown.locator("[data-part] button")
    expect(sco.locator("#where")).to_have_text("Bladzijde 1 van 2")
    expect(parts.nth(0)).to_have_attribute("aria-current", "true")
    expect(parts.nth(1)).to_contain_text("nog niet")
    own = activity_form(page, made_of.activity.pk).locator("iframe").element_handle().content_frame()
    assert Axe().run(own).violations_count == 0
    sco.locator("#next").click()
    expect(parts.nth(0)).to_contain_text("gedaan")
    shown.locator("[data-step='1']").click()
    expect(sco.locator("#where")).to_have_text("Bladzijde 1 van 3")
    with page.expect_response(keeps("urn:leerhuis:stilte")):
        sco.locator("input[value=wacht]").check()
    # Half of it is done, and nothing counts yet.
    page.goto("/leerplek/")
    assert attempts() == []

    elsewhere = visitor(width=1280)
    sign_in(elsewhere, made_of.learner.email)
    elsewhere.goto(address(made_of.lesson))
    shown, sco = player(elsewhere, made_of.activity), part(elsewhere, made_of.activity)
    expect(shown.locator("[data-part] button").nth(1)).to_have_attribute("aria-current", "true")
    expect(sco.locator("input[value=wacht]")).to_be_checked()
    sco.locator("#next").click()
    sco.locator("input[value=raad]").check()
    sco.locator("#next").click()
    expect(told(elsewhere, made_of.activity).locator("svg")).to_be_visible()
    assert attempts() == [(50, True, True)]
    enrolment = Enrolment.objects.get(learner=made_of.learner)
    (read,) = attempts_read(activity=made_of.activity, enrolment=enrolment)
    assert [(each.question, each.answers, each.rights, each.right) for each in read.interactions] == [
        ("Het is stil. Wat doe je?", ("wacht",), ("wacht",), True),
        ("Iemand vertelt iets zwaars. Wat zeg je?", ("raad",), ("vraag",), False),
    ]


@pytest.mark.e2e
def test_a_player_that_does_not_load_says_so_and_comes_back(visitor, lesson_of, watch):
    made_of = lesson_of("scorm12")
    watch.allow("policy:")
    page = visitor()
    sign_in(page, made_of.learner.email)
    page.route("**/scorm/scorm12.js", lambda route: route.abort())
    page.goto(address(made_of.lesson))
    form = activity_form(page, made_of.activity.pk)
    expect(form.locator("[data-note=lost]")).to_be_visible(timeout=20_000)  # it is given some seconds
    page.unroute("**/scorm/scorm12.js")
    form.locator("[data-note=lost] [data-again]").click()
    expect(part(page, made_of.activity).locator("#where")).to_have_text("Bladzijde 1 van 4")
    expect(form.locator("[data-note=lost]")).to_be_hidden()
