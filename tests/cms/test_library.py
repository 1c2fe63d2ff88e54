"""Whose a file of the library is: of who brought it, of who trains a course that uses it, and of editors."""

import json
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupCollectionPermission, ReferenceIndex
from wagtail.users.models import UserProfile

from cms.library import choosable
from cms.models import LessonPage
from cms.roles import give_roles_their_permissions
from media.models import Handout, Package, PackageVersion, Recording
from people.models import Role
from people.services.roles import grant_role
from tests.cms import made_pages as made
from tests.cms.editor_forms import PUBLISH, as_posted
from tests.courses.activity_samples import FIELDS
from tests.factories import PersonFactory
from tests.media.conftest import private_files  # noqa: F401 -- a fixture, for every test here
from tests.recordings import make_document, make_recording

pytestmark = pytest.mark.django_db

KINDS = ("recording", "document", "package")
# Who brought it, who trains the course that uses it, a trainer of another course of the same organisation.
WHO = {"bringer": True, "user": True, "other": False, "editor": True, "administrator": True}


def make_package(title, organisation, now, **values):
    made_now = Package.objects.create(
        title=title, kind="h5p", organisation=organisation, created_at=now, **values
    )
    made_now.current = PackageVersion.objects.create(
        package=made_now, number=1, tree_hash=made_now.pk.hex, manifest={}, size=2048, imported_at=now
    )
    made_now.save()
    return made_now


def block_with(kind, thing):
    if kind == "package":
        return made.package(thing)
    name, field = {"recording": ("video", "recording"), "document": ("download", "document")}[kind]
    return made.block(name, {**FIELDS[name], "required": True, field: thing.pk})


def note_references(page):
    """What the worker does once a page was saved."""
    ReferenceIndex.create_or_update_for_object(made.fresh(page))


@pytest.fixture
def house(tree, now):
    """Of every kind a file: brought by `bringer`, used in the course that `user` trains. `other` trains another one."""
    other_course = made.make_course(tree.catalogue, "Grenzen stellen", programme=tree.course.programme)
    give_roles_their_permissions()
    people = {name: PersonFactory() for name in WHO}
    people["administrator"] = PersonFactory(is_superuser=True, is_staff=True)
    organisation = tree.course.programme.organisation
    grant_role(user=people["bringer"], role=Role.TRAINER, organisation=organisation, now=now)
    grant_role(user=people["editor"], role=Role.EDITOR, organisation=organisation, now=now)
    made.trains(people["user"], tree.course)
    made.trains(people["other"], other_course)
    bringer = people["bringer"]
    things = {
        "recording": make_recording(title="Vreemde opname", uploaded_by=bringer),
        "document": make_document(title="Vreemd blad", uploaded_by=bringer),
        "package": make_package("Vreemd pakket", organisation, now, uploaded_by=bringer),
    }
    lesson = made.make_lesson(
        tree.first, "Met bestanden", *(block_with(kind, thing) for kind, thing in things.items())
    )
    note_references(lesson)
    for person in people.values():
        UserProfile.objects.update_or_create(user=person, defaults={"preferred_language": "en"})

    def client(name):
        signed_in = Client(headers={"X-Requested-With": "XMLHttpRequest"})
        signed_in.force_login(people[name])
        return signed_in

    return SimpleNamespace(
        people=people,
        things=things,
        lesson=lesson,
        other_lesson=made.make_lesson(made.make_session(other_course), "Elders", made.reading()),
        organisation=organisation,
        client=client,
    )


LISTS = {
    "recording": ["wagtailmedia:index", "wagtailmedia:chooser"],
    "document": ["wagtaildocs:index", "wagtaildocs_chooser:choose", "wagtailadmin_api:documents:listing"],
    "package": ["packages:index", "package_chooser:choose", "package_chooser:choose_results"],
}
SCREENS = {
    "recording": [
        "wagtailmedia:edit",
        "wagtailmedia:delete",
        "wagtailmedia:media_usage",
        "wagtailmedia:media_chosen",
    ],
    "document": [
        "wagtaildocs:edit",
        "wagtaildocs:delete",
        "wagtaildocs:document_usage",
        "wagtaildocs_chooser:chosen",
        "wagtailadmin_api:documents:detail",
    ],
    "package": ["packages:detail", "packages:replace", "package_chooser:chosen"],
}
EACH = [(kind, name) for kind in KINDS for name in WHO]


@pytest.mark.parametrize(("kind", "name"), EACH)
def test_lists_and_choosers_show_ones_own(house, kind, name):
    client, title = house.client(name), house.things[kind].title
    shown = {address: title in client.get(reverse(address)).text for address in LISTS[kind]}
    assert shown == dict.fromkeys(LISTS[kind], WHO[name])


@pytest.mark.parametrize(("kind", "name"), EACH)
def test_screens_of_a_file_open_for_whose_it_is(house, kind, name):
    client, key = house.client(name), house.things[kind].pk
    answers = {address: client.get(reverse(address, args=[key])).status_code for address in SCREENS[kind]}
    # Wagtail's own chooser of documents says no in its own way.
    refused = {address: 403 if address == "wagtaildocs_chooser:chosen" else 404 for address in SCREENS[kind]}
    assert answers == (dict.fromkeys(SCREENS[kind], 200) if WHO[name] else refused)


