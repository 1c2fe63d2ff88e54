"""Editors' screens for packages: who sees what, what they are told, and choosing one without leaving a lesson."""

import json
import uuid

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, ReferenceIndex
from wagtail.users.models import UserProfile

from cms.blocks.packages import PackageChooserBlock
from cms.roles import give_roles_their_permissions
from media.models import Package, PackageImport, PackageVersion
from media.services import imports
from media.tasks import import_package
from people.models import Role
from people.services.roles import grant_role
from tests.factories import OrganisationFactory, PersonFactory
from tests.media.conftest import bring_in, private_files  # noqa: F401 -- fixtures
from tests.media.made_packages import content, package

pytestmark = pytest.mark.django_db

OTHER = content({"question": "Een andere vraag?"})


@pytest.fixture
def home():
    return OrganisationFactory(name="Leerhuis")


@pytest.fixture
def trainer(client, home, now):
    return somebody(client, Role.TRAINER, home, now)


def somebody(client, role, organisation, now):
    give_roles_their_permissions()
    person = PersonFactory()
    UserProfile.objects.update_or_create(user=person, defaults={"preferred_language": "en"})
    grant_role(user=person, role=role, organisation=organisation, now=now)
    client.force_login(person)
    return person


def upload(data=None, name="vraag.h5p"):
    return SimpleUploadedFile(name, data or package())


def url(name, *args):
    return reverse(f"packages:{name}", args=args)


def text(response):
    return " ".join(response.content.decode().split())


# --- bringing in ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.TRAINER, Role.EDITOR])
def test_a_package_is_brought_in_and_its_report_read(
    role, client, home, now, django_capture_on_commit_callbacks
):
    person = somebody(client, role, home, now)
    response = client.post(url("add"), {"title": "Een vraag", "file": upload()})
    job = PackageImport.objects.get()
    assert (response.status_code, response["Location"]) == (302, url("import", job.pk))
    assert (job.organisation, job.uploaded_by, job.original_name) == (home, person, "vraag.h5p")
    assert "The package waits for its turn." in text(client.get(url("import", job.pk)))
    with django_capture_on_commit_callbacks(execute=True):
        import_package.func(str(job.pk))
    page = text(client.get(url("import", job.pk)))
    assert "It is “Een vraag”, made as Vraag 1.2.3." in page
    target = Package.objects.get()
    assert f'href="{url("detail", target.pk)}"' in page
    assert client.get(url("detail", target.pk)).status_code == 200


