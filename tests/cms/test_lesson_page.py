"""A lesson as a learner opens it: who may, what it costs, and in which language."""

import pickle
import re
import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale, PageViewRestriction

from cms import rendering
from cms.queries import lesson_page
from cms.rendering import CSRF_MARK, KEPT_MARK, TEXT_MARK, UUID_MARK, lesson_body, release
from courses.models import Activity, Enrolment, Lesson
from courses.services.attempts import record_answer
from courses.services.enrolments import enrol, withdraw
from courses.services.progress import refresh
from meetings.flows import write_attendance
from meetings.rules import at_home
from meetings.services.attendance import Mark
from meetings.services.planning import plan_sessions
from tests.cms import made_pages as made
from tests.cms.made_pages import change, fresh
from tests.factories import CohortFactory, PersonFactory, right_answer, wrong_answer

pytestmark = pytest.mark.django_db
SECRET = "Vogels op de vensterbank"


def lesson_of(page):
    return Lesson.objects.select_related("session__course").get(key=page.translation_key)


def address(page, language="nl"):
    return f"{'' if language == 'nl' else '/en'}/les/{lesson_of(page).short_key}/"


@pytest.fixture
def learner(tree, client, now):
    person = PersonFactory()
    enrol(learner=person, course=lesson_of(tree.one).session.course, alias="Maan", now=now)
    client.force_login(person)
    return person


def answer(learner, activity, now, data=None, locale="nl"):
    version = activity.versions.filter(locale=locale).order_by("-number").first()
    enrolment = Enrolment.objects.select_related("course_version").get(learner=learner)
    record_answer(
        enrolment=enrolment, version=version, data=data or right_answer(version), uuid=uuid.uuid4(), now=now
    )
    refresh(enrolment=enrolment, activity_id=activity.pk, now=now)


def forms(html):
    """Activity id → the form's markup."""
    return {
        int(key): form
        for key, form in re.findall(r'(?s)<form class="activity[^"]*" id="a-(\d+)"(.*?)</form>', html)
    }


def html_of(response):
    return response.content.decode()


# --- who may --------------------------------------------------------------------------------------------------------
def test_a_stranger_is_asked_to_sign_in(tree, client):
    response = client.get(address(tree.one))
    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))


def test_who_is_not_in_the_course_finds_nothing(learner, tree, client):
    client.force_login(PersonFactory())
    assert client.get(address(tree.one)).status_code == 404


def test_who_stopped_finds_nothing(learner, tree, client, now):
    withdraw(enrolment=Enrolment.objects.get(), now=now)
    assert client.get(address(tree.one)).status_code == 404


@pytest.mark.parametrize("level", ["one", "first"])
def test_what_is_off_line_is_not_found(level, learner, tree, client):
    path = address(tree.one)
    fresh(getattr(tree, level)).unpublish()
    assert client.get(path).status_code == 404


def test_the_pages_own_privacy_opens_and_closes_nothing(learner, tree, client):
    PageViewRestriction.objects.create(page=tree.one.page_ptr, restriction_type="password", password="x")
    assert client.get(address(tree.one)).status_code == 200


def test_only_reading_is_possible_at_a_lesson(learner, tree, client):
    assert client.post(address(tree.one)).status_code == 405


def test_where_only_a_form_leads_there_is_a_page_that_says_so(learner, tree, client):
    address = reverse("erase_me")
    shown, fetched = client.get(address), client.get(address, headers={"accept": "application/json"})
    assert (shown.status_code, shown.headers["Allow"], fetched.content) == (405, "POST", b"")
    assert "405.html" in [template.name for template in shown.templates]


# --- addresses ------------------------------------------------------------------------------------------------------
def test_addresses_of_lessons_and_sessions_tell_nothing(learner, tree, client):
    assert fresh(tree.one).get_url() == address(tree.one)
    assert re.fullmatch(r"/les/[2-9a-z]{8}/", address(tree.one))
    session = lesson_of(tree.one).session
    assert fresh(tree.first).get_url() == f"/les/sessie/{session.short_key}/"


def test_the_tree_address_only_leads_to_the_neutral_one(learner, tree, client):
    for page, target in ((tree.one, address(tree.one)), (tree.first, fresh(tree.first).get_url())):
        response = client.get(fresh(page).url_path.replace("/leerhuis/", "/", 1))
        assert (response.status_code, response.url) == (302, target)


