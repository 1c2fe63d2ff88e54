"""Hints for who writes a lesson: long sentences, difficult words, no note where people write about themselves."""

import pytest
from django.urls import reverse
from wagtail.models import Locale

from cms.models import LessonPage
from cms.programmes.plain_language import difficult_words, long_sentences, plain_words
from cms.readability import DifficultWord, Hints, LongSentence, hints
from people.models import Role
from tests.cms import made_pages as made
from tests.cms.editor_forms import PUBLISH, as_posted
from tests.cms.made_pages import fresh
from tests.cms.test_editor import edit, somebody

LONG = " ".join(["woord"] * 23) + "."
SHORT = " ".join(["woord"] * 22) + "."

# A page asks for its content type when it is made.
pytestmark = pytest.mark.django_db


def lesson(*body, **values):
    page = LessonPage(title="Les", locale=Locale(language_code="nl"), **values)
    page.body = page._meta.get_field("body").to_python(list(body))
    return page


def test_a_sentence_is_long_from_23_words():
    assert list(long_sentences(f"{SHORT} {LONG}\n{SHORT}")) == [LONG]


def test_a_new_line_begins_a_new_sentence():
    half = " ".join(["woord"] * 12)
    assert list(long_sentences(f"{half}\n{half}")) == []


def test_difficult_words_are_found_whole_and_whatever_their_capitals():
    assert difficult_words("Tevens trachten wij dit ten behoeve van u. Echtere dingen.") == {
        "ten behoeve van": "voor",
        "tevens": "ook",
        "trachten": "proberen",
    }


def test_the_list_has_plainer_words_that_are_not_difficult_themselves():
    assert len(plain_words()) >= 60
    assert [plainer for plainer in plain_words().values() if difficult_words(plainer)] == []


def test_hints_lead_to_their_block_however_deep_the_text_stands():
    question = made.choice("Wat past er?")
    question["value"]["options"][0]["value"]["feedback"] = f"Dit is derhalve niet zo. {LONG}"
    text = made.block("text", f"<h2>Tevens</h2><p>{SHORT}</p><ul><li>{LONG}</li></ul>")
    eight = " ".join(["woord"] * 8)
    assert hints(lesson(text, question)) == Hints(
        (LongSentence(eight, 23, text["id"]), LongSentence(eight, 23, question["id"])),
        (DifficultWord("tevens", "ook", text["id"]), DifficultWord("derhalve", "daarom", question["id"])),
    )


@pytest.mark.parametrize(("note", "missing"), [("", True), ("  ", True), ("Over afscheid.", False)])
def test_a_lesson_that_asks_for_something_of_ones_own_needs_a_note(note, missing):
    assert hints(lesson(made.reflection(), note=note)).note_missing is missing


def test_a_lesson_without_anything_of_ones_own_needs_no_note():
    assert not hints(lesson(made.reading(), made.choice()))


def test_the_panel_reads_the_last_draft_and_keeps_nobody_from_publishing(tree, client, now):
    client.force_login(somebody(Role.TRAINER, now))
    body = made.block("text", f"<p>{LONG} <em>Tevens</em> &amp; trouw.</p>")
    assert client.post(edit(tree.one), as_posted(tree.one, body, **PUBLISH)).status_code == 302
    client.post(edit(tree.one), as_posted(tree.one, body, made.unfinished()))
    page = client.get(edit(tree.one)).content.decode()
    assert ("“tevens”" in page, f'href="#block-{body["id"]}-section"' in page) == (True, True)
    assert fresh(tree.one).live is True


def test_the_panel_opens_on_a_lesson_that_is_new(tree, client, now):
    client.force_login(somebody(Role.TRAINER, now))
    address = reverse("wagtailadmin_pages:add", args=["cms", "lessonpage", tree.second.pk])
    assert client.get(f"{address}?leeg=1").status_code == 200