def test_a_refusal_stands_on_the_page_of_the_import(client, trainer, django_capture_on_commit_callbacks):
    client.post(url("add"), {"title": "Fout", "file": upload(package({"h5p.json": None}), "<b>.h5p")})
    job = PackageImport.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        imports.run(import_id=job.pk, now=job.due_at)
    page = text(client.get(url("import", job.pk)))
    assert "This is neither an H5P package nor a SCORM package: there is no “h5p.json”" in page
    assert "<b>.h5p" not in page
    assert 'data-follow="ended"' in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": "", "file": "vraag.h5p"}, "This field is required."),
        ({"title": "x"}, "This field is required."),
        ({"title": "x", "file": "vraag.rar"}, "its name must end in “.h5p”"),
        ({"title": "a\0b", "file": "vraag.h5p"}, "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_with_the_form_is_said_at_once(fields, said, client, trainer):
    if name := fields.get("file"):
        fields = fields | {"file": upload(name=name)}
    response = client.post(url("add"), fields)
    assert (response.status_code, PackageImport.objects.count()) == (200, 0)
    assert said in text(response)


def test_a_full_disk_is_said_on_the_form(client, trainer, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)
    response = client.post(url("add"), {"title": "x", "file": upload()})
    assert "There is no room for it on the server." in text(response)
    assert PackageImport.objects.count() == 0


# --- one package ------------------------------------------------------------------------------------------------------
@pytest.fixture
def own(bring_in, home, trainer):  # noqa: F811
    return bring_in(package(), organisation=home, uploaded_by=trainer).version.package


def test_replacing_rolling_back_archiving_and_renaming(
    client, trainer, own, django_capture_on_commit_callbacks
):
    first = own.current
    client.post(url("replace", own.pk), {"file": upload(package(OTHER))})
    job = PackageImport.objects.get(replaces=own)
    with django_capture_on_commit_callbacks(execute=True):
        imports.run(import_id=job.pk, now=job.due_at)
    own.refresh_from_db()
    assert own.current.number == 2
    assert "Go back to version 1" in text(client.get(url("detail", own.pk)))
    assert client.post(url("choose_version", own.pk, 1)).status_code == 302
    own.refresh_from_db()
    assert own.current == first
    client.post(url("archive", own.pk))
    assert "This package is archived" in text(client.get(url("detail", own.pk)))
    client.post(url("archive", own.pk))
    client.post(url("detail", own.pk), {"title": "Een betere naam"})
    own.refresh_from_db()
    assert (own.archived_at, own.title) == (None, "Een betere naam")


@pytest.mark.parametrize("name", ["choose_version", "archive"])
def test_reading_never_changes_anything(name, client, trainer, own):
    args = (own.pk, 1) if name == "choose_version" else (own.pk,)
    assert client.get(url(name, *args)).status_code == 405


# --- whose it is ------------------------------------------------------------------------------------------------------
WAYS = {
    "detail": lambda key: ("get", url("detail", key)),
    "rename": lambda key: ("post", url("detail", key)),
    "replace": lambda key: ("get", url("replace", key)),
    "send": lambda key: ("post", url("replace", key)),
    "version": lambda key: ("post", url("choose_version", key, 1)),
    "archive": lambda key: ("post", url("archive", key)),
    "chosen": lambda key: ("get", reverse("package_chooser:chosen", args=[key])),
}


@pytest.mark.parametrize("way", WAYS)
def test_another_organisations_package_does_not_exist(way, client, own, now):
    somebody(client, Role.TRAINER, OrganisationFactory(), now)
    method, address = WAYS[way](own.pk)
    assert getattr(client, method)(address).status_code == 404
    own.refresh_from_db()
    assert (own.title, own.archived_at) == ("Een vraag", None)


def test_another_organisations_import_does_not_exist(client, own, now):
    somebody(client, Role.TRAINER, OrganisationFactory(), now)
    assert client.get(url("import", PackageImport.objects.get().pk)).status_code == 404


def test_the_houses_packages_are_seen_and_not_changed(client, trainer, bring_in):  # noqa: F811
    house = bring_in(package()).version.package
    page = text(client.get(url("detail", house.pk)))
    assert "Bring in a new version" not in page
    assert client.post(url("archive", house.pk)).status_code == 404
    assert client.post(url("detail", house.pk), {"title": "Mijn"}).status_code in {302, 403}
    house.refresh_from_db()
    assert (house.title, house.archived_at) == ("Een vraag", None)


def test_who_trains_for_two_chooses_and_for_others_nobody(client, trainer, home, now):
    other, strange = OrganisationFactory(), OrganisationFactory()
    grant_role(user=trainer, role=Role.EDITOR, organisation=other, now=now)
    client.post(url("add"), {"title": "x", "file": upload(), "organisation": strange.pk})
    assert PackageImport.objects.count() == 0
    client.post(url("add"), {"title": "x", "file": upload(), "organisation": other.pk})
    assert PackageImport.objects.get().organisation == other


def test_an_administrator_brings_in_for_the_house(client):
    client.force_login(PersonFactory(is_superuser=True, is_staff=True))
    client.post(url("add"), {"title": "x", "file": upload()})
    assert PackageImport.objects.get().organisation is None


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.COORDINATOR])
def test_others_do_not_enter(role, client, home, own, now):
    somebody(client, role, home, now)
    for address in (url("index"), url("add"), url("detail", own.pk), reverse("package_chooser:choose")):
        assert client.get(address).status_code in {302, 403}, address


# --- the list ---------------------------------------------------------------------------------------------------------
def make_many(home, now, count, **values):
    for number in range(count):
        made = Package.objects.create(
            title=f"Pakket {number}", kind="h5p", organisation=home, created_at=now, **values
        )
        made.current = PackageVersion.objects.create(
            package=made, number=1, tree_hash=f"{number:064}", manifest={}, size=2048, imported_at=now
        )
        made.save()


def test_the_list_costs_the_same_however_long_it_is(
    client, trainer, home, own, now, django_assert_num_queries
):
    client.get(url("index"))
    with CaptureQueriesContext(connection) as one:
        client.get(url("index"))
    make_many(home, now, 15, uploaded_by=trainer)
    with CaptureQueriesContext(connection) as many:
        client.get(url("index"))
    assert len(one) == len(many)


def test_the_list_is_searched_and_leaves_out_what_is_archived(client, trainer, home, own, now):
    make_many(home, now, 3, uploaded_by=trainer)
    Package.objects.filter(title="Pakket 2").update(archived_at=now)
    assert titles(client.get(url("index"))) == ["Een vraag", "Pakket 0", "Pakket 1"]
    assert titles(client.get(url("index"), {"q": "pakket"})) == ["Pakket 0", "Pakket 1"]
    assert titles(client.get(url("index"), {"archived": "true"})) == ["Pakket 2"]