def test_the_title_of_the_tab_says_which_lesson_and_not_of_what(learner, tree, client):
    for path in (address(tree.one), fresh(tree.first).get_url()):
        (title,) = re.findall(r"<title>(.*?)</title>", html_of(client.get(path)), re.DOTALL)
        for telling in ("Naast iemand staan", "Kennismaking", "Geweld en herstel"):
            assert telling not in title


def test_a_lesson_is_in_nobodys_cache(learner, tree, client):
    assert client.get(address(tree.one))["Cache-Control"] == "no-store"


# --- what is shown --------------------------------------------------------------------------------------------------
def test_the_answer_is_not_in_the_page_before_it_is_given(learner, tree, client, now):
    question = Activity.objects.get(kind="single_choice")
    version = question.versions.get()
    html = html_of(client.get(address(tree.one)))
    for option in version.specification["options"]:
        assert option["text"] in html
        assert option["feedback"] not in html
    answer(learner, question, now, wrong_answer(version))
    html = html_of(client.get(address(tree.one)))
    assert "Dat doet een ander." in html
    assert ">Ja.<" not in html


def test_every_form_has_its_own_token_and_uuid_and_they_change(learner, tree, client):
    seen = []
    for _time in range(2):
        html = html_of(client.get(address(tree.one)))
        assert "%%leerhuis" not in html
        seen += re.findall(r'name="uuid" value="([^"]+)"', html)
        tokens = [
            re.findall(r'name="csrfmiddlewaretoken" value="(\w{64})"', form) for form in forms(html).values()
        ]
        assert [len(each) for each in tokens] == [1, 1]
    assert len(seen) == len(set(seen)) == 4
    assert [str(uuid.UUID(each)) for each in seen] == seen


def test_the_forms_of_a_lesson_can_be_sent(learner, tree, settings):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(learner)
    html = html_of(strict.get(address(tree.one)))
    for activity_id, form in forms(html).items():
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', form))
        choices = re.findall(r'name="choice" value="([^"]+)"', form)
        data = fields | ({"choice": choices[0]} if choices else {})
        assert strict.post(reverse("answer", args=[activity_id]), data).status_code == 302
        del fields["csrfmiddlewaretoken"]
        assert strict.post(reverse("answer", args=[activity_id]), fields).status_code == 403


def test_where_the_learner_is_will_be_remembered(learner, tree, client):
    client.get(address(tree.two))
    assert Enrolment.objects.get().here == lesson_of(tree.two)


def test_an_answer_to_an_earlier_wording_is_told_beside_a_fresh_form(learner, tree, client, now):
    question = Activity.objects.get(kind="single_choice")
    answer(learner, question, now)
    body = made.raw_body(tree.one)
    body[1]["value"]["question"] = "Wat past nu?"
    change(tree.one, *body)
    form = forms(html_of(client.get(address(tree.one))))[question.pk]
    assert "Wat past nu?" in form
    assert "B: Ernaast staan" in form
    assert " checked" not in form


def test_a_private_text_is_shown_to_its_writer_alone(learner, tree, client, now):
    change(tree.two, made.reflection())
    own = Activity.objects.get(kind="reflection")
    answer(learner, own, now, {"text": SECRET})
    assert SECRET in html_of(client.get(address(tree.two)))
    other = PersonFactory()
    enrol(learner=other, course=lesson_of(tree.one).session.course, alias="Ster", now=now)
    client.force_login(other)
    assert SECRET not in html_of(client.get(address(tree.two)))


def test_a_private_text_is_in_no_cache_and_its_form_is_shared(learner, tree, client, now):
    change(tree.two, made.reflection())
    own = Activity.objects.get(kind="reflection")
    texts = {learner: SECRET, PersonFactory(): "Een ander woord"}
    enrol(learner=list(texts)[1], course=lesson_of(tree.one).session.course, alias="Ster", now=now)
    for person, text in texts.items():
        answer(person, own, now, {"text": text})
        client.force_login(person)
        for _time in range(2):
            form = forms(html_of(client.get(address(tree.two))))[own.pk]
            assert [each in form for each in texts.values()] == [each == text for each in texts.values()]
    kept = [pickle.loads(value) for value in caches["default"]._cache.values()]
    assert [text for text in texts.values() if text in repr(kept)] == []


