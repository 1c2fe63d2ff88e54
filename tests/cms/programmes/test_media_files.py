"""Files of a programme: named by a bare name, described by a text, and never found anywhere but in media/."""

import pytest

from cms.programmes import ProgrammeErrors, read_programme
from cms.programmes.minutes import lesson_minutes
from cms.programmes.writing import said, save_files, save_media, write_programme
from tests.cms.programmes.sound_files import LESSON_HEAD, LESSON_PATH, PROGRAMME_FILES, write_files
from tests.recordings import CAPTIONS, FILES

WATCH = "::: video kijken\nKijk naar het gesprek.\n\nfile> gesprek.webm\n:::\n"
TAKE = "::: download kaart\nJe steunkaart.\n\nfile> kaart.pdf\nbutton> Ik heb hem\n:::\n"
FILE_TEXT = "---\ntitle: Gesprek in de bus\nlanguage: nl\nseconds: 6.01\n---\nMirjam: Hoe is het?\n\nKemal: Het gaat.\n"
SOUND = {
    LESSON_PATH: LESSON_HEAD + WATCH + TAKE,
    "media/gesprek.webm": (FILES / "gesprek.webm").read_bytes(),
    "media/gesprek.md": FILE_TEXT,
    "media/gesprek.vtt": CAPTIONS,
    "media/kaart.pdf": (FILES / "blad.pdf").read_bytes(),
    "media/kaart.md": "---\ntitle: Steunkaart\n---\n",
}


def folder_with(tmp_path, **changed):
    files = {**PROGRAMME_FILES, **SOUND, **{name.replace("__", "/"): text for name, text in changed.items()}}
    return write_files(tmp_path / "proef", files)


def errors_of(folder):
    with pytest.raises(ProgrammeErrors) as refused:
        read_programme(folder)
    return [(error.path, error.line, error.message.partition(".")[0]) for error in refused.value.errors]


def test_a_file_comes_with_what_its_text_says(tmp_path):
    recording, document = read_programme(folder_with(tmp_path)).files
    assert (recording.name, recording.title, recording.language, recording.seconds) == (
        "gesprek.webm",
        "Gesprek in de bus",
        "nl",
        "6.01",
    )
    assert (recording.transcript, recording.captions) == ("Mirjam: Hoe is het?\n\nKemal: Het gaat.", CAPTIONS)
    assert (document.name, document.title, document.seconds, document.captions) == (
        "kaart.pdf",
        "Steunkaart",
        "",
        "",
    )
    with recording.opened() as content:
        assert content.read() == SOUND["media/gesprek.webm"]


def test_a_programme_with_files_is_written_as_it_was_read(tmp_path):
    programme = read_programme(folder_with(tmp_path))
    written = write_programme(programme)
    save_files(tmp_path / "uit", written)
    save_media(tmp_path / "uit", programme.files)
    assert said(read_programme(tmp_path / "uit")) == said(programme)
    for name in SOUND:
        if name.startswith("media/"):
            assert (tmp_path / "uit" / name).read_bytes() == (tmp_path / "proef" / name).read_bytes()


def test_a_recording_takes_as_long_as_it_lasts(tmp_path):
    programme = read_programme(
        folder_with(tmp_path, **{"media/gesprek.md": FILE_TEXT.replace("6.01", "120")})
    )
    (lesson,) = programme.sessions[0].lessons
    assert lesson_minutes(lesson, programme.files) - lesson_minutes(lesson) == pytest.approx(2)


@pytest.mark.parametrize(
    "name",
    [
        "../gesprek.webm",
        "/etc/passwd",
        "media/gesprek.webm",
        "..\\gesprek.webm",
        "C:\\gesprek.webm",
        "gesprek.webm/../../x.webm",
        "Gesprek.webm",
        "gesprek.exe",
        "gesprek.mp3",
        ".webm",
        "gesprek",
        "x" * 81 + ".webm",
    ],
)
def test_a_name_that_is_no_bare_name_of_a_fitting_file_is_refused(tmp_path, name):
    lesson = LESSON_HEAD + WATCH.replace("gesprek.webm", name) + TAKE
    with pytest.raises(ProgrammeErrors) as refused:
        read_programme(folder_with(tmp_path, **{LESSON_PATH: lesson}))
    (error,) = [error for error in refused.value.errors if error.path == LESSON_PATH]
    assert (error.line, "names no file of media/ that fits here" in error.message) == (10, True)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"media/gesprek.webm": None}, (LESSON_PATH, 7, "There is no file 'gesprek")),
        ({"media/gesprek.md": None}, ("media/gesprek.webm", 1, "Nothing says what this is")),
        ({"media/los.vtt": CAPTIONS}, ("media/los.vtt", 1, "There is no file 'los' beside this")),
        ({"media/kaart.vtt": CAPTIONS}, ("media/kaart.vtt", 1, "A document has no captions")),
        ({"media/raar.exe": b"MZ"}, ("media/raar.exe", 1, "This name or ending does not fit")),
        ({"media/meer/gesprek.webm": b"x"}, ("media/meer", 1, "This does not belong here")),
        ({"media/gesprek.mp4": b"x"}, None),
        ({"media/gesprek.vtt": b"\xff\xfe"}, ("media/gesprek.vtt", 1, "These captions cannot be read")),
        (
            {"media/gesprek.md": FILE_TEXT.replace("6.01", "lang")},
            ("media/gesprek.md", 4, "'seconds' must be how long it lasts, such as 93 or 93"),
        ),
        (
            {"media/gesprek.md": FILE_TEXT.replace("language: nl\n", "")},
            ("media/gesprek.md", 1, "The field 'language' is missing"),
        ),
        (
            {"media/kaart.md": "---\ntitle: Steunkaart\nseconds: 3\n---\n"},
            ("media/kaart.md", 3, "The field 'seconds' is unknown"),
        ),
        ({LESSON_PATH: LESSON_HEAD + TAKE}, ("media/gesprek.md", 1, "No lesson uses 'gesprek")),
    ],
    ids=range(12),
)
def test_what_is_missing_or_too_much_is_said_with_its_place(tmp_path, changed, error):
    found = errors_of(folder_with(tmp_path, **changed))
    assert error in found if error else found


@pytest.mark.parametrize("name", ["gesprek.webm", "gesprek.md", "gesprek.vtt"])
def test_no_link_is_followed(tmp_path, name):
    folder = folder_with(tmp_path)
    outside = tmp_path / "geheim"
    (folder / "media" / name).rename(outside)
    (folder / "media" / name).symlink_to(outside)
    assert (f"media/{name}", 1, "This is a link") in errors_of(folder)


def test_the_folder_itself_is_no_link(tmp_path):
    folder = folder_with(tmp_path)
    (folder / "media").rename(tmp_path / "elders")
    (folder / "media").symlink_to(tmp_path / "elders")
    assert ("media", 1, "This is a link") in errors_of(folder)
