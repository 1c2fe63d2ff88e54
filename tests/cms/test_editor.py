"""Trainers at work in Wagtail's own screens."""

from html import unescape

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.models import GroupApprovalTask, Page, Revision, Workflow, WorkflowPage, WorkflowTask
from wagtail.signals import page_published, page_unpublished, post_page_move

from cms.blocks import LESSON_BLOCKS, ActivityBlock
from cms.models import LessonPage
from cms.roles import give_roles_their_permissions
from courses.models import ActivityVersion, Lesson
from people.models import Role
from people.services.roles import grant_role
from tests.cms import made_pages as made
from tests.cms.editor_forms import PUBLISH, as_posted, lesson_form
from tests.cms.made_pages import fresh, raw_body, syllabus
from tests.courses import activity_samples
from tests.factories import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def somebody(role, now, organisation=None):
    """A person with a role; a trainer trains all courses that are there."""
    give_roles_their_permissions()
    person = PersonFactory()
    grant_role(user=person, role=role, organisation=organisation or OrganisationFactory(), now=now)
    if role == Role.TRAINER:
        made.trains(person)
    return person


@pytest.fixture
def trainer(tree, client, now):
    person = somebody(Role.TRAINER, now)
    client.force_login(person)
    return person


@pytest.fixture
def failing(tree):
    """Something that listens to Wagtail's signals after us, and fails."""

    def fail(**kwargs):
        raise RuntimeError("a neighbour failed")

    signals = (page_published, page_unpublished, post_page_move)
    for signal in signals:
        signal.connect(fail)
    yield
    for signal in signals:
        signal.disconnect(fail)


def edit(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_a_trainer_changes_a_question_and_publishes(trainer, tree, client):
    body = raw_body(tree.one)
    body[1]["value"]["question"] = "Wat past nu?"
    response = client.post(edit(tree.one), as_posted(tree.one, *body, **PUBLISH))
    assert response.status_code == 302
    versions = ActivityVersion.objects.filter(activity__kind="single_choice").order_by("number")
    assert [version.specification["question"] for version in versions] == ["Wat past?", "Wat past nu?"]
    assert fresh(tree.one).latest_revision.user == trainer


def test_what_is_taught_does_not_change_by_opening_and_publishing_it(trainer, tree, client):
    before = (syllabus(), ActivityVersion.objects.count())
    client.post(edit(tree.one), as_posted(tree.one, *raw_body(tree.one), **PUBLISH))
    assert (syllabus(), ActivityVersion.objects.count()) == before
    assert [child.id for child in fresh(tree.one).body] == [child.id for child in tree.one.body]


def test_a_trainer_writes_a_new_lesson(trainer, tree, client):
    address = reverse("wagtailadmin_pages:add", args=["cms", "lessonpage", tree.second.pk])
    form = lesson_form(made.text(), made.choice(), made.reflection(), title="Nieuw", **PUBLISH)
    assert client.post(address, form).status_code == 302
    lesson = Lesson.objects.get(title="Nieuw")
    assert made.lesson_of(lesson)[2] == [
        ("single_choice", ["Wat past bij een maatje?"], ""),
        ("reflection", ["Waar merk je rust aan?"], ""),
    ]


def test_an_unfinished_question_is_refused_in_words_and_nothing_changes(trainer, tree, client):
    before = (syllabus(), Revision.objects.count())
    response = client.post(edit(tree.one), as_posted(tree.one, made.unfinished(), **PUBLISH))
    assert response.status_code == 200
    errors = response.context["form"].errors.as_data()
    assert set(errors) == {"body", "__all__"}
    (stream_error,) = errors["body"]
    (block_error,) = stream_error.block_errors.values()
    assert [error.message for error in block_error.non_block_errors.as_data()] == [
        gettext("Mark exactly one option as right.")
    ]
    assert (syllabus(), Revision.objects.count()) == before
    told = unescape(response.text)
    assert (gettext("some blocks are not finished yet.") in told, "Validation error" in told) == (True, False)


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        (
            "multiple_choice",
            {
                "question": "Wat?",
                "options": made.items(
                    {"text": "A", "right": False, "feedback": "a"},
                    {"text": "B", "right": False, "feedback": "b"},
                ),
            },
            "Mark at least one option as right.",
        ),
        (
            "scale",
            {
                "question": "Hoe?",
                "minimum": "0",
                "maximum": "10",
                "low_label": "niet",
                "high_label": "wel",
                "bands": made.items({"first": "0", "last": "4", "feedback": "Zo."}),
            },
            "The feedback has to cover every number on the ruler once.",
        ),
        (
            "match",
            {
                "question": "Wat hoort bij wat?",
                "pairs": made.items({"left": "A", "right": "Een"}, {"left": "B", "right": "Een"}),
                "feedback_right": "Ja.",
                "feedback_wrong": "Nog niet.",
            },
            "Give at least two different right sides.",
        ),
    ],
)
def test_every_kind_says_what_is_missing(kind, fields, words, trainer, tree, client):
    response = client.post(edit(tree.one), as_posted(tree.one, made.block(kind, fields), **PUBLISH))
    assert response.status_code == 200
    assert gettext(words) in _messages(response.context["form"].errors.as_data()["body"])


