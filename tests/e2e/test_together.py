"""A coordinator gives certificates to a group, sees how far it is without a reload, and takes the PDFs along."""

import zipfile

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from certification.models import Award
from people.models import User
from tests.certification.groups import coordinator_of, course_to_confirm, graduates
from tests.e2e.steps import sign_in

PATIENCE = 30_000  # milliseconds
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.mark.parametrize("js", [True, False], ids=["js", "no js"])
def test_a_group_is_given_its_certificates_and_one_file(visitor, worker, site, tmp_path, js):
    course = course_to_confirm()
    people = graduates(course, 3)
    coordinator = coordinator_of(course)
    desk = visitor(width=360, js=js)
    sign_in(desk, coordinator.email)
    desk.goto(reverse("course_standing", args=[course.short_key]))
    for enrolment in people[:2]:
        desk.get_by_label(enrolment.alias, exact=True).check()
    with desk.expect_navigation():
        desk.locator("button[name=van]").click()
    with desk.expect_navigation():
        desk.get_by_role("button", name="Ja, geef het certificaat aan 2 mensen").click()
    with desk.expect_navigation():
        desk.locator("#pauzeer").click()
    worker()
    assert Award.objects.count() == 0
    expect(desk.locator("#stand")).to_contain_text("Stilgezet: 0 van de 2 gedaan.")

    # One of them has no name any more; the other gets theirs.
    User.objects.filter(pk=people[0].learner_id).update(legal_name="")
    with desk.expect_navigation():
        desk.locator("#verder").click()
    worker()
    if not js:
        desk.reload()
    expect(desk.locator("#stand")).to_contain_text(
        "Klaar: alle 2 zijn aan de beurt geweest.", timeout=PATIENCE
    )
    # The list asks for itself every five seconds.
    expect(desk.locator("#lijst")).to_contain_text("Wacht op de volledige naam.", timeout=PATIENCE)
    expect(desk.locator(".activity-error, [role=alert]")).to_have_count(0)
    User.objects.filter(pk=people[0].learner_id).update(legal_name="Met Naam")
    with desk.expect_navigation():
        desk.locator("#opnieuw").click()
    worker()
    if not js:
        desk.reload()
    expect(desk.locator("#stand")).to_contain_text("2 gegeven", timeout=PATIENCE)

    with desk.expect_navigation():
        desk.locator("#maken").click()
    worker()
    if not js:
        desk.reload()
    with desk.expect_download() as download:
        desk.locator("#ophalen").click()
    path = tmp_path / "papers.zip"
    download.value.save_as(path)
    serials = [award.serial for award in Award.objects.order_by("serial_number")]
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["index.csv", "index.xlsx", *(f"{serial}.pdf" for serial in serials)]
    assert len(serials) == 2
