"""A certificate from the first thing that is asked for it to what is left when its holder is gone.

Whether signature and badge are good is said by software that is not ours: poppler's `pdfsig`, pyHanko, and a verifier from npm.
"""

import base64
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import pem, x509
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from certification.models import Award, Scheme
from certification.signing import signing_key
from courses.models import Course, Enrolment, Lesson
from courses.services.enrolments import enrol
from meetings.flows import make_group
from people.models import Role, User
from people.services.privacy import erase_person
from people.services.roles import grant_role
from tests.certification.test_badges import asked
from tests.cms import made_pages as made
from tests.e2e.steps import address, answer, main_form, sign_in, submit, versions_of
from tests.e2e.test_activity_kinds import block_of
from tests.factories import PersonFactory, asked_of, right_answer

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
DROP = """([base64, name]) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, { type: 'application/pdf' }));
  const form = document.querySelector('[data-drop]');
  for (const kind of ['dragenter', 'dragover', 'drop']) {
    form.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
  }
}"""
REASON = "Afgegeven aan de verkeerde persoon."


def drop(page: Page, content: bytes) -> None:
    """A file is dropped on the form, and the page comes that says what it is."""
    with page.expect_navigation():
        page.evaluate(DROP, [base64.b64encode(content).decode(), "bewijs.pdf"])


@pytest.fixture
def course(site: str) -> Course:
    """A test in one lesson and an evaluation in the next; the certificate asks both, and to have been at the meeting."""
    page = made.make_course(made.CataloguePage.objects.get(), "Een moeilijk gesprek", open_enrolment=True)
    session = made.make_session(page, meeting="Samen oefenen")
    made.make_lesson(session, "De toets", block_of("quiz"))
    made.make_lesson(session, "Terugkijken", block_of("survey"))
    course = Course.objects.get(key=page.translation_key)
    Scheme.objects.create(
        course=course,
        requirements={
            "final_test": {},
            "attendance": {"least": 100, "may_miss": None, "caught_up": False},
            "evaluation": {},
        },
        neutral=False,
        valid_months=12,
    )
    return course


@pytest.fixture
def coordinator(course: Course) -> User:
    person = PersonFactory(alias="Wies", email="wies@example.org")
    grant_role(
        user=person, role=Role.COORDINATOR, organisation=course.programme.organisation, now=timezone.now()
    )
    return person


@pytest.fixture
def holder(course: Course) -> User:
    """Somebody in a group that meets once, today."""
    now = timezone.now()
    trainer = PersonFactory(alias="Noor", email="trainer@example.org")
    grant_role(user=trainer, role=Role.TRAINER, organisation=course.programme.organisation, now=now)
    here = timezone.localtime(now)
    cohort, _meetings = make_group(
        course=course,
        name="Ede",
        trainers=[trainer],
        first=here.date(),
        clock=here.time().replace(microsecond=0),
        every=1,
        minutes=150,
        place="Zaal 2",
        online_link="",
        reminder_minutes=None,
        capacity=8,
        way_in="open",
        now=now,
    )
    person = PersonFactory(alias="Sanne", email="sanne@example.org", legal_name="Sanne de Vries")
    enrol(learner=person, course=course, cohort=cohort, alias="Sanne", now=now)
    return person


def enrolment_of(person: User) -> Enrolment:
    return Enrolment.objects.in_use().get(learner=person)


def do(page: Page, person: User, lesson: Lesson) -> None:
    """Do what a lesson asks, rightly."""
    page.goto(address(lesson))
    (activity,) = lesson.activities.all()
    (version,) = versions_of([activity.pk]).values()
    answer(page, activity.pk, right_answer(asked_of(enrolment_of(person), version)))


def missing(page: Page, course: Course) -> int:
    """How much of what the certificate asks is still missing, as the learner reads it."""
    page.goto(reverse("my_course", args=[course.short_key]))
    asked_for = page.locator("[aria-labelledby=bewijs] .asked > li")
    return asked_for.count() - asked_for.and_(page.locator(".asked-met")).count()