def test_marks_that_somebody_writes_stay_what_they_are(learner, tree, client, now):
    change(tree.two, made.reflection())
    own = Activity.objects.get(kind="reflection")
    text = f"{CSRF_MARK} {UUID_MARK} {TEXT_MARK.format(field='text')} {KEPT_MARK}"
    answer(learner, own, now, {"text": text})
    for _time in range(2):
        form = forms(html_of(client.get(address(tree.two))))[own.pk]
        assert re.findall(r"(?s)<textarea[^>]*>(.*?)</textarea>", form) == [text]
        assert len(re.findall(r'name="csrfmiddlewaretoken" value="\w{64}"', form)) == 1


def test_when_a_private_text_was_kept_is_said_in_the_readers_language_and_time(learner, tree, client):
    change(tree.two, made.reflection())
    own = Activity.objects.get(kind="reflection")
    answer(learner, own, datetime(2026, 3, 4, 19, 5, tzinfo=UTC), {"text": SECRET})
    for language, sentence in (
        ("nl", "Bewaard op 4 maart om 20.05 uur."),
        ("en", "Kept on 4 March at 20.05."),
    ):
        assert sentence in forms(html_of(client.get(address(tree.two, language))))[own.pk]


@pytest.fixture
def next_release(monkeypatch):
    """Something that makes the code another one, as a deployment does, for as long as the test lasts."""

    def deploy():
        monkeypatch.setattr(rendering, "SOURCES", rendering.SOURCES[:1])
        release.cache_clear()

    yield deploy
    release.cache_clear()


def test_a_release_shows_nothing_that_an_earlier_one_drew(learner, tree, client, now, next_release):
    question = Activity.objects.get(kind="single_choice")
    answer(learner, question, now)
    path = address(tree.one)
    assert len(counted(client, path)) == 4
    before = set(caches["default"]._cache)
    next_release()
    client.get(path)
    fresh_keys = sorted(key.split(":")[2] for key in set(caches["default"]._cache) - before)
    assert fresh_keys == ["answered", "lesson"]
    assert len(counted(client, path)) == 4


def test_a_release_is_known_by_its_sources(tmp_path, settings):
    release.cache_clear()
    ours = release()
    settings.BASE_DIR = tmp_path
    folder = tmp_path / "cms" / "templates" / "cms" / "activities"
    folder.mkdir(parents=True)
    seen = []
    for words in ("een", "twee", "een"):
        (folder / "activity.html").write_text(words)
        release.cache_clear()
        seen.append(release())
    release.cache_clear()
    assert seen[0] == seen[2]
    assert len({ours, *seen}) == 3


def test_a_published_change_is_seen_at_once(learner, tree, client):
    client.get(address(tree.one))
    change(tree.one, made.text("Iets heel anders."), title="Nieuwe titel")
    html = html_of(client.get(address(tree.one)))
    assert "Iets heel anders." in html
    assert "<h1>Nieuwe titel</h1>" in html
    assert forms(html) == {}


def test_what_learners_wrote_cannot_become_markup(learner, tree, client, now):
    change(tree.two, made.reflection("<script>alert(1)</script>"), title="<b>vet</b>")
    own = Activity.objects.get(kind="reflection")
    answer(learner, own, now, {"text": "</textarea><script>alert(2)</script>"})
    html = html_of(client.get(address(tree.two)))
    assert "<script>alert" not in html
    assert "<b>vet</b>" not in html


# --- two languages --------------------------------------------------------------------------------------------------
@pytest.fixture
def english(tree):
    """`one` in English, its question reworded."""
    locale, _made = Locale.objects.get_or_create(language_code="en")
    for page in (tree.home, tree.catalogue, tree.course, tree.first):
        made.publish(fresh(page).copy_for_translation(locale))
    page = fresh(tree.one).copy_for_translation(locale)
    body = made.raw_body(page)
    body[1]["value"]["question"] = "What fits?"
    body[1]["value"]["options"][1]["value"] |= {"text": "Standing beside", "feedback": "Yes indeed."}
    return change(page, *body, title="Beside somebody")


def test_a_translated_lesson_is_read_in_english_and_progress_follows(learner, english, tree, client, now):
    html = html_of(client.get(address(tree.one, "en")))
    assert "<h1>Beside somebody</h1>" in html
    assert ("What fits?" in html, "Wat past?" in html) == (True, False)
    assert 'id="inhoud" class="lesson-body" lang="en"' in html
    question = Activity.objects.get(kind="single_choice")
    answer(learner, question, now, locale="en")
    for language in ("nl", "en"):
        form = forms(html_of(client.get(address(tree.one, language))))[question.pk]
        # In the wording answered, the answer itself; in the other, the answer in words.
        assert (" checked" in form, "Standing beside" in form) == (
            (False, True) if language == "nl" else (True, True)
        )