def _messages(errors):
    """All messages of a stream's errors, however deep."""
    found = []
    for error in errors:
        found += list(getattr(error, "messages", []) or [])
        nested = getattr(error, "block_errors", None) or {}
        inner = nested.values() if isinstance(nested, dict) else nested
        found += _messages([each for each in inner if each is not None])
        found += [str(message) for message in getattr(error, "non_block_errors", None) or []]
    return found


@pytest.mark.parametrize(
    "block",
    [
        made.unfinished(),
        made.block("single_choice", {"question": "", "options": made.items({"text": "", "feedback": ""})}),
        made.block(
            "scale", {"question": "Hoe?", "minimum": "", "maximum": "", "bands": made.items({"first": ""})}
        ),
    ],
    ids=["no right answer", "nearly empty", "ruler without numbers"],
)
def test_a_draft_may_be_unfinished_and_previewed(block, trainer, tree, client):
    before = syllabus()
    form = as_posted(tree.one, block)
    assert client.post(edit(tree.one), form).status_code == 302
    assert (syllabus(), fresh(tree.one).has_unpublished_changes) == (before, True)
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[tree.one.pk])
    assert client.post(address, form).json()["is_valid"] is True
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("minutes", [0, 241, 9999])
def test_minutes_that_no_text_can_say_are_refused(minutes, trainer, tree, client):
    posted = as_posted(tree.one, *raw_body(tree.one), minutes=minutes)
    for button in (PUBLISH, {}):
        response = client.post(edit(tree.one), posted | button)
        assert response.context["form"].errors["minutes"] == [
            "Geef een heel aantal minuten van 1 tot en met 240."
        ]
    assert fresh(tree.one).get_latest_revision_as_object().minutes == tree.one.minutes


@pytest.mark.parametrize("minutes", [1, 240])
def test_the_fewest_and_most_minutes_can_be_published(minutes, trainer, tree, client):
    posted = as_posted(tree.one, *raw_body(tree.one), **PUBLISH, minutes=minutes)
    assert client.post(edit(tree.one), posted).status_code == 302
    assert Lesson.objects.get(key=tree.one.translation_key).minutes == minutes


def test_what_is_about_somebody_counts_only_where_its_writer_says_so():
    new = {name: block.get_default() for name, block in LESSON_BLOCKS if isinstance(block, ActivityBlock)}
    skipped = {name for name, value in new.items() if not value.get("required", True)}
    assert skipped == {"reflection", "worksheet", "survey"}


def _survey(*names):
    fields = activity_samples.FIELDS["survey"]
    items = [{**row, "construct": name} for row, name in zip(fields["items"], names, strict=False)]
    return made.block("survey", {**fields, "items": made.items(*items)})


