"""A programme as a zip file: out, in as from a stranger, and nothing before somebody confirmed it."""

import io
import stat
import warnings
import zipfile
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.models import Page, PageLogEntry, Revision
from wagtail.users.models import UserProfile

from cms.importing import FOLDER
from cms.loading import Loader
from cms.models import CataloguePage, CoursePage, LessonPage
from cms.programmes import read_programme, read_site
from courses.models import ActivityVersion, Course, Programme
from courses.services.enrolments import enrol
from people.models import Organisation, Role
from tests.cms import made_pages as made
from tests.cms.made_pages import syllabus
from tests.cms.programmes.sound_files import SITE_FILES, write_files
from tests.cms.programmes.test_media_files import FILE_TEXT, SOUND
from tests.cms.test_editor import somebody
from tests.cms.test_loading import FILES as PROGRAMME_FILES
from tests.cms.test_loading import LESSON_PATH as LESSON
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private(settings, tmp_path):
    storage = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private"}}
    settings.STORAGES = {**settings.STORAGES, "private": storage}


@pytest.fixture
def loaded(tmp_path):
    if Page.objects.filter(depth=1).first() is None:
        Page.add_root(instance=Page(title="Root", slug="root"))
    Loader().load_site(read_site(write_files(tmp_path / "site", SITE_FILES)))
    Loader().load_programme(read_programme(write_files(tmp_path / "programme", PROGRAMME_FILES)))


@pytest.fixture
def trainer(loaded, client, now):
    person = somebody(Role.TRAINER, now)
    client.force_login(person)
    return person


def packed(files, **options):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return made.getvalue()


def upload(client, content, **more):
    file = SimpleUploadedFile("programma.zip", content, content_type="application/zip")
    return client.post(reverse("programmes"), {"file": file, **more}, follow=True)


def confirm(client, response):
    form = response.context["report"]
    where = response.request["PATH_INFO"]
    return client.post(where, {"confirmed": form.fingerprint}, follow=True)


def state():
    """Everything that could change."""
    pages = Page.objects.order_by("pk").values_list("pk", "title", "live", "latest_revision_id", "path")
    return (
        syllabus(),
        list(pages),
        Revision.objects.count(),
        list(Programme.objects.order_by("pk").values_list()),
        PageLogEntry.objects.count(),
    )


def left():
    storage = storages["private"]
    return storage.listdir(FOLDER)[1] if storage.exists(FOLDER) else []


def changed(old, new):
    files = {name: text.replace(old, new) for name, text in PROGRAMME_FILES.items()}
    assert files != PROGRAMME_FILES
    return files


def test_what_is_downloaded_can_be_brought_in_and_changes_nothing(trainer, client):
    zipped = client.get(reverse("download_programme", args=["proef"]))
    assert zipped["Content-Disposition"] == 'attachment; filename="programma.zip"'
    assert zipped.content == client.get(reverse("download_programme", args=["proef"])).content
    before = state()
    response = upload(client, zipped.content)
    report = response.context["report"]
    assert (report.created, report.updated, report.withdrawn, report.left_alone) == ([], [], [], [])
    assert report.unchanged == len(Page.objects.type(CoursePage)) + len(LessonPage.objects.all()) + 1
    assert state() == before


def test_the_report_says_what_would_change_and_for_whom_and_changes_nothing(trainer, client, now):
    course = Course.objects.get()
    enrol(learner=PersonFactory(), course=course, cohort=None, alias="Noor", now=now)
    version = ActivityVersion.objects.filter(specification__has_key="question").first()
    words = version.specification["question"]
    before = state()
    response = upload(client, packed(changed(words, "Wat past nu?")))
    lesson = version.activity.lesson.title
    report = response.context["report"]
    assert (report.created, report.updated, report.withdrawn) == ([], [lesson], [])
    assert [
        (title, affected.under_way, [change.name for change in affected.changes])
        for title, affected in report.noticed
    ] == [(lesson, 1, [words])]
    assert "Noor" not in response.text
    assert state() == before
    done = confirm(client, response)
    assert done.redirect_chain[-1][0] == reverse("programmes")
    newest = ActivityVersion.objects.filter(activity=version.activity).latest("number")
    assert newest.specification["question"] == "Wat past nu?"
    assert left() == []


