"""What editors make: drafts stay drafts, trees stay fenced, pages let nobody in, and no script gets through.

In Wagtail's own history of holes the attacker is nearly always an editor with few rights.
"""

import contextlib
import json
from datetime import timedelta
from html import unescape
from itertools import product

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, PageViewRestriction, Revision
from wagtail.test.utils.form_data import rich_text

from cms.models import CoursePage, LessonPage, QuestionBank, StandardPage
from courses.models import Lesson
from courses.queries.access import lesson_for
from courses.services.teams import align_teams, assign_trainers
from people.models import Membership
from people.services.roles import grant_role, revoke_role
from tests.cms import made_pages as made
from tests.cms.editor_forms import PUBLISH, as_posted
from tests.factories import PASSWORD
from tests.figures import figure
from tests.security.conftest import House
from tests.security.test_web import Markup

DRAFT = "Conceptgeheim"
IN_A_BROWSER: dict[str, str] = {}
BY_A_SCRIPT = {"X-Requested-With": "XMLHttpRequest", "Accept": "application/json"}
READERS = ("anonymous", "learner_a", "learner_b", "coordinator_a", "elsewhere_a")


# --- drafts ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def drafts(house: House) -> dict[str, Page]:
    """A change that is not published, and a lesson, a session, a course and a page that never were."""
    lesson = LessonPage.objects.get(pk=house.lesson_page.pk)
    lesson.title = f"{DRAFT} titel"
    lesson.note = f"{DRAFT} opmerking"
    lesson.body = lesson._meta.get_field("body").to_python(
        [made.text(f"{DRAFT} tekst"), made.choice(f"{DRAFT} vraag")]
    )
    lesson.save_revision()
    new_lesson = made.make_lesson(house.session_page, f"{DRAFT} les", made.text(f"{DRAFT} les"), live=False)
    new_lesson.save_revision()
    new_session = made.make_session(house.course_page, f"{DRAFT} sessie", live=False)
    new_session.save_revision()
    standard = house.home.add_child(
        instance=StandardPage(title=f"{DRAFT} pagina", slug="concept", live=False)
    )
    standard.save_revision()
    return {"changed": lesson, "lesson": new_lesson, "session": new_session, "standard": standard}


def doors_to(page: Page) -> list[str]:
    """Every address at which Wagtail shows what is not published."""
    pk, revision = (
        page.pk,
        page.latest_revision_id or Revision.objects.filter(object_id=str(page.pk)).latest("pk").pk,
    )
    return [
        f"/cms/pages/{pk}/edit/",
        f"/cms/pages/{pk}/edit/preview/",
        f"/cms/pages/{pk}/edit/preview/?mode=",
        f"/cms/pages/{pk}/view_draft/",
        f"/cms/pages/{pk}/history/",
        f"/cms/pages/{pk}/history/results/",
        f"/cms/pages/{pk}/revisions/{revision}/view/",
        f"/cms/pages/{pk}/revisions/{revision}/revert/",
        f"/cms/pages/{pk}/revisions/compare/live...latest/",
        f"/cms/pages/{pk}/revisions/compare/earliest...{revision}/",
        f"/cms/pages/workflow/preview/{pk}/1/",
        f"/cms/pages/{pk}/copy/",
        f"/cms/pages/{pk}/move/",
        f"/cms/pages/{pk}/usage/",
        f"/cms/pages/{page.get_parent().pk}/",
        f"/cms/api/main/pages/{pk}/",
        "/cms/api/main/pages/?fields=*",
        f"/cms/api/main/pages/?search={DRAFT}",
        f"/cms/pages/search/?q={DRAFT}",
        f"/cms/pages/search/results/?q={DRAFT}",
        f"/cms/choose-page/search/?q={DRAFT}",
        f"/cms/choose-page/{page.get_parent().pk}/",
        f"/cms/choose-page/chosen-multiple/?id={pk}",
        "/cms/reports/site-history/",
        "/cms/reports/aging-pages/",
        f"/cms/localize/submit/page/{pk}/",
        "/cms/block-preview/?id=x",
    ]