def _short_names(page):
    return [item["construct"] for item in page.body[0].value["items"]]


def test_a_short_name_of_a_survey_is_made_of_what_was_typed_and_never_refuses_a_draft(trainer, tree, client):
    posted = as_posted(tree.one, _survey("Mijn Inzicht!", "", "!?"))
    assert client.post(edit(tree.one), posted).status_code == 302
    assert _short_names(fresh(tree.one).get_latest_revision_as_object()) == ["mijn-inzicht", "", ""]


def test_a_short_name_that_was_left_empty_is_made_of_the_question(trainer, tree, client):
    posted = as_posted(tree.one, _survey("zelf-inzicht", "", "!?"), **PUBLISH)
    client.post(edit(tree.one), posted)
    assert _short_names(fresh(tree.one).get_latest_revision_as_object()) == [
        "zelf-inzicht",
        "ik-schaam-me",
        "wat-hoop-je",
    ]


def test_a_long_question_makes_a_name_that_is_sound(trainer, tree, client):
    survey = _survey("")
    survey["value"]["items"][0]["value"]["text"] = f"{'a' * 61} en verder"
    client.post(edit(tree.one), as_posted(tree.one, survey, **PUBLISH))
    assert _short_names(fresh(tree.one).get_latest_revision_as_object()) == ["a" * 61]


def test_an_unfinished_draft_is_not_published_with_others_and_says_why(trainer, tree, client):
    client.post(edit(tree.one), as_posted(tree.one, made.unfinished()))
    client.post(edit(tree.two), as_posted(tree.two, made.reading("Wel af")))
    before = _whole(tree)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    many = f"{address}?id={tree.one.pk}&id={tree.two.pk}"
    response = client.post(many, {"next": "/cms/"}, headers={"referer": "http://testserver/cms/pages/5/"})
    assert (response.status_code, response.url) == (302, "http://testserver/cms/pages/5/")
    words = gettext("“%(title)s” is not finished: %(what)s")
    assert [str(message) for message in get_messages(response.wsgi_request)][-1:] == [
        words % {"title": "Naast iemand staan", "what": gettext("Mark exactly one option as right.")}
    ]
    assert _whole(tree) == before


def test_after_a_refusal_nobody_is_sent_to_another_site(trainer, tree, client):
    client.post(edit(tree.one), as_posted(tree.one, made.unfinished()))
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = client.post(f"{address}?id={tree.one.pk}", headers={"referer": "https://elders.example/"})
    assert response.url == reverse("wagtailadmin_home")


def test_reverting_to_an_older_revision_teaches_it_again(trainer, tree, client):
    before, old = syllabus(), fresh(tree.one)
    made.change(tree.one, made.reading("Anders"))
    form = as_posted(old, *raw_body(old), revision=old.latest_revision_id, **PUBLISH)
    assert client.post(edit(tree.one), form).status_code == 302
    lesson = Lesson.objects.get(key=old.translation_key)
    taught = [activity for activity in made.lesson_of(lesson)[2] if activity[2] != "retired"]
    assert taught == before[0][2][0][2][0][2]


@pytest.mark.usefixtures("failing")
@pytest.mark.parametrize("deed", ["publish", "unpublish", "move", "copy", "create"])
def test_a_deed_that_fails_half_way_leaves_nothing_behind(deed, trainer, tree, client):
    client.raise_request_exception = False
    before = _whole(tree)
    pages = "wagtailadmin_pages:"
    if deed == "publish":
        form = as_posted(tree.one, made.reading("Anders"), **PUBLISH)
        response = client.post(edit(tree.one), form)
    elif deed == "unpublish":
        response = client.post(reverse(f"{pages}unpublish", args=[tree.one.pk]))
    elif deed == "move":
        response = client.post(reverse(f"{pages}move_confirm", args=[tree.one.pk, tree.second.pk]))
    elif deed == "copy":
        form = {
            "new_title": "Kopie",
            "new_slug": "kopie",
            "new_parent_page": str(tree.second.pk),
            "publish_copies": "on",
            "alias": "",
        }
        response = client.post(reverse(f"{pages}copy", args=[tree.one.pk]), form)
    else:
        form = lesson_form(made.reading(), title="Nieuw", **PUBLISH)
        response = client.post(reverse(f"{pages}add", args=["cms", "lessonpage", tree.second.pk]), form)
    assert response.status_code == 500
    assert _whole(tree) == before


