"""From text to pages: what is made, what is changed, and what is left alone."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, Site

from cms.loading import Loader, SiteMissing
from cms.models import CoursePage, HomePage, LessonPage, SessionPage, StandardPage
from cms.programmes import read_programme, read_site
from courses.models import Activity, ActivityVersion, Course, Lesson, Programme, Session
from tests.cms import made_pages as made
from tests.cms.programmes.sound_files import (
    LESSON_HEAD,
    LESSON_PATH,
    PROGRAMME_FILES,
    SITE_FILES,
    write_files,
)
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db

QUESTION = """\
Tekst.

::: single vraag
Wat past?

- [ ] Zelf bemiddelen
  > Dat doet een ander.
- [x] Ernaast staan
  > Ja.
:::
"""
SECOND = "---\nkey: p1-twee\ntitle: Nog een les\npart: les\nminutes: 1\n---\nMeer tekst.\n\n::: read klaar\nIk heb dit gelezen\n:::\n"
FILES = {**PROGRAMME_FILES, LESSON_PATH: LESSON_HEAD + QUESTION, "01-begin/20-twee.md": SECOND}


@pytest.fixture
def folder(tmp_path):
    """Writes the programme with these files changed; its site is there already."""
    made_before = Page.objects.filter(depth=1).first()
    if made_before is None:
        Page.add_root(instance=Page(title="Root", slug="root"))
    Loader().load_site(read_site(write_files(tmp_path / "site", SITE_FILES)))

    def write(**changed):
        path = tmp_path / "programme"
        for old in sorted(path.rglob("*.md"), reverse=True):
            old.unlink()
        return write_files(
            path, {**FILES, **{name.replace("__", "/"): text for name, text in changed.items()}}
        )

    return lambda files=None: write(**(files or {}))


def load(path, **options):
    return Loader(**options).load_programme(read_programme(path))


def everything():
    """All that a run could change."""
    pages = Page.objects.order_by("pk").values_list("pk", "path", "title", "live", "latest_revision_id")
    return (
        list(pages),
        made.syllabus(),
        ActivityVersion.objects.count(),
        list(Lesson.objects.values_list("stamp")),
    )


def test_a_programme_becomes_pages_and_syllabus(folder):
    done = load(folder())
    assert done.created == ["De proef", "Het begin", "Een les", "Nog een les"]
    assert (done.updated, done.unchanged, done.left_alone, done.withdrawn) == ([], [], [], [])
    question, button = ("single_choice", ["Wat past?"], ""), ("read", ["Ik heb dit gelezen"], "")
    assert made.syllabus() == [
        ("De proef", "", [("Het begin", "", [("Een les", "", [question]), ("Nog een les", "", [button])])])
    ]
    course = Course.objects.select_related("programme__organisation").get()
    assert (course.discreet_title, course.hours_label, course.open_enrolment) == (
        "Avondcursus",
        "online deel",
        True,
    )
    programme = course.programme
    assert (programme.key, programme.neutral_name, programme.organisation.slug) == (
        "proef",
        "Avondcursus",
        "leerhuis",
    )


def test_a_second_run_changes_nothing_and_says_so(folder):
    path = folder()
    load(path)
    before = everything()
    done = load(path)
    assert (done.changed, len(done.unchanged)) == (False, 4)
    assert everything() == before


def test_a_changed_text_changes_its_own_page_only(folder):
    load(folder())
    stamps = dict(Lesson.objects.values_list("title", "stamp"))
    done = load(folder({LESSON_PATH: LESSON_HEAD + QUESTION.replace("Wat past?", "Wat past nu?")}))
    assert (done.updated, done.created) == (["Een les"], [])
    after = dict(Lesson.objects.values_list("title", "stamp"))
    assert [title for title in stamps if stamps[title] != after[title]] == ["Een les"]
    versions = ActivityVersion.objects.filter(activity__kind="single_choice").order_by("number")
    assert [version.specification["question"] for version in versions] == ["Wat past?", "Wat past nu?"]


def test_an_answer_added_before_the_others_keeps_the_question(folder):
    load(folder())
    more = QUESTION.replace("- [ ] Zelf", "- [ ] Niets doen\n  > Dat kan even.\n- [ ] Zelf")
    load(folder({LESSON_PATH: LESSON_HEAD + more}))
    assert Activity.objects.filter(kind="single_choice").count() == 1


def test_a_question_that_becomes_another_kind_retires_the_old_one(folder):
    load(folder())
    other = "Tekst.\n\n::: read vraag\nIk heb dit gelezen\n:::\n"
    load(folder({LESSON_PATH: LESSON_HEAD + other}))
    lesson = Lesson.objects.get(title="Een les")
    taught = {activity.kind: activity.retired_at is None for activity in lesson.activities.all()}
    assert taught == {"single_choice": False, "read": True}


def test_a_page_edited_in_wagtail_is_left_alone_unless_told_otherwise(folder):
    load(folder())
    page = LessonPage.objects.get(title="Een les")
    page.title = "De les van de trainer"
    page.save_revision(user=PersonFactory(), log_action=True).publish()
    changed = folder({LESSON_PATH: LESSON_HEAD.replace("Een les", "Van schijf") + QUESTION})
    done = load(changed)
    assert (done.left_alone, done.updated) == (["De les van de trainer"], [])
    assert LessonPage.objects.get(pk=page.pk).title == "De les van de trainer"
    done = load(changed, overwrite=True)
    assert (done.left_alone, done.updated) == ([], ["Van schijf"])


def test_what_a_trainer_took_off_line_or_moved_stays_so(folder):
    path = folder()
    load(path)
    trainer = PersonFactory(is_superuser=True)
    LessonPage.objects.get(title="Een les").unpublish(user=trainer)
    course = CoursePage.objects.get()
    elsewhere = made.make_session(course, "Van de trainer")
    LessonPage.objects.get(title="Nog een les").move(elsewhere, pos="last-child", user=trainer)
    before = everything()
    done = load(path)
    assert sorted(done.left_alone) == ["Een les", "Nog een les"]
    assert everything() == before


def test_a_trainers_order_stays(folder):
    path = folder()
    load(path)
    two = LessonPage.objects.get(title="Nog een les")
    two.move(LessonPage.objects.get(title="Een les"), pos="left", user=PersonFactory(is_superuser=True))
    load(path)
    assert list(Lesson.objects.order_by("position").values_list("title", flat=True)) == [
        "Nog een les",
        "Een les",
    ]


def test_lessons_put_in_another_order_on_disk_follow(folder):
    load(folder())
    path = folder({LESSON_PATH: None, "01-begin/90-les.md": LESSON_HEAD + QUESTION})
    load(path)
    assert list(Lesson.objects.order_by("position").values_list("title", flat=True)) == [
        "Nog een les",
        "Een les",
    ]
    before = everything()
    load(path)
    assert everything() == before


def test_a_lesson_that_is_gone_from_the_text_goes_off_line_and_its_record_stays(folder):
    load(folder())
    done = load(folder({"01-begin/20-twee.md": None}))
    assert done.withdrawn == ["Nog een les"]
    lesson = Lesson.objects.get(title="Nog een les")
    assert (lesson.archived_at is not None, lesson.activities.count()) == (True, 1)
    done = load(folder())
    assert done.updated == ["Nog een les"]
    assert Lesson.objects.get(title="Nog een les").archived_at is None


def test_what_people_made_in_wagtail_stays_even_without_an_owner(folder):
    path = folder()
    load(path)
    own = made.make_lesson(SessionPage.objects.get(), "Van een trainer die weg is", made.reading())
    assert load(path).withdrawn == []
    assert LessonPage.objects.get(pk=own.pk).live is True


def test_a_lesson_moves_to_another_session_with_its_record(folder):
    load(folder())
    key = Lesson.objects.get(title="Nog een les").key
    second = (
        PROGRAMME_FILES["01-begin/session.md"]
        .replace("key: p1", "key: p2")
        .replace("Het begin", "Het vervolg")
    )
    load(
        folder(
            {"02-vervolg/session.md": second, "01-begin/20-twee.md": None, "02-vervolg/20-twee.md": SECOND}
        )
    )
    assert Lesson.objects.get(key=key).session.title == "Het vervolg"
    assert Session.objects.count() == 2


def test_the_site_has_doors_to_courses_that_are_there(folder, tmp_path):
    load(folder())
    assert len(HomePage.objects.get().doors) == 0
    done = Loader().load_site(read_site(tmp_path / "site"))
    assert done.updated == ["Leren van elkaar"]
    (door,) = HomePage.objects.get().doors
    assert (door.value["title"], door.value["course"].pk) == ("Maatje worden", CoursePage.objects.get().pk)
    assert Loader().load_site(read_site(tmp_path / "site")).changed is False


def test_the_site_is_served_from_the_home_page(folder):
    assert Site.objects.get(is_default_site=True).root_page.specific == HomePage.objects.get()
    assert StandardPage.objects.get().url == "/privacy/"


def test_without_a_site_there_is_nowhere_to_put_a_course(tmp_path):
    with pytest.raises(SiteMissing, match="Load content/site first"):
        load(write_files(tmp_path / "programme", FILES))
    assert Programme.objects.count() == 0


# --- the command ----------------------------------------------------------------------------------------------------
def run(*paths, **options):
    said = StringIO()
    call_command("load_programme", *[str(path) for path in paths], stdout=said, **options)
    return said.getvalue().splitlines()


def test_the_command_loads_site_and_programmes_and_the_doors_at_the_end(tmp_path):
    Page.objects.filter(depth=1).exists() or Page.add_root(instance=Page(title="Root", slug="root"))
    site, programme = write_files(tmp_path / "site", SITE_FILES), write_files(tmp_path / "proef", FILES)
    assert run(site, programme) == [
        "site: 3 new, 0 changed, 0 the same",
        "proef: 4 new, 0 changed, 0 the same",
        "site: 0 new, 1 changed, 2 the same",
    ]
    assert run(site, programme) == [
        "site: 0 new, 0 changed, 3 the same; nothing changed",
        "proef: 0 new, 0 changed, 4 the same; nothing changed",
        "site: 0 new, 0 changed, 3 the same; nothing changed",
    ]


def test_a_broken_file_is_named_with_its_line_and_nothing_changes(folder, tmp_path):
    sound = folder()
    load(sound)
    before = everything()
    broken = write_files(
        tmp_path / "stuk", {**FILES, LESSON_PATH: LESSON_HEAD + QUESTION.replace("[x]", "[ ]")}
    )
    changed = folder({LESSON_PATH: LESSON_HEAD.replace("Een les", "Nieuw") + QUESTION})
    with pytest.raises(CommandError) as refused:
        run(changed, broken)
    assert str(refused.value).splitlines() == [
        f"{broken}/{LESSON_PATH}:9: No option is right. Mark the right one with [x].",
        "Nothing was changed.",
    ]
    assert everything() == before


def test_what_is_no_folder_is_said(tmp_path):
    with pytest.raises(CommandError, match="is not a folder"):
        run(tmp_path / "bestaat-niet")


def test_the_shipped_content_loads_twice_and_changes_nothing_the_second_time(settings):
    Page.objects.filter(depth=1).exists() or Page.add_root(instance=Page(title="Root", slug="root"))
    content = Path(settings.BASE_DIR) / "content"
    programmes = sorted(path.parent for path in content.glob("*/programme.yaml"))
    paths = [content / "site", *programmes]
    run(*paths)
    before = everything()
    assert [line.endswith("; nothing changed") for line in run(*paths)] == [True] * 7
    assert everything() == before
    assert (Course.objects.count(), Session.objects.count()) == (5, 21)
    assert Lesson.objects.filter(activities=None).count() == 0
