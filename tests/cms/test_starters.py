"""A new lesson begins with blocks that say what to write, according to what it is for."""

from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext

from cms.blocks.starters import PENCIL, still_to_write
from cms.models import LessonPage
from cms.readability import hints
from courses.models import Lesson
from people.models import Role
from tests.cms import made_pages as made
from tests.cms.editor_forms import PUBLISH, as_posted
from tests.cms.made_pages import fresh, raw_body
from tests.cms.test_editor import _messages, edit, somebody

pytestmark = pytest.mark.django_db

KINDS = {
    "before": ["text", "aside", "single_choice", "reflection", "grounding", "read"],
    "live": ["text", "aside", "single_choice", "grounding", "read"],
    "after": ["text", "single_choice", "reflection", "aside", "grounding", "read"],
    "whole": ["text", "aside", "text", "single_choice", "reflection", "grounding", "read"],
}


@pytest.fixture
def trainer(tree, client, now):
    person = somebody(Role.TRAINER, now)
    client.force_login(person)
    return person


def begin(client, tree, part="before", title="Wat is steun?"):
    return client.post(reverse("new_lesson", args=[tree.second.pk]), {"title": title, "part": part})


def add(tree):
    return reverse("wagtailadmin_pages:add", args=["cms", "lessonpage", tree.second.pk])


def test_who_makes_a_lesson_is_asked_what_it_is_for(trainer, tree, client):
    response = client.get(add(tree))
    assert (response.status_code, response.url) == (302, reverse("new_lesson", args=[tree.second.pk]))
    assert client.get(response.url).status_code == 200
    assert client.get(f"{add(tree)}?leeg=1").status_code == 200


@pytest.mark.parametrize("part", Lesson.Part.values)
def test_each_part_has_its_own_beginning_as_a_draft(part, trainer, tree, client):
    response = begin(client, tree, part)
    page = LessonPage.objects.get(title="Wat is steun?")
    assert response.url == edit(page)
    assert client.get(response.url).status_code == 200
    assert ([child.block_type for child in page.body], page.part, page.live, page.owner) == (
        KINDS[part],
        part,
        False,
        trainer,
    )
    assert Lesson.objects.filter(key=page.translation_key).count() == 0


def test_two_lessons_begin_with_blocks_of_their_own(trainer, tree, client):
    begin(client, tree, title="Een")
    begin(client, tree, title="Twee")
    ids = [child.id for page in LessonPage.objects.filter(title__in=["Een", "Twee"]) for child in page.body]
    assert len(set(ids)) == 2 * len(KINDS["before"])


@pytest.mark.parametrize("part", Lesson.Part.values)
def test_the_sentences_are_plain_themselves(part, trainer, tree, client):
    begin(client, tree, part)
    found = hints(LessonPage.objects.get(title="Wat is steun?"))
    assert (found.sentences, found.words) == ((), ())


def test_what_is_not_written_yet_cannot_be_published(trainer, tree, client):
    begin(client, tree)
    page = LessonPage.objects.get(title="Wat is steun?")
    question = [block for block in raw_body(page) if block["type"] == "single_choice"]
    response = client.post(edit(page), as_posted(page, *question, **PUBLISH))
    told = _messages(response.context["form"].errors.as_data()["body"])
    assert told[-1] == gettext("Mark exactly one option as right.")
    # The block may be closed, or far below: the top of the page names it.
    where = gettext("Block %(number)s, “%(kind)s”: %(what)s")
    named = where % {
        "number": 1,
        "kind": LessonPage.body.field.stream_block.child_blocks["single_choice"].label,
        "what": told[-1],
    }
    assert named in unescape(response.text)
    # Sentences that wait are named in the same go.
    assert told_about("Zeg waarom dit helpt.") in unescape(response.text)
    assert fresh(page).live is False


WAITING = "Schrijf hier in twee of drie zinnen waar de bijeenkomst over gaat. Zeg wat iemand straks kan."


def told_about(line):
    return gettext("“%(line)s” says what to write here. Put your own words in its place.") % {"line": line}


def test_a_sentence_that_waits_for_own_words_is_not_published_but_kept_as_a_draft(trainer, tree, client):
    begin(client, tree)
    page = LessonPage.objects.get(title="Wat is steun?")
    body = [made.text(f"<h2>Waar het over gaat</h2><p>{WAITING}</p>"), made.reading()]
    refused = client.post(edit(page), as_posted(page, *body, **PUBLISH))
    where = gettext("Block %(number)s, “%(kind)s”: %(what)s")
    label = LessonPage.body.field.stream_block.child_blocks["text"].label
    named = where % {"number": 1, "kind": label, "what": told_about(WAITING)}
    assert (named in unescape(refused.text), fresh(page).live) == (True, False)
    assert client.post(edit(page), as_posted(page, *body)).status_code == 302
    body[0] = made.text("<h2>Waar het over gaat</h2><p>Over steun.</p>")
    client.post(edit(page), as_posted(page, *body, **PUBLISH))
    assert fresh(page).live is True


def test_no_other_door_publishes_a_sentence_that_waits(trainer, tree, client):
    begin(client, tree)
    page = LessonPage.objects.get(title="Wat is steun?")
    with pytest.raises(ValidationError) as refused:
        page.get_latest_revision().publish()
    assert any(told_about(WAITING) in message for message in refused.value.messages)
    assert fresh(page).live is False


@pytest.mark.parametrize("part", Lesson.Part.values)
def test_headings_and_the_grounding_may_stay_and_nobody_sees_a_pencil(part, trainer, tree, client):
    begin(client, tree, part)
    page = LessonPage.objects.get(title="Wat is steun?")
    waiting = {child.block_type for child in page.body if list(still_to_write(child.block, child.value))}
    assert waiting == set(KINDS[part]) - {"grounding", "read"}
    assert PENCIL.strip() not in str(raw_body(page))


@pytest.mark.parametrize(
    "posted",
    [
        {"title": "", "part": "before"},
        {"title": "Een", "part": "nergens"},
        {"title": "x" * 256, "part": "live"},
    ],
)
def test_without_a_title_or_a_part_nothing_is_made(posted, trainer, tree, client):
    before = LessonPage.objects.count()
    response = client.post(reverse("new_lesson", args=[tree.second.pk]), posted)
    assert (response.status_code, LessonPage.objects.count()) == (200, before)


def test_a_lesson_begins_under_a_session_only(trainer, tree, client):
    for page_id in (tree.course.pk, tree.one.pk, 10**30):
        assert client.get(reverse("new_lesson", args=[page_id])).status_code == 404


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.COORDINATOR])
def test_who_does_not_write_makes_no_lesson(role, tree, client, now):
    client.force_login(somebody(role, now))
    before = LessonPage.objects.count()
    assert begin(client, tree).status_code in {302, 403}
    assert LessonPage.objects.count() == before
