"""Every kind of page: axe finds nothing and nothing scrolls sideways.

On a phone and on a wide screen, in light and dark, and with letters twice as large.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import axe_playwright_python
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from certification.flows import give_to_many
from certification.models import Accreditation, Award, Register, Scheme
from certification.services.register_numbers import keep_number
from courses.activities import kind_of
from courses.models import Cohort, Course, Enrolment, Lesson, Reflection, Session
from courses.services.care import ask_for_call
from courses.services.enrolments import enrol
from courses.services.reflections import share_reflection
from meetings.flows import ask_to_join, make_group, wait_for_group, write_attendance
from meetings.models import Attendance, Meeting
from meetings.services.apart import keep_apart
from meetings.services.attendance import Mark
from people.models import Organisation, Role, User
from people.services.profiles import save_contact
from people.services.roles import grant_role
from portal.flows import answer_activity, keep_profile
from tests.e2e.steps import (
    activity_form,
    address,
    enrolled,
    in_order,
    lesson_with,
    main_form,
    signed_in,
    submit,
    the_course,
    versions_of,
)
from tests.factories import PASSWORD, PersonFactory, asked_of, right_answer, wrong_answer

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.looks,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN = """async (rules) => {
    const only = rules ? { runOnly: { type: 'rule', values: rules } } : {};
    const found = await axe.run({ resultTypes: ['violations'], ...only });
    return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id} ${node.target.join(' ')}`));
}"""
# What depends on colours. Everything else is the same page in the dark.
COLOURS = ["color-contrast", "link-in-text-block"]
WIDER_THAN_THE_WINDOW = """() => {
    const root = document.documentElement;
    const cut = [...document.querySelectorAll('.safety button, .safety a')].filter((each) => {
        const box = each.getBoundingClientRect();
        return box.width && (box.left < 0 || box.right > root.clientWidth + 1 || each.scrollWidth > each.clientWidth + 1);
    });
    if (cut.length) return `safety strip cut off: ${cut.map((each) => each.innerText)}`;
    if (root.scrollWidth <= root.clientWidth) return '';
    const out = [...document.querySelectorAll('body *')].filter((each) => {
        const box = each.getBoundingClientRect();
        return box.right > root.clientWidth + 1 && box.width && !each.closest('.scroll, .visually-hidden, .skip');
    });
    return `${root.scrollWidth} of ${root.clientWidth}: ${out.slice(-3).map((each) => each.outerHTML.slice(0, 90)).join(' | ')}`;
}"""
# What somebody chooses between stays within its panel.
CHOICES_OUTSIDE = """() => [...document.querySelectorAll('.panel .seg')].filter((each) => {
    const panel = each.closest('.panel');
    const edge = panel.getBoundingClientRect().right - parseFloat(getComputedStyle(panel).paddingInlineEnd);
    return each.getBoundingClientRect().right > edge + 1;
}).map((each) => each.innerText.replaceAll('\\n', ' '))"""
# Lessons that together ask every kind of activity.
LESSONS = [
    ("single_choice", "scale", "reflection"),
    ("order", "multiple_choice"),
    ("match", "true_false"),
    ("read",),
]


@pytest.fixture
def lessons(site) -> list[Lesson]:
    """What every kind looks like is in test_activity_kinds; these are lessons as they are shipped."""
    return [lesson_with(*kinds) for kinds in LESSONS]


def give(person: User, activity_id: int, data: dict, now) -> None:
    (version,) = versions_of([activity_id]).values()
    answer_activity(
        learner=person, activity_id=activity_id, version_id=version.pk, data=data, uuid=uuid.uuid4(), now=now
    )


@pytest.fixture
def wrong(lessons, now) -> User:
    """Somebody who answered everything in those lessons, wrong where one can be wrong."""
    person = PersonFactory(alias="Wim", email="wim@example.org")
    enrolled(person, now=now)
    for lesson in lessons:
        for version in in_order(lesson):
            graded = kind_of(version.activity.kind).GRADED
            give(person, version.activity_id, (wrong_answer if graded else right_answer)(version), now)
    return person


@pytest.fixture
def right(lessons, now, worker) -> User:
    """Somebody who did these lessons well, and all of the short course, up to the certificate."""
    person = PersonFactory(alias="Ria", email="ria@example.org")
    enrolled(person, now=now)
    for lesson in lessons:
        for version in in_order(lesson):
            give(person, version.activity_id, right_answer(version), now)
    finish_short_course(person, now)
    keep_profile(person=person, legal_name="Ria van der Meer", now=now)
    worker()
    save_contact(
        user=person,
        channel="mail",
        safe_from=None,
        safe_until=None,
        person_name="Anja",
        person_phone="06 1234 5678",
    )
    return person


def finish_short_course(person: User, now) -> None:
    course = Course.objects.exclude(pk=the_course().pk).get()
    enrolment = enrol(learner=person, course=course, alias=person.alias, now=now)
    lessons = Lesson.objects.filter(session__course=course).order_by("session__position", "position")
    for lesson in lessons:
        for version in in_order(lesson):
            give(person, version.activity_id, right_answer(asked_of(enrolment, version)), now)


@pytest.fixture
def nameless(site, now) -> User:
    """Somebody whose certificate waits for a name."""
    person = PersonFactory(alias="Nel", email="nel@example.org")
    finish_short_course(person, now)
    return person


@pytest.fixture
def coordinator(site, now) -> User:
    person = PersonFactory(alias="Coba", email="coba@example.org")
    organisation = Organisation.objects.get(pk=the_course().programme.organisation_id)
    grant_role(user=person, role=Role.COORDINATOR, organisation=organisation, now=now)
    grant_role(user=person, role=Role.TRAINER, organisation=organisation, now=now)
    return person


class Findings:
    """What is wrong on the pages seen so far."""

    def __init__(self, *, axe: bool) -> None:
        self.found: list[str] = []
        self.axe = axe

    def look(self, page: Page, name: str) -> None:
        if self.axe:
            page.evaluate(AXE)
            self.found += [f"{name}: {each}" for each in page.evaluate(RUN)]
            page.emulate_media(color_scheme="dark")
            self.found += [f"{name}, dark: {each}" for each in page.evaluate(RUN, COLOURS)]
            page.emulate_media(color_scheme="light")
        if wide := page.evaluate(WIDER_THAN_THE_WINDOW):
            self.found.append(f"{name}: scrolls sideways: {wide}")

    def visit(self, page: Page, name: str, path: str, status: int = 200) -> None:
        response = page.goto(path)
        if response.status != status:
            self.found.append(f"{name}: {response.status} instead of {status}")
        self.look(page, name)


@pytest.fixture(params=["", "large print"], ids=["usual letters", "large print"])
def large_print(request) -> bool:
    return bool(request.param)


@pytest.fixture(params=[360, 1280])
def width(request) -> int:
    return request.param


@pytest.fixture
def findings(large_print) -> Iterator[Findings]:
    # The size of letters changes where things stand, nothing that axe looks at.
    findings = Findings(axe=not large_print)
    yield findings
    if findings.found:
        pytest.fail("\n".join(findings.found))


@pytest.fixture
def come(visitor, large_print, width) -> Callable[..., Page]:
    def come(person: User | None = None, **options: object) -> Page:
        page = visitor(width=width, large_print=large_print, **options)
        if person is not None:
            signed_in(page, person.email)
        return page

    return come


def test_pages_for_everybody(come, findings, right, nameless):
    page = come()
    course = the_course()
    findings.visit(page, "home", "/")
    findings.visit(page, "catalogue", "/cursussen/")
    findings.visit(page, "course", "/cursussen/maatjestraining/")
    findings.visit(page, "short course", "/cursussen/motiverende-gespreksvoering/")
    for slug in ("veilig-op-internet", "privacy", "toegankelijkheid", "colofon"):
        findings.visit(page, slug, f"/{slug}/")
    findings.visit(page, "sign in", reverse("account_login"))
    findings.visit(page, "sign up", reverse("account_signup"))
    findings.visit(page, "ask for a code", reverse("account_request_login_code"))
    findings.visit(page, "password reset", reverse("account_reset_password"))
    findings.visit(page, "recovery", reverse("recovery"))
    findings.visit(page, "leave, asked by address", "/weg/", 405)
    findings.visit(page, "number form", reverse("verify"))
    findings.visit(page, "proof", reverse("proof", args=[Award.objects.get(holder=right).public_id]))
    findings.visit(page, "proof being made", reverse("proof", args=[unknown_number()]), 404)
    findings.visit(page, "404", "/bestaat-niet/", 404)
    findings.visit(page, "sign in first", reverse("start_course", args=[course.short_key]))


def unknown_number() -> str:
    return "0" * 26


def test_forms_that_came_back(come, findings):
    page = come()
    page.goto(reverse("account_login"))
    page.locator("#id_login").fill("iemand@example.org")
    page.locator("#id_password").fill("niet-goed")
    submit(main_form(page))
    findings.look(page, "wrong password")
    page.goto(reverse("account_request_login_code"))
    page.locator("#id_email").fill("iemand@example.org")
    submit(main_form(page))
    findings.look(page, "code sent")
    page.locator("#id_code").fill("FOUT12")
    submit(main_form(page))
    findings.look(page, "wrong code")
    page = come()
    page.goto(reverse("account_signup"))
    page.locator("#id_email").fill("nieuw@example.org")
    page.locator("#id_alias").fill("Nieuw")
    page.locator("#id_password1").fill("1234567890")
    submit(main_form(page))
    findings.look(page, "weak password")
    page.locator("#id_password1").fill("vier-rustige-woorden-samen")
    submit(main_form(page))
    findings.look(page, "confirm the address")
    page = come()
    page.goto(reverse("account_reset_password"))
    page.locator("#id_email").fill("iemand@example.org")
    submit(main_form(page))
    findings.look(page, "reset code sent")


def test_pages_of_learners(come, findings, wrong, right, nameless, lessons):
    empty = PersonFactory(alias="Eva", email="eva@example.org")
    course = the_course()
    page = come(empty)
    findings.visit(page, "leerplek empty", reverse("leerplek"))
    findings.visit(page, "no texts yet", reverse("reflections"))
    findings.visit(page, "start a course", reverse("start_course", args=[course.short_key]))
    submit(main_form(page))
    findings.look(page, "just started")
    for number, lesson in enumerate(lessons):
        findings.visit(page, f"lesson {number} blank", address(lesson))
    page = come(wrong)
    findings.visit(page, "leerplek under way", reverse("leerplek"))
    for number, lesson in enumerate(lessons):
        findings.visit(page, f"lesson {number} wrong", address(lesson))
    page = come(nameless)
    findings.visit(page, "leerplek waits for a name", reverse("leerplek"))
    findings.visit(page, "legal name", reverse("legal_name"))
    page = come(right)
    findings.visit(page, "leerplek with a certificate", reverse("leerplek"))
    for number, lesson in enumerate(lessons):
        findings.visit(page, f"lesson {number} right", address(lesson))
    session = lessons[0].session
    findings.visit(page, "session", reverse("session", args=[session.short_key]))
    findings.visit(page, "my course", reverse("my_course", args=[course.short_key]))
    findings.visit(page, "stop a course", reverse("stop_course", args=[course.short_key]))
    findings.visit(page, "my texts", reverse("reflections"))
    text = Reflection.objects.filter(enrolment__learner=right).first()
    findings.visit(page, "one text", reverse("reflection", args=[text.pk]))
    findings.visit(page, "profile", reverse("profile"))
    findings.visit(page, "my data", reverse("my_data"))
    findings.visit(page, "sessions", reverse("usersessions_list"))
    findings.visit(page, "change password", reverse("account_change_password"))
    findings.visit(page, "sign out", reverse("account_logout"))
    findings.visit(page, "my e-mail", reverse("account_email"))


def test_answers_as_they_come_back(come, findings, learner, lessons):
    lesson = lessons[0]
    question = in_order(lesson, "single_choice")[0]
    page = come(learner)
    page.goto(address(lesson))
    form = activity_form(page, question.activity_id)
    uuid_field = form.locator("input[name=uuid]")
    first = uuid_field.input_value()
    form.locator("button[type=submit]").click()
    expect(form.locator(".activity-error")).to_be_visible()
    findings.look(page, "nothing chosen")
    # The same identity twice: the second, other answer is refused beside the one that counts.
    for data in (right_answer(question), wrong_answer(question)):
        uuid_field.evaluate("(input, uuid) => { input.value = uuid; }", first)
        form.locator(f"input[value='{data['choice']}']").check()
        form.locator("button[type=submit]").click()
        expect(uuid_field).not_to_have_value(first)
        expect(page.locator(".htmx-request")).to_have_count(0)
        findings.look(page, f"answered {data['choice']}")
    expect(form.locator(".note")).to_be_visible()


def test_pages_of_trainers_and_coordinators(come, findings, coordinator, right, wrong, now):
    cohort = Cohort.objects.create(course=the_course(), name="Groep Noord")
    cohort.trainers.add(coordinator)
    Enrolment.objects.filter(course=the_course()).update(cohort=cohort)
    page = come(coordinator)
    findings.visit(page, "learners", reverse("learners"))
    Session.objects.filter(course=the_course()).update(heavy=True)
    asking = Enrolment.objects.filter(cohort=cohort).first()
    ask_for_call(enrolment=asking, moment="di 10-12", phone="06 12345678", now=now)
    text = Reflection.objects.filter(enrolment__cohort=cohort).exclude(enrolment__learner=coordinator).first()
    share_reflection(reflection=text, trainer=coordinator, now=now)
    heavy = Session.objects.filter(course=the_course()).first()
    findings.visit(page, "desk", reverse("training"))
    findings.visit(page, "group", reverse("cohort", args=[cohort.pk]) + "?name=a")
    findings.visit(page, "rounds", reverse("cohort_surveys", args=[cohort.pk]))
    findings.visit(page, "calls", reverse("calls"))
    findings.visit(page, "who was called", reverse("check_ins", args=[cohort.pk, heavy.short_key]))
    findings.visit(page, "shared text", reverse("shared_text", args=[text.pk]))
    findings.visit(page, "answers", reverse("answers"))
    short = Award.objects.get(holder=right).enrolment
    findings.visit(page, "give to many", reverse("give_together", args=[short.course.short_key]))
    batch = give_to_many(
        batch_id=uuid.uuid4(), course=short.course, enrolments=[short], by=coordinator, now=now
    )
    findings.visit(page, "given to many", reverse("batch", args=[batch.pk]))
    findings.visit(page, "recovery code", reverse("recovery_code", args=[wrong.pk]))
    submit(main_form(page))
    findings.look(page, "recovery code made")


@pytest.fixture
def certified(right, coordinator, now) -> Award:
    """A certificate that ends soon, of a course with a scheme that names all ways to renew it, and points on the way."""
    award = Award.objects.get(holder=right)
    skj = Register.objects.create(
        name="SKJ", digits_least=9, digits_most=9, period_months=60, points_needed=40
    )
    scheme = Scheme.objects.create(
        course=award.enrolment.course,
        requirements={"activities": {}, "sign_off": {}},
        valid_months=12,
        refresher=the_course(),
        renewal_register=skj,
        renewal_points=20,
    )
    Accreditation.objects.create(
        scheme=scheme,
        register=skj,
        number="123456",
        points=8,
        valid_from=now.date(),
        valid_until=now.date() + timedelta(days=900),
    )
    keep_number(user=right, register=skj, typed="012345678", period_from=now.date())
    end = timezone.localdate() + timedelta(days=30)
    Award.objects.filter(pk=award.pk).update(scheme=scheme, valid_until=end)
    return award


def test_pages_about_certificates(come, findings, certified, coordinator, wrong):
    course = certified.enrolment.course
    page = come(certified.holder)
    findings.visit(page, "leerplek with a renewal", reverse("leerplek"))
    findings.visit(page, "once more", reverse("start_course", args=[course.short_key]))
    findings.visit(page, "my points", reverse("my_points"))
    findings.visit(page, "what is asked", reverse("my_course", args=[course.short_key]))
    page = come(coordinator)
    findings.visit(page, "certificates", reverse("certificates"))
    findings.visit(page, "who gets it", reverse("course_standing", args=[course.short_key]))
    findings.visit(page, "one certificate", reverse("award_record", args=[certified.public_id]))
    findings.visit(page, "told to registers", reverse("register_runs"))
    page = come()
    findings.visit(page, "proof", reverse("proof", args=[certified.public_id]))


def test_pages_of_groups_and_meetings(come, findings, site):
    now = timezone.now()
    organisation = the_course().programme.organisation
    trainer, learner, asked = (PersonFactory(alias=alias) for alias in ("Noor", "Linde", "Maan"))
    grant_role(user=trainer, role=Role.TRAINER, organisation=organisation, now=now)
    today = timezone.localtime(now)
    cohort, meetings = make_group(
        course=the_course(),
        name="Utrecht, voorjaar",
        trainers=[trainer],
        first=today.date(),
        clock=today.time().replace(microsecond=0),
        every=1,
        minutes=150,
        place="Zaal 2",
        online_link="https://beeld.example.org/7",
        reminder_minutes=None,
        capacity=1,
        way_in="intake",
        now=now,
    )
    wait_for_group(cohort=cohort, person=learner, alias="Linde", now=now)
    ask_to_join(cohort=cohort, person=asked, alias="Maan", now=now)
    keep_apart(one=learner, other=asked, organisation=organisation, by=trainer, now=now)
    Meeting.objects.filter(pk=meetings[0].pk).update(self_check_in=True)
    page = come(trainer)
    findings.visit(page, "groups", reverse("groups"))
    findings.visit(page, "make a group", reverse("make_group"))
    main_form(page).evaluate("form => { form.noValidate = true; }")
    submit(main_form(page))
    findings.look(page, "a group not made")
    findings.visit(page, "group", reverse("group", args=[cohort.pk]))
    findings.visit(page, "intake", reverse("intake", args=[cohort.pk, asked.pk]))
    findings.visit(page, "invite", reverse("invite", args=[cohort.pk]))
    page.locator("[name=addresses]").fill("anna@example.org\n=boef()\n")
    submit(main_form(page))
    findings.look(page, "what becomes of a list")
    findings.visit(page, "attendance", reverse("attendance", args=[meetings[0].pk]))
    caught_up = [Mark(learner.pk, Attendance.Status.CAUGHT_UP)]
    write_attendance(meeting=meetings[0], marks=caught_up, by=trainer, now=now)
    findings.visit(page, "attendance of who caught up", reverse("attendance", args=[meetings[0].pk]))
    expect(page.locator(".seg").get_by_text("Ingehaald")).to_be_visible()
    assert page.evaluate(CHOICES_OUTSIDE) == []
    findings.visit(page, "code on the screen", reverse("check_in_screen", args=[meetings[0].pk]))
    page.goto(reverse("change_meeting", args=[meetings[3].pk]))
    page.locator("[name=minutes]").fill("120")
    submit(main_form(page))
    findings.look(page, "do later ones move along")
    page = come(learner)
    findings.visit(page, "leerplek with a meeting", reverse("leerplek"))
    findings.visit(page, "agenda", reverse("agenda"))
    findings.visit(page, "meeting", reverse("meeting", args=[meetings[1].pk]))
    findings.visit(page, "calendar", reverse("calendar_feed"))


def test_pages_that_say_no(come, findings, learner, site, watch, monkeypatch, settings):
    watch.allow(f"500: {site}")
    page = come(learner)
    findings.visit(page, "404 signed in", "/les/xxxxxxxx/", 404)
    findings.visit(page, "405 signed in", reverse("erase_me"), 405)

    def broken(*_arguments: object) -> None:
        raise RuntimeError("on purpose")

    def denied(*_arguments: object) -> None:
        raise PermissionDenied

    proof_page = import_module("certification.views.proof")  # the package gives the view under that name
    monkeypatch.setattr(proof_page, "normalise_public_id", broken)
    findings.visit(page, "500", reverse("proof", args=[unknown_number()]), 500)
    monkeypatch.setattr(proof_page, "normalise_public_id", denied)
    findings.visit(page, "403", reverse("proof", args=[unknown_number()]), 403)
    monkeypatch.setattr(proof_page, "MOST_LOOKS", 0)
    findings.visit(page, "429 certificates", reverse("proof", args=[unknown_number()]), 429)

    stranger = come()
    stranger.goto(reverse("account_login"))
    stranger.locator("#id_login").fill(learner.email)
    stranger.locator("#id_password").fill(PASSWORD)
    stranger.context.clear_cookies()
    submit(main_form(stranger))
    findings.look(stranger, "403 stale form")
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/h/ip"}
    for _ in range(2):
        stranger.goto(reverse("account_login"))
        stranger.locator("#id_login").fill(learner.email)
        stranger.locator("#id_password").fill("niet-goed")
        submit(main_form(stranger))
    findings.look(stranger, "429")
    expect(stranger.locator("#id_login")).to_have_count(0)