def _whole(tree):
    pages = Page.objects.order_by("pk").values_list("pk", "path", "live", "latest_revision_id", "title")
    return (syllabus(), list(pages), list(LessonPage.objects.order_by("pk").values_list("body", flat=True)))


def test_the_editor_opens(trainer, tree, client):
    assert client.get(edit(tree.one)).status_code == 200


def test_pages_are_reordered_moved_and_deleted_in_the_explorer(trainer, tree, client):
    pages = "wagtailadmin_pages:"
    client.post(reverse(f"{pages}set_page_position", args=[tree.two.pk]) + "?position=0")
    assert list(Lesson.objects.order_by("position").values_list("title", flat=True)) == [
        "Een zorg",
        "Naast iemand staan",
    ]
    client.post(reverse(f"{pages}move_confirm", args=[tree.two.pk, tree.second.pk]))
    assert Lesson.objects.get(title="Een zorg").session.title == "Steun"
    client.post(reverse(f"{pages}unpublish", args=[tree.two.pk]))
    assert Lesson.objects.get(title="Een zorg").archived_at is not None


def test_an_approved_page_is_taught(trainer, tree, now):
    """Somebody who may not publish hands a lesson in; a trainer approves it."""
    group = trainer.groups.get(name=Role.TRAINER)
    workflow = Workflow.objects.create(name="Meelezen")
    task = GroupApprovalTask.objects.create(name="Een trainer leest mee")
    task.groups.add(group)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    WorkflowPage.objects.update_or_create(page=tree.second.page_ptr, defaults={"workflow": workflow})
    page = made.make_lesson(tree.second, "Voorstel", made.reading("Gelezen"), live=False)
    page.save_revision()
    workflow.start(page, PersonFactory())
    assert Lesson.objects.filter(title="Voorstel").count() == 0
    fresh(page).current_workflow_task_state.approve(user=trainer)
    assert fresh(page).live is True
    assert made.lesson_of(Lesson.objects.get(title="Voorstel")) == (
        "Voorstel",
        "",
        [("read", ["Gelezen"], "")],
    )


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.COORDINATOR])
def test_who_has_nothing_to_do_in_the_editor_does_not_get_in(role, tree, client, now):
    client.force_login(somebody(role, now))
    assert client.get(edit(tree.one)).status_code in {302, 403}
    assert client.get(reverse("wagtailadmin_home")).status_code in {302, 403}


def test_a_trainer_may_not_touch_the_public_pages_nor_the_settings(trainer, tree, client):
    assert client.get(edit(tree.home)).status_code in {302, 403}
    for name in ("wagtailusers_users:index", "wagtailusers_groups:index", "wagtailsites:index"):
        assert client.get(reverse(name)).status_code in {302, 403}


def test_an_editor_may_change_the_public_pages(tree, client, now):
    client.force_login(somebody(Role.EDITOR, now))
    assert client.get(edit(tree.home)).status_code == 200


def test_the_preview_shows_the_form_without_answer_and_without_a_way_to_send(trainer, tree, client):
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[tree.one.pk])
    posted = client.post(address, as_posted(tree.one, *raw_body(tree.one)))
    assert posted.json() == {"is_valid": True, "is_available": True}
    html = client.get(address).content.decode()
    assert "Ernaast staan" in html
    assert "Dat doet een ander." not in html
    assert 'name="uuid"' not in html