def public_places(house: House, page: Page) -> list[str]:
    """Where readers go, and the address in the tree that the page would have."""
    path = "/".join(each.slug for each in [*page.get_ancestors()[2:], page])
    lesson, session = house.a.lesson, house.a.session
    places = [
        "/",
        house.catalogue.url,
        house.course_page.url,
        f"/{path}/",
        f"/en/{path}/",
        f"/{path}/?preview=1",
    ]
    places += [reverse("leerplek"), reverse("my_course", args=[house.a.course.short_key])]
    return [*places, reverse("lesson", args=[lesson.short_key]), reverse("session", args=[session.short_key])]


@pytest.mark.parametrize("role", READERS)
def test_no_draft_reaches_a_reader_by_any_door(house: House, drafts, role):
    client, asked, leaked = house.client(role), 0, []
    ways = {path for page in drafts.values() for path in [*doors_to(page), *public_places(house, page)]}
    for path, headers in product(sorted(ways), (IN_A_BROWSER, BY_A_SCRIPT)):
        response = client.get(path, headers=headers)
        asked += 1
        body = response.text.replace(f"q={DRAFT}", "").replace(f"search={DRAFT}", "")
        # The words that were searched for stand in the address to return to after signing in.
        if response.status_code == 200 and DRAFT in body:
            leaked.append(path)
        assert response.status_code in {200, 302, 403, 404}, path
    figure(f"{asked} ways to a draft as {role}: {len(leaked)} showed it")
    assert leaked == []


def test_a_trainer_does_not_see_drafts_outside_the_tree(house: House, drafts):
    client, page = house.client("trainer_a"), drafts["standard"]
    outside = [path for path in doors_to(page) if f"/{page.pk}/" in path or f"id={page.pk}" in path]
    shown = [
        path for path in outside if client.get(path).status_code == 200 and DRAFT in client.get(path).text
    ]
    figure(f"{len(outside)} ways to a draft outside the tree as trainer: {len(shown)} showed it")
    assert shown == []


def test_a_trainer_finds_no_draft_of_another_course_by_any_door(house: House, drafts):
    """Pages, revisions, history, previews, choosers, search, reports: the words of a course are for who trains it."""
    client, asked, shown = house.client("trainer_b"), 0, []
    ways = {path for page in drafts.values() for path in doors_to(page)}
    for path, headers in product(sorted(ways), (IN_A_BROWSER, BY_A_SCRIPT)):
        response = client.get(path, headers=headers)
        asked += 1
        # What was searched for is repeated in the box.
        body = response.text.replace(f"q={DRAFT}", "").replace(f'value="{DRAFT}"', "")
        body = body.replace(f"search={DRAFT}", "").replace(f"<em>{DRAFT}</em>", "")
        assert response.status_code < 500, path
        if response.status_code == 200 and DRAFT in body:
            shown.append(path)
    figure(f"{asked} ways to a draft of another course as its neighbour's trainer: {len(shown)} showed it")
    assert shown == []


def test_a_trainer_changes_nothing_in_another_course(house: House):
    client, before = house.client("trainer_b"), tree_of_pages()
    theirs = LessonPage.objects.get(translation_key=house.b.lesson.key)
    lesson, session, course = house.lesson_page, house.session_page, house.course_page
    form = as_posted(lesson, made.text("Gekaapt"), title="Gekaapt", **PUBLISH)
    copied = {"new_title": "Kopie", "new_slug": "kopie", "publish_copies": "on"}
    under = {"new_parent_page": str(theirs.get_parent().pk)}
    deeds = [
        (f"/cms/pages/{lesson.pk}/edit/", form),
        (f"/cms/pages/{lesson.pk}/delete/", {}),
        (f"/cms/pages/{lesson.pk}/unpublish/", {}),
        (f"/cms/pages/{lesson.pk}/copy/", copied | under),
        (f"/cms/pages/{session.pk}/copy/", copied | under | {"copy_subpages": "on"}),
        (f"/cms/pages/{theirs.pk}/copy/", copied | {"new_parent_page": str(session.pk)}),
        (f"/cms/pages/{lesson.pk}/move/{theirs.get_parent().pk}/confirm/", {}),
        (f"/cms/pages/{theirs.pk}/move/{session.pk}/confirm/", {}),
        (f"/cms/pages/{course.pk}/lock/", {}),
        (f"/cms/pages/add/cms/sessionpage/{course.pk}/", {"title": "Erbij", "slug": "erbij"} | PUBLISH),
        (f"/cms/pages/add/cms/lessonpage/{session.pk}/", form),
        (f"/cms/bulk/wagtailcore/page/publish/?id={lesson.pk}", {}),
        (f"/cms/bulk/wagtailcore/page/unpublish/?id={lesson.pk}", {}),
        (f"/cms/bulk/wagtailcore/page/delete/?id={lesson.pk}", {}),
        (reverse("confirm_publishing", args=[lesson.pk]), {"revision": lesson.latest_revision_id}),
        (reverse("new_lesson", args=[session.pk]), {"title": "Erbij", "part": "before"}),
        (f"/cms/localize/submit/page/{lesson.pk}/", {"locales": "1"}),
        (f"/cms/api/main/pages/{lesson.pk}/action/copy/", {}),
    ]
    changed = []
    for path, fields in deeds:
        response = client.post(path, fields)
        assert response.status_code < 500, path
        if tree_of_pages() != before:
            changed.append(path)
            before = tree_of_pages()
    figure(f"{len(deeds)} deeds in another course as trainer: {len(changed)} changed anything")
    assert changed == []


