"""A certificate in the hands of its holder and of a stranger: download, badge, check by dropping the file, revoke, erase."""

import base64
import json
import subprocess
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from certification.flows import award_and_queue
from certification.models import Award
from certification.services.corrections import revoke_award
from people.services.privacy import erase_person
from tests.certification.conftest import START, complete, make_course
from tests.certification.test_badges import asked
from tests.e2e.steps import sign_in
from tests.factories import PersonFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
DROP = """([base64, name]) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, { type: 'application/pdf' }));
  const form = document.querySelector('[data-drop]');
  for (const kind of ['dragenter', 'dragover', 'drop']) {
    form.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
  }
}"""


def drop(page: Page, content: bytes) -> None:
    """A file is dropped on the form, and the page comes that says what it is."""
    with page.expect_navigation():
        page.evaluate(DROP, [base64.b64encode(content).decode(), "bewijs.pdf"])


def test_a_certificate_from_download_to_erasure(visitor, worker, tmp_path: Path, client, site: str, settings):
    from courses.services.enrolments import enrol

    holder = PersonFactory(alias="Sanne", email="sanne@example.org", legal_name="Sanne de Vries")
    enrolment = complete(enrol(learner=holder, course=make_course(), alias="Sanne", now=START))
    award = award_and_queue(enrolment=enrolment, now=timezone.now())
    worker()

    # The holder takes the paper and the badge along, and gives somebody a link.
    own = visitor(width=360)
    sign_in(own, "sanne@example.org")
    own.goto("/leerplek/")
    part = own.locator(f"#bewijs-{award.public_id}")
    with own.expect_download() as paper:
        part.locator(f"#pdf-{award.public_id} a[download]").click()
    pdf = paper.value.path().read_bytes()
    (tmp_path / "bewijs.pdf").write_bytes(pdf)
    said = subprocess.run(["pdfsig", tmp_path / "bewijs.pdf"], capture_output=True, text=True, check=False)
    assert "Signature is Valid." in said.stdout
    part.locator("summary").first.click()
    with own.expect_download() as badge:
        part.locator("a[href$='/badge/json/']").click()
    credential = json.loads(badge.value.path().read_text())
    settings.SITE_URL = site
    assert asked(client, credential)["statuses"] == [{"status": False, "verified": True}]
    part.locator(f"#delen-{award.public_id} summary").click()
    part.locator(f"#delen-{award.public_id} button").last.click()
    link = part.locator(".share-link input[readonly]")
    expect(link).to_be_visible()
    address = link.input_value()

    # A stranger has the file and no number; then a changed one; then the link.
    stranger = visitor(width=1280)
    stranger.goto("/bewijs/")
    drop(stranger, pdf)
    expect(stranger.locator(".verdict h1")).to_have_text("Geldig")
    expect(stranger.locator("#uitkomst")).to_contain_text("Ja, dit is ons bestand")
    assert "Sanne" not in stranger.content()
    stranger.goto(f"/bewijs/{award.public_id}/")
    middle = len(pdf) // 2
    drop(stranger, pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :])
    expect(stranger.locator("#uitkomst")).to_contain_text("Nee, dit bestand is veranderd")
    stranger.goto(address)
    expect(stranger.locator(".record dd").first).to_have_text("Sanne de Vries")

    # Withdrawn: the page, the list and the badge say so.
    revoke_award(award=Award.objects.get(pk=award.pk), now=timezone.now())
    stranger.goto(f"/bewijs/{award.public_id}/")
    expect(stranger.locator(".verdict h1")).to_have_text("Ingetrokken")
    assert asked(client, credential)["statuses"] == [{"status": True, "verified": True}]

    # Erased: it still answers, without anybody in it.
    erase_person(user=holder, now=timezone.now())
    stranger.goto(f"/bewijs/{award.public_id}/")
    expect(stranger.locator(".record dd").first).to_contain_text("verwijderd")
    stranger.goto(address)
    expect(stranger.locator(".verdict")).to_have_count(0)
