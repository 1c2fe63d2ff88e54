"""Question banks in Wagtail and from text: what a lesson freezes, who may write them, what loading changes."""

import re

import pytest
from django.urls import reverse
from django.utils import translation
from wagtail.log_actions import log
from wagtail.models import Page, ReferenceIndex

from cms.blocks.quiz import BANK_BLOCKS, QuizBlock
from cms.loading import Loader
from cms.models import LessonPage, QuestionBank
from cms.programmes import read_programme, read_site
from cms.queries import lessons_with_bank
from cms.roles import give_roles_their_permissions
from courses.models import Activity, ActivityVersion
from people.models import Role
from people.services.roles import grant_role
from tests.cms import made_pages as made
from tests.cms.programmes.sound_files import PROGRAMME_FILES, SITE_FILES, write_files
from tests.cms.programmes.test_banks import BANK, FILES
from tests.factories import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    """Messages are told in the language of the code."""
    with translation.override("en"):
        yield


def bank_of(*questions, title="Toetsvragen", programme=None):
    bank = QuestionBank(title=title, programme=programme)
    bank.questions = bank._meta.get_field("questions").to_python(list(questions))
    bank.save()
    return bank


def statement(words, *, key=None, right="false"):
    value = {
        "statement": words,
        "right": right,
        "feedback_true": "Kijk nog eens.",
        "feedback_false": "Zo is het.",
    }
    return made.block("true_false", value, key)


def quiz(bank, *, key=None, **changed):
    value = {
        "required": True,
        "question": "Over alles.",
        "bank": bank.pk,
        "draw": 2,
        "pass_score": 1,
        "attempts": 0,
    }
    return made.block("quiz", {**value, **changed}, key)


def versions():
    return list(ActivityVersion.objects.filter(activity__kind="quiz").order_by("number"))


# --- freezing -------------------------------------------------------------------------------------------------------
def test_publishing_a_lesson_freezes_the_bank(tree):
    bank = bank_of(statement("Een."), statement("Twee."), made.choice("Drie?"))
    made.change(tree.two, quiz(bank))
    (version,) = versions()
    assert (version.max_score, version.pass_score) == (2, 1)
    assert [question["kind"] for question in version.specification["questions"]] == [
        "true_false",
        "true_false",
        "single_choice",
    ]
    bank.questions.pop(0)
    bank.save()
    assert len(versions()[0].specification["questions"]) == 3


def test_publishing_the_lesson_again_takes_the_new_questions(tree):
    bank = bank_of(statement("Een."), statement("Twee."))
    made.change(tree.two, quiz(bank))
    bank.questions = bank._meta.get_field("questions").to_python(
        [*bank.questions.get_prep_value(), statement("Drie.")]
    )
    bank.save()
    made.publish(made.fresh(tree.two))
    assert [len(version.specification["questions"]) for version in versions()] == [2, 3]
    made.publish(made.fresh(tree.two))
    assert len(versions()) == 2


@pytest.mark.parametrize(
    ("questions", "changed", "words"),
    [(2, {"draw": 3}, "2 questions"), (2, {"pass_score": 3}, "right answers"), (0, {}, "question bank")],
)
def test_a_test_that_cannot_be_drawn_is_not_published(tree, questions, changed, words):
    bank = bank_of(*[statement(f"{number}.") for number in range(questions)])
    with pytest.raises(Exception, match=words) as refused:
        made.change(tree.two, quiz(bank, **changed))
    assert type(refused.value).__name__ == "ValidationError"
    assert versions() == []


def test_a_bank_that_is_gone_is_asked_for(tree):
    bank = bank_of(statement("Een."), statement("Twee."))
    block = quiz(bank)
    bank.delete()
    with pytest.raises(Exception, match="question bank"):
        made.change(tree.two, block)


def test_questions_in_a_bank_have_no_settings_of_their_own():
    for child in bank_of(statement("Een."), made.choice("Twee?")).questions:
        assert not {"required", "alternative"} & set(child.block.child_blocks)


# --- writing them ---------------------------------------------------------------------------------------------------
def somebody(role, client, now):
    give_roles_their_permissions()
    person = PersonFactory()
    grant_role(user=person, role=role, organisation=OrganisationFactory(), region="", now=now)
    if role == Role.TRAINER:
        made.trains(person)
    client.force_login(person)
    return person


