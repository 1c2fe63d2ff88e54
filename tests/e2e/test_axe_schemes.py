"""The screens of a certificate scheme: seen before it is saved, axe finds nothing of ours and nothing scrolls sideways."""

import pytest
from django.urls import reverse
from playwright.sync_api import Route, expect

from certification.models import Scheme, Signatory
from courses.models import Enrolment
from courses.services.enrolments import enrol
from people.models import Role
from people.services.roles import grant_role
from tests.e2e.steps import signed_in, the_course
from tests.e2e.test_axe import Findings
from tests.factories import PersonFactory

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.looks,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]


@pytest.fixture
def scheme(site, now) -> Scheme:
    course = the_course()
    scheme = Scheme.objects.create(course=course, requirements={"activities": {}})
    scheme.signatories.add(
        Signatory.objects.create(
            organisation=course.programme.organisation, name="A. Bos", function="Directeur zorg"
        )
    )
    for number in range(60):
        enrol(learner=PersonFactory(), course=course, alias=f"Deelnemer {number:02}", now=now)
    Enrolment.objects.filter(alias="Deelnemer 07").update(alias="Wilhelmina-Johanna-van-den-Heuvel-Ravens")
    return scheme


@pytest.mark.parametrize("width", [360, 1280])
def test_an_editor_sees_what_comes_of_a_scheme_before_saving_it(visitor, width, scheme, now):
    editor = PersonFactory(alias="Eef", email="eef@example.org")
    grant_role(user=editor, role=Role.EDITOR, organisation=scheme.course.programme.organisation, now=now)
    findings = Findings(axe=True)
    page = visitor(width=width)
    signed_in(page, editor.email)
    page.goto(reverse("certificate_schemes:edit", args=[scheme.pk]))
    page.get_by_label("Een trainer zegt dat iemand er klaar voor is").check()
    look = page.get_by_role("button", name="Wie het zou krijgen, en wat er nog mist")
    with page.expect_popup() as opened:
        look.click()
    who = opened.value
    expect(who.get_by_role("heading", name="Elke deelnemer")).to_be_visible()
    # Every learner misses the trainer's word by the changed scheme, and fifty stand on a page.
    rows = who.locator(".schemes-learners tbody tr")
    expect(rows).to_have_count(50)
    expect(rows.first).to_contain_text("verandert")
    findings.look(who, "who would get it")
    who.get_by_role("link", name="Volgende").click()
    expect(rows).to_have_count(10)
    expect(who.get_by_text("Bladzijde 2 van 2")).to_be_visible()
    # Looking kept nothing: what was typed is still there, and leaving would still be asked about.
    expect(page.get_by_label("Een trainer zegt dat iemand er klaar voor is")).to_be_checked()
    expect(page.locator("#w-editor-form")).to_have_attribute("data-w-unsaved-confirmation-value", "true")
    assert Scheme.objects.get().requirements == {"activities": {}}
    papers = []

    def keep(route: Route) -> None:
        """The paper itself, in place of the browser's own viewer for it."""
        answer = route.fetch()
        papers.append((answer.status, answer.headers["content-type"], answer.body()[:5]))
        route.fulfill(content_type="text/plain", body="paper")

    page.context.route("**/bewijzen/voorbeeld/**", keep)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Het document in het Engels: de langste naam").click()
    expect(opened.value.get_by_text("paper")).to_be_visible()
    assert papers == [(200, "application/pdf", b"%PDF-")]
    assert findings.found == []
