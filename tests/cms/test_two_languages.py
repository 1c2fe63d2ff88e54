"""A course in a second language, by Wagtail's own translation: one progress, whichever language somebody reads in."""

import uuid

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation

from cms.models import CoursePage, LessonPage, QuestionBank
from cms.roles import TRANSLATING
from courses.activities import h5p
from courses.models import Activity, ActivityState, ActivityVersion, Course, Lesson
from courses.services.enrolments import enrol
from people.models import Role
from tests.cms import made_pages as made
from tests.cms.editor_forms import PUBLISH, as_posted
from tests.cms.made_pages import fresh, raw_body, syllabus
from tests.cms.test_editor import edit, somebody
from tests.cms.test_question_banks import bank_of, quiz, statement
from tests.courses.activity_samples import FIELDS
from tests.courses.talks import kemal
from tests.factories import PersonFactory, right_answer
from tests.media.played_packages import made_version

pytestmark = pytest.mark.django_db


def without_ids(value):
    """A conversation as the editor makes one: the ids of its parts are UUIDs, not words."""
    if isinstance(value, list):
        return [without_ids(each) for each in value]
    if isinstance(value, dict):
        kept = {name: without_ids(each) for name, each in value.items() if name != "id"}
        return {**kept, "id": str(uuid.uuid4())} if "id" in value else kept
    return value


# --- duplicating ----------------------------------------------------------------------------------------------------
@pytest.fixture
def rich(tree):
    """A lesson with a conversation and a test that draws from a bank."""
    bank = bank_of(statement("Een."), statement("Twee."), programme=tree.course.programme)
    made.change(
        tree.two,
        made.conversation(without_ids(kemal())),
        quiz(bank, draw=1, pass_score=1),
        made.reading("Klaar"),
    )
    return tree


def copied(client, page, parent, *, publish):
    form = {"new_title": "Kopie", "new_slug": "kopie", "new_parent_page": str(parent.pk), "alias": ""}
    form |= {"copy_subpages": "on"} | ({"publish_copies": "on"} if publish else {})
    response = client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), form)
    assert response.status_code == 302, response.context["form"].errors
    return Page.objects.get(slug="kopie").specific


@pytest.mark.parametrize("publish", [True, False])
def test_a_copied_lesson_has_activities_of_its_own_and_publishing_both_moves_nothing(
    rich, client, now, publish
):
    client.force_login(somebody(Role.TRAINER, now))
    before, ids = syllabus(), set(Activity.objects.values_list("pk", flat=True))
    copy = copied(client, rich.two, rich.second, publish=publish)
    for page in (copy, rich.two, copy):
        body = raw_body(fresh(page))
        client.post(edit(page), as_posted(fresh(page), *body, **PUBLISH))
    original = Lesson.objects.get(key=rich.two.translation_key)
    double = Lesson.objects.get(key=copy.translation_key)
    assert made.lesson_of(original) == before[0][2][0][2][1]
    assert set(Activity.objects.exclude(lesson=double).values_list("pk", flat=True)) == ids
    taught = [each.kind for each in original.activities.filter(retired_at=None)]
    assert [each.kind for each in double.activities.all()] == taught
    assert all(each.versions.count() == 1 for each in Activity.objects.all())
    # Both draw from the one bank.
    banks = [fresh(page).body[1].value["bank"] for page in (copy, rich.two)]
    assert banks == [QuestionBank.objects.get()] * 2


def test_a_copied_course_is_another_course_with_a_team_of_its_own(rich, client, now):
    client.force_login(somebody(Role.EDITOR, now))
    before = syllabus()
    copy = copied(client, rich.course, rich.catalogue, publish=True)
    assert syllabus()[0] == before[0]
    assert [(row[0], len(row[2])) for row in syllabus()[1:]] == [("Kopie", len(before[0][2]))]
    trainer = somebody(Role.EDITOR, now)
    trainer.groups.clear()
    made.trains(trainer, copy)
    client.force_login(trainer)
    lesson = copy.get_descendants().type(LessonPage).first()
    assert [client.get(edit(page)).status_code for page in (lesson, rich.one)] == [200, 302]