def test_a_trainer_does_not_take_a_course_to_another_programme(house: House):
    """With the programme its question banks would come along."""
    client = house.client("trainer_b")
    page = CoursePage.objects.get(translation_key=house.b.course.key)
    mine, theirs = page.programme_id, house.a.course.programme_id
    form = {name: getattr(page, name) for name in ("title", "slug", "discreet_title", "lead", "summary")}
    form |= {
        "programme": theirs,
        "hours_label": "",
        "eyebrow": "",
        "facts-count": "0",
        "comment_notifications": "",
    }
    form |= {"body": rich_text(""), "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    client.post(f"/cms/pages/{page.pk}/edit/", form | PUBLISH)
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().programme_id == mine
    client.post(f"/cms/pages/{page.pk}/edit/", form | PUBLISH | {"programme": mine, "title": "Anders"})
    page.refresh_from_db()
    assert (page.title, page.programme_id) == ("Anders", mine)


# --- question banks -------------------------------------------------------------------------------------------------
@pytest.fixture
def bank(house: House) -> QuestionBank:
    question = made.block(
        "true_false",
        {"statement": f"{DRAFT} vraag", "right": "true", "feedback_true": "Ja.", "feedback_false": "Nee."},
    )
    bank = QuestionBank(title=f"{DRAFT} bank", programme=house.a.course.programme)
    bank.questions = bank._meta.get_field("questions").to_python([question])
    bank.save()
    return bank


def doors_to_bank(bank: QuestionBank) -> list[str]:
    own = ("edit", "delete", "usage", "history", "history_results", "copy", "inspect")
    names = [f"wagtailsnippets_cms_questionbank:{name}" for name in own]
    doors = []
    for name in names:
        with contextlib.suppress(NoReverseMatch):  # screens that this kind of snippet does not have
            doors.append(reverse(name, args=[bank.pk]))
    chooser = "wagtailsnippetchoosers_cms_questionbank"
    doors += [reverse(f"wagtailsnippets_cms_questionbank:{name}") for name in ("list", "list_results")]
    doors += [reverse(f"{chooser}:{name}") for name in ("choose", "choose_results")]
    doors.append(reverse(f"{chooser}:chosen", args=[bank.pk]))
    doors.append(f"{reverse(f'{chooser}:chosen_multiple')}?id={bank.pk}")
    return [*doors, f"/cms/bulk/cms/questionbank/delete/?id={bank.pk}"]


@pytest.mark.parametrize(("role", "sees"), [("trainer_a", True), ("editor", True), ("trainer_b", False)])
def test_a_question_bank_is_for_who_writes_its_programme(house: House, bank, role, sees):
    client = house.client(role)
    shown = [path for path in doors_to_bank(bank) if DRAFT in client.get(path).text]
    assert (len(shown) > 6) is sees
    assert bool(shown) is sees


def test_a_trainer_does_not_change_or_delete_the_bank_of_others(house: House, bank):
    client = house.client("trainer_b")
    for name in ("edit", "delete"):
        address = reverse(f"wagtailsnippets_cms_questionbank:{name}", args=[bank.pk])
        assert client.post(address, {"title": "Gekaapt", "questions-count": "0"}).status_code == 404
    client.post(f"/cms/bulk/cms/questionbank/delete/?id={bank.pk}")
    bank.refresh_from_db()
    assert bank.title == f"{DRAFT} bank"


def test_a_trainer_puts_no_bank_with_the_programme_of_others(house: House, bank):
    client, address = house.client("trainer_b"), reverse("wagtailsnippets_cms_questionbank:add")
    for programme in (house.a.course.programme_id, ""):
        client.post(address, {"title": "Erbij", "programme": programme, "questions-count": "0"})
    assert list(QuestionBank.objects.all()) == [bank]
    client.post(
        address, {"title": "Van mij", "programme": house.b.course.programme_id, "questions-count": "0"}
    )
    assert QuestionBank.objects.filter(title="Van mij").exists()


def test_a_test_does_not_carry_off_the_questions_of_others(house: House, bank):
    """The bank's number typed into a form of one's own: refused with a sentence, nothing saved."""
    client, page = house.client("trainer_b"), LessonPage.objects.get(translation_key=house.b.lesson.key)
    quiz = {"question": "Toets", "bank": bank.pk, "draw": 1, "pass_score": 1, "attempts": 0, "required": True}
    before = page.latest_revision_id
    posted = as_posted(page, made.block("quiz", quiz | {"alternative": ""}), **PUBLISH)
    response = client.post(f"/cms/pages/{page.pk}/edit/", posted)
    page.refresh_from_db()
    assert (response.status_code, page.latest_revision_id) == (200, before)
    assert gettext(
        "A test draws from a question bank of another programme. Choose one of yours."
    ) in unescape(response.text)


# --- teams ----------------------------------------------------------------------------------------------------------
def test_who_no_longer_trains_a_course_no_longer_writes_it(house: House):
    client, page = house.client("trainer_a"), house.lesson_page
    assert client.get(f"/cms/pages/{page.pk}/edit/").status_code == 200
    assign_trainers(cohort=house.a.cohort, trainers=[], now=timezone.now())
    assert client.get(f"/cms/pages/{page.pk}/edit/").status_code == 302
    assign_trainers(cohort=house.a.cohort, trainers=[house.people["trainer_a"]], now=timezone.now())
    assert client.get(f"/cms/pages/{page.pk}/edit/").status_code == 200


def test_the_clock_brings_teams_in_line_with_groups(house: House):
    """Whoever was put with a group, or taken from it, by another way than the service."""
    house.a.cohort.trainers.set([house.people["trainer_b"]])
    grant_role(
        user=house.people["trainer_b"], role="trainer", organisation=house.a.organisation, now=timezone.now()
    )
    assert align_teams(now=timezone.now()) == 2
    assert align_teams(now=timezone.now()) == 0
    page = house.lesson_page
    statuses = [
        house.client(role).get(f"/cms/pages/{page.pk}/edit/").status_code
        for role in ("trainer_a", "trainer_b")
    ]
    assert statuses == [302, 200]


def test_a_trainer_of_another_organisation_writes_no_course_by_being_put_with_a_group(house: House):
    assign_trainers(cohort=house.a.cohort, trainers=[house.people["trainer_b"]], now=timezone.now())
    assert house.client("trainer_b").get(f"/cms/pages/{house.lesson_page.pk}/edit/").status_code == 302


def test_a_draft_is_shown_to_who_writes_it(house: House, drafts):
    """The doors are the right ones: they do show the draft to the trainer whose page it is."""
    client, page = house.client("trainer_a"), drafts["changed"]
    shown = [path for path in doors_to(page) if DRAFT in client.get(path).text]
    assert f"/cms/pages/{page.pk}/view_draft/" in shown
    assert f"/cms/pages/{page.pk}/revisions/compare/live...latest/" in shown
    assert len(shown) > 10


# --- fences ---------------------------------------------------------------------------------------------------------
def tree_of_pages() -> list[tuple]:
    fields = (
        "pk",
        "path",
        "title",
        "draft_title",
        "slug",
        "live",
        "has_unpublished_changes",
        "locked",
        "go_live_at",
    )
    return list(Page.objects.order_by("path").values_list(*fields))


def test_a_trainer_cannot_touch_pages_outside_the_tree(house: House):
    """Deleting, unpublishing, copying, moving, locking, scheduling, in one go or one by one: nothing changes."""
    client, before = house.client("trainer_a"), tree_of_pages()
    page, home, own = house.standard, house.home, house.lesson_page
    form = {
        "title": "Gekaapt",
        "slug": page.slug,
        "lead": "x",
        "body-count": "0",
        "comment_notifications": "",
    }
    form |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    copied = {"new_title": "Kopie", "new_slug": "kopie", "publish_copies": "on"}
    deeds = [
        (f"/cms/pages/{page.pk}/edit/", form | PUBLISH),
        (f"/cms/pages/{home.pk}/edit/", form | PUBLISH),
        (f"/cms/pages/{page.pk}/delete/", {}),
        (f"/cms/pages/{home.pk}/delete/", {}),
        (f"/cms/pages/{page.pk}/unpublish/", {}),
        (f"/cms/pages/{page.pk}/copy/", copied | {"new_parent_page": str(house.catalogue.pk)}),
        (f"/cms/pages/{own.pk}/copy/", copied | {"new_parent_page": str(home.pk)}),
        (f"/cms/pages/{page.pk}/move/{house.catalogue.pk}/confirm/", {}),
        (f"/cms/pages/{own.pk}/move/{home.pk}/confirm/", {}),
        (f"/cms/pages/{house.course_page.pk}/move/{home.pk}/confirm/", {}),
        (f"/cms/pages/{page.pk}/set_position/?position=0", {}),
        (f"/cms/pages/{page.pk}/lock/", {}),
        (f"/cms/pages/{page.pk}/privacy/", {"restriction_type": "login"}),
        (f"/cms/pages/{page.pk}/convert_alias/", {}),
        (f"/cms/pages/{page.pk}/revisions/{page.latest_revision_id}/revert/", {}),
        (f"/cms/pages/{page.pk}/revisions/{page.latest_revision_id}/unschedule/", {}),
        (f"/cms/pages/add/cms/standardpage/{home.pk}/", form | PUBLISH),
        (f"/cms/pages/add/cms/homepage/{home.get_parent().pk}/", form | PUBLISH),
        (f"/cms/bulk/wagtailcore/page/delete/?id={page.pk}&id={home.pk}", {}),
        (f"/cms/bulk/wagtailcore/page/unpublish/?id={page.pk}", {"include_descendants": "on"}),
        (f"/cms/bulk/wagtailcore/page/publish/?id={page.pk}", {}),
        (f"/cms/bulk/wagtailcore/page/move/?id={page.pk}", {"chooser": str(house.catalogue.pk)}),
        (f"/cms/localize/submit/page/{page.pk}/", {"locales": "1"}),
        (f"/cms/api/main/pages/{page.pk}/action/delete/", {}),
        (f"/cms/api/main/pages/{page.pk}/action/unpublish/", {}),
        (f"/cms/api/main/pages/{home.pk}/action/copy/", {}),
    ]
    changed = []
    for path, fields in deeds:
        response = client.post(path, fields)
        assert response.status_code < 500, path
        if tree_of_pages() != before:
            changed.append(path)
            before = tree_of_pages()
    figure(f"{len(deeds)} deeds outside the tree as trainer: {len(changed)} changed anything")
    assert changed == []
    assert not PageViewRestriction.objects.exists()


def test_an_editor_of_few_rights_cannot_give_themselves_more(house: House):
    trainer = house.people["trainer_a"]
    client = house.client("trainer_a")
    rights = {"is_superuser": "on", "is_active": "on", "groups": ["1", "2"], "email": "x@example.org"}
    for path in (
        f"/cms/users/edit/{trainer.pk}/",
        "/cms/users/new/",
        "/cms/groups/new/",
        "/cms/groups/edit/1/",
    ):
        assert client.post(path, rights | {"name": "alles"}).status_code in {302, 403, 404}
    client.post("/cms/account/", rights | {"name_email-email": "x@example.org", "is_staff": "on"})
    trainer.refresh_from_db()
    assert (trainer.is_superuser, trainer.is_staff, trainer.email) == (False, False, "trainer-a@example.org")
    team = f"team {house.a.course.key}"
    assert list(trainer.groups.order_by("name").values_list("name", flat=True)) == [team, "trainer"]


# --- privacy of pages is not what lets somebody in ------------------------------------------------------------------
def may_open(house: House, role: str, lesson: Lesson) -> bool:
    response = house.client(role).get(reverse("lesson", args=[lesson.short_key]))
    assert response.status_code in {200, 302, 404}
    return response.status_code == 200


def test_a_lesson_copied_out_of_a_private_course_is_for_who_is_enrolled(house: House):
    """Private or not, copied to a public course or not: the enrolment in the course it stands in decides."""
    PageViewRestriction.objects.create(page=house.course_page, restriction_type=PageViewRestriction.LOGIN)
    other = LessonPage.objects.get(translation_key=house.b.lesson.key).get_parent()
    page = LessonPage.objects.get(pk=house.lesson_page.pk)
    copied = page.copy(to=other, update_attrs={"title": "Kopie", "slug": "kopie"}, keep_live=True)
    assert not PageViewRestriction.objects.filter(page=copied).exists()
    lesson = Lesson.objects.get(key=copied.translation_key)
    roles = ["anonymous", *house.people]
    assert [role for role in roles if may_open(house, role, lesson)] == ["learner_b"]
    assert [role for role in roles if may_open(house, role, house.a.lesson)] == ["learner_a"]
    for role in roles:
        response = house.client(role).get(f"{other.get_parent().url}{other.slug}/kopie/")
        assert response.status_code in {302, 404}
        assert response.get("Location", reverse("lesson", args=[lesson.short_key])).startswith(
            ("/les/", "/account/")
        )


def test_a_translation_of_a_lesson_is_for_who_is_enrolled(house: House):
    english = Locale.objects.create(language_code="en")
    for page in (house.home, house.catalogue, house.course_page, house.session_page, house.lesson_page):
        translated = (
            type(page).objects.get(pk=page.pk).copy_for_translation(english, copy_parents=True, alias=False)
        )
        made.publish(translated)
    roles = ["anonymous", *house.people]
    address = f"/en{reverse('lesson', args=[house.a.lesson.short_key])}"
    assert [role for role in roles if house.client(role).get(address).status_code == 200] == ["learner_a"]


def test_no_privacy_setting_lets_anybody_in_or_keeps_a_learner_out(house: House):
    roles = ["anonymous", *house.people]
    for kind in (PageViewRestriction.NONE, PageViewRestriction.LOGIN, PageViewRestriction.PASSWORD):
        PageViewRestriction.objects.all().delete()
        PageViewRestriction.objects.create(page=house.lesson_page, restriction_type=kind, password="open")
        assert [role for role in roles if may_open(house, role, house.a.lesson)] == ["learner_a"]


def test_a_moved_lesson_is_for_the_course_it_moved_to(house: House):
    other = LessonPage.objects.get(translation_key=house.b.lesson.key).get_parent()
    made.change(house.lesson_page, slug="verhuist").move(other, pos="last-child")
    lesson = Lesson.objects.get(key=house.lesson_page.translation_key)
    assert lesson_for(short_key=lesson.short_key, learner=house.a.learner) is None
    assert lesson_for(short_key=lesson.short_key, learner=house.b.learner) is not None


# --- later ----------------------------------------------------------------------------------------------------------
def test_what_was_scheduled_stays_a_draft_once_its_author_lost_the_role(house: House):
    """A trainer schedules a change and loses the role: neither that nor any later edit goes live unseen."""
    now = timezone.now()
    client = house.client("trainer_a")
    page = LessonPage.objects.get(pk=house.lesson_page.pk)
    when = timezone.localtime(now + timedelta(days=1))
    form = as_posted(
        page, made.text("Gepland"), title="Gepland", go_live_at=f"{when:%Y-%m-%d %H:%M}", **PUBLISH
    )
    assert client.post(f"/cms/pages/{page.pk}/edit/", form).status_code == 302
    page.refresh_from_db()
    assert page.scheduled_revision is not None
    revoke_role(membership=Membership.objects.get(user=house.people["trainer_a"]))
    sneaked = as_posted(page, made.text("Gesmokkeld"), title="Gesmokkeld", **PUBLISH)
    assert client.post(f"/cms/pages/{page.pk}/edit/", sneaked).status_code == 302
    assert client.get(f"/cms/pages/{page.pk}/edit/").status_code == 302
    with time_machine.travel(now + timedelta(days=2), tick=False):
        call_command("publish_scheduled", verbosity=0)
    page = LessonPage.objects.get(pk=page.pk)
    assert (page.title == "Gepland", page.live, page.scheduled_revision) == (False, True, None)
    reader = house.client("learner_a").get(reverse("lesson", args=[house.a.lesson.short_key])).text
    assert "Gepland" not in reader
    assert "Gesmokkeld" not in reader


def test_who_lost_the_role_is_out_of_the_editor_at_once(house: House):
    client = house.client("trainer_a")
    assert client.get("/cms/").status_code == 200
    revoke_role(membership=Membership.objects.get(user=house.people["trainer_a"]))
    assert client.get("/cms/").status_code == 302


# --- script ---------------------------------------------------------------------------------------------------------
HOSTILE = (
    "<script>alert(1)</script><p>Gewoon <b>vet</b> <img src=x onerror=alert(2)>"
    '<a href="javascript:alert(3)">hier</a> <a href="data:text/html,x">daar</a> <a onclick="alert(4)" href="https://a.example/">goed</a>'
    '<iframe src="https://kwaad.example"></iframe><style>p{color:red}</style><p style="position:fixed">x</p>'
    '<svg onload=alert(5)><math><a xlink:href="javascript:alert(6)">m</a></math><object data="x"></object></p>'
)


def without_ours(page: str) -> list[str]:
    """What would run in a page, and tags that no text of ours has."""
    markup = Markup(page)
    main = page.partition('id="inhoud"')[2].partition("</main>")[0]
    strange = [
        tag
        for tag, _attributes in Markup(main).tags
        if tag in {"script", "iframe", "object", "math", "img", "style"}
    ]
    return [*markup.inline, *strange]


def test_stored_script_is_not_delivered_whichever_way_it_came_in(house: House):
    """Put into the database past every form: rich text in a lesson, an aside, a session, a course and a public page."""
    block = made.block
    streams = [
        block("text", HOSTILE),
        block("aside", {"title": HOSTILE[:100], "text": HOSTILE}),
        block("grounding", {"title": HOSTILE[:100], "text": HOSTILE}),
        block("drawing", {"name": "raam", "text": HOSTILE}),
        block("drawing", {"name": '"><script>', "text": HOSTILE}),
        block("read", {"required": False, "statement": HOSTILE[:100]}),
        block("reflection", {"required": False, "question": HOSTILE, "hint": HOSTILE}),
        made.choice(HOSTILE),
    ]
    made.change(house.lesson_page, *streams, title=HOSTILE[:200], note=HOSTILE)
    made.change(house.session_page, title=HOSTILE[:200], body=HOSTILE, note=HOSTILE, touches=HOSTILE[:200])
    made.change(
        house.course_page,
        title=HOSTILE[:200],
        body=HOSTILE,
        lead=HOSTILE,
        summary=HOSTILE,
        eyebrow=HOSTILE[:100],
    )
    made.change(
        house.standard, block("text", HOSTILE), block("aside", {"title": "x", "text": HOSTILE}), lead=HOSTILE
    )
    learner, side = house.client("learner_a"), house.a
    paths = [
        reverse("lesson", args=[side.lesson.short_key]),
        reverse("session", args=[side.session.short_key]),
    ]
    paths += [house.course_page.url, house.catalogue.url, house.standard.url, "/", reverse("leerplek")]
    paths += [reverse("my_course", args=[side.course.short_key]), reverse("reflections")]
    for path in paths:
        response = learner.get(path)
        assert response.status_code == 200, path
        assert without_ours(response.text) == [], path
    lesson = learner.get(paths[0]).text
    assert '<a href="https://a.example/">goed</a>' in lesson
    assert "<b>vet</b>" in lesson
    figure(f"hostile rich text on {len(paths)} pages: none of it delivered")


def test_the_editors_form_keeps_script_out(house: House):
    """What a trainer's browser sends as rich text is rebuilt from what the house allows."""
    client = house.client("trainer_a")
    page = LessonPage.objects.get(pk=house.lesson_page.pk)
    content = {
        "blocks": [
            {
                "key": "a1",
                "text": "<script>alert(1)</script> hier",
                "type": "unstyled",
                "depth": 0,
                "inlineStyleRanges": [{"offset": 0, "length": 4, "style": "SCRIPT"}],
                "entityRanges": [{"offset": 26, "length": 4, "key": 0}],
                "data": {"onclick": "alert(2)"},
            },
            {
                "key": "a2",
                "text": "beeld",
                "type": "atomic",
                "depth": 0,
                "inlineStyleRanges": [],
                "entityRanges": [{"offset": 0, "length": 1, "key": 1}],
            },
        ],
        "entityMap": {
            "0": {
                "type": "LINK",
                "mutability": "MUTABLE",
                "data": {"url": "javascript:alert(3)", "onclick": "alert(4)"},
            },
            "1": {
                "type": "EMBED",
                "mutability": "IMMUTABLE",
                "data": {"url": "https://kwaad.example", "html": HOSTILE},
            },
        },
    }
    form = as_posted(page, made.text("x"), **PUBLISH) | {"body-0-value": json.dumps(content)}
    assert client.post(f"/cms/pages/{page.pk}/edit/", form).status_code == 302
    stored = LessonPage.objects.get(pk=page.pk).body[0].value.source
    assert "&lt;script&gt;" in stored
    assert "<script" not in stored
    assert "javascript:" not in stored
    assert "onclick" not in stored
    shown = house.client("learner_a").get(reverse("lesson", args=[house.a.lesson.short_key])).text
    assert without_ours(shown) == []


# --- doors of Wagtail's own -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "path", ["/cms/login/", "/_util/login/", "/cms/password_reset/", "/en/_util/login/", "/en/cms/login/"]
)
def test_wagtails_own_sign_in_is_closed(house: House, path):
    """Right credentials, wrong door: nobody is signed in, and no mail is asked for."""
    client = house.client("anonymous")
    sent = {
        "username": "trainer-a@example.org",
        "login": "trainer-a@example.org",
        "email": "trainer-a@example.org",
    }
    response = client.post(path, sent | {"password": PASSWORD})
    assert response.status_code in {302, 404, 405}
    assert "_auth_user_id" not in client.session
    assert client.get("/cms/").status_code == 302


