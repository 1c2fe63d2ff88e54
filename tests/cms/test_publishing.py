"""A page goes live, changes, moves and leaves by many doors; the syllabus says the same after each of them."""

import datetime
import uuid

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Locale, Page

from cms import publishing
from cms.models import LessonPage
from courses.models import Activity, ActivityVersion, Lesson, Session
from tests.cms import made_pages as made
from tests.cms.made_pages import change, fresh, syllabus

pytestmark = pytest.mark.django_db

ONE = ("Naast iemand staan", "", [("single_choice", ["Wat past?"], ""), ("read", ["Gelezen"], "")])
TWO = ("Een zorg", "", [("read", ["Ook gelezen"], "")])
COURSE = "Geweld en herstel"


def lessons(*first, second=()):
    """The syllabus of the fixture's course with these lessons in its sessions."""
    return [(COURSE, "", [("Kennismaking", "", list(first)), ("Steun", "", list(second))])]


def test_published_pages_are_the_syllabus(tree):
    assert syllabus() == lessons(ONE, TWO)
    lesson = Lesson.objects.get(key=tree.one.translation_key)
    assert (lesson.part, lesson.minutes, lesson.source_locale, lesson.titles) == ("whole", 10, "nl", {})
    assert len(lesson.short_key) == 8


def test_a_draft_is_not_taught(tree):
    made.make_lesson(tree.first, "Concept", made.reading(), live=False)
    page = fresh(tree.one)
    page.title = "Nog niet"
    page.save_revision()
    assert syllabus() == lessons(ONE, TWO)


def test_a_lesson_below_a_draft_session_waits_with_it(tree):
    session = made.make_session(tree.course, "Concept", live=False)
    made.make_lesson(session, "Les", made.reading())
    waiting = [("Les", "", [("read", ["Ik heb dit gelezen"], "")])]
    ((_title, _state, sessions),) = syllabus()
    assert [session for session in sessions if session[0] == "Concept"] == [("Concept", "archived", waiting)]
    made.publish(fresh(session))
    assert syllabus() == [
        (COURSE, "", [("Kennismaking", "", [ONE, TWO]), ("Steun", "", []), ("Concept", "", waiting)])
    ]


def test_publishing_again_without_a_change_makes_no_version(tree):
    before = (ActivityVersion.objects.count(), syllabus())
    made.publish(fresh(tree.one))
    assert (ActivityVersion.objects.count(), syllabus()) == before


def test_a_changed_question_gets_a_new_version_and_keeps_the_old_one(tree):
    body = made.raw_body(tree.one)
    body[1]["value"]["question"] = "Wat past nu?"
    change(tree.one, *body)
    changed = ("single_choice", ["Wat past?", "Wat past nu?"], "")
    assert syllabus() == lessons((ONE[0], "", [changed, ONE[2][1]]), TWO)
    versions = ActivityVersion.objects.filter(activity__kind="single_choice").order_by("number")
    assert list(versions.values_list("number", flat=True)) == [1, 2]


def test_what_is_done_before_a_meeting_comes_before_what_is_done_after_it(tree):
    for title, part in (("Napraten", "after"), ("Inlezen", "before"), ("Afronden", "after")):
        made.make_lesson(tree.second, title, made.reading(), part=part)
    in_order = Lesson.objects.filter(session__title="Steun").order_by("position")
    assert list(in_order.values_list("title", flat=True)) == ["Inlezen", "Napraten", "Afronden"]


def test_what_is_taken_out_is_retired_and_comes_back_as_itself(tree):
    body = made.raw_body(tree.one)
    change(tree.one, body[0], body[2])
    retired = ("single_choice", ["Wat past?"], "retired")
    assert sorted(lesson_activities()) == sorted([retired, ONE[2][1]])
    change(tree.one, *body)
    assert syllabus() == lessons(ONE, TWO)


def lesson_activities():
    return made.lesson_of(Lesson.objects.get(title="Naast iemand staan"))[2]


