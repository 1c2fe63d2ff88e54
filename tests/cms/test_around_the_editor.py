"""What helps a trainer around the form: the order of lists, the way to and from the notes, and the checks beside it."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.models import Page

from cms.models import LessonPage
from courses.models import Course, Lesson, Session
from courses.services.enrolments import enrol
from people.models import Role
from tests.cms import made_pages as made
from tests.cms.editor_forms import as_posted, lesson_form
from tests.cms.made_pages import fresh, raw_body
from tests.cms.test_editor import edit, somebody
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer(tree, client, now):
    person = somebody(Role.TRAINER, now)
    client.force_login(person)
    return person


def listed(client, parent):
    """The pages below one, as the explorer lists them."""
    shown = client.get(reverse("wagtailadmin_explore", args=[parent.pk]))
    return [page.pk for page in shown.context["pages"]]


def test_sessions_and_lessons_are_listed_as_learners_meet_them(trainer, tree, client):
    for page in (tree.second, tree.first, tree.two, tree.one):
        fresh(page).save_revision()
    assert listed(client, tree.course) == [tree.first.pk, tree.second.pk]
    assert listed(client, tree.first) == [tree.one.pk, tree.two.pk]


# --- notes for the trainer ------------------------------------------------------------------------------------------
def notes(page):
    return reverse("trainer_notes", args=[Session.objects.get(key=page.translation_key).short_key])


@pytest.mark.parametrize(("text", "words"), [("", "Write the notes"), ("<p>Koffie.</p>", "Edit these notes")])
def test_from_the_notes_one_comes_where_they_are_written(text, words, trainer, tree, client):
    page = fresh(tree.first)
    page.trainer_notes = text
    page.save_revision().publish()
    shown = client.get(notes(page)).text
    (address,) = re.findall(rf'href="([^"]+)">{re.escape(gettext(words))}<', shown)
    path, _hash, place = address.partition("#")
    assert path == edit(page)
    assert f'id="{place}"' in client.get(path).text


def test_who_may_not_write_the_notes_reads_them_without_a_button(tree, client, now):
    organisation = Course.objects.get(key=tree.course.translation_key).programme.organisation
    client.force_login(somebody(Role.COORDINATOR, now, organisation))
    shown = client.get(notes(tree.first))
    assert (shown.status_code, edit(tree.first) in shown.text) == (200, False)


def test_the_editor_says_where_the_notes_are_read(trainer, tree, client):
    shown = client.get(edit(tree.first)).text
    assert gettext("Trainers read these notes at “For trainers”, under this session.") in shown
    assert f'href="{notes(tree.first)}"' in shown
    new = client.get(reverse("wagtailadmin_pages:add", args=["cms", "sessionpage", tree.course.pk]))
    assert gettext("Read them there") not in new.text


def test_who_reads_no_notes_gets_no_address_of_them(tree, client, now):
    client.force_login(somebody(Role.EDITOR, now))
    assert notes(tree.first) not in client.get(edit(tree.first)).text


# --- the checks beside the form -------------------------------------------------------------------------------------
BAR = "<wagtail-userbar>"  # what counts words and looks for problems, for the panel


def test_a_preview_brings_along_what_the_checks_ask(trainer, tree, client):
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[tree.one.pk])
    client.post(address, as_posted(tree.one, *raw_body(tree.one)))
    assert BAR in client.get(address, {"in_preview_panel": "true"}).text
    assert BAR not in client.get(address).text


def test_no_reader_gets_it(tree, client, now):
    learner = PersonFactory()
    enrol(learner=learner, course=Course.objects.get(), alias="Maan", now=now)
    client.force_login(learner)
    lesson = Lesson.objects.get(key=tree.one.translation_key)
    shown = client.get(reverse("lesson", args=[lesson.short_key]), {"in_preview_panel": "true"})
    assert (shown.status_code, BAR in shown.text) == (200, False)


# --- saving by itself -----------------------------------------------------------------------------------------------
AS_SAVED_BY_ITSELF = {"Accept": "application/json"}


@pytest.mark.parametrize(
    ("slug", "becomes"), [("", "een-zorg-2"), ("een-zorg", "een-zorg-2"), ("rust", "rust")]
)
def test_a_lesson_may_be_called_as_another_and_is_saved_while_somebody_types(
    slug, becomes, trainer, tree, client
):
    other = fresh(tree.two)
    other.slug = "een-zorg"
    other.save()
    address = reverse("wagtailadmin_pages:add", args=["cms", "lessonpage", tree.first.pk])
    form = lesson_form(made.choice(), title="Een zorg", slug=slug)
    saved = client.post(address, form, headers=AS_SAVED_BY_ITSELF)
    assert (saved.status_code, saved.json()["success"]) == (200, True)
    assert LessonPage.objects.get(pk=saved.json()["pk"]).slug == becomes


def test_a_page_keeps_its_own_slug(trainer, tree, client):
    before = fresh(tree.one).slug
    saved = client.post(edit(tree.one), as_posted(tree.one, *raw_body(tree.one)), headers=AS_SAVED_BY_ITSELF)
    assert (saved.status_code, fresh(tree.one).get_latest_revision_as_object().slug) == (200, before)


@pytest.mark.parametrize("kind", ["course", "first", "one"])
def test_an_alias_is_not_offered_and_refused_where_it_is_asked_for(kind, client, tree, now):
    client.force_login(somebody(Role.EDITOR, now))
    page = getattr(tree, kind)
    address = reverse("wagtailadmin_pages:copy", args=[page.pk])
    asked = client.get(address).context["form"]
    assert "publish_copies" in asked.fields
    assert "alias" not in asked.fields
    form = {"new_title": "Kopie", "new_slug": "kopie", "new_parent_page": str(page.get_parent().pk)}
    refused = client.post(address, {**form, "alias": "on"})
    sentence = "Een alias van deze pagina komt nooit bij deelnemers. Maak een gewone kopie."
    assert refused.context["form"].errors == {"new_parent_page": [sentence]}
    assert refused.text.count(sentence) == 1
    assert list(Page.objects.filter(title="Kopie")) == list(Page.objects.exclude(alias_of=None)) == []
    assert client.post(address, form).status_code == 302
    assert Page.objects.get(title="Kopie").alias_of is None


def test_who_copies_a_lesson_is_asked_for_no_slug(trainer, tree, client):
    address = reverse("wagtailadmin_pages:copy", args=[tree.one.pk])
    asked = client.get(address).context["form"]
    form = {"new_title": "Kopie", "new_slug": asked["new_slug"].value(), "publish_copies": "", "alias": ""}
    assert asked["new_slug"].is_hidden
    for parent in (tree.first, tree.first, tree.second):
        assert client.post(address, {**form, "new_parent_page": str(parent.pk)}).status_code == 302
    slug = fresh(tree.one).slug
    copies = LessonPage.objects.filter(title="Kopie").order_by("pk")
    assert [page.slug for page in copies] == [f"{slug}-2", f"{slug}-3", slug]