def test_a_text_that_was_brought_in_can_be_brought_in_again(trainer, client):
    """Somebody's upload is no change of theirs in the editor."""
    title = LessonPage.objects.first().title
    for old, new in ((title, "Anders"), (title, "Nog anders")):
        response = upload(client, packed(changed(old, new)))
        assert response.context["report"].left_alone == []
        confirm(client, response)
    assert LessonPage.objects.filter(title="Nog anders").exists()
    deeds = PageLogEntry.objects.filter(action="leerhuis.uploaded")
    assert [deed.user for deed in deeds] == [trainer, trainer]


def test_what_changed_between_report_and_confirmation_is_said_and_nothing_done(trainer, client, now):
    title = LessonPage.objects.first().title
    response = upload(client, packed(changed(title, "Anders")))
    page = LessonPage.objects.get(title=title)
    with time_machine.travel(timezone.now()):
        made.change(page, title="Van een ander")
    PageLogEntry.objects.create(
        page=page,
        action="wagtail.edit",
        user=trainer,
        timestamp=timezone.now(),
        content_type=page.cached_content_type,
        label=page.title,
    )
    before = state()
    again = confirm(client, response)
    assert gettext("Something changed in the meantime. Look once more at what would change.") in unescape(
        again.text
    )
    assert again.context["report"].left_alone == ["Van een ander"]
    assert state() == before


def test_who_decides_against_it_leaves_nothing_behind(trainer, client):
    response = upload(client, packed(PROGRAMME_FILES))
    assert len(left()) == 1
    client.post(f"{response.request['PATH_INFO']}weg/")
    assert left() == []
    assert client.get(response.request["PATH_INFO"]).status_code == 404


def test_an_upload_that_nobody_confirms_is_swept(trainer, client):
    upload(client, packed(PROGRAMME_FILES))
    call_command("sweep_uploads", verbosity=0)
    assert len(left()) == 1
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        call_command("sweep_uploads", verbosity=0)
    assert left() == []


def test_another_person_does_not_find_an_upload(trainer, client, now):
    address = upload(client, packed(PROGRAMME_FILES)).request["PATH_INFO"]
    client.force_login(somebody(Role.EDITOR, now))
    assert client.get(address).status_code == 404
    assert client.post(address, {"confirmed": ""}).status_code == 404
    client.post(f"{address}weg/")
    assert len(left()) == 1


# --- whose it is ----------------------------------------------------------------------------------------------------
OTHERS = changed("key: proef", "key: ander")


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.COORDINATOR])
def test_who_writes_nothing_has_no_such_screen(loaded, client, now, role):
    client.force_login(somebody(role, now))
    assert client.get(reverse("programmes")).status_code in {302, 404}
    assert client.get(reverse("download_programme", args=["proef"])).status_code in {302, 404}


def test_a_trainer_brings_in_no_programme_of_others_nor_a_new_one(trainer, client, now):
    before = state()
    assert upload(client, packed(OTHERS)).status_code == 422
    stranger = PersonFactory()
    other = made.make_course(CataloguePage.objects.get(), "Een andere cursus")
    made.trains(stranger, other)
    client.force_login(stranger)
    before = state()
    assert upload(client, packed(PROGRAMME_FILES)).status_code == 422
    assert client.get(reverse("download_programme", args=["proef"])).status_code == 404
    assert (state(), left()) == (before, [])


def test_a_trainer_gives_their_course_to_no_other_organisation(trainer, client):
    name = Programme.objects.get(key="proef").organisation.name
    Organisation.objects.create(name="Ander Huis", slug="ander-huis")
    before = state()
    response = upload(client, packed(changed(f"organisation: {name}", "organisation: Ander Huis")))
    assert (response.status_code, state()) == (422, before)