def test_another_kind_under_the_same_id_is_another_activity(tree):
    body = made.raw_body(tree.one)
    key = body[1]["id"]
    answered = Activity.objects.get(key=key)
    change(tree.one, made.reading("Gelezen en klaar", key=key), body[2])
    answered.refresh_from_db()
    assert (answered.kind, str(answered.key) == key, answered.retired_at is None) == (
        "single_choice",
        False,
        False,
    )
    assert Activity.objects.get(key=key).kind == "read"
    assert sorted(lesson_activities()) == sorted(
        [("single_choice", ["Wat past?"], "retired"), ("read", ["Gelezen en klaar"], ""), ONE[2][1]]
    )


def test_activities_follow_the_order_of_the_page(tree):
    body = made.raw_body(tree.one)
    change(tree.one, body[2], body[1], body[0])
    assert syllabus() == lessons((ONE[0], "", [ONE[2][1], ONE[2][0]]), TWO)


def test_title_part_and_minutes_follow_the_page(tree):
    change(tree.one, title="Ernaast", part="before", minutes=12)
    lesson = Lesson.objects.get(key=tree.one.translation_key)
    assert (lesson.title, lesson.part, lesson.minutes) == ("Ernaast", "before", 12)


def test_a_scheduled_page_is_taught_when_its_time_has_come(tree):
    page = made.make_lesson(tree.second, "Later", made.reading(), live=False)
    with time_machine.travel(
        datetime.datetime(2026, 11, 20, 10, 0, tzinfo=datetime.UTC), tick=False
    ) as clock:
        page.go_live_at = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.UTC)
        page.save_revision().publish()
        call_command("publish_scheduled", verbosity=0)
        assert syllabus() == lessons(ONE, TWO)
        clock.shift(datetime.timedelta(hours=2, minutes=1))
        call_command("publish_scheduled", verbosity=0)
        assert syllabus() == lessons(ONE, TWO, second=[("Later", "", [("read", ["Ik heb dit gelezen"], "")])])


def test_a_change_that_is_scheduled_waits(tree):
    with time_machine.travel(
        datetime.datetime(2026, 11, 20, 10, 0, tzinfo=datetime.UTC), tick=False
    ) as clock:
        change(
            tree.two, title="Straks", go_live_at=datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.UTC)
        )
        assert syllabus() == lessons(ONE, TWO)
        clock.shift(datetime.timedelta(hours=2, minutes=1))
        call_command("publish_scheduled", verbosity=0)
    assert syllabus() == lessons(ONE, ("Straks", "", TWO[2]))


def test_a_page_that_expires_is_archived(tree):
    with time_machine.travel(
        datetime.datetime(2026, 11, 20, 10, 0, tzinfo=datetime.UTC), tick=False
    ) as clock:
        change(tree.two, expire_at=datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.UTC))
        clock.shift(datetime.timedelta(hours=2, minutes=1))
        call_command("publish_scheduled", verbosity=0)
    assert syllabus() == lessons(ONE, (TWO[0], "archived", TWO[2]))


def test_a_copy_is_a_lesson_of_its_own(tree):
    copied = fresh(tree.one).copy(update_attrs={"title": "Kopie", "slug": "kopie"})
    assert copied.translation_key != tree.one.translation_key
    assert syllabus() == lessons(ONE, TWO, ("Kopie", "", ONE[2]))
    keys = Activity.objects.filter(kind="single_choice").values_list("key", flat=True)
    assert len(keys) == 2
    body = made.raw_body(fresh(copied))
    body[1]["value"]["question"] = "Alleen in de kopie"
    change(copied, *body)
    assert lesson_activities() == ONE[2]


def test_a_copy_that_is_kept_as_a_draft_teaches_nothing(tree):
    fresh(tree.one).copy(update_attrs={"slug": "kopie"}, keep_live=False)
    assert syllabus() == lessons(ONE, TWO)


