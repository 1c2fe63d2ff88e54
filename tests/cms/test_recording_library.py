"""Bringing files in the editor: by whom, which, how large; nothing stays of what is refused."""

import os
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, ReferenceIndex

from cms.readability import Gap, hints
from cms.roles import give_roles_their_permissions
from media.models import Handout, Recording
from people.models import Role
from people.services.roles import grant_role
from tests.cms import made_pages as made
from tests.courses.activity_samples import FIELDS
from tests.factories import OrganisationFactory, PersonFactory
from tests.recordings import CAPTIONS, FILES, TRANSCRIPT, file_for, make_document, make_recording

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    files = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private"}}
    settings.STORAGES = {**settings.STORAGES, "private": files}
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    (tmp_path / "uploads").mkdir()
    return tmp_path


def kept(folder):
    """Every file that lies anywhere below."""
    return sorted(path.suffix for path in folder.rglob("*") if path.is_file())


def somebody(role):
    person = PersonFactory()
    grant_role(user=person, role=role, organisation=OrganisationFactory(), now=timezone.now())
    client = Client()
    client.force_login(person)
    client.person = person
    return client


@pytest.fixture
def trainer(tree):
    give_roles_their_permissions()
    return somebody(Role.TRAINER)


def upload(client, kind, name, content=None, **more):
    content = (FILES / name).read_bytes() if content is None else content
    data = {
        "title": "Gesprek",
        "language": "nl",
        "file": SimpleUploadedFile(name, content),
        "transcript": "",
        **more,
    }
    return client.post(reverse("wagtailmedia:add", args=[kind]), data)


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("video", "gesprek.webm"),
        ("video", "gesprek.mp4"),
        ("audio", "rust.mp3"),
        ("audio", "rust.ogg"),
        ("audio", "rust.m4a"),
    ],
)
def test_a_trainer_brings_a_recording(trainer, kind, name):
    captions = SimpleUploadedFile("gesprek.vtt", CAPTIONS.encode())
    assert upload(trainer, kind, name, captions_file=captions).status_code == 302
    recording = Recording.objects.get()
    assert (recording.type, recording.ending, recording.size) == (
        kind,
        name.partition(".")[2],
        (FILES / name).stat().st_size,
    )
    assert (recording.captions, recording.transcript, recording.by_hand) == (CAPTIONS, TRANSCRIPT, True)
    assert round(recording.duration) == 6
    assert "gesprek" not in recording.file.name


def test_a_recording_without_a_title_is_called_as_its_file(trainer):
    upload(trainer, "audio", "rust.mp3", title="")
    assert Recording.objects.get().title == "rust"


def test_a_document_without_a_title_is_called_as_its_file(trainer):
    document = SimpleUploadedFile("mijn_blad.pdf", (FILES / "blad.pdf").read_bytes())
    trainer.post(reverse("wagtaildocs:add"), {"title": "", "file": document})
    assert Handout.objects.get().title == "mijn blad"


def test_the_library_lists_and_finds_recordings_by_their_title(trainer):
    upload(trainer, "audio", "rust.mp3", title="Rust aan zee")
    upload(trainer, "audio", "rust.ogg", title="Een gesprek")
    for address in (reverse("wagtailmedia:index"), reverse("wagtailmedia:chooser")):
        whole = trainer.get(address).content.decode()
        found = trainer.get(address, {"q": "zee"}).content.decode()
        assert [name in whole for name in ("Rust aan zee.mp3", "Een gesprek.ogg")] == [True, True]
        assert [name in found for name in ("Rust aan zee.mp3", "Een gesprek.ogg")] == [True, False]
        assert Recording.objects.first().file.name.rpartition("/")[2] not in whole


@pytest.mark.parametrize(
    ("kind", "name", "content"),
    [
        ("video", "gesprek.webm", b""),
        ("video", "gesprek.webm", b"<html><script>alert(1)</script>"),
        ("video", "gesprek.mp4", (FILES / "gesprek.webm").read_bytes()),
        ("video", "rust.mp3", None),
        ("audio", "gesprek.webm", None),
        ("video", "gesprek.avi", b"RIFF    AVI "),
        ("video", "gesprek.php", (FILES / "gesprek.webm").read_bytes()),
        ("video", "gesprek", (FILES / "gesprek.webm").read_bytes()),
        ("video", "..webm", b"%PDF-1.4"),
    ],
)
def test_what_is_no_such_file_is_refused_and_leaves_nothing(trainer, private_files, kind, name, content):
    answer = upload(trainer, kind, name, content)
    assert answer.status_code == 200
    assert list(errors_of(answer)) == ["file"]
    assert Recording.objects.count() == 0
    assert kept(private_files) == []


