"""From pages to text and back: another site that loads the text has the same lessons and the same identities."""

import re
import uuid
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from wagtail.blocks import StructValue

from cms.blocks import LESSON_BLOCKS, ActivityBlock
from cms.exporting import NothingToExport, activity_text, read_pages
from cms.loading import FILE_FIELDS, IdentityTaken, Loader, lesson_blocks
from cms.models import CoursePage, LessonPage, QuestionBank, SessionPage, TextKey
from cms.programmes import LessonText, NotationError, read_programme, read_site
from cms.programmes.activities import NEVER_REQUIRED
from cms.programmes.blocks import read_content
from cms.programmes.identity import activity_identity
from cms.programmes.source import Source
from cms.programmes.writing import ProgrammeCannotBeWritten, said, save_files, save_media, write_programme
from cms.programmes.writing.activities import write_activity
from cms.rendering import render_body
from courses.models import Activity, ActivityVersion, Lesson, Programme
from tests.cms import made_pages as made
from tests.cms.programmes.sound_files import (
    LESSON_HEAD,
    LESSON_PATH,
    PROGRAMME_FILES,
    SITE_FILES,
    write_files,
)
from tests.courses import activity_samples
from tests.courses.talks import scene, sentence, talk
from tests.media.played_packages import made_version
from tests.recordings import file_for

# A package is a file of its own.
NO_TEXT = {"h5p"}
FIELDS, SOUND = (
    {kind: each for kind, each in samples.items() if kind not in NO_TEXT}
    for samples in (activity_samples.FIELDS, activity_samples.SOUND)
)

pytestmark = pytest.mark.django_db

CONTENT = Path(django_settings.BASE_DIR) / "content"
SHIPPED = sorted(path.parent.name for path in CONTENT.glob("*/programme.yaml"))
KEY = "proef"


@contextmanager
def site(folder):
    """An empty site with its home page and catalogue, which is gone afterwards."""
    with transaction.atomic():
        Loader().load_site(read_site(write_files(folder / f"site-{uuid.uuid4()}", SITE_FILES)))
        yield
        transaction.set_rollback(True)


def load(folder, **options):
    return Loader(**options).load_programme(read_programme(folder))


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    files = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private"}}
    settings.STORAGES = {**settings.STORAGES, "private": files}


def files_of(key=KEY):
    return write_programme(read_pages(key).text)


def save(folder, key=KEY):
    """A programme as its command writes it. Returns every file's content by path."""
    text = read_pages(key).text
    save_files(folder, write_programme(text))
    save_media(folder, text.files)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def taught():
    """Every live lesson: its activities by identity with what they ask, and its HTML without numbers of rows."""
    return {
        str(lesson.key): (
            [
                (
                    str(version.activity.key),
                    version.activity.kind,
                    version.activity.required,
                    # Another site keeps the same file under another number.
                    {
                        **version.specification,
                        **dict.fromkeys({"recording", "document"} & set(version.specification), 0),
                    },
                )
                for version in ActivityVersion.objects.filter(
                    activity__lesson=lesson, activity__retired_at=None
                )
                .select_related("activity")
                .order_by("activity__position")
            ],
            html_of(LessonPage.objects.get(translation_key=lesson.key)),
        )
        for lesson in Lesson.objects.filter(archived_at=None)
    }


def html_of(page):
    body = render_body(page, Lesson.objects.get(key=page.translation_key))
    return [re.sub(r'(?<=[":/-])[0-9]+(?=["/%-])', "0", piece.html) for piece in body.pieces]


def make_bank():
    """A bank of the programme with the sample's questions; returns its number."""
    bank = QuestionBank(title="Over alles", programme=Programme.objects.get(key=KEY))
    questions = [
        raw_activity(kind, FIELDS[kind]) for kind in ("single_choice", "multiple_choice", "true_false")
    ]
    for question in questions:
        del question["value"]["required"], question["value"]["alternative"]
    bank.questions = bank._meta.get_field("questions").to_python(questions)
    bank.save()
    return bank.pk


def raw_activity(kind, fields, *, required=True, alternative=""):
    """An activity as the editor stores it, every row with an id of its own."""
    value = {name: raw_rows(each) for name, each in fields.items() if name != "questions"}
    if "labels" in value:
        value["labels"] = [made.block("item", label) for label in value["labels"]]
    if "right" in value:
        value["right"] = "true" if value["right"] in (True, "true") else "false"
    if kind == "quiz":
        value["bank"] = make_bank()
    value |= file_for(kind)
    return made.block(kind, {**value, "required": required, "alternative": alternative})