def test_a_copied_session_takes_its_lessons_along(tree):
    fresh(tree.first).copy(recursive=True, update_attrs={"title": "Nog eens", "slug": "nog-eens"})
    assert syllabus() == [
        (COURSE, "", [("Kennismaking", "", [ONE, TWO]), ("Steun", "", []), ("Nog eens", "", [ONE, TWO])])
    ]


def test_a_lesson_moves_within_its_session(tree):
    fresh(tree.two).move(fresh(tree.one), pos="left")
    assert syllabus() == lessons(TWO, ONE)
    assert list(Lesson.objects.order_by("position").values_list("title", "position")) == [
        (TWO[0], 0),
        (ONE[0], 1),
    ]


def test_a_lesson_moves_to_another_session(tree):
    fresh(tree.one).move(fresh(tree.second), pos="last-child")
    assert syllabus() == lessons(TWO, second=[ONE])
    assert Lesson.objects.get(title=TWO[0]).position == 0


def test_a_lesson_moves_to_another_course(tree):
    other = made.make_course(tree.catalogue, "Een andere cursus")
    session = made.make_session(other, "Daar")
    fresh(tree.one).move(fresh(session), pos="last-child")
    assert syllabus() == [*lessons(TWO), ("Een andere cursus", "", [("Daar", "", [ONE])])]


def test_a_session_moves_with_its_lessons(tree):
    other = made.make_course(tree.catalogue, "Een andere cursus")
    fresh(tree.first).move(fresh(other), pos="last-child")
    assert syllabus() == [
        (COURSE, "", [("Steun", "", [])]),
        ("Een andere cursus", "", [("Kennismaking", "", [ONE, TWO])]),
    ]


def test_sessions_are_put_in_another_order(tree):
    fresh(tree.second).move(fresh(tree.first), pos="left")
    assert syllabus() == [(COURSE, "", [("Steun", "", []), ("Kennismaking", "", [ONE, TWO])])]


def test_moving_a_page_that_is_off_line_does_not_bring_it_back(tree):
    fresh(tree.two).unpublish()
    fresh(tree.two).move(fresh(tree.second), pos="last-child")
    assert Lesson.objects.get(title=TWO[0]).archived_at is not None


def test_moving_does_not_publish_a_draft(tree):
    page = fresh(tree.one)
    page.title = "Concept"
    page.save_revision()
    fresh(tree.one).move(fresh(tree.second), pos="last-child")
    assert syllabus() == lessons(TWO, second=[ONE])


def test_unpublished_and_published_again(tree):
    fresh(tree.one).unpublish()
    assert syllabus() == lessons((ONE[0], "archived", ONE[2]), TWO)
    made.publish(fresh(tree.one))
    assert syllabus() == lessons(ONE, TWO)


def test_a_session_goes_off_line_and_its_lessons_are_not_taught(tree):
    fresh(tree.first).unpublish()
    assert syllabus() == [(COURSE, "", [("Kennismaking", "archived", [ONE, TWO]), ("Steun", "", [])])]


def test_a_course_goes_off_line(tree):
    fresh(tree.course).unpublish()
    assert syllabus() == [(COURSE, "archived", [("Kennismaking", "", [ONE, TWO]), ("Steun", "", [])])]


def test_deleting_a_page_archives_and_deletes_nothing(tree):
    before = (Lesson.objects.count(), Activity.objects.count(), ActivityVersion.objects.count())
    fresh(tree.one).delete()
    assert not LessonPage.objects.filter(pk=tree.one.pk).exists()
    assert (Lesson.objects.count(), Activity.objects.count(), ActivityVersion.objects.count()) == before
    assert syllabus() == lessons((ONE[0], "archived", ONE[2]), TWO)


def test_deleting_a_session_archives_what_was_below_it(tree):
    Page.objects.get(pk=tree.first.pk).delete()
    gone = [(name, "archived", activities) for name, _state, activities in (ONE, TWO)]
    assert syllabus() == [(COURSE, "", [("Kennismaking", "archived", gone), ("Steun", "", [])])]


