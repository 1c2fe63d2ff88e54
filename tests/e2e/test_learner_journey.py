"""A new person's whole way on a phone: from signing up to a certificate that a stranger verifies."""

import subprocess

import pytest
import zxingcpp
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from certification.models import Award
from cms.models import LessonPage
from courses.activities import kind_of
from courses.models import Activity, ActivityState, Attempt, Enrolment, Lesson, Reflection
from courses.services.progress import rebuild_progress
from courses.services.reflections import decrypt
from people.models import User
from tests.e2e.pictures import ASKED_FOR, keep_picture, picture
from tests.e2e.steps import (
    a_trainer,
    activity_form,
    activity_ids,
    answer,
    follow,
    mailed_code,
    main_form,
    sign_in,
    sign_out,
    submit,
    talk,
    the_course,
    versions_of,
)
from tests.factories import right_answer, wrong_answer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

EMAIL = "noor@example.org"
PASSWORD = "vier-rustige-woorden-samen"
ALIAS = "Noor"
LEGAL_NAME = "Noor van den Berg-Jansen"
WRITTEN = "Bij de sloot achter het huis, waar de reiger staat."


def sign_up(page: Page, worker) -> None:
    page.goto("/account/signup/")
    page.locator("#id_email").fill(EMAIL)
    page.locator("#id_alias").fill(ALIAS)
    page.locator("#id_password1").fill(PASSWORD)
    submit(main_form(page))
    worker()
    page.locator("#id_code").fill(mailed_code(to=EMAIL))
    submit(main_form(page))
    expect(page.locator("body[data-personal]")).to_have_count(1)


def start(page: Page) -> None:
    """From the public page of the course to one's own place."""
    course = the_course()
    page.goto("/")
    follow(page.locator("#inhoud a[href*='/maatjestraining/']").first)
    picture(page, "course-360")
    follow(page.locator(f"a[href='{reverse('start_course', args=[course.short_key])}']"))
    submit(main_form(page))


def open_next(page: Page) -> Lesson:
    """Mijn leerplek says what is next; go there."""
    page.goto("/leerplek/")
    follow(page.locator("[aria-labelledby=verder] a.button"))
    return lesson_on(page)


def lesson_on(page: Page) -> Lesson:
    short_key = page.url.split("/les/")[1].split("/")[0]
    return Lesson.objects.get(short_key=short_key)


def answer_wrong_and_read(page: Page, version, *, js: bool) -> None:
    """A wrong answer teaches: the words for what was chosen open in place, and nothing tells which one is right."""
    chosen = wrong_answer(version)["choice"]
    (option,) = [option for option in version.specification["options"] if option["key"] == chosen]
    others = [other["feedback"] for other in version.specification["options"] if other["key"] != chosen]
    form = answer(page, version.activity_id, {"choice": chosen}, js=js)
    feedback = form.locator(".feedback")
    expect(feedback).to_have_count(1)
    assert " ".join(option["feedback"].split()) in " ".join(feedback.inner_text().split())
    assert [words for words in others if words in form.inner_text()] == []
    expect(form.locator(".option-right, .feedback-right")).to_have_count(0)
    if js:
        expect(form.locator("[data-focus]")).to_be_focused()


def go_away_and_come_back(page: Page, worker, *, js: bool) -> None:
    """Sign out in the middle of a lesson, come back with a code by mail: the same lesson, the next activity."""
    lesson, ids = lesson_on(page), activity_ids(page)
    done = set(
        ActivityState.objects.filter(activity__in=ids, status="done").values_list("activity_id", flat=True)
    )
    following = next(pk for pk in ids if pk not in done and Activity.objects.get(pk=pk).required)
    sign_out(page)
    page.goto("/account/login/")
    follow(page.locator("#inhoud a[href*='/account/login/code/']"))
    page.locator("#id_email").fill(EMAIL)
    submit(main_form(page))
    worker()
    page.locator("#id_code").fill(mailed_code(to=EMAIL))
    submit(main_form(page))
    assert page.url.endswith("/leerplek/")
    open_next(page)
    assert page.url.endswith(f"{reverse('lesson', args=[lesson.short_key])}#a-{following}")
    expect(activity_form(page, following)).to_be_in_viewport()