def raw_rows(value):
    if not (isinstance(value, list) and all(isinstance(row, dict) for row in value)):
        return value
    return made.items(
        *({name: raw_rows(each) for name, each in row.items() if name != "id"} for row in value)
    )


def programme_in(folder, **files):
    changed = {name.replace("__", "/"): text for name, text in files.items()}
    return write_files(folder / f"text-{uuid.uuid4()}", {**PROGRAMME_FILES, **changed})


# --- the round trip -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_programme_is_the_same_in_another_site(name, tmp_path):
    with site(tmp_path):
        load(CONTENT / name)
        first, taught_here = save(tmp_path / "text", name), taught()
    with site(tmp_path):
        load(tmp_path / "text")
        assert save(tmp_path / "again", name) == first
        assert taught() == taught_here
    assert said(read_programme(tmp_path / "text")) == said(read_programme(CONTENT / name))


@pytest.mark.parametrize("name", SHIPPED)
def test_loading_what_was_exported_changes_nothing(name, tmp_path):
    with site(tmp_path):
        load(CONTENT / name)
        save(tmp_path / "text", name)
        assert load(tmp_path / "text").changed is False


@pytest.mark.parametrize("name", SHIPPED)
def test_a_copied_session_is_the_same_in_another_site(name, tmp_path):
    with site(tmp_path):
        load(CONTENT / name)
        original = SessionPage.objects.order_by("path").first()
        original.copy(recursive=True, update_attrs={"title": "Nog eens", "slug": "nog-eens"})
        first, taught_here = save(tmp_path / "text", name), taught()
        assert load(tmp_path / "text").withdrawn == []
        assert (save(tmp_path / "same", name), taught()) == (first, taught_here)
    with site(tmp_path):
        load(tmp_path / "text")
        assert save(tmp_path / "again", name) == first
        assert taught() == taught_here


def make_in_wagtail(folder):
    """A loaded programme in which a trainer changed a question and made lessons of every kind."""
    question = "::: single vraag\nWat past?\n\n- [ ] Zelf\n  > Nee.\n- [x] Naast\n  > Ja.\n:::\n"
    sheet = "::: worksheet kaart\nMijn kaart\n\nfield wie> Wie?\nfield waar> Waar?\n:::\n"
    load(programme_in(folder, **{LESSON_PATH: LESSON_HEAD + question + sheet}))
    session, lesson = SessionPage.objects.get(), LessonPage.objects.get()
    body = made.raw_body(lesson)
    body[0]["value"]["options"].reverse()
    body.insert(1, raw_activity("read", FIELDS["read"]))
    made.change(lesson, *body)
    other = made.make_lesson(
        session,
        "Eén les: van een trainer",
        made.text('Vooraf</p><ul><li data-block-key="a1">een <b>twee </b>drie</li></ul><p>– en dan.'),
        made.text("Een tekst na een tekst."),
        *[
            raw_activity(kind, fields, required=kind not in NEVER_REQUIRED, alternative="Of lees.")
            for kind, fields in FIELDS.items()
        ],
        made.block("aside", {"title": "Terzijde", "text": "<p>Koffie.</p>"}),
        made.block("grounding", {"title": "Landen", "text": "<ol><li>Voeten.</li></ol>"}),
        raw_activity(
            "reflection", {"question": "Een.\r\n\r\nTwee.\r\nDrie.", "hint": "Vier.\r\nVijf."}, required=False
        ),
        made.block("drawing", {"name": "raam", "text": "De lijn.\r\n\r\nDe rand."}),
        minutes=12,
    )
    made.make_lesson(session, "Nog een", made.reading(required=False), minutes=3)
    moved = made.raw_body(made.fresh(lesson))
    made.change(made.fresh(other), *made.raw_body(made.fresh(other)), moved.pop(0))
    made.change(made.fresh(lesson), *moved)


