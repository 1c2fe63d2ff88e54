"""A trainer does a lesson as a learner, while it is being written; nothing of it is kept."""

import pytest
from django.urls import reverse
from django.utils.translation import gettext

from cms.models import LessonPage
from cms.roles import give_roles_their_permissions
from courses.activities.contract import option_key
from courses.models import ActivityState, Attempt, Reflection, SurveyResponse
from people.models import Role
from tests.cms import made_pages as made
from tests.cms.made_pages import fresh
from tests.cms.test_editor import somebody
from tests.courses import activity_samples
from tests.courses.talks import kemal

pytestmark = pytest.mark.django_db

WRONG, RIGHT = "Dat doet een ander.", "Ja."


@pytest.fixture
def trainer(tree, client, now):
    person = somebody(Role.TRAINER, now)
    client.force_login(person)
    return person


@pytest.fixture
def draft(trainer, tree):
    """A lesson whose draft differs from what is published."""
    page = fresh(tree.one)
    body = [
        made.text("Een kop thee."),
        made.choice("Wat past nu?"),
        made.reflection(),
        made.unfinished(),
        made.conversation(kemal()),
    ]
    page.body = page._meta.get_field("body").to_python(body)
    page.save_revision()
    return page


def address(page):
    return reverse("try_lesson", args=[page.pk])


def answer_to(page, number, **data):
    return f"{address(page)}?activity={page.body[number].id}", data


def _assignment():
    fields = activity_samples.FIELDS["assignment"]
    criteria = [{name: each for name, each in row.items() if name != "id"} for row in fields["criteria"]]
    return {**fields, "criteria": made.items(*criteria), "required": True}


def option(page, number):
    return option_key(page.body[1].value["options"].bound_blocks[number].id)


def kept():
    return [model.objects.count() for model in (Attempt, ActivityState, Reflection, SurveyResponse)]


def test_the_lesson_is_there_as_it_was_last_saved_without_a_key(draft, client):
    html = client.get(address(draft)).content.decode()
    assert [words in html for words in ("Een kop thee.", "Wat past nu?", "Kemal", WRONG)] == [
        True,
        True,
        True,
        False,
    ]
    assert gettext("Mark exactly one option as right.") in html


@pytest.mark.parametrize(("number", "feedback"), [(0, WRONG), (1, RIGHT)])
def test_an_answer_gets_its_feedback_and_is_kept_nowhere(number, feedback, draft, client):
    to, data = answer_to(draft, 1, choice=option(draft, number))
    whole = client.post(to, data)
    part = client.post(to, data, headers={"hx-request": "true"})
    assert (whole.status_code, part.status_code) == (200, 200)
    assert (feedback in whole.content.decode(), feedback in part.content.decode()) == (True, True)
    assert ("Een kop thee." in whole.content.decode(), "Een kop thee." in part.content.decode()) == (
        True,
        False,
    )
    assert kept() == [0, 0, 0, 0]


def test_what_is_written_for_oneself_comes_back_and_is_kept_nowhere(draft, client):
    to, data = answer_to(draft, 2, text="Zonder <b>spoor</b>")
    assert "Zonder &lt;b&gt;spoor&lt;/b&gt;" in client.post(to, data).content.decode()
    assert kept() == [0, 0, 0, 0]
    assert "spoor" not in client.get(address(draft)).content.decode()


def test_an_assignment_that_is_tried_says_that_nobody_gets_it(trainer, tree, client):
    page = fresh(tree.one)
    page.body = page._meta.get_field("body").to_python([made.block("assignment", _assignment())])
    page.save_revision()
    to, data = answer_to(page, 0, text="Ik belde haar.")
    told = client.post(to, data).content.decode()
    sentence = "This is how handing in goes. You were trying: nothing is kept, and nobody gets it."
    assert (
        gettext(sentence) in told,
        gettext("Your trainer looks at it. Meanwhile you can go on.") in told,
    ) == (
        True,
        False,
    )