# --- a second language ----------------------------------------------------------------------------------------------
KINDS = sorted(set(FIELDS) - {"quiz", "dialogue"})


def in_english(page):
    """A copy for translation, as Wagtail's own screen makes it."""
    english, _made = Locale.objects.get_or_create(language_code="en")
    translated = fresh(page).copy_for_translation(english, copy_parents=True, alias=False)
    for ancestor in translated.get_ancestors().filter(depth__gt=1, live=False).specific():
        made.publish(ancestor)
    return translated


def test_an_editor_translates_a_lesson_in_the_editor_and_its_activities_stay_the_same(rich, client, now):
    # Wagtail's translation makes this right in a migration, which a test that emptied the database took along.
    kept = ContentType.objects.get_for_model(Translation)
    Permission.objects.get_or_create(content_type=kept, codename=TRANSLATING, defaults={"name": "x"})
    client.force_login(somebody(Role.EDITOR, now))
    english, _made = Locale.objects.get_or_create(language_code="en")
    activities = list(Activity.objects.order_by("pk").values_list("pk", "position", "retired_at"))
    address = reverse("wagtail_localize:submit_page_translation", args=[rich.home.pk])
    assert client.get(address).status_code == 200
    response = client.post(address, {"locales": [english.pk], "include_subtree": "on"})
    assert response.status_code == 302
    lesson = LessonPage.objects.get(translation_key=rich.two.translation_key, locale=english)
    assert client.get(edit(lesson)).status_code == 200
    made.publish(lesson)
    assert list(Activity.objects.order_by("pk").values_list("pk", "position", "retired_at")) == activities
    assert {
        version.locale
        for version in ActivityVersion.objects.filter(activity__lesson__key=rich.two.translation_key)
    } == {"nl", "en"}


@pytest.fixture
def translated(rich, client, now):
    """A lesson in English by the editor's own translation, live; an editor is signed in."""
    kept = ContentType.objects.get_for_model(Translation)
    Permission.objects.get_or_create(content_type=kept, codename=TRANSLATING, defaults={"name": "x"})
    client.force_login(somebody(Role.EDITOR, now))
    english, _made = Locale.objects.get_or_create(language_code="en")
    address = reverse("wagtail_localize:submit_page_translation", args=[rich.home.pk])
    client.post(address, {"locales": [english.pk], "include_subtree": "on"})
    lesson = LessonPage.objects.get(translation_key=rich.one.translation_key, locale=english)
    for page in (*lesson.get_ancestors().filter(depth__gt=1, live=False).specific(), lesson):
        made.publish(page)
    return fresh(lesson)


def reword(page, words):
    """Another wording of the question, as the screen of a translation keeps it."""
    translation = Translation.objects.get(
        source__object_id=page.translation_key, target_locale=page.locale_id
    )
    (segment,) = translation.source.stringsegment_set.filter(context__path__endswith=".question")
    StringTranslation.objects.create(
        translation_of=segment.string, locale=page.locale, context=segment.context, data=words
    )


def questions_of(page):
    """What is asked in English, by every wording so far."""
    versions = ActivityVersion.objects.filter(
        activity__kind="single_choice", activity__lesson__key=page.translation_key, locale="en"
    )
    return [version.specification["question"] for version in versions.order_by("number")]


def test_publishing_a_translation_asks_first_where_learners_would_notice(
    translated, client, now, django_capture_on_commit_callbacks
):
    course = Lesson.objects.get(key=translated.translation_key).session.course
    enrol(learner=PersonFactory(), course=course, alias="Maan", now=now)
    reword(translated, "What fits?")
    with django_capture_on_commit_callbacks(execute=True):
        asked = client.post(edit(translated), {"action": "publish"})
    assert (asked.status_code, asked.url) == (302, reverse("confirm_publishing", args=[translated.pk]))
    assert questions_of(translated) == ["Wat past?"]
    shown = client.get(asked.url)
    assert "Wat past?" in shown.text
    client.post(asked.url, {"revision": fresh(translated).latest_revision_id})
    assert questions_of(translated) == ["Wat past?", "What fits?"]