def test_what_was_made_and_changed_in_wagtail_is_the_same_in_another_site(tmp_path):
    with site(tmp_path):
        make_in_wagtail(tmp_path)
        first, taught_here = save(tmp_path / "text"), taught()
        identities = set(LessonPage.objects.values_list("translation_key", "slug"))
    with site(tmp_path):
        load(tmp_path / "text")
        assert save(tmp_path / "again") == first
        assert {"media/gesprek-in-de-bus.webm", "media/gesprek-in-de-bus.vtt", "media/steunkaart.pdf"} <= set(
            first
        )
        assert taught() == taught_here
        assert set(LessonPage.objects.values_list("translation_key", "slug")) == identities
        assert load(tmp_path / "text").changed is False


def test_a_lesson_that_was_added_for_before_the_meeting_comes_first(tmp_path):
    with site(tmp_path):
        load(programme_in(tmp_path))
        session, lesson = SessionPage.objects.get(), LessonPage.objects.get()
        session.meeting, lesson.part = "De avond", "after"
        for page in (session, lesson):
            made.publish(page)
        made.make_lesson(session, "Inlezen", made.reading(), part="before", minutes=3)
        save(tmp_path / "text")
    with site(tmp_path):
        load(tmp_path / "text")
        assert [page.title for page in LessonPage.objects.order_by("path")] == ["Inlezen", lesson.title]


def test_scenes_keep_the_names_that_a_trainer_gave_them(tmp_path):
    said_by_hand = talk(
        scene("Begin", sentence("Ja.", "thuis, later"), sentence("Nee.", "BEGIN")),
        scene("Thuis, later", end="Klaar."),
    )
    with site(tmp_path):
        load(programme_in(tmp_path))
        made.make_lesson(SessionPage.objects.get(), "Praat", raw_activity("dialogue", said_by_hand))
        first, taught_here = save(tmp_path / "text"), taught()
    with site(tmp_path):
        load(tmp_path / "text")
        assert (save(tmp_path / "again"), taught()) == (first, taught_here)


def test_every_kind_is_in_the_sample():
    kinds = {name for name, block in LESSON_BLOCKS if isinstance(block, ActivityBlock)}
    assert kinds == {*FIELDS, *NO_TEXT}


def test_a_package_is_no_text_and_the_export_says_so(tmp_path):
    with site(tmp_path):
        load(programme_in(tmp_path))
        made.make_lesson(SessionPage.objects.get(), "Probeer", made.package(made_version().package))
        with pytest.raises(ProgrammeCannotBeWritten) as refused:
            files_of()
    assert "A package is a file of its own" in str(refused.value)


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_random_activities_keep_their_identity_and_what_they_ask(data):
    kind = data.draw(st.sampled_from(sorted(set(SOUND) - {"quiz", *FILE_FIELDS})))
    never = kind in NEVER_REQUIRED
    raw = raw_activity(kind, data.draw(SOUND[kind]), required=not never and data.draw(st.booleans()))
    body = LessonPage._meta.get_field("body")
    (before,) = body.to_python([raw])
    text = activity_text(before, "proef:les", {})
    source = Source("les.md", tuple(write_activity(text)), [])
    content = read_content(source, 1)
    if source.errors or [said(piece) for piece in content] != [said(text)]:
        return  # signs of the notation at the wrong place: `write_programme` refuses these
    lesson = LessonText("", "les", "", "les", 1, "", content)
    (after,) = body.to_python(list(lesson_blocks("proef:les", lesson, {})))
    assert after.id == before.id
    assert after.block.specification(after.value) == before.block.specification(before.value)