# --- files ----------------------------------------------------------------------------------------------------------
def test_nothing_that_was_uploaded_is_public_by_accident(house: House, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    document = get_document_model().objects.create(
        title="Plan", file=ContentFile(b"geheim plan", name="plan.txt"), size=11
    )
    assert document.file.storage.exists(document.file.name)
    paths = [
        f"/media/{document.file.name}",
        f"/documents/{document.pk}/plan.txt",
        f"/documents/{document.pk}/",
    ]
    paths += [
        f"/static/{document.file.name}",
        f"/static/../media/{document.file.name}",
        f"/{document.file.name}",
    ]
    for role in ("anonymous", "learner_a", "trainer_a", "superuser"):
        for path in paths:
            assert house.client(role).get(path).status_code in {301, 404}, path


@pytest.mark.parametrize("role", ["trainer_a", "editor"])
def test_trainers_and_editors_upload_no_pictures(house: House, role):
    """Recordings and documents they may bring: see tests/cms/test_recording_library.py."""
    client = house.client(role)
    gif = b"GIF87a\x01\x00\x01\x00\x80\x01\x00\x00\x00\x00ccc,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    for path in ("/cms/images/add/", "/cms/images/multiple/add/", "/cms/images/chooser/create/"):
        sent = {
            "title": "x",
            "file": ContentFile(gif, name="x.gif"),
            "files[]": ContentFile(gif, name="x.gif"),
        }
        assert client.post(path, sent, headers={"X-Requested-With": "XMLHttpRequest"}).status_code in {
            302,
            403,
        }, path
    assert not get_image_model().objects.exists()


def test_certificates_lie_where_no_address_leads(house: House, settings):
    name = house.a.award.document.file_name
    for path in (
        f"/media/{name}",
        f"/static/{name}",
        f"/{name}",
        f"/private/{name}",
        f"/bewijs/../private/{name}",
    ):
        for role in ("anonymous", "learner_a", "learner_b", "superuser"):
            assert house.client(role).get(path).status_code in {301, 404}, path
    assert not str(settings.PRIVATE_ROOT).startswith(str(settings.MEDIA_ROOT))
    assert not str(settings.PRIVATE_ROOT).startswith(str(settings.STATIC_ROOT))