def test_a_lesson_without_translation_is_read_in_its_own_language(learner, english, tree, client):
    html = html_of(client.get(address(tree.two, "en")))
    assert "<h1>Een zorg</h1>" in html
    assert 'lang="nl"' in html


def test_dutch_readers_never_get_the_english_page(learner, english, tree, client):
    client.get(address(tree.one, "en"))
    assert "<h1>Naast iemand staan</h1>" in html_of(client.get(address(tree.one)))
    assert lesson_page(tree.one.translation_key).locale.language_code == "nl"


# --- what it costs --------------------------------------------------------------------------------------------------
def blocks(count):
    """A lesson of `count` blocks: every third is text, the others ask something."""
    kinds = (made.text, made.choice, made.reflection)
    return [kinds[number % 3]() for number in range(count)]


def counted(client, path):
    client.get(path)  # warms the caches and notes the place
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries.captured_queries]


@pytest.mark.parametrize("count", [3, 60])
@pytest.mark.parametrize("answered", [False, True], ids=["blank", "answered"])
def test_a_lesson_costs_four_queries_however_long_and_however_much_was_answered(
    count, answered, learner, tree, client, now
):
    change(tree.one, *blocks(count))
    if answered:
        for activity in Activity.objects.filter(retired_at=None, lesson__key=tree.one.translation_key):
            answer(learner, activity, now)
    assert len(counted(client, address(tree.one))) == 4
    # 1 who is signed in, with their contact preferences (the session itself comes from the cache)
    # 2 the lesson with its session, its course and the learner's enrolment
    # 3 the lesson's activities with state, last attempt, wording and reflection
    # 4 the lessons of the session with how much is done


def test_reworded_questions_cost_one_query_more_for_all_of_them_and_once(learner, tree, client, now):
    change(tree.one, *blocks(60))
    for activity in Activity.objects.filter(kind="single_choice", retired_at=None):
        answer(learner, activity, now)
    body = made.raw_body(fresh(tree.one))
    for child in body:
        if child["type"] == "single_choice":
            child["value"]["question"] = "Anders gevraagd?"
    change(tree.one, *body)
    path = address(tree.one)
    client.get(address(tree.two))
    lesson_body(lesson_of(tree.one))  # as somebody else has read it since
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    assert len(queries) == 6  # the four, the place, and the new wordings
    assert len(counted(client, path)) == 4


def test_moving_on_to_another_lesson_costs_one_write_more(learner, tree, client):
    one, two = address(tree.one), address(tree.two)
    client.get(one)
    client.get(two)
    with CaptureQueriesContext(connection) as queries:
        client.get(one)
    assert len(queries) == 5  # the four, and the place


def test_a_cold_cache_costs_no_query_per_block(learner, tree, client):
    path, sizes = address(tree.one), []
    for count in (3, 60):
        change(tree.one, *blocks(count))
        client.get(path)
        change(tree.one, *blocks(count))  # a new stamp: the body has to be rendered
        client.get("/leerplek/")  # the navigation, which publishing emptied too
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        sizes.append(len(queries))
    assert sizes == [
        8,
        8,
    ]  # the four; the page, the activities, the wordings of the source and of the language


# --- sessions -------------------------------------------------------------------------------------------------------
def session_address(page):
    return fresh(page).get_url()


def test_a_session_shows_its_lessons_and_the_meeting(learner, tree, client):
    change(tree.first, meeting="2,5 uur", meeting_details="Donderdag 25 maart, 19.00")
    change(tree.one, part="before")
    change(tree.two, part="after")
    html = html_of(client.get(session_address(tree.first)))
    assert [
        html.index(words) for words in ("Naast iemand staan", "Donderdag 25 maart, 19.00", "Een zorg")
    ] == sorted(
        html.index(words) for words in ("Naast iemand staan", "Donderdag 25 maart, 19.00", "Een zorg")
    )


def test_a_session_without_lessons_is_shown(learner, tree, client):
    assert client.get(session_address(tree.second)).status_code == 200


def test_sessions_are_for_who_is_in_the_course(learner, tree, client):
    path = session_address(tree.first)
    client.force_login(PersonFactory())
    assert client.get(path).status_code == 404
    client.logout()
    assert client.get(path).status_code == 302
    assert client.get("/les/sessie/bestaat-niet/").status_code == 302