def test_a_translation_that_nobody_notices_is_published_at_once(
    translated, client, django_capture_on_commit_callbacks
):
    reword(translated, "What fits?")
    with django_capture_on_commit_callbacks(execute=True):
        published = client.post(edit(translated), {"action": "publish"})
    assert (published.status_code, published.url) == (302, edit(translated))
    assert questions_of(translated) == ["Wat past?", "What fits?"]


def test_one_progress_in_two_languages_with_a_test_and_a_conversation(rich, client):
    """Half of it in Dutch, half in English: the drawn question and the conversation are where they were."""
    in_english(rich.one)
    translated = in_english(rich.two)
    body = raw_body(translated)
    body[2]["value"]["statement"] = "Done"
    made.change(translated, *body)
    learner = PersonFactory()
    enrolment = enrol(
        learner=learner, course=Course.objects.get(), cohort=None, alias="Noor", now=timezone.now()
    )
    client.force_login(learner)
    lesson = Lesson.objects.get(key=rich.two.translation_key)
    address = reverse("lesson", args=[lesson.short_key])
    talk, _test, done = lesson.activities.filter(retired_at=None).order_by("position")
    newest = {
        (version.activity_id, version.locale): version
        for version in ActivityVersion.objects.order_by("number")
    }

    def answer(prefix, version, data):
        posted = {"uuid": uuid.uuid4(), "version": version.pk, **data}
        with override("nl"):
            return client.post(f"{prefix}{reverse('answer', args=[version.activity_id])}", posted)

    first = newest[talk.pk, "nl"].specification["scenes"][0]["choices"][0]["key"]
    assert answer("", newest[talk.pk, "nl"], {"path": "", "say": first}).status_code == 302
    dutch, english = client.get(address), client.get(f"/en{address}")
    assert [page.status_code for page in (dutch, english)] == [200, 200]
    assert ("Done" in dutch.text, "Done" in english.text, "Klaar" in dutch.text) == (False, True, True)
    said = newest[talk.pk, "nl"].specification["scenes"][0]["choices"][0]["text"]
    assert said in english.text
    drawn = [[words in page.text for words in ("Een.", "Twee.")] for page in (dutch, english)]
    assert drawn[0] == drawn[1]
    assert sorted(drawn[0]) == [False, True]
    assert answer("/en", newest[done.pk, "en"], right_answer(newest[done.pk, "en"])).status_code == 302
    states = ActivityState.objects.filter(enrolment=enrolment, status="done")
    assert list(states.values_list("activity", flat=True)) == [done.pk]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_translated_under_the_same_activity(tree, kind):
    """Publishing the translation adds a wording and nothing else; the source's keys decide in both."""
    from tests.cms.test_exporting import raw_activity

    if kind == h5p.KIND:
        body = made.package(made_version().package, required=False)
    else:
        body = raw_activity(kind, FIELDS[kind], required=False, alternative="")
    page = made.change(tree.two, body)
    (activity,) = Activity.objects.filter(lesson__key=page.translation_key, retired_at=None)
    made.publish(in_english(page))
    versions = list(activity.versions.order_by("locale"))
    assert [version.locale for version in versions] == ["en", "nl"]
    assert versions[0].specification == versions[1].specification
    assert Activity.objects.filter(lesson__key=page.translation_key, retired_at=None).get() == activity


def test_english_addresses_say_kindly_that_a_text_is_in_dutch(tree, client):
    """Where there is no translation: the interface in English, the text in Dutch, and marked as such."""
    learner = PersonFactory()
    enrol(learner=learner, course=Course.objects.get(), cohort=None, alias="Noor", now=timezone.now())
    client.force_login(learner)
    lesson = Lesson.objects.get(key=tree.one.translation_key)
    session = Lesson.objects.get(key=tree.one.translation_key).session
    public = CoursePage.objects.get().url
    for address in (
        reverse("lesson", args=[lesson.short_key]),
        reverse("session", args=[session.short_key]),
        public,
    ):
        english, dutch = client.get(f"/en{address}", follow=True).text, client.get(address).text
        assert '<html lang="en"' in english, address
        assert 'lang="nl"' in english.partition("<main")[2], address
        assert "This text is in Dutch" in english, address
        assert "This text is in Dutch" not in dutch, address
