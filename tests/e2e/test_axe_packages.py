"""The screens of packages, in the editor and for who teaches with them: axe finds nothing and nothing scrolls sideways.

Of a lesson's editor only the choice of a package is ours.
"""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import expect

from cms.models import CoursePage, LessonPage
from courses.models import Activity, Cohort, Enrolment
from media.flows import import_package
from media.models import PackageImport
from media.packages.packing import pack_example
from portal.playing import take_statement
from tests.cms import made_pages as made
from tests.e2e.steps import a_trainer, enrolled, signed_in, the_course, versions_of
from tests.e2e.test_axe import Findings
from tests.factories import PersonFactory
from tests.media.made_packages import package

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.looks,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]

ANSWERED = {
    "verb": {"id": "http://adlnet.gov/expapi/verbs/answered"},
    "object": {
        "definition": {
            "interactionType": "choice",
            "description": {"en-US": "Wat past bij een maatje?"},
            "choices": [{"id": "0", "description": {"en-US": "Ernaast staan"}}],
            "correctResponsesPattern": ["0"],
        }
    },
    "result": {"response": "0", "success": True, "score": {"raw": 1, "max": 1}},
}


@pytest.fixture
def home(site):
    return the_course().programme.organisation


@pytest.fixture
def trainer(site, now):
    return a_trainer(now=now)


@pytest.fixture
def imports(home, trainer, now) -> list[PackageImport]:
    """One that is there, one that took its place, and one that was refused."""
    whose = {"organisation": home, "uploaded_by": trainer, "now": now}
    first = import_package(file=ContentFile(package(), "voorbeeld.h5p"), title="Voorbeeld", **whose)
    newer = import_package(
        file=ContentFile(pack_example(), "nieuwer.h5p"),
        title="Voorbeeld",
        replaces=first.version.package,
        **whose,
    )
    bad = package({"content/a.php": b"x"})
    refused = import_package(file=ContentFile(bad, "fout.h5p"), title="Samen oefenen en vragen", **whose)
    return [first, newer, refused]


@pytest.fixture
def played(imports, now) -> tuple[Activity, Enrolment]:
    """A package in a lesson, and somebody who answered in it twice."""
    course = CoursePage.objects.get(translation_key=the_course().key)
    page = made.make_lesson(
        made.make_session(course, "Oefenen"), "Probeer", made.package(imports[0].version.package)
    )
    activity = Activity.objects.get(lesson__key=page.translation_key)
    learner = PersonFactory(alias="Noor", email="noor@example.org")
    enrolled(learner, now=now)
    (version,) = versions_of([activity.pk]).values()
    for _try in range(2):
        take_statement(
            learner=learner,
            activity_id=activity.pk,
            version_id=version.pk,
            sent=ANSWERED,
            uuid=uuid.uuid4(),
            now=now,
        )
    return activity, Enrolment.objects.get(learner=learner)


@pytest.mark.parametrize("width", [360, 1280])
def test_screens_of_packages(visitor, width, trainer, imports, played):
    activity, enrolment = played
    cohort = Cohort.objects.get(course=enrolment.course, trainers=trainer)
    Enrolment.objects.filter(pk=enrolment.pk).update(cohort=cohort)
    lesson = LessonPage.objects.get(translation_key=activity.lesson.key)
    key = imports[0].version.package_id
    findings = Findings(axe=True)
    page = visitor(width=width)
    signed_in(page, trainer.email)
    findings.visit(page, "list", reverse("packages:index"))
    findings.visit(page, "bring one in", reverse("packages:add"))
    page.locator("#main form button.button").click()
    expect(page.locator(".w-field__errors .error-message").first).to_be_visible()
    findings.look(page, "nothing filled in")
    findings.visit(page, "package", reverse("packages:detail", args=[key]))
    findings.visit(page, "replace", reverse("packages:replace", args=[key]))
    for job in imports:
        findings.visit(page, f"import, {job.state}", reverse("packages:import", args=[job.pk]))
    findings.visit(page, "packages at the desk", reverse("training"))
    findings.visit(page, "played by all", reverse("played_package", args=[activity.pk]))
    findings.visit(page, "played by one", reverse("played_by_learner", args=[activity.pk, enrolment.pk]))
    assert findings.found == []
    page.goto(reverse("wagtailadmin_pages:edit", args=[lesson.pk]))
    expect(page.locator("[data-chooser-title]")).to_have_text("Voorbeeld")