def test_an_older_revision_published_again_is_what_is_taught(tree):
    body = made.raw_body(tree.one)
    first = fresh(tree.one).latest_revision
    change(tree.one, body[0], title="Zonder vraag")
    assert sorted(state for _kind, _asked, state in lesson_activities_of(tree.one)) == ["retired", "retired"]
    first.publish()
    assert syllabus() == lessons(ONE, TWO)


def lesson_activities_of(page):
    return made.lesson_of(Lesson.objects.get(key=page.translation_key))[2]


# --- translations ---------------------------------------------------------------------------------------------------
@pytest.fixture
def english(tree):
    """The tree's pages as drafts in English."""
    locale, _made = Locale.objects.get_or_create(language_code="en")
    for page in (tree.home, tree.catalogue, tree.course, tree.first):
        made.publish(fresh(page).copy_for_translation(locale))
    return locale


def test_a_translation_adds_wording_and_nothing_else(tree, english):
    page = fresh(tree.one).copy_for_translation(english)
    body = made.raw_body(page)
    body[1]["value"]["question"] = "What fits?"
    body[1]["value"]["options"][0]["value"] |= {"text": "Mediate yourself", "feedback": "Somebody else does."}
    # What a translator may not change: which answer is right, what counts, and the order.
    body[1]["value"]["options"][0]["value"]["right"] = True
    body[1]["value"]["options"][1]["value"]["right"] = False
    body[1]["value"]["required"] = False
    change(page, body[2], body[1], title="Beside somebody", minutes=99)
    asked = [("single_choice", ["en: What fits?", "Wat past?"], ""), ("read", ["en: Gelezen", "Gelezen"], "")]
    assert syllabus() == lessons((ONE[0], "", asked), TWO)
    lesson = Lesson.objects.get(key=tree.one.translation_key)
    assert (lesson.titles, lesson.minutes, lesson.source_locale) == ({"en": "Beside somebody"}, 10, "nl")
    version = ActivityVersion.objects.get(locale="en", activity__kind="single_choice")
    assert [(option["text"], option["right"]) for option in version.specification["options"]] == [
        ("Mediate yourself", False),
        ("Ernaast staan", True),
    ]
    assert version.activity.required is True


def test_a_block_that_only_the_translation_has_is_no_activity(tree, english):
    page = fresh(tree.two).copy_for_translation(english)
    change(page, *made.raw_body(page), made.choice("Extra?"))
    assert syllabus() == lessons(ONE, (TWO[0], "", [("read", ["en: Ook gelezen", "Ook gelezen"], "")]))


def test_a_translation_that_goes_off_line_archives_nothing(tree, english):
    page = made.publish(fresh(tree.two).copy_for_translation(english))
    fresh(page).unpublish()
    assert Lesson.objects.get(title=TWO[0]).archived_at is None
    fresh(page).delete()
    assert Lesson.objects.get(title=TWO[0]).archived_at is None


def test_translations_follow_the_order_of_the_source(tree, english):
    two = made.publish(fresh(tree.two).copy_for_translation(english))
    one = made.publish(fresh(tree.one).copy_for_translation(english))
    fresh(one).move(fresh(two), pos="right")
    assert list(Lesson.objects.order_by("position").values_list("title", flat=True)) == [ONE[0], TWO[0]]


def test_a_lesson_written_in_english_alone_is_its_own_source(tree, english):
    session = tree.first.get_translation(english)
    made.make_lesson(session, "English only", made.reading("Read"), locale=english)
    lesson = Lesson.objects.get(title="English only")
    assert (lesson.source_locale, made.lesson_of(lesson)[2]) == ("en", [("read", ["en: Read"], "")])


def test_a_translation_published_before_its_source_waits_for_it(tree, english):
    page = made.make_lesson(tree.first, "Nog niet", made.reading("Gelezen"), live=False)
    translated = fresh(page).copy_for_translation(english)
    change(translated, title="Not yet")
    made.publish(fresh(page))
    lesson = Lesson.objects.get(key=page.translation_key)
    assert (lesson.title, lesson.titles, lesson.source_locale) == ("Nog niet", {"en": "Not yet"}, "nl")
    assert made.lesson_of(lesson)[2] == [("read", ["Gelezen"], "")]
    made.publish(fresh(translated))
    assert made.lesson_of(lesson)[2] == [("read", ["en: Gelezen", "Gelezen"], "")]