def titles(response):
    return [each.title for each in response.context["object_list"]]


def uses(own, *pages):
    """What Wagtail notes when a page with the chooser's block is saved."""
    types = ContentType.objects
    for page in pages:
        ReferenceIndex.objects.create(
            base_content_type=types.get_for_model(Page),
            content_type=types.get_for_model(page),
            object_id=str(page.pk),
            to_content_type=types.get_for_model(Package),
            to_object_id=str(own.pk),
            model_path="body.item",
            content_path="body.x",
            content_path_hash=uuid.uuid5(uuid.NAMESPACE_OID, str(page.pk)),
        )


def test_it_is_said_where_a_package_is_used(client, own, now):
    administrator = PersonFactory(is_superuser=True, is_staff=True)
    UserProfile.objects.create(user=administrator, preferred_language="en")
    client.force_login(administrator)
    assert "No lesson uses it yet." in text(client.get(url("detail", own.pk)))
    pages = list(Page.objects.filter(depth=2))
    uses(own, *pages)
    page = text(client.get(url("detail", own.pk)))
    assert all(reverse("wagtailadmin_pages:edit", args=[each.pk]) in page for each in pages)
    assert "1 lesson" in text(client.get(url("index")))


def test_pages_of_others_are_counted_and_not_named(client, trainer, own):
    uses(own, Page.objects.filter(depth=2).first())
    page = text(client.get(url("detail", own.pk)))
    assert "1 page that you do not edit" in page
    assert Page.objects.filter(depth=2).first().title not in page


# --- choosing ---------------------------------------------------------------------------------------------------------
def modal(response):
    return json.loads(response.content)


def test_the_chooser_offers_ones_own_and_what_is_not_archived(client, trainer, home, own, now):
    make_many(home, now, 3, uploaded_by=trainer)
    Package.objects.filter(title="Pakket 1").update(archived_at=now)
    Package.objects.filter(title="Pakket 2").update(organisation=OrganisationFactory())
    shown = modal(client.get(reverse("package_chooser:choose")))["html"]
    assert [title in shown for title in ("Een vraag", "Pakket 0", "Pakket 1", "Pakket 2")] == [
        True,
        True,
        False,
        False,
    ]
    found = client.get(reverse("package_chooser:choose_results"), {"q": "vraag een"}).content.decode()
    assert ("Een vraag" in found, "Pakket 0" in found) == (True, False)


def test_choosing_gives_the_key_and_where_to_look_at_it(client, trainer, own):
    chosen = modal(client.get(reverse("package_chooser:chosen", args=[own.pk])))
    assert chosen == {
        "step": "chosen",
        "result": {"id": str(own.pk), "title": "Een vraag", "edit_url": url("detail", own.pk)},
    }


@pytest.mark.django_db(transaction=True)
def test_a_package_is_brought_in_from_within_a_lesson(client, trainer, home, monkeypatch):
    """And no transaction is open while it is read: others write meanwhile."""
    address, read = reverse("package_chooser:create"), imports.open_package

    def reading(*args, **kwargs):
        assert not connection.in_atomic_block
        return read(*args, **kwargs)

    monkeypatch.setattr("media.services.imports.open_package", reading)
    chosen = modal(client.post(address, {"title": "Uit de les", "file": upload()}))
    made = Package.objects.get()
    assert (chosen["step"], chosen["result"]["id"], made.organisation) == ("chosen", str(made.pk), home)


@pytest.mark.django_db(transaction=True)
def test_a_refusal_stands_in_the_form_within_the_lesson(client, trainer):
    bad = upload(package({"content/a.php": b"x"}))
    shown = modal(client.post(reverse("package_chooser:create"), {"title": "x", "file": bad}))
    assert shown["step"] == "reshow_creation_form"
    assert "“content/a.php” is a kind of file that is not allowed there." in shown["htmlFragment"]
    assert (Package.objects.count(), PackageImport.objects.count()) == (0, 0)


def test_the_block_keeps_the_key(own):
    block = PackageChooserBlock()
    assert block.get_prep_value(own) == str(own.pk)
    assert block.to_python(str(own.pk)) == own
    assert block.to_python("00000000-0000-0000-0000-000000000000") is None


def test_the_editor_of_a_lesson_opens_with_the_package_in_it(own, client, trainer):
    shown = PackageChooserBlock().get_form_state(own)
    assert json.loads(json.dumps(shown)) == {
        "id": str(own.pk),
        "title": own.title,
        "edit_url": url("detail", own.pk),
    }
