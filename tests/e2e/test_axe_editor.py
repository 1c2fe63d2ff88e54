"""Our own screens among Wagtail's: axe finds nothing and nothing scrolls sideways.

On a phone alone: what is wider is Wagtail's own frame. The screens of packages are in test_axe_packages.
"""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from cms.models import LessonPage
from tests.cms import made_pages as made
from tests.e2e.steps import a_trainer, enrolled, lesson_with, signed_in, submit, the_course
from tests.e2e.test_axe import Findings
from tests.factories import PersonFactory

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.looks,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]


def own_form(page: Page) -> Locator:
    return page.locator("#main form[method=post]").first


@pytest.fixture
def draft(site, now) -> LessonPage:
    """A lesson that somebody is learning in, with a question that was changed since."""
    enrolled(PersonFactory(alias="Noor"), now=now)
    page = LessonPage.objects.get(translation_key=lesson_with("single_choice").key)
    body = made.raw_body(page)
    question = next(block for block in body if block["type"] == "single_choice")
    question["value"]["question"] = "Wat past nu?"
    page.body = page.body.stream_block.to_python(body)
    page.save_revision()
    return page


def test_our_own_screens_in_the_editor(visitor, draft, now):
    trainer = a_trainer(now=now)
    findings = Findings(axe=True)
    page = visitor(width=360)
    signed_in(page, trainer.email)
    findings.visit(page, "new lesson", reverse("new_lesson", args=[draft.get_parent().pk]))
    expect(page.get_by_role("group", name="Waar is de les voor?").get_by_role("radio")).to_have_count(4)
    own_form(page).evaluate("form => { form.noValidate = true; }")
    submit(own_form(page))
    findings.look(page, "new lesson without a title")
    findings.visit(page, "who notices this", reverse("confirm_publishing", args=[draft.pk]))
    findings.visit(page, "programmes", reverse("programmes"))
    address = reverse("download_programme", args=[the_course().programme.key])
    written = page.request.get(address).body()
    page.locator("#main input[type=file]").set_input_files(
        {"name": "programma.zip", "mimeType": "application/zip", "buffer": written}
    )
    submit(own_form(page))
    expect(page).to_have_url(re.compile(r"/cms/programmas/[0-9a-f-]{36}/"))
    findings.look(page, "what would change")
    page.goto(reverse("programmes"))
    page.locator("#main input[type=file]").set_input_files(
        {"name": "programma.zip", "mimeType": "application/zip", "buffer": b"geen zip"}
    )
    submit(own_form(page))
    findings.look(page, "a file that is none")
    assert findings.found == []