CHANGES = {
    "recording": [
        (
            "wagtailmedia:edit",
            {"title": "Gekaapt", "language": "nl", "transcript": "Gekaapt", "duration": "6"},
        ),
        ("wagtailmedia:delete", {}),
    ],
    "document": [
        ("wagtaildocs:edit", {"title": "Gekaapt"}),
        ("wagtaildocs:delete", {}),
        ("wagtaildocs:delete_multiple", {}),
    ],
    "package": [
        ("packages:detail", {"title": "Gekaapt"}),
        ("packages:replace", {}),
        ("packages:archive", {}),
    ],
}


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_changes_what_belongs_to_a_course_of_others(house, kind):
    client, thing = house.client("other"), house.things[kind]
    before = type(thing).objects.filter(pk=thing.pk).values().get()
    for address, form in CHANGES[kind]:
        assert client.post(reverse(address, args=[thing.pk]), form).status_code == 404, address
    assert type(thing).objects.filter(pk=thing.pk).values().get() == before


def test_documents_of_others_are_not_thrown_away_many_at_once(house):
    address = reverse("wagtail_bulk_action", args=["media", "handout", "delete"])
    house.client("other").post(f"{address}?id={house.things['document'].pk}", {})
    assert Handout.objects.filter(pk=house.things["document"].pk).exists()


@pytest.mark.parametrize("name", ["bringer", "user", "editor"])
@pytest.mark.parametrize("kind", KINDS)
def test_whose_it_is_changes_it(house, kind, name):
    address, form = CHANGES[kind][0]
    thing = house.things[kind]
    assert house.client(name).post(reverse(address, args=[thing.pk]), form).status_code == 302
    thing.refresh_from_db()
    assert thing.title == "Gekaapt"


@pytest.mark.parametrize("name", WHO)
def test_the_file_itself_opens_in_the_editor_for_whose_it_is(house, name):
    client, things = house.client(name), house.things
    for kind in ("recording", "document"):
        answer = client.get(things[kind].url)
        assert (answer.status_code, bool(b"".join(answer))) == ((200, True) if WHO[name] else (404, True))


# --- by way of a lesson ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("button", [{}, PUBLISH], ids=["draft", "publish"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_others_does_not_come_into_a_lesson_by_its_number(house, kind, button):
    """Who uses it may change it: so that would be a way to change it."""
    client, page, thing = house.client("other"), house.other_lesson, house.things[kind]
    before = page.latest_revision_id
    posted = as_posted(page, block_with(kind, thing), **button)
    answer = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), posted)
    page.refresh_from_db()
    assert page.latest_revision_id == before
    assert answer.context["form"].errors == {
        "body": [f"“{thing.title}” belongs to a course of others. Choose a file of yours."]
    }
    assert not choosable(house.people["other"], type(thing)).exists()


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_editor_put_into_a_lesson_stays_when_its_trainer_saves(house, kind):
    """In a draft only, so that nobody but the editor may choose it yet."""
    page, thing = house.other_lesson, house.things[kind]
    block = block_with(kind, thing)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert house.client("editor").post(address, as_posted(page, block)).status_code == 302
    client = house.client("other")
    assert client.post(address, as_posted(page, block, title="Elders nog")).status_code == 302
    saved = LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert (saved.title, [child.id for child in saved.body]) == ("Elders nog", [block["id"]])
    made.publish(saved)
    note_references(page)
    assert list(choosable(house.people["other"], type(thing))) == [thing]


def test_a_lesson_takes_ones_own_file(house):
    mine = make_recording(title="Eigen opname", uploaded_by=house.people["other"])
    page = house.other_lesson
    posted = as_posted(page, block_with("recording", mine), **PUBLISH)
    house.client("other").post(reverse("wagtailadmin_pages:edit", args=[page.pk]), posted)
    assert [child.value["recording"] for child in made.fresh(page).body] == [mine]


# --- what is brought ------------------------------------------------------------------------------------------------
def test_what_somebody_brings_while_they_write_is_theirs(house):
    content = make_document().file
    with content.open() as file:
        upload = SimpleUploadedFile("mijn.pdf", file.read())
    answer = house.client("other").post(
        reverse("wagtaildocs_chooser:create"),
        {"document-chooser-upload-title": "Mijn blad", "document-chooser-upload-file": upload},
    )
    assert json.loads(answer.content)["step"] == "chosen"
    assert [each.title for each in choosable(house.people["other"], Handout)] == ["Mijn blad"]


def test_packages_of_the_house_are_for_all_who_write(house, now):
    make_package("Van het huis", None, now)
    assert [each.title for each in choosable(house.people["other"], Package)] == ["Van het huis"]


def test_trainers_lose_the_rights_that_they_had_to_the_whole_library(house):
    trainers = Group.objects.get(name=Role.TRAINER)
    right = GroupCollectionPermission.objects.filter(group=trainers).first()
    change = Permission.objects.get(codename="change_media")
    GroupCollectionPermission.objects.create(group=trainers, collection=right.collection, permission=change)
    give_roles_their_permissions()
    rights = GroupCollectionPermission.objects.filter(group=trainers).values_list("permission__codename")
    assert sorted(rights) == [("add_document",), ("add_media",)]


def test_who_trains_no_longer_has_nothing_there(house, now):
    person = house.people["bringer"]
    person.memberships.all().delete()
    person.groups.clear()
    assert not choosable(type(person).objects.get(pk=person.pk), Recording).exists()


def make_mine(house, kind, count):
    mine = {"uploaded_by": house.people["user"]}
    for number in range(count):
        if kind == "package":
            make_package(f"Pakket {number}", house.organisation, timezone.now(), **mine)
        else:
            {"recording": make_recording, "document": make_document}[kind](title=f"Bestand {number}", **mine)


@pytest.mark.parametrize("kind", KINDS)
def test_lists_cost_the_same_however_many_there_are(house, kind):
    client, address = house.client("user"), reverse(LISTS[kind][0])
    make_mine(house, kind, 1)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    make_mine(house, kind, 5)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(one)
