"""Trying a package before learners meet it: for who may put it into a lesson, and nobody else."""

import pytest
from django.urls import reverse

from media.models import Package
from people.models import Organisation, Role
from people.services.roles import grant_role
from tests.cms import made_pages as made
from tests.factories import PersonFactory
from tests.media.played_packages import made_version


@pytest.fixture
def package(db):
    organisation = Organisation.objects.create(name="Leerhuis", slug="leerhuis-proef")
    version = made_version()
    Package.objects.filter(pk=version.package_id).update(organisation=organisation)
    return Package.objects.get(pk=version.package_id)


@pytest.fixture
def keeper(package, now):
    person = PersonFactory()
    grant_role(user=person, role=Role.TRAINER, organisation=package.organisation, now=now)
    Package.objects.filter(pk=package.pk).update(uploaded_by=person)
    return person


def test_the_trainer_who_brought_it_plays_it_in_a_frame(client, package, keeper):
    client.force_login(keeper)
    response = client.get(reverse("package_player", args=[package.pk]))
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    assert "sandbox allow-scripts" in response["Content-Security-Policy"]


def test_another_trainer_of_the_organisation_finds_nothing(client, package, now):
    other = PersonFactory()
    grant_role(user=other, role=Role.TRAINER, organisation=package.organisation, now=now)
    client.force_login(other)
    assert client.get(reverse("package_player", args=[package.pk])).status_code == 404


def test_a_trainer_of_another_organisation_finds_nothing(client, package, now):
    other = PersonFactory()
    grant_role(
        user=other,
        role=Role.TRAINER,
        organisation=Organisation.objects.create(name="Ander", slug="ander-proef"),
        now=now,
    )
    for person in (other, PersonFactory()):
        client.force_login(person)
        assert client.get(reverse("package_player", args=[package.pk])).status_code == 404


def test_a_package_in_a_draft_is_for_its_writers(client, package):
    _home, catalogue = made.make_site()
    session = made.make_session(made.make_course(catalogue))
    page = made.make_lesson(session, "Les", made.package(package))
    address = reverse("try_player", args=[page.pk, page.body[0].id])
    client.force_login(PersonFactory())
    assert client.get(address).status_code == 404
    client.force_login(PersonFactory(is_superuser=True))
    assert client.get(address).status_code == 200
    lesson = client.get(reverse("try_lesson", args=[page.pk]))
    # It may frame this one address of ours, and the hosts of SCORM packages.
    assert f"frame-src http://testserver{address} http://*.localhost" in lesson[
        "Content-Security-Policy"
    ].split("; ")
