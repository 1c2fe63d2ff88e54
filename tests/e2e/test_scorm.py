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
from tests.e2e.steps import activity_form, address, enrolled, signed_in, the_course
from tests.factories import PersonFactory


@pytest.fixture(autouse=True)
def content_host(site, settings) -> None:
    settings.CONTENT_HOST = f"localhost:{urlsplit(site).port}"


@pytest.fixture
def lesson_of(site, now):
    """A lesson with one of our own packages, and a learner in its course."""

    def make(edition: str, changed: dict[str, bytes] | None = None) -> SimpleNamespace:
        file = ContentFile(pack_scorm(edition, changed), f"{edition}.zip")
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
    signed_in(page, made_of.learner.email)
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
    signed_in(elsewhere, made_of.learner.email)
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
    signed_in(page, made_of.learner.email)
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
    signed_in(elsewhere, made_of.learner.email)
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
def test_three_times_shift_leaves_from_within_a_part(visitor, lesson_of, neutral_site):
    made_of = lesson_of("scorm12")
    page = visitor()
    signed_in(page, made_of.learner.email)
    page.goto(address(made_of.lesson))
    button = part(page, made_of.activity).locator("#next")
    for key in ("Shift+A", "Shift+B", "Shift+C"):
        button.press(key)
    expect(player(page, made_of.activity).locator("[data-waiting]")).to_have_count(0)
    for _time in range(3):
        button.press("Shift")
    expect(page).to_have_url(neutral_site)


@pytest.mark.e2e
def test_a_player_that_does_not_load_says_so_and_comes_back(visitor, lesson_of, watch):
    made_of = lesson_of("scorm12")
    watch.allow("policy:")
    page = visitor()
    signed_in(page, made_of.learner.email)
    page.route("**/scorm/scorm12.js", lambda route: route.abort())
    page.goto(address(made_of.lesson))
    form = activity_form(page, made_of.activity.pk)
    expect(form.locator("[data-note=lost]")).to_be_visible(timeout=20_000)  # it is given some seconds
    page.unroute("**/scorm/scorm12.js")
    form.locator("[data-note=lost] [data-again]").click()
    expect(part(page, made_of.activity).locator("#where")).to_have_text("Bladzijde 1 van 4")
    expect(form.locator("[data-note=lost]")).to_be_hidden()


SHORT = "<p>Kort.</p>"
GIVEN = 592  # of a screen that is 740 high
PAGES = {
    "short": (SHORT, False),
    "short, on a page as high as its frame": (
        f"<style>html, body {{ height: 100%; }} body, p {{ margin: 0; padding: 0.5em; box-sizing: border-box; }}</style>{SHORT}",
        False,
    ),
    "tall": ("<p>Regel.</p>" * 60, True),
    "fills what it is given": ("<div style='height: 100vh; background: beige'>Vol.</div>", True),
    "fills it by script": (
        "<div id=app style='background: beige'></div><script>(onresize = () => { app.style.height = innerHeight * 0.7 + 'px'; })()</script>",
        True,
    ),
    "a frame in it": ("<iframe src=les.css style='width: 100%; height: 100px'></iframe>", True),
    "nothing in the flow": (
        "<div style='position: absolute; top: 0; height: 300px; width: 100px'>Los.</div>",
        False,
    ),
}


def heights(page: Page, activity: Activity) -> tuple[float, float]:
    """Of the frame of a package, and how much of the page in it lies out of sight."""
    frame = activity_form(page, activity.pk).locator("iframe")
    hidden = "() => document.documentElement.scrollHeight - window.innerHeight"
    inner = frame.element_handle().content_frame().child_frames[0]
    return frame.bounding_box()["height"], inner.evaluate(hidden)


def settled(page: Page, activity: Activity) -> tuple[float, float]:
    """The same once it stays so for a second."""
    before, now = None, heights(page, activity)
    while before != now:
        page.wait_for_timeout(1000)
        before, now = now, heights(page, activity)
    return now


@pytest.mark.looks
@pytest.mark.e2e
@pytest.mark.parametrize(("body", "as_given"), PAGES.values(), ids=PAGES)
def test_a_frame_is_as_high_as_its_page_where_that_can_be_known(visitor, lesson_of, watch, body, as_given):
    watch.allow("policy:")  # frames within are files of the package, and this one is a style sheet
    html = f"<!doctype html><title>x</title><body>{body}"
    made_of = lesson_of("scorm12", {"index.html": html.encode()})
    page = visitor(width=360)
    signed_in(page, made_of.learner.email)
    page.goto(address(made_of.lesson))
    expect(player(page, made_of.activity).locator("[data-stage]:not([data-waiting])")).to_be_visible()
    height, hidden = settled(page, made_of.activity)
    if as_given:
        assert height == GIVEN
    else:
        assert 200 < height < 400
        assert hidden <= 0


@pytest.mark.looks
@pytest.mark.e2e
def test_a_frame_grows_with_its_page(visitor, lesson_of):
    made_of = lesson_of("scorm12")
    page = visitor(width=360)
    signed_in(page, made_of.learner.email)
    page.goto(address(made_of.lesson))
    sco = part(page, made_of.activity)
    expect(sco.locator("#where")).to_have_text("Bladzijde 1 van 4")
    first = settled(page, made_of.activity)
    sco.locator("#next").click()
    expect(sco.locator("#where")).to_have_text("Bladzijde 2 van 4")
    second = settled(page, made_of.activity)
    assert first[0] < second[0] < GIVEN
    assert (first[1], second[1]) == (0, 0)


@pytest.mark.looks
@pytest.mark.e2e
@pytest.mark.parametrize(
    ("pixels", "comes"),
    [("1e5", GIVEN), ("1", 216), ("-1", None), ("NaN", None), ("'300px; x'", None), ("1e9", None)],
)
def test_what_is_said_of_a_height_has_bounds(visitor, lesson_of, pixels, comes):
    made_of = lesson_of("scorm12")
    page = visitor(width=360)
    signed_in(page, made_of.learner.email)
    page.goto(address(made_of.lesson))
    expect(part(page, made_of.activity).locator("#where")).to_be_visible()
    before, _hidden = settled(page, made_of.activity)
    frame = activity_form(page, made_of.activity.pk).locator("iframe").element_handle().content_frame()
    frame.evaluate(
        f"window.parent.postMessage({{context: 'leerhuis', kind: 'height', pixels: {pixels}}}, '*')"
    )
    page.wait_for_timeout(500)
    assert settled(page, made_of.activity)[0] == (before if comes is None else comes)