def test_a_conversation_goes_on_from_sentence_to_sentence(draft, client):
    to, data = answer_to(draft, 4, path="", say=option_key("U koos hier niet voor."))
    assert "U koos hier niet voor." in client.post(to, data).content.decode()
    assert kept() == [0, 0, 0, 0]


def test_what_is_no_answer_comes_back_with_a_sentence(draft, client):
    to, data = answer_to(draft, 1, choice="verzonnen")
    response = client.post(to, data)
    assert (response.status_code, 'role="alert"' in response.content.decode()) == (422, True)


@pytest.mark.parametrize("number", [0, 3])
def test_a_text_or_an_unfinished_question_takes_no_answer(number, draft, client):
    to, data = answer_to(draft, number, choice="x")
    assert client.post(to, data).status_code == 404


def test_a_block_that_does_not_exist_takes_no_answer(draft, client):
    for wanted in ("", "?activity=", "?activity=niets", "?activity=%00"):
        assert client.post(f"{address(draft)}{wanted}", {"choice": "x"}).status_code == 404


def test_the_equal_alternative_may_be_tried(trainer, tree, client):
    page = fresh(tree.one)
    question = made.choice("Wat past nu?")
    question["value"]["alternative"] = "Lees dit."
    page.body = page._meta.get_field("body").to_python([made.text(), question])
    page.save_revision()
    to, data = answer_to(page, 1, alternative="1")
    assert gettext("You chose this form. It counts the same.") in client.post(to, data).content.decode()


def test_the_preview_leads_there_and_is_as_wide_as_a_phone(trainer, tree, client):
    preview = client.get(reverse("wagtailadmin_pages:view_draft", args=[tree.one.pk])).content.decode()
    assert f'href="{address(tree.one)}"' in preview
    assert LessonPage().default_preview_size == "mobile"


@pytest.mark.parametrize("role", [Role.TRAINER, Role.EDITOR])
def test_view_live_leads_who_writes_to_the_lesson_to_try(role, tree, client, now):
    client.force_login(somebody(role, now))
    response = client.get(tree.one.neutral_url())
    assert (response.status_code, response["Location"]) == (302, address(tree.one))


def test_view_live_of_a_session_leads_its_trainer_to_the_notes(trainer, tree, client):
    notes = tree.first.neutral_url() + "begeleiding/"
    response = client.get(tree.first.neutral_url())
    assert (response.status_code, response["Location"]) == (302, notes)
    assert client.get(notes).status_code == 200


def test_view_live_of_a_session_leads_who_only_writes_to_its_editor(tree, client, now):
    client.force_login(somebody(Role.EDITOR, now))
    response = client.get(tree.first.neutral_url())
    editor = reverse("wagtailadmin_pages:edit", args=[tree.first.pk])
    assert (response.status_code, response["Location"]) == (302, editor)


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.COORDINATOR])
def test_view_live_leads_who_does_not_write_nowhere(role, tree, client, now):
    client.force_login(somebody(role, now))
    pages = (tree.one, tree.first)
    assert [client.get(page.neutral_url()).status_code for page in pages] == [404, 404]


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.COORDINATOR])
def test_for_who_does_not_write_the_lesson_it_does_not_exist(role, tree, client, now):
    client.force_login(somebody(role, now))
    assert (client.get(address(tree.one)).status_code, client.post(address(tree.one)).status_code) == (
        404,
        404,
    )


def test_without_an_account_one_is_asked_to_sign_in(tree, client):
    give_roles_their_permissions()
    assert client.get(address(tree.one)).status_code == 302


def test_one_more_try_is_a_fresh_form_too(draft, client):
    kind = draft.body[1]
    url, data = answer_to(draft, 1, choice=option(draft, 0))
    wrong = client.post(url, data, headers={"HX-Request": "true"}).content.decode()
    assert WRONG in wrong
    digest = wrong.split('name="answered" value="')[1].split('"')[0]
    html = client.post(url, {**data, "answered": digest}, headers={"HX-Request": "true"}).content.decode()
    assert WRONG not in html
    assert f'id="a-{kind.id}"' in html
    assert "Een nieuwe poging." in html