# --- nothing forgotten ----------------------------------------------------------------------------------------------
def other(value):
    """Something else of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case list():
            return ["confront"] if value != ["confront"] else ["question"]
        case str():
            return {"true": "false", "false": "true"}.get(value) or f"{value} anders".strip()
    raise AssertionError(value)


def outcome():
    """The files, or why there are none."""
    try:
        return files_of()
    except (ProgrammeCannotBeWritten, NothingToExport) as refused:
        return str(refused)


OWN_FIELDS = [
    (model, field.name)
    for model in (CoursePage, SessionPage, LessonPage)
    for field in model._meta.local_fields
    if field.name not in {"page_ptr", "programme", "facts", "body", "part", "trainer_notes"}
]


@pytest.mark.parametrize(
    ("model", "name"), [*OWN_FIELDS, *((page, "title") for page in (CoursePage, LessonPage))]
)
def test_every_field_of_a_page_is_in_the_text(model, name, tmp_path):
    load_small(tmp_path)
    made.change(LessonPage.objects.get(), part="before")
    made.change(SessionPage.objects.get(), meeting="2,5 uur")
    page = model.objects.first()
    before = outcome()
    setattr(page, name, other(getattr(page, name)))
    made.publish(page)
    after = outcome()
    assert after != before
    save_files(tmp_path / "text", after)
    changed = getattr(page, name)
    with transaction.atomic():
        CoursePage.objects.get().delete()
        load(tmp_path / "text")
        assert getattr(model.objects.first(), name) == changed


@pytest.mark.parametrize(
    ("model", "name", "value"),
    [
        (CoursePage, "slug", "een-ander-adres"),
        (SessionPage, "slug", "een-ander-adres"),
        (LessonPage, "slug", "een-ander-adres"),
        (CoursePage, "body", "<p>Anders.</p>"),
        (SessionPage, "body", "<p>Anders.</p>"),
        (SessionPage, "trainer_notes", "<h2>Doelen</h2><p>Landen.</p>"),
        (LessonPage, "part", "before"),
    ],
)
def test_these_fields_are_in_the_text_too(model, name, value, tmp_path):
    load_small(tmp_path)
    made.change(SessionPage.objects.get(), meeting="2,5 uur")
    made.change(LessonPage.objects.get(), part="after")
    before = outcome()
    made.change(model.objects.get(), **{name: value})
    after = outcome()
    assert after != before
    save_files(tmp_path / "text", after)
    CoursePage.objects.get().delete()
    load(tmp_path / "text")
    assert getattr(model.objects.get(), name) == value


def test_facts_are_in_the_text(tmp_path):
    load_small(tmp_path)
    course = CoursePage.objects.get()
    before = outcome()
    course.facts = [*course.facts.raw_data, made.block("fact", {"label": "Kosten", "text": "Geen: niets"})]
    made.publish(course)
    assert outcome()["course.md"] == before["course.md"].replace(
        "mensen\n", 'mensen\n  - Kosten: "Geen: niets"\n'
    )


def load_small(tmp_path):
    Loader().load_site(read_site(write_files(tmp_path / "site", SITE_FILES)))
    load(programme_in(tmp_path))


def places(value, path=()):
    """Every plain value in a block's raw value, by what leads to it: names, and the number of the fullest row."""
    if isinstance(value, dict) and set(value) == {"type", "id", "value"}:
        yield from places(value["value"], path)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from places(each, (*path, name))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        number = max(range(len(value)), key=lambda number: len(list(places(value[number]))))
        yield from places(value[number], (*path, number))
    else:
        yield path


def set_at(value, path):
    if isinstance(value, dict) and set(value) == {"type", "id", "value"}:
        return {**value, "value": set_at(value["value"], path)}
    if not path:
        return other(value)
    changed = value.copy()
    changed[path[0]] = set_at(value[path[0]], path[1:])
    return changed


def sample(kind):
    if kind in FIELDS:
        return raw_activity(
            kind, FIELDS[kind], required=kind not in NEVER_REQUIRED, alternative="Of lees dit."
        )
    text = {"text": "<p>Koffie.</p>", "drawing": "De lijn."}
    values = {
        "text": text["text"],
        "aside": {"title": "Terzijde", "text": text["text"]},
        "grounding": {"title": "Landen", "text": text["text"]},
        "drawing": {"name": "raam", "text": text["drawing"]},
    }
    return made.block(kind, values[kind])


@pytest.mark.parametrize("kind", [name for name, _block in LESSON_BLOCKS if name not in NO_TEXT])
def test_every_field_of_a_block_is_in_the_text(kind, tmp_path):
    """What is changed is in the text, or is refused because the text cannot say it: never passed over."""
    load_small(tmp_path)
    page, block = LessonPage.objects.get(), sample(kind)
    field = page._meta.get_field("body")
    (child,) = field.to_python([block])
    given_ = set(child.value) if isinstance(child.value, StructValue) else set()
    paths = list(places(block["value"]))
    assert {path[0] for path in paths if path} == given_ == set(getattr(child.block, "child_blocks", {}))

    def outcome_of(value):
        page.body = field.to_python([{**block, "value": value}])
        page.save()
        return outcome()

    before = outcome_of(block["value"])
    assert isinstance(before, dict)
    assert [path for path in paths if outcome_of(set_at(block["value"], path)) == before] == []