def write_down(page: Page, course: Course) -> None:
    """The trainer writes down that everybody was there."""
    meeting = course.cohorts.get(name="Ede").meetings.get()
    page.goto(reverse("attendance", args=[meeting.pk]))
    submit(main_form(page))


def earn(page: Page, person: User, course: Course, trainer: Page) -> Award:
    """Attendance, test and evaluation, one after another; the list of what is missing shrinks by each."""
    test, evaluation = Lesson.objects.filter(session__course=course).order_by("position")
    assert missing(page, course) == 3
    write_down(trainer, course)
    assert missing(page, course) == 2
    do(page, person, test)
    assert missing(page, course) == 1
    assert Award.objects.count() == 0
    do(page, person, evaluation)
    expect(page.locator(".completed a.button")).to_be_visible()
    assert missing(page, course) == 0
    return Award.objects.get()


def downloaded(page: Page, award: Award) -> tuple[bytes, dict]:
    """The paper and the badge, as the holder takes them along."""
    page.goto(reverse("leerplek"))
    part = page.locator(f"#bewijs-{award.public_id}")
    with page.expect_download() as paper:
        part.locator(f"#pdf-{award.public_id} a[download]").click()
    part.locator("summary").first.click()
    with page.expect_download() as badge:
        part.locator("a[href$='/badge/json/']").click()
    return paper.value.path().read_bytes(), json.loads(badge.value.path().read_text())


def assert_signed(pdf: bytes, tmp_path: Path) -> None:
    """Two readers that know nothing of us find the signature good, and the document as it was signed."""
    (tmp_path / "bewijs.pdf").write_bytes(pdf)
    said = subprocess.run(["pdfsig", tmp_path / "bewijs.pdf"], capture_output=True, text=True, check=True)
    assert "Signature is Valid." in said.stdout
    assert "Total document signed" in said.stdout
    _kind, _headers, der = pem.unarmor(signing_key(now=timezone.now()).certificate_pem.encode())
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    trusted = ValidationContext(trust_roots=[x509.Certificate.load(der)])
    # In a thread: pyHanko runs a loop of its own, and the browser's runs in this one.
    with ThreadPoolExecutor(1) as thread:
        status = thread.submit(validate_pdf_signature, signature, trusted).result()
    assert (status.bottom_line, status.modification_level, status.docmdp_ok) == (
        True,
        ModificationLevel.NONE,
        True,
    )


def badge_says(credential: dict) -> tuple[bool, list[dict]]:
    """What the verifier from npm says of a badge: whether it is ours and whole, and whether it was withdrawn."""
    said = asked(Client(), credential)
    return said["verified"], said["statuses"]


def verdict_of(page: Page, award: Award) -> str:
    page.goto(reverse("proof", args=[award.public_id]))
    return page.locator(".verdict h1").inner_text()