def test_an_editor_brings_in_a_new_programme(loaded, client, now):
    client.force_login(somebody(Role.EDITOR, now))
    files = {name: text.replace("slug: proef", "slug: ander") for name, text in OTHERS.items()}
    confirm(client, upload(client, packed(files)))
    assert Programme.objects.filter(key="ander").exists()


# --- as from a stranger ---------------------------------------------------------------------------------------------
def with_member(name, text="x", **attributes):
    made = io.BytesIO(packed(PROGRAMME_FILES))
    with zipfile.ZipFile(made, "a") as archive:
        entry = zipfile.ZipInfo("gewoon.md")
        entry.filename = name  # past what zipfile mends
        for attribute, value in attributes.items():
            setattr(entry, attribute, value)
        with warnings.catch_warnings(action="ignore"):  # of names that are there already
            archive.writestr(entry, text)
    return made.getvalue()


def overlapping():
    made = bytearray(packed({"a.md": "x" * 100, "b.md": "y" * 100}))
    first, second = made.find(b"PK\x01\x02"), made.rfind(b"PK\x01\x02")
    made[second + 42 : second + 46] = made[first + 42 : first + 46]
    return bytes(made)


def encrypted():
    made = bytearray(packed(PROGRAMME_FILES))
    made[made.find(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(f'*{before}' for _ in range(9))}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
BAD = {
    "no zip": b"dit is geen zip",
    "empty": b"",
    "truncated": packed(PROGRAMME_FILES)[:-40],
    "climbing": with_member("../x.md"),
    "climbing inside": with_member("01-een/../../x.md"),
    "absolute": with_member("/etc/x.md"),
    "backslash": with_member("map\\x.md"),
    "drive": with_member("C:\\x.md"),
    "colon": with_member("a:b.md"),
    "device": with_member("CON"),
    "device with ending": with_member("01-een/nul.md"),
    "trailing dot": with_member("x.md."),
    "hidden": with_member(".htaccess"),
    "twice": with_member("programme.yaml"),
    "twice by case": with_member("Programme.yaml"),
    "twice by form": packed({**PROGRAMME_FILES, "01-een/caf\u00e9.md": "x", "01-een/cafe\u0301.md": "x"}),
    "link": with_member("x.md", "/etc/passwd", external_attr=(stat.S_IFLNK | 0o777) << 16),
    "encrypted": encrypted(),
    "overlapping": overlapping(),
    "ratio bomb": with_member("x.md", "0" * 30_000_000, compress_type=zipfile.ZIP_DEFLATED),
    "too many": packed({f"{number}.md": "x" for number in range(3_001)}),
    "too deep": with_member("a/b/c/d/e/f/x.md"),
    "nested zip": with_member("x.zip", packed(PROGRAMME_FILES)),
    "no programme": packed({"x.md": "x"}),
    "php": with_member("x.php"),
    "yaml bomb": packed({**PROGRAMME_FILES, "programme.yaml": BOMB}),
    "unknown kind": packed(
        {**PROGRAMME_FILES, LESSON: PROGRAMME_FILES[LESSON] + "\n::: toverij x\nx\n:::\n"}
    ),
    "no recording": packed({**PROGRAMME_FILES, **SOUND, "media/gesprek.webm": b"<html>"}),
    "not utf-8": packed({**PROGRAMME_FILES, LESSON: b"\xff\xfe\xfd"}),
    "same key twice": packed(
        {**PROGRAMME_FILES, LESSON.replace(".md", "-b.md").replace("/1", "/2", 1): PROGRAMME_FILES[LESSON]}
    ),
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused_with_a_sentence_and_leaves_nothing(
    trainer, client, content, settings, tmp_path
):
    before = state()
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    response = upload(client, content)
    if content:
        assert response.status_code == 422
        assert [sentence for sentence in response.context["sentences"] if len(sentence) < 15] == []
        assert response.context["sentences"]
    else:
        assert response.context["form"].errors["file"]
    assert (state(), left()) == (before, [])
    assert list(tmp_path.rglob("leerhuis-*")) == []


def test_what_is_wrong_is_said_with_its_file_and_line(trainer, client):
    files = {**PROGRAMME_FILES, LESSON: PROGRAMME_FILES[LESSON].replace("part: les", "part: nergens")}
    sentence = upload(client, packed(files)).context["sentences"][0]
    assert sentence.startswith(
        gettext("%(path)s, line %(line)s: %(message)s") % {"path": LESSON, "line": 4, "message": ""}
    )


BROKEN = {
    LESSON: PROGRAMME_FILES[LESSON].replace("part: les", "part: nergens") + "\n::: aside\nTekst.\n:::\n",
    "01-begin/session.md": PROGRAMME_FILES["01-begin/session.md"] + "Een\ttab.\n",
    "programme.yaml": PROGRAMME_FILES["programme.yaml"].replace("language: nl", "language: a: b"),
}
SAID = {
    "nl": [
        f"{LESSON}, regel 4: Bij 'part' staat 'nergens'. Kies een van deze: vooraf, bijeenkomst, achteraf, les.",
        f"{LESSON}, regel 18: Dit blok heeft geen titel. Schrijf die achter '::: aside'.",
        "01-begin/session.md, regel 8: In deze regel staat een tab. Haal dat weg; spring in met spaties.",
        "course.md, regel 1: Dit bestand is niet te lezen (het ontbreekt). Controleer of het er is en gelezen mag worden.",
        (
            "programme.yaml, regel 6: De YAML klopt niet: hier mag geen dubbele punt met een waarde staan. "
            "Zet aanhalingstekens om tekst met een dubbele punt, '#' of aanhalingstekens."
        ),
    ],
    "en": [
        f"{LESSON}, line 4: 'part' must be one of vooraf, bijeenkomst, achteraf, les, not 'nergens'.",
        f"{LESSON}, line 18: This block has no title. Write it after '::: aside'.",
        "01-begin/session.md, line 8: This line holds a tab. Remove it; indent with spaces.",
        "course.md, line 1: This file cannot be read (No such file or directory). Check that it exists and may be read.",
        (
            "programme.yaml, line 6: Broken YAML: mapping values are not allowed here. "
            "Text with a colon, '#' or quotes needs quotes around it."
        ),
    ],
}


@pytest.mark.parametrize("language", SAID)
def test_what_is_wrong_is_said_in_the_language_of_who_uploads(trainer, client, language):
    UserProfile.objects.update_or_create(user=trainer, defaults={"preferred_language": language})
    files = {**PROGRAMME_FILES, **BROKEN}
    del files["course.md"]
    response = upload(client, packed(files))
    assert response.context["sentences"] == SAID[language]


def test_what_is_wrong_with_a_recording_is_said_in_dutch(trainer, client):
    files = {**PROGRAMME_FILES, **SOUND, "media/gesprek.md": FILE_TEXT.replace("6.01", "600")}
    (sentence,) = upload(client, packed(files)).context["sentences"]
    assert sentence == (
        "media/gesprek.md, regel 1: Bij 'seconds' staat 600, maar het bestand duurt 6.01. Verbeter 'seconds'."
    )


def test_what_cannot_be_written_is_said_in_dutch(trainer, client):
    lesson = LessonPage.objects.first()
    LessonPage.objects.filter(pk=lesson.pk).update(note="Een **vette** noot")
    response = client.get(reverse("download_programme", args=["proef"]), follow=True)
    told = [str(message) for message in response.context["messages"]]
    assert told == [
        (
            "Een les (01-het-begin/10-een-les.md): “note: Een **vette** noot”: "
            "'note' is gewone tekst; haal de Markdown-tekens weg."
        ),
        "Er is niets geschreven.",
    ]