# --- what is said ---------------------------------------------------------------------------------------------------
def run(*arguments):
    out = StringIO()
    call_command("export_programme", *map(str, arguments), stdout=out)
    return out.getvalue().splitlines()


def test_the_command_writes_what_is_live_and_names_the_rest(tmp_path):
    load_small(tmp_path)
    session = SessionPage.objects.get()
    made.make_lesson(session, "Nog niet klaar", live=False)
    lesson = LessonPage.objects.get(title="Een les")
    lesson.title = "Een les in nieuwe woorden"
    lesson.save_revision()
    folder = tmp_path / "uit"
    assert run(KEY, folder) == [
        "not live, left out: Nog niet klaar",
        "has changes that are not published; written as it is live: Een les",
        f"proef: 4 files in {folder}",
    ]
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert names == ["01-het-begin/10-een-les.md", "01-het-begin/session.md", "course.md", "programme.yaml"]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    load_small(tmp_path)
    (tmp_path / "uit").mkdir()
    (tmp_path / "uit" / "oud.md").write_text("Oud")
    with pytest.raises(CommandError, match="is not empty"):
        run(KEY, tmp_path / "uit")


def test_a_programme_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match=r"^There is no programme 'geen'\.$"):
        run("geen", tmp_path / "uit")


def test_a_programme_without_a_live_course_is_said(tmp_path):
    load_small(tmp_path)
    CoursePage.objects.get().unpublish()
    with pytest.raises(CommandError, match=r"^A text holds one live course; 'proef' has: none\.$"):
        run(KEY, tmp_path / "uit")


def test_what_no_text_can_say_is_refused_by_page_and_nothing_is_written(tmp_path):
    load_small(tmp_path)
    made.change(LessonPage.objects.get(), made.text('<a linktype="page" id="1">daar</a>'))
    with pytest.raises(CommandError) as refused:
        run(KEY, tmp_path / "uit")
    assert str(refused.value).splitlines() == [
        (
            "Een les (p1-les): A link to a page or a document of this site has no address that holds elsewhere. "
            "Write its address out (https://…)."
        ),
        "Nothing was written.",
    ]
    assert not (tmp_path / "uit").exists()


# --- identities -----------------------------------------------------------------------------------------------------
def test_keys_of_a_text_come_back_and_what_was_made_in_wagtail_states_its_identity(tmp_path):
    load_small(tmp_path)
    own = made.make_lesson(SessionPage.objects.get(), "Van een trainer", made.reading())
    made.change(own, slug="p1-les-van-een-trainer")
    files = files_of()
    (button,) = made.fresh(own).body
    assert files["01-het-begin/20-van-een-trainer.md"] == (
        f"---\nkey: p1-les-van-een-trainer\nidentity: {own.translation_key}\ntitle: Van een trainer\npart: les\n"
        f"minutes: 10\n---\n::: read {button.id}\nIk heb dit gelezen\n:::\n"
    )
    assert files["course.md"] == PROGRAMME_FILES["course.md"]


def test_a_key_that_a_text_gave_is_not_taken_by_a_page_made_in_wagtail(tmp_path):
    load_small(tmp_path)
    made.change(LessonPage.objects.get(), slug="een-ander-adres")
    made.change(made.make_lesson(SessionPage.objects.get(), "Nieuw", made.reading()), slug="p1-les")
    files = files_of()
    assert files["01-het-begin/10-een-les.md"].startswith("---\nkey: p1-les\nslug: een-ander-adres\n")
    assert files["01-het-begin/20-nieuw.md"].startswith("---\nkey: p1-les-2\nidentity: ")


def test_a_text_cannot_carry_off_a_page_of_another_course(tmp_path):
    load_small(tmp_path)
    foreign = LessonPage.objects.get()
    text = PROGRAMME_FILES[LESSON_PATH].replace("key: p1-les", f"key: x\nidentity: {foreign.translation_key}")
    thief = {
        name: body.replace("proef", "dief") for name, body in {**PROGRAMME_FILES, LESSON_PATH: text}.items()
    }
    with pytest.raises(IdentityTaken, match="belongs to “Een les” in another course"):
        load(write_files(tmp_path / "dief", thief))
    assert LessonPage.objects.get().get_parent() == foreign.get_parent()