@pytest.mark.parametrize("role", [Role.TRAINER, Role.EDITOR])
def test_trainers_and_editors_write_banks(tree, role, client, now):
    somebody(role, client, now)
    bank = bank_of(statement("Een."), programme=tree.course.programme)
    for url in (
        reverse("wagtailsnippets_cms_questionbank:list"),
        reverse("wagtailsnippets_cms_questionbank:add"),
        reverse("wagtailsnippets_cms_questionbank:edit", args=[bank.pk]),
        reverse("wagtailsnippets_cms_questionbank:usage", args=[bank.pk]),
    ):
        assert client.get(url).status_code == 200, url


def test_others_do_not(tree, client, now):
    somebody(Role.COORDINATOR, client, now)
    response = client.get(reverse("wagtailsnippets_cms_questionbank:list"))
    assert response.status_code in {302, 403}


def test_who_changes_a_bank_is_told_which_lessons_to_publish(tree, client, now):
    somebody(Role.TRAINER, client, now)
    programme = tree.course.programme
    bank = bank_of(statement("Een.", key="0b0e8a70-6b6f-4c57-9df0-1c9b4f1d7a01"), programme=programme)
    made.change(tree.two, quiz(bank, draw=1))
    ReferenceIndex.create_or_update_for_object(made.fresh(tree.two))
    assert list(lessons_with_bank(bank)) == [made.fresh(tree.two)]
    fields = {
        "title": "Andere naam",
        "programme": programme.pk,
        "questions-count": "1",
        "questions-0-deleted": "",
        "questions-0-order": "0",
        "questions-0-type": "true_false",
        "questions-0-id": "0b0e8a70-6b6f-4c57-9df0-1c9b4f1d7a01",
        "questions-0-value-statement": "Een.",
        "questions-0-value-right": "true",
        "questions-0-value-feedback_true": "Ja.",
        "questions-0-value-feedback_false": "Nee.",
    }
    response = client.post(
        reverse("wagtailsnippets_cms_questionbank:edit", args=[bank.pk]), fields, follow=True
    )
    bank.refresh_from_db()
    assert bank.title == "Andere naam"
    assert reverse("wagtailadmin_pages:edit", args=[tree.two.pk]) in response.content.decode()


# --- from text ------------------------------------------------------------------------------------------------------
@pytest.fixture
def load(tmp_path):
    if Page.objects.filter(depth=1).first() is None:
        Page.add_root(instance=Page(title="Root", slug="root"))
    Loader().load_site(read_site(write_files(tmp_path / "site", SITE_FILES)))

    def run(bank=BANK):
        files = {**PROGRAMME_FILES, **FILES, "bank/proeftoets.md": bank}
        return Loader().load_programme(read_programme(write_files(tmp_path / "programme", files)))

    return run


def test_loading_makes_the_bank_and_the_test_that_draws_from_it(load):
    done = load()
    assert "Vragen bij de toets" in done.created
    bank = QuestionBank.objects.get()
    assert (bank.size, bank.programme.key) == (3, "proef")
    activity = Activity.objects.get(kind="quiz")
    assert activity.versions.get().specification["draw"] == 3


def test_loading_twice_changes_nothing(load):
    load()
    done = load()
    assert (done.changed, "Vragen bij de toets" in done.unchanged) == (False, True)
    assert len(versions()) == 1


def test_a_changed_bank_publishes_its_lessons_again(load):
    load()
    done = load(BANK.replace("Wat past?", "Wat past hier?", 1))
    assert done.updated == ["Vragen bij de toets", "Een les"]
    assert len(versions()) == 2
    words = [question["specification"]["question"] for question in versions()[1].specification["questions"]]
    assert words == ["Wat past hier?", "Wat past?", "Wat past?"]
    assert [question["key"] for question in versions()[0].specification["questions"]] == [
        question["key"] for question in versions()[1].specification["questions"]
    ]


def test_a_bank_edited_in_wagtail_is_left_alone(load, client, now):
    load()
    somebody(Role.TRAINER, client, now)
    bank = QuestionBank.objects.get()
    bank.title = "Van de trainer"
    bank.save()
    log(instance=bank, action="wagtail.edit", user=PersonFactory())
    done = load(BANK.replace("Wat past?", "Wat past hier?", 1))
    assert done.left_alone == ["Van de trainer"]
    bank.refresh_from_db()
    assert bank.title == "Van de trainer"
    assert len(versions()) == 1


def test_the_lesson_page_has_the_bank_as_its_reference(load):
    load()
    page = LessonPage.objects.get()
    assert page.body[0].value["bank"] == QuestionBank.objects.get()


def test_the_block_chooser_shows_a_question(tree):
    for block in (QuizBlock(), *(block for _name, block in BANK_BLOCKS)):
        html = block.render(block.get_preview_value())
        assert re.findall(r'<input type="(\w+)"', html) in (["radio"] * 2, ["checkbox"] * 2)