def learn_everything(page: Page, worker, *, js: bool) -> None:
    """Every activity of all nine sessions, by form. Wrong once, away once."""
    lessons = list(
        Lesson.objects.filter(session__course=the_course()).order_by("session__position", "position")
    )
    half = len(lessons) // 2
    wrong = away = False
    assert open_next(page) == lessons[0]
    for number, lesson in enumerate(lessons):
        if page.url.endswith("/leerplek/"):  # where the last lesson of a session leads
            open_next(page)
        assert lesson_on(page) == lesson
        ids = activity_ids(page)
        assert set(ids) == set(lesson.activities.filter(retired_at=None).values_list("pk", flat=True))
        for pk, version in sorted(versions_of(ids).items(), key=lambda item: ids.index(item[0])):
            kind = version.activity.kind
            if kind == "single_choice" and not wrong:
                answer_wrong_and_read(page, version, js=js)
                wrong = True
                if js:
                    picture(page, "lesson-360")
            if kind == "dialogue":
                form = talk(page, pk, js=js)
            else:
                data = {"text": WRITTEN} if kind == "reflection" else right_answer(version)
                form = answer(page, pk, data, js=js)
            if kind_of(kind).GRADED:
                expect(form.locator(".feedback-right").first).to_be_visible()
            still_open = [
                other for other in ids[ids.index(pk) + 1 :] if Activity.objects.get(pk=other).required
            ]
            if number >= half and version.activity.required and still_open and not away:
                go_away_and_come_back(page, worker, js=js)
                away = True
        following = page.locator(".next > a.button")
        if number + 1 < len(lessons):
            follow(following)
    assert wrong
    assert away


def test_a_new_learner_comes_to_a_certificate_that_a_stranger_verifies(visitor, worker, tmp_path, settings):
    page = visitor()
    page.goto("/")
    picture(page, "home-360")
    sign_up(page, worker)
    page.goto("/leerplek/")
    expect(page.locator("[aria-labelledby=verder]")).to_be_visible()
    start(page)
    learn_everything(page, worker, js=True)

    # The last answer says so at once; the certificate waits for a name.
    assert Award.objects.count() == 0
    follow(page.locator(f".completed a.button[href='{reverse('legal_name')}']"))
    page.locator("#id_legal_name").fill(LEGAL_NAME)
    submit(main_form(page))

    # "Wordt gemaakt", and then the download without loading the page again.
    award = Award.objects.get()
    expect(page.locator(f"#pdf-{award.public_id}[hx-get]")).to_be_visible()
    page.evaluate("document.body.dataset.stayed = 'yes'")
    worker()
    download_link = page.locator(f"#pdf-{award.public_id} a[download]")
    expect(download_link).to_be_visible()
    expect(page.locator("body")).to_have_attribute("data-stayed", "yes")
    picture(page, "leerplek-360")
    with page.expect_download() as download:
        download_link.click()
    pdf = tmp_path / "certificate.pdf"
    download.value.save_as(pdf)
    assert pdf.read_bytes()[:5] == b"%PDF-"

    # A stranger scans the square code.
    subprocess.run(["pdftoppm", "-r", "110", "-png", "-singlefile", pdf, tmp_path / "page"], check=True)
    paper = Image.open(tmp_path / "page.png").convert("RGB")
    (code,) = zxingcpp.read_barcodes(paper)
    assert code.text == settings.SITE_URL + reverse("proof", args=[award.public_id])
    stranger = visitor()
    stranger.goto(code.text)
    expect(stranger.locator(".verdict .seal-tick")).to_have_count(1)
    shown = stranger.locator(".record").first.inner_text()
    course = the_course()
    assert course.discreet_title in shown
    assert award.grouped_id in shown
    for secret in (LEGAL_NAME, ALIAS, course.title, "aatje"):
        assert secret not in stranger.content()
    picture(stranger, "proof-360")

    # The holder lets strangers read the name.
    page.locator(f"#bewijs-{award.public_id} button[name=visible]").click()
    expect(page.locator(f"#bewijs-{award.public_id} button[name=visible][value='']")).to_be_visible()
    stranger.reload()
    assert LEGAL_NAME in stranger.locator(".record").first.inner_text()

    check_the_record(EMAIL)
    if ASKED_FOR:
        paper.thumbnail((1100, 800))
        keep_picture(paper, "certificate")
        pictures_on_a_wide_screen(visitor)