def test_a_text_cannot_carry_off_another_course(tmp_path):
    load_small(tmp_path)
    foreign = CoursePage.objects.get()
    text = PROGRAMME_FILES["course.md"].replace(
        "key: proef-cursus", f"key: x\nidentity: {foreign.translation_key}"
    )
    thief = {**PROGRAMME_FILES, "course.md": text}
    thief["programme.yaml"] = thief["programme.yaml"].replace("key: proef", "key: dief")
    with pytest.raises(IdentityTaken, match="belongs to “De proef” in another course"):
        load(write_files(tmp_path / "dief", thief))
    assert CoursePage.objects.get().programme.key == KEY


def test_an_activity_is_another_one_in_another_lesson(tmp_path):
    Loader().load_site(read_site(write_files(tmp_path / "site", SITE_FILES)))
    key = uuid.uuid4()
    one = f"{PROGRAMME_FILES[LESSON_PATH]}\n::: read {key}\nIk heb dit gelezen\n:::\n"
    copied = {LESSON_PATH: one, "01-begin/20-twee.md": one.replace("p1-les", "p1-twee")}
    load(programme_in(tmp_path, **copied))
    lessons = Activity.objects.filter(key=key).values_list("lesson__key", flat=True)
    assert sorted(lessons) == sorted(LessonPage.objects.values_list("translation_key", flat=True))
    assert len(lessons) == 2


def test_a_page_may_state_the_identity_that_an_activity_has(tmp_path):
    Loader().load_site(read_site(write_files(tmp_path / "site", SITE_FILES)))
    stated = activity_identity("proef:p1-les", "gelezen")
    text = LESSON_HEAD.replace("key: p1-les", f"key: p1-les\nidentity: {stated}")
    load(programme_in(tmp_path, **{LESSON_PATH: f"{text}::: read gelezen\nIk heb dit gelezen\n:::\n"}))
    assert LessonPage.objects.get().translation_key == Activity.objects.get().key == stated


def test_two_activities_of_one_lesson_need_ids_of_their_own(tmp_path):
    Loader().load_site(read_site(write_files(tmp_path / "site", SITE_FILES)))
    taken = activity_identity("proef:p1-les", "gelezen")
    blocks = "".join(f"::: read {key}\nIk heb dit gelezen\n:::\n" for key in ("gelezen", taken))
    with pytest.raises(IdentityTaken, match="Give one an id of its own"):
        load(programme_in(tmp_path, **{LESSON_PATH: LESSON_HEAD + blocks}))
    assert CoursePage.objects.count() == 0


def test_the_title_of_a_bank_is_in_the_text(tmp_path):
    load_small(tmp_path)
    bank = QuestionBank.objects.get(pk=make_bank())
    before = outcome()
    bank.title = "Over de helft"
    bank.save()
    changed = {name for name, text in outcome().items() if before.get(name) != text}
    assert changed == {"bank/over-de-helft.md"}


def test_an_identity_is_stated_once(tmp_path):
    from cms.programmes import ProgrammeErrors

    stated = f"key: p1-les\nidentity: {uuid.uuid4()}"
    one = PROGRAMME_FILES[LESSON_PATH].replace("key: p1-les", stated)
    files = {LESSON_PATH: one, "01-begin/20-twee.md": one.replace("p1-les", "p1-twee")}
    with pytest.raises(ProgrammeErrors) as refused:
        read_programme(programme_in(tmp_path, **files))
    (error,) = refused.value.errors
    assert isinstance(error, NotationError)
    assert error.message.endswith("is used in 01-begin/10-les.md already. Remove this one.")


def test_keys_are_kept_for_pages_activities_and_questions_of_worksheets(tmp_path):
    Loader().load_site(read_site(write_files(tmp_path / "site", SITE_FILES)))
    sheet = "::: worksheet kaart\nMijn kaart\n\nfield wie> Wie?\nfield waar> Waar?\n:::\n"
    folder = programme_in(tmp_path, **{LESSON_PATH: LESSON_HEAD + sheet})
    load(folder)
    kept = ["kaart", "p1", "p1-les", "proef-cursus", "waar", "wie"]
    assert sorted(TextKey.objects.values_list("key", flat=True)) == kept
    load(folder)
    assert sorted(TextKey.objects.values_list("key", flat=True)) == kept