def test_a_session_of_an_archived_course_is_kept_for_who_is_under_way(learner, tree, client):
    fresh(tree.course).unpublish()
    assert client.get(address(tree.one)).status_code == 200
    assert client.get(session_address(tree.first)).status_code == 200


def test_a_session_costs_the_same_with_one_lesson_and_with_many(learner, tree, client):
    few = len(counted(client, session_address(tree.first)))
    for number in range(8):
        made.make_lesson(fresh(tree.first), f"Les {number}", made.reading())
    assert len(counted(client, session_address(tree.first))) == few == 8
    # 1 who is signed in  2 the session  3 the enrolment  4 the session's page  5 its language
    # 6 what is required  7 what is done  8 the lessons


# --- public pages ---------------------------------------------------------------------------------------------------
def test_the_catalogue_costs_the_same_with_one_course_and_with_many(tree, client):
    path = fresh(tree.catalogue).get_url()
    few = len(counted(client, path))
    for number in range(7):
        made.make_course(fresh(tree.catalogue), f"Cursus {number}")
    assert len(counted(client, path)) == few


def test_a_course_of_lessons_without_meetings_says_how_many_and_how_long(tree, client):
    change(tree.one, minutes=12)
    html = html_of(client.get(fresh(tree.course).get_url()))
    assert re.search(r"2 \w+, 22 min", html) is not None


def test_a_course_page_costs_the_same_with_two_sessions_and_with_many(tree, client):
    path = fresh(tree.course).get_url()
    few = len(counted(client, path))
    for number in range(7):
        session = made.make_session(fresh(tree.course), f"Sessie {number}")
        made.make_lesson(session, f"Les {number}", made.reading())
    assert len(counted(client, path)) == few


def test_the_course_page_knows_who_is_in_it(learner, tree, client):
    course = lesson_of(tree.one).session.course
    path = fresh(tree.course).get_url()
    assert reverse("my_course", args=[course.short_key]) in html_of(client.get(path))
    client.logout()
    start = reverse("start_course", args=[course.short_key])
    button, link = f'class="button wide-on-phone" href="{start}"', f'<a href="{start}"'
    html = html_of(client.get(path))
    assert (button in html, link in html) == (True, False)
    change(tree.course, open_enrolment=False)
    html = html_of(client.get(path))
    assert (button in html, link in html) == (False, True)  # for who has a code


def test_a_session_shows_the_meeting_of_ones_own_group_and_what_was_missed(tree, client, now):
    """The page's own text says when where no group does; signed off, missed and caught up show in its place."""
    session = lesson_of(tree.one).session
    own_page = tree.one.get_parent().specific
    own_page.meeting = "19.00 uur, in de groep"
    own_page.save_revision().publish()
    person, trainer = PersonFactory(), PersonFactory()
    cohort = CohortFactory(course=session.course, homework_days=5)
    enrol(learner=person, course=session.course, cohort=cohort, alias="Maan", now=now - timedelta(days=30))
    client.force_login(person)
    page = f"/les/sessie/{session.short_key}/"
    assert "19.00 uur, in de groep" in client.get(page).content.decode()
    starts_at = at_home(date(2026, 11, 12), time(19))
    (meeting,) = plan_sessions(
        cohort=cohort, sessions=[session], moments=[starts_at], minutes=150, place="Zaal 2", now=now
    )
    html = client.get(page).content.decode()
    assert "19.00 tot 21.30 uur" in html
    assert "vanaf 7 november" in html
    assert "in de groep" not in html
    assert "Je was er niet bij" not in html
    write_attendance(meeting=meeting, marks=[Mark(person.pk, "absent")], by=trainer, now=now)
    assert "Je was er niet bij" in client.get(page).content.decode()
    client.post(reverse("caught_up", args=[meeting.pk]))
    html = client.get(page).content.decode()
    assert "ingehaald" in html
    assert "Je was er niet bij" not in html


def test_headings_go_down_by_one_where_an_exercise_to_land_stands_first(learner, tree, client):
    landing = made.block("grounding", {"title": "Landen", "text": "<h3>Eerst</h3><ol><li>Voeten.</li></ol>"})
    change(tree.one, landing, made.reading())
    html = html_of(client.get(address(tree.one)))
    text = html[html.index("<main") : html.index("</main>")]
    assert re.findall(r"<h(\d)[^>]*>([^<]*)<", text) == [
        ("1", tree.one.title),
        ("2", "Landen"),
        ("3", "Eerst"),
    ]