def test_a_file_that_is_too_large_is_refused_with_the_limit_and_is_not_kept(trainer, private_files, settings):
    settings.RECORDING_MOST_BYTES = 4 * 1024**2
    seen = []

    class Endless(BytesIO):
        """An upload that looks how much of it lies on the disk while it is read."""

        def read(self, size=-1):
            seen.append(sum(path.stat().st_size for path in private_files.rglob("*") if path.is_file()))
            return super().read(size)

    boundary = "grens"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="title"\r\n\r\nGroot\r\n'.encode()
    part = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="groot.webm"\r\n\r\n'.encode()
    )
    body = (
        head
        + part
        + (FILES / "gesprek.webm").read_bytes()
        + os.urandom(12 * 1024**2)
        + f"\r\n--{boundary}--\r\n".encode()
    )
    answer = trainer.generic(
        "POST",
        reverse("wagtailmedia:add", args=["video"]),
        b"",
        CONTENT_TYPE=f"multipart/form-data; boundary={boundary}",
        CONTENT_LENGTH=str(len(body)),
        **{"wsgi.input": Endless(body)},
    )
    assert answer.status_code == 200
    assert errors_of(answer)["file"] == [
        "Dit bestand is groter dan 4 MB. Maak het kleiner, of knip het in delen."
    ]
    assert max(seen) <= settings.RECORDING_MOST_BYTES
    assert (Recording.objects.count(), kept(private_files)) == (0, [])


def test_captions_that_are_none_are_refused_with_line_and_reason(trainer, private_files):
    broken = SimpleUploadedFile("x.vtt", b"WEBVTT\n\n00:05.000 --> 00:04.000\nHoi\n")
    answer = upload(trainer, "video", "gesprek.webm", captions_file=broken)
    assert errors_of(answer) == {"captions_file": ["Regel 3: Deze ondertitel eindigt voordat hij begint."]}
    assert (Recording.objects.count(), kept(private_files)) == (0, [])


def test_a_recording_that_does_not_say_how_long_it_lasts_is_asked_for_its_seconds(trainer):
    silent = b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + b"\x00" * 200
    assert list(errors_of(upload(trainer, "video", "stil.webm", silent))) == ["duration"]
    assert upload(trainer, "video", "stil.webm", silent, duration="93").status_code == 302
    assert Recording.objects.get().duration == 93


def choose_by_upload(client, kind, name, content=None, **more):
    """As the dialog sends it, in which a recording is chosen."""
    content = (FILES / name).read_bytes() if content is None else content
    data = {
        "title": "",
        "language": "nl",
        "file": SimpleUploadedFile(name, content),
        "transcript": "",
        **more,
    }
    address = reverse("wagtailmedia:chooser_upload", args=[kind])
    return client.post(address, {f"media-chooser-upload-{field}": value for field, value in data.items()})


def test_what_is_brought_in_the_dialog_is_chosen(trainer):
    answer = choose_by_upload(trainer, "audio", "rust.mp3", tags="rust, adem")
    recording = Recording.objects.get()
    assert (recording.title, recording.type, sorted(recording.tags.names())) == (
        "rust",
        "audio",
        ["adem", "rust"],
    )
    chosen = {
        "id": recording.pk,
        "title": "rust",
        "edit_url": reverse("wagtailmedia:edit", args=[recording.pk]),
    }
    assert (answer.status_code, answer.json()) == (200, {"step": "media_chosen", "result": chosen})


def test_the_dialog_is_told_by_field_what_is_wrong_and_nothing_is_kept(trainer, private_files):
    broken = SimpleUploadedFile("x.vtt", b"WEBVTT\n\n00:05.000 --> 00:04.000\nHoi\n")
    answer = choose_by_upload(trainer, "video", "gesprek.webm", b"", captions_file=broken)
    told = {
        "media-chooser-upload-file": ["Het verstuurde bestand is leeg."],
        "media-chooser-upload-captions_file": ["Regel 3: Deze ondertitel eindigt voordat hij begint."],
    }
    assert (answer.status_code, answer.json()) == (422, {"fields": told, "whole": []})
    assert (Recording.objects.count(), kept(private_files)) == (0, [])


def test_the_dialog_takes_nothing_of_an_address_that_is_opened(trainer):
    assert trainer.get(reverse("wagtailmedia:chooser_upload", args=["video"])).status_code == 405


def test_the_words_of_a_recording_change_and_its_file_does_not(trainer):
    recording = make_recording(uploaded_by=trainer.person)
    before = recording.file.name
    other = SimpleUploadedFile("rust.webm", (FILES / "gesprek.webm").read_bytes()[:-5])
    data = {
        "title": "Nieuw",
        "language": "nl",
        "transcript": "Anders\r\ngezegd",
        "duration": "6",
        "file": other,
    }
    assert trainer.post(reverse("wagtailmedia:edit", args=[recording.pk]), data).status_code == 302
    recording.refresh_from_db()
    assert (recording.title, recording.transcript, recording.file.name) == ("Nieuw", "Anders\ngezegd", before)
    assert recording.captions == CAPTIONS