def test_without_javascript_a_new_learner_comes_as_far_as_the_certificate(visitor, worker):
    page = visitor(js=False)
    sign_up(page, worker)
    start(page)
    learn_everything(page, worker, js=False)
    page.goto("/leerplek/")
    assert Award.objects.count() == 0
    follow(page.locator(f"a[href='{reverse('legal_name')}']"))
    page.locator("#id_legal_name").fill(LEGAL_NAME)
    submit(main_form(page))
    award = Award.objects.get()
    worker()
    follow(page.locator(f"#pdf-{award.public_id} noscript a"))
    with page.expect_download() as download:
        page.locator(f"#pdf-{award.public_id} a[download]").click()
    assert download.value.path().read_bytes()[:5] == b"%PDF-"
    check_the_record(EMAIL)


def check_the_record(email: str) -> None:
    """Every answer once, the text kept for its writer, and progress equal to its replay."""
    enrolment = Enrolment.objects.get(learner__email=email)
    activities = Activity.objects.filter(lesson__session__course=enrolment.course, retired_at=None)
    assert enrolment.status == Enrolment.Status.COMPLETED
    # A conversation is an attempt for every sentence.
    said_once = activities.exclude(kind="dialogue")
    attempts = Attempt.objects.filter(enrolment=enrolment, activity__in=said_once)
    assert attempts.count() == said_once.count() + 1  # wrong once
    own = Reflection.objects.filter(enrolment=enrolment, activity__kind="reflection")
    assert {decrypt(reflection) for reflection in own} == {WRITTEN}
    assert rebuild_progress(enrolments=Enrolment.objects.all()) == 0
    before = list(ActivityState.objects.order_by("pk").values())
    falsified = ActivityState.objects.filter(enrolment=enrolment).order_by("pk")[7]
    ActivityState.objects.filter(pk=falsified.pk).update(status="tried", attempts_count=9, completed_at=None)
    assert rebuild_progress(enrolments=Enrolment.objects.all()) == 1
    assert list(ActivityState.objects.order_by("pk").values()) == before


def pictures_on_a_wide_screen(visitor) -> None:
    """What the README shows at 1280 pixels."""
    person = User.objects.get(email=EMAIL)
    page = visitor(width=1280)
    page.goto("/")
    picture(page, "home-1280")
    follow(page.locator("#inhoud a[href*='/maatjestraining/']").first)
    picture(page, "course-1280")
    sign_in(page, person.email, PASSWORD)
    picture(page, "leerplek-1280")
    lesson = Lesson.objects.filter(session__course=the_course(), activities__kind="single_choice").first()
    page.goto(reverse("lesson", args=[lesson.short_key]))
    picture(page, "lesson-1280")
    page.goto(reverse("proof", args=[Award.objects.get().public_id]))
    picture(page, "proof-1280")
    editor = visitor(width=1280)
    sign_in(editor, a_trainer(now=timezone.now()).email)
    editor.goto(f"/cms/pages/{LessonPage.objects.get(translation_key=lesson.key).pk}/edit/")
    block = editor.locator("[id^='block-']:has(textarea[name$='-value-question'])").first
    block.evaluate("block => block.scrollIntoView()")
    editor.mouse.wheel(0, -160)
    picture(editor, "editor-1280")
