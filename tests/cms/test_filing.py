"""Files of a programme into the library: once, and nothing of them where something is refused."""

import pytest
from django.core.management import CommandError, call_command

from cms.loading import Loader
from cms.models import LessonPage
from cms.programmes import read_programme, read_site
from cms.roles import give_roles_their_permissions
from courses.models import ActivityVersion
from media.models import Handout, Recording
from people.models import Role
from people.services.roles import grant_role
from tests.cms.programmes.sound_files import PROGRAMME_FILES, SITE_FILES, write_files
from tests.cms.programmes.test_media_files import FILE_TEXT, SOUND
from tests.factories import OrganisationFactory, PersonFactory
from tests.recordings import FILES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    files = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private"}}
    settings.STORAGES = {**settings.STORAGES, "private": files}
    Loader().load_site(read_site(write_files(tmp_path / "site", SITE_FILES)))
    return tmp_path / "private"


@pytest.fixture
def folder(tmp_path):
    return write_files(tmp_path / "proef", {**PROGRAMME_FILES, **SOUND})


def load(folder, **options):
    return Loader(**options).load_programme(read_programme(folder))


def kept(private_files):
    return len([path for path in private_files.rglob("*") if path.is_file()])


def test_loading_twice_makes_one_file_each_and_changes_nothing(folder, private_files):
    load(folder)
    assert load(folder).changed is False
    recording, document = Recording.objects.get(), Handout.objects.get()
    assert (recording.title, recording.language, recording.duration, recording.type) == (
        "Gesprek in de bus",
        "nl",
        6.01,
        "video",
    )
    assert (recording.text_name, document.text_name, kept(private_files)) == ("gesprek", "kaart", 2)
    with recording.file.open() as content:
        assert content.read() == SOUND["media/gesprek.webm"]


def test_who_uploads_a_programme_meets_only_files_of_their_own(folder, tmp_path, now):
    """Another's file with the same content is left as it is, and kept a second time."""
    load(folder)
    writer = PersonFactory()
    give_roles_their_permissions()
    grant_role(user=writer, role=Role.TRAINER, organisation=OrganisationFactory(), now=now)
    text = {"media/gesprek.md": FILE_TEXT.replace("Gesprek in de bus", "Gekaapt")}
    theirs = write_files(tmp_path / "theirs", {**PROGRAMME_FILES, **SOUND, **text})
    load(theirs, writer=writer, overwrite=True)
    recordings = Recording.objects.order_by("pk").values_list("title", "uploaded_by_user")
    assert list(recordings) == [("Gesprek in de bus", None), ("Gekaapt", writer.pk)]
    load(theirs, writer=writer, overwrite=True)
    assert (Recording.objects.count(), Handout.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"media/gesprek.vtt": "WEBVTT\n\n00:05.000 --> 00:04.000\nHoi\n"}, "media/gesprek.vtt:3: "),
        ({"media/gesprek.vtt": "Geen ondertitels\n"}, "media/gesprek.vtt:1: "),
        ({"media/gesprek.webm": b"<html>"}, "media/gesprek.webm:1: "),
        ({"media/gesprek.webm": b""}, "media/gesprek.webm:1: "),
        ({"media/gesprek.webm": (FILES / "gesprek.mp4").read_bytes()}, "media/gesprek.webm:1: "),
        ({"media/gesprek.md": FILE_TEXT.replace("6.01", "600")}, "media/gesprek.md:1: 'seconds' says 600"),
        ({"media/kaart.pdf": b"MZ\x00"}, "media/kaart.pdf:1: "),
    ],
    ids=range(7),
)
def test_what_cannot_be_used_is_refused_with_its_place_and_changes_nothing(
    folder, private_files, changed, said
):
    write_files(folder, changed)
    with pytest.raises(CommandError) as refused:
        call_command("load_programme", str(folder))
    assert str(refused.value).startswith(f"{folder}/{said}")
    assert str(refused.value).endswith("\nNothing was changed.")
    assert (Recording.objects.count(), Handout.objects.count(), LessonPage.objects.count()) == (0, 0, 0)
    assert kept(private_files) == 0


def test_other_words_for_a_recording_publish_its_lesson_again(folder):
    load(folder)
    write_files(folder, {"media/gesprek.md": FILE_TEXT.replace("Het gaat.", "Het gaat wel.")})
    assert sorted(load(folder).updated) == ["Een les", "Gesprek in de bus"]
    newest = ActivityVersion.objects.filter(activity__kind="video").order_by("-number").first()
    assert newest.specification["transcript"].endswith("Het gaat wel.")


def test_what_somebody_changed_in_the_library_stays_until_the_text_overwrites_it(folder):
    load(folder)
    Recording.objects.update(transcript="Beter geschreven.", by_hand=True)
    assert load(folder).left_alone == ["Gesprek in de bus"]
    assert Recording.objects.get().transcript == "Beter geschreven."
    load(folder, overwrite=True)
    assert Recording.objects.get().transcript == "Mirjam: Hoe is het?\n\nKemal: Het gaat."