@pytest.mark.parametrize("kind", ["video", "download"])
def test_what_a_lesson_uses_is_not_thrown_away(trainer, tree, kind):
    block = made.block(kind, {**FIELDS[kind], "required": True, **file_for(kind)})
    page = made.make_lesson(tree.first, "Kijken", block)
    ReferenceIndex.create_or_update_for_object(made.fresh(page))
    made.trains(trainer.person, tree.course)
    thing = Recording.objects.get() if kind == "video" else Handout.objects.get()
    address = reverse("wagtailmedia:delete" if kind == "video" else "wagtaildocs:delete", args=[thing.pk])
    answer = trainer.post(address, follow=True)
    assert "hoort bij een les" in answer.content.decode()
    thing.refresh_from_db()
    assert thing.file.storage.exists(thing.file.name)


def test_what_no_lesson_uses_goes_with_its_file(trainer, private_files, django_capture_on_commit_callbacks):
    recording = make_recording(uploaded_by=trainer.person)
    with django_capture_on_commit_callbacks(execute=True):
        assert trainer.post(reverse("wagtailmedia:delete", args=[recording.pk])).status_code == 302
    assert (Recording.objects.count(), kept(private_files)) == (0, [])


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.COORDINATOR])
def test_who_does_not_write_brings_nothing(tree, private_files, role):
    give_roles_their_permissions()
    client = somebody(role)
    assert upload(client, "video", "gesprek.webm").status_code in {302, 403}
    assert choose_by_upload(client, "video", "gesprek.webm").status_code in {302, 403}
    recording, document = make_recording(), make_document()
    for door, pk in (("opname", recording.pk), ("blad", document.pk), ("ondertitels", recording.pk)):
        assert client.get(reverse("editor_file", args=[door, pk])).status_code == 404
        assert Client().get(reverse("editor_file", args=[door, pk])).status_code == 302
    assert Recording.objects.count() == 1


def test_who_brought_a_file_looks_at_it_in_the_editor(trainer):
    recording, document = (make(uploaded_by=trainer.person) for make in (make_recording, make_document))
    for thing in (recording, document):
        answer = trainer.get(thing.url)
        assert (answer.status_code, answer.getvalue()) == (200, thing.file.read())
        thing.file.close()
    assert trainer.get(reverse("editor_file", args=["niets", 1])).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "taken"),
    [
        ("blad.pdf", None, True),
        ("blad.txt", b"Mijn steunkaart", True),
        ("blad.pdf", b"", False),
        ("blad.pdf", b"<html>", False),
        ("blad.docx", b"PK\x03\x04 niets", False),
        ("blad.docx", b"PK\x03\x04 word/document.xml vbaProject.bin", False),
        ("blad.exe", b"MZ\x00\x01", False),
        ("blad.txt", b"MZ\x00\x01", False),
        ("blad.html", b"<html>", False),
        ("blad.svg", b"<svg/>", False),
    ],
)
def test_a_document_is_what_it_says_or_is_refused(trainer, private_files, name, content, taken):
    content = (FILES / name).read_bytes() if content is None else content
    data = {"title": "Blad", "file": SimpleUploadedFile(name, content)}
    trainer.post(
        reverse("wagtaildocs:add_multiple"),
        {"title": "Blad", "collection": Collection.get_first_root_node().pk, "files[]": data["file"]},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    assert (Handout.objects.count(), len(kept(private_files))) == ((1, 1) if taken else (0, 0))


def test_the_editor_says_what_a_recording_lacks_for_some(tree):
    bare = make_recording(captions="", transcript="")
    page = made.make_lesson(
        tree.first, "Kijken", made.block("video", {"question": "Kijk.", "recording": bare.pk})
    )
    key = page.body[0].id
    assert hints(page).gaps == (Gap("captions", bare.title, key), Gap("transcript", bare.title, key))
    whole = made.block("video", {"question": "Kijk.", "recording": make_recording().pk})
    assert hints(made.make_lesson(tree.first, "Nog een", whole)).gaps == ()


def test_the_editor_says_to_which_answer_nothing_is_said(tree):
    block = made.choice()
    block["value"]["options"][1]["value"]["feedback"] = " "
    page = made.make_lesson(tree.first, "Vraag", block, live=False)
    assert hints(page).gaps == (Gap("reaction", "Ernaast staan", page.body[0].id),)