def test_a_certificate_is_earned_taken_along_checked_and_withdrawn(
    visitor, worker, tmp_path: Path, course: Course, holder: User, coordinator: User
):
    own, trainer = visitor(width=360), visitor(width=360)
    sign_in(own, holder.email)
    sign_in(trainer, "trainer@example.org")
    award = earn(own, holder, course, trainer)
    worker()
    pdf, credential = downloaded(own, award)
    assert_signed(pdf, tmp_path)
    assert badge_says(credential) == (True, [{"status": False, "verified": True}])

    # The holder gives somebody a link.
    part = own.locator(f"#bewijs-{award.public_id}")
    part.locator(f"#delen-{award.public_id} summary").click()
    part.locator(f"#delen-{award.public_id} button").last.click()
    link = part.locator(".share-link input[readonly]")
    expect(link).to_be_visible()
    shared = link.input_value()

    # A stranger has the file and no number; then a changed one; then the link.
    stranger = visitor(width=1280)
    stranger.goto(reverse("verify"))
    drop(stranger, pdf)
    expect(stranger.locator(".verdict h1")).to_have_text("Geldig")
    expect(stranger.locator("#uitkomst")).to_contain_text("Ja, dit is ons bestand")
    assert "Sanne" not in stranger.content()
    stranger.goto(reverse("proof", args=[award.public_id]))
    middle = len(pdf) // 2
    drop(stranger, pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :])
    expect(stranger.locator("#uitkomst")).to_contain_text("Nee, dit bestand is veranderd")
    stranger.goto(shared)
    expect(stranger.locator(".record dd").first).to_have_text("Sanne de Vries")

    # The coordinator withdraws it: the page, the list and the badge say so, and not why.
    desk = visitor(width=1280)
    sign_in(desk, coordinator.email)
    desk.goto(reverse("award_record", args=[award.public_id]))
    desk.locator("summary").last.click()
    desk.locator("details[open] [name=reason]").fill(REASON)
    with desk.expect_navigation():
        desk.locator("button[name=revoke]").click()
    assert verdict_of(stranger, award) == "Ingetrokken"
    assert REASON not in stranger.content()
    assert badge_says(credential) == (True, [{"status": True, "verified": True}])
    own.goto(reverse("leerplek"))
    expect(part).to_contain_text("Ingetrokken op")

    # Erased: it still answers, without anybody in it, and neither link nor file lead anywhere.
    erase_person(user=holder, now=timezone.now())
    assert verdict_of(stranger, award) == "Ingetrokken"
    expect(stranger.locator(".record dd").first).to_contain_text("verwijderd")
    stranger.goto(shared)
    expect(stranger.locator(".verdict")).to_have_count(0)


def test_a_certificate_that_ends_is_renewed_by_the_course_and_outlives_its_holder(
    visitor, worker, tmp_path: Path, course: Course, holder: User
):
    own, trainer = visitor(width=360), visitor(width=360)
    sign_in(own, holder.email)
    sign_in(trainer, "trainer@example.org")
    first = earn(own, holder, course, trainer)
    worker()
    _pdf, first_badge = downloaded(own, first)

    # Its end comes into sight. The course once more asks everything anew, without the group that has met.
    Award.objects.filter(pk=first.pk).update(valid_until=timezone.localdate() + timedelta(days=30))
    Scheme.objects.update(requirements={"final_test": {}, "evaluation": {}})
    own.goto(reverse("leerplek"))
    with own.expect_navigation():
        own.locator(
            f"#bewijs-{first.public_id} a[href='{reverse('start_course', args=[course.short_key])}']"
        ).click()
    submit(main_form(own))
    assert missing(own, course) == 2
    test, evaluation = Lesson.objects.filter(session__course=course).order_by("position")
    do(own, holder, test)
    assert missing(own, course) == 1
    do(own, holder, evaluation)
    second = Award.objects.get(renews=first)
    worker()
    pdf, badge = downloaded(own, second)
    assert_signed(pdf, tmp_path)
    expect(own.locator(f"#bewijs-{first.public_id} a[href='#bewijs-{second.public_id}']")).to_be_visible()

    # Both count and lead to their line; neither page gives the other's number away.
    stranger = visitor(width=360)
    for award, other in ((first, second), (second, first)):
        assert verdict_of(stranger, award) == "Geldig"
        expect(stranger.locator("[aria-labelledby=verlengd] li")).to_have_count(2)
        assert other.public_id not in stranger.content()
    for credential in (first_badge, badge):
        assert badge_says(credential) == (True, [{"status": False, "verified": True}])

    # Erased: both still count, with nobody in them.
    erase_person(user=holder, now=timezone.now())
    for award in (first, second):
        assert verdict_of(stranger, award) == "Geldig"
        expect(stranger.locator(".record dd").first).to_contain_text("verwijderd")
        expect(stranger.locator("[aria-labelledby=verlengd] li")).to_have_count(2)
    assert "Sanne" not in stranger.content()