def test_an_alias_mirrors_and_writes_nothing(tree):
    before = syllabus()
    alias = CreatePageAliasAction(fresh(tree.one), parent=fresh(tree.second), update_slug="spiegel").execute()
    assert (alias.alias_of_id, syllabus()) == (tree.one.pk, before)
    change(tree.one, title="Ernaast")
    assert fresh(alias).title == "Ernaast"
    fresh(alias).unpublish()
    fresh(alias).delete()
    assert syllabus() == lessons(("Ernaast", "", ONE[2]), TWO)


def test_an_alias_in_another_language_mirrors_and_writes_nothing(tree, english):
    before = syllabus()
    alias = fresh(tree.one).copy_for_translation(english, alias=True)
    assert (alias.translation_key, syllabus()) == (tree.one.translation_key, before)
    change(tree.one, title="Ernaast")
    assert (fresh(alias).title, Lesson.objects.get(title="Ernaast").titles) == ("Ernaast", {})
    fresh(alias).unpublish()
    fresh(alias).delete()
    assert syllabus() == lessons(("Ernaast", "", ONE[2]), TWO)


# --- what must not happen half --------------------------------------------------------------------------------------
def test_a_page_whose_syllabus_cannot_be_written_is_not_live(tree):
    page = made.make_lesson(tree.second, "Stuk", made.unfinished(), live=False)
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        page.save_revision(clean=False).publish()
    assert list(refused.value.message_dict) == ["body"]
    assert fresh(page).live is False
    assert fresh(page).live_revision is None
    assert syllabus() == lessons(ONE, TWO)


def test_a_block_with_a_forged_id_gets_one_of_its_own(tree):
    made.make_lesson(tree.second, "Vals", made.reading(key="geen-uuid"), made.reading("Twee", key=None))
    assert Activity.objects.filter(lesson__title="Vals").count() == 2


def test_a_live_page_stays_as_it_was_when_its_next_version_is_unfinished(tree):
    page = fresh(tree.one)
    page.title = "Stuk"
    page.body = page._meta.get_field("body").to_python([made.unfinished()])
    with pytest.raises(ValidationError), transaction.atomic():
        page.save_revision(clean=False).publish()
    assert (fresh(tree.one).title, len(fresh(tree.one).body)) == (ONE[0], 3)
    assert syllabus() == lessons(ONE, TWO)


def test_a_block_pasted_twice_is_two_activities(tree):
    key = str(uuid.uuid4())
    page = made.make_lesson(
        tree.second, "Dubbel", made.choice("Eerste", key=key), made.choice("Tweede", key=key)
    )
    keys = [child.id for child in fresh(page).body]
    assert keys[0] == key
    assert len(set(keys)) == 2
    lesson = Lesson.objects.get(title="Dubbel")
    assert made.lesson_of(lesson)[2] == [("single_choice", ["Eerste"], ""), ("single_choice", ["Tweede"], "")]
    made.publish(fresh(page))
    assert [child.id for child in fresh(page).body] == keys


def test_only_pages_of_the_syllabus_write_to_it(tree):
    before = syllabus()
    page = made.make_standard_page(tree.home)
    fresh(page).unpublish()
    made.publish(fresh(tree.catalogue))
    assert syllabus() == before
    assert Session.objects.count() == 2


def test_publishing_empties_the_navigation(tree):
    from django.core.cache import cache

    cache.set_many({f"{publishing.NAVIGATION_KEY}:nl": 1, f"{publishing.NAVIGATION_KEY}:en": 1})
    made.make_standard_page(tree.home)
    assert cache.get_many([f"{publishing.NAVIGATION_KEY}:nl", f"{publishing.NAVIGATION_KEY}:en"]) == {}
