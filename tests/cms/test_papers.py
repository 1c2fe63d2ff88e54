"""Editors set how their organisation's documents look, and see what comes of it."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from certification.models import Mark
from cms.roles import give_roles_their_permissions
from people.models import Organisation, Role
from people.services.roles import grant_role
from tests.certification.sheets import picture
from tests.factories import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roles")]
FORM = {"action": "#5a2a6b", "warm": "#8a4b00"}


@pytest.fixture
def roles() -> None:
    give_roles_their_permissions()


@pytest.fixture
def organisation() -> Organisation:
    return Organisation.objects.create(name="De Haven", slug="de-haven")


def somebody(client: Client, organisation: Organisation, role: Role) -> Client:
    person = PersonFactory()
    grant_role(user=person, role=role, organisation=organisation, region="", now=timezone.now())
    person.groups.add(Group.objects.get(name=role.value))
    client.force_login(person)
    return client


def test_an_editor_gives_documents_a_look_and_sees_a_sample(client: Client, organisation: Organisation):
    editor = somebody(client, organisation, Role.EDITOR)
    logo = SimpleUploadedFile("logo.png", picture(600, 200))
    kept = editor.post(f"/cms/papier/{organisation.pk}/", {**FORM, "picture": logo})
    assert (kept.status_code, Mark.objects.get().action) == (302, "#5a2a6b")
    assert "De Haven" in editor.get("/cms/papier/").content.decode()
    sample = editor.get(f"/cms/papier/{organisation.pk}/participation/nl/lang/")
    assert (sample["Content-Type"], sample.content[:5]) == ("application/pdf", b"%PDF-")


@pytest.mark.parametrize(
    "given",
    [
        {**FORM, "picture": SimpleUploadedFile("logo.svg", b"<svg><script>alert(1)</script></svg>")},
        {**FORM, "warm": "#ffee00"},
        {**FORM, "action": "red; } body { display: none"},
        {},
    ],
    ids=["svg", "pale", "no colour", "nothing"],
)
def test_what_cannot_be_used_is_said_on_the_form(client: Client, organisation: Organisation, given: dict):
    answer = somebody(client, organisation, Role.EDITOR).post(f"/cms/papier/{organisation.pk}/", given)
    assert (answer.status_code, Mark.objects.count()) == (200, 0)
    assert answer.context["form"].errors


def test_trainers_and_other_organisations_do_not_change_it(client: Client, organisation: Organisation):
    other = Organisation.objects.create(name="Ander", slug="ander")
    editor = somebody(client, other, Role.EDITOR)
    assert editor.post(f"/cms/papier/{organisation.pk}/", FORM).status_code == 404
    trainer = somebody(Client(), organisation, Role.TRAINER)
    assert trainer.post(f"/cms/papier/{organisation.pk}/", FORM).status_code in {302, 403}
    assert Mark.objects.count() == 0
