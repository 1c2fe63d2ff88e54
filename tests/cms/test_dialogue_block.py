"""A trainer writes a conversation: what is kept, what is refused, the picture of it, and what text on disk becomes."""

import time
import uuid

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from cms.blocks.dialogue import DialogueBlock
from cms.blocks.dialogue_picture import BOX_HEIGHT, GAP_Y, picture_of
from cms.loading import lesson_blocks
from cms.programmes import ActivityText, LessonText
from courses.activities import dialogue
from courses.activities.contract import option_key
from courses.models import ActivityVersion, Attempt
from people.models import Role
from tests.cms import made_pages as made
from tests.cms.editor_forms import PUBLISH, as_posted
from tests.cms.made_pages import fresh, raw_body
from tests.cms.test_editor import _messages, edit, somebody
from tests.courses.talks import kemal, long_talk, scene, sentence, talk
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer(tree, client, now):
    person = somebody(Role.TRAINER, now)
    client.force_login(person)
    return person


def versions():
    return list(ActivityVersion.objects.filter(activity__kind="dialogue").order_by("number"))


def preview(client, page, *body):
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert client.post(address, as_posted(page, *body)).json()["is_valid"] is True
    return client.get(address).content.decode()


def test_a_trainer_writes_a_conversation_and_publishes_it(trainer, tree, client):
    response = client.post(edit(tree.one), as_posted(tree.one, made.conversation(kemal()), **PUBLISH))
    assert response.status_code == 302
    (version,) = versions()
    assert version.specification == dialogue.specification(kemal())


def test_words_may_change_and_the_keys_stay(trainer, tree, client):
    client.post(edit(tree.one), as_posted(tree.one, made.conversation(kemal()), **PUBLISH))
    page = fresh(tree.one)
    body = raw_body(page)
    body[0]["value"]["scenes"][0]["value"]["choices"][0]["value"]["text"] = "Anders gezegd."
    client.post(edit(page), as_posted(page, *body, **PUBLISH))
    before, after = (version.specification["scenes"][0]["choices"][0] for version in versions())
    assert after == {**before, "text": "Anders gezegd."}


def test_what_is_wrong_is_told_on_the_block_all_at_once(trainer, tree, client):
    fields = kemal()
    fields["scenes"][0]["choices"][0]["to"] = "nergens"
    fields["scenes"][3]["end"] = ""
    response = client.post(edit(tree.one), as_posted(tree.one, made.conversation(fields), **PUBLISH))
    assert response.status_code == 200
    told = _messages(response.context["form"].errors.as_data()["body"])
    missing = gettext(
        "In scene “%(scene)s” the sentence “%(sentence)s” leads to “%(target)s”, and there is no such scene."
    )
    assert missing % {
        "scene": "binnenkomst",
        "sentence": "U koos hier niet voor.",
        "target": "nergens",
    } in (told)
    assert len([message for message in told if "afscheid" in message]) == 1
    assert versions() == []


def test_a_kind_of_sentence_has_to_be_chosen(trainer, tree, client):
    fields = kemal()
    fields["scenes"][0]["choices"][0]["codes"] = []
    response = client.post(edit(tree.one), as_posted(tree.one, made.conversation(fields), **PUBLISH))
    assert (response.status_code, versions()) == (200, [])


def test_the_preview_shows_the_first_scene_and_a_picture_and_nothing_to_send(trainer, tree, client):
    html = preview(client, tree.one, made.conversation(kemal()))
    assert ("Kemal bij binnenkomst." in html, 'class="map-box' in html) == (True, True)
    assert ("Over: " in html, 'name="uuid"' in html) == (False, False)
    assert "4. afscheid" in html


def test_the_preview_of_an_unfinished_conversation_says_what_to_mend(trainer, tree, client):
    fields = kemal()
    fields["scenes"][3]["end"] = ""
    html = preview(client, tree.one, made.conversation(fields))
    words = gettext(
        "Scene “%(scene)s” is a dead end: give it sentences to choose from, or closing words if the talk ends here."
    )
    assert words % {"scene": "afscheid"} in html
    assert 'class="map-box' in html


def test_the_preview_of_an_empty_conversation_opens(trainer, tree, client):
    empty = talk(scene("", sentence("", "", says="")), question="", client="", trust="", shame="", change="")
    assert gettext("Not finished yet:") in preview(client, tree.one, made.conversation(empty))


def test_the_block_chooser_shows_an_example(trainer, client):
    block = DialogueBlock()
    value = block.get_preview_value()
    with translation.override("nl"):
        assert block.specification(value)["client"] == "Kemal"
        assert '<form class="activity"' in block.render(value)


def test_two_hundred_scenes_are_written_previewed_and_published(trainer, tree, client):
    big = made.conversation(long_talk(200))
    began = time.process_time()
    assert "s199" in preview(client, tree.one, big)
    assert time.process_time() - began < 20
    made.change(tree.one, big)
    assert len(versions()[0].specification["scenes"]) == 200


def test_names_of_scenes_are_not_for_translators():
    name = DialogueBlock().child_blocks["scenes"].child_block.child_blocks["name"]
    assert (name.get_translatable_segments("thuis"), name.restore_translated_segments("thuis", [])) == (
        [],
        "thuis",
    )


# --- trying it ------------------------------------------------------------------------------------------------------
@pytest.fixture
def draft(trainer, tree, client):
    """The address at which the saved draft of a conversation is tried."""
    client.post(edit(tree.one), as_posted(tree.one, made.conversation(kemal())))
    (block,) = fresh(tree.one).get_latest_revision_as_object().body
    return reverse("try_conversation", args=[tree.one.pk, block.id])


def test_a_trainer_tries_a_draft_and_nothing_is_kept(draft, tree, client):
    assert draft in client.get(reverse("wagtailadmin_pages:view_draft", args=[tree.one.pk])).content.decode()
    first, second = (option_key(text) for text in ("U koos hier niet voor.", "U mist haar."))
    assert f'value="{first}" type="submit"' in client.get(draft).content.decode()
    on = client.get(draft, {"path": "", "say": first}).content.decode()
    assert ("‘Oké. Jij wel.’" in on, f'name="path" value="{first}"' in on) == (True, True)
    end = client.get(draft, {"path": first, "say": second}).content.decode()
    assert "Kemal staat op en geeft een hand." in end
    back = client.get(draft, {"path": f"{first} {second}", "back": "2"}).content.decode()
    assert "‘Oké. Jij wel.’" in back
    assert (versions(), Attempt.objects.count()) == ([], 0)


def test_a_way_that_does_not_exist_begins_again_with_a_sentence(draft, client):
    response = client.get(draft, {"path": "x", "say": "y"})
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()


def test_an_unfinished_draft_says_what_to_mend(trainer, tree, client):
    fields = kemal()
    fields["scenes"][3]["end"] = ""
    client.post(edit(tree.one), as_posted(tree.one, made.conversation(fields)))
    (block,) = fresh(tree.one).get_latest_revision_as_object().body
    html = client.get(reverse("try_conversation", args=[tree.one.pk, block.id])).content.decode()
    assert gettext("Not finished yet:") in html
    assert 'name="say"' not in html


def test_only_who_may_edit_the_lesson_tries_its_draft(draft, tree, client, now):
    assert client.get(draft).status_code == 200
    for person in (PersonFactory(), somebody(Role.COORDINATOR, now), somebody(Role.TRAINEE, now)):
        client.force_login(person)
        assert client.get(draft).status_code == 404
    client.logout()
    assert client.get(draft).status_code == 302


def test_what_is_no_conversation_is_not_tried(trainer, tree, client):
    for block in (tree.one.body[1].id, uuid.uuid4()):
        assert client.get(reverse("try_conversation", args=[tree.one.pk, block])).status_code == 404
    for page in (tree.course.pk, 9**30):
        assert client.get(reverse("try_conversation", args=[page, uuid.uuid4()])).status_code == 404


# --- the picture ----------------------------------------------------------------------------------------------------
def test_scenes_stand_in_rows_by_their_distance_from_the_beginning():
    picture = picture_of(kemal()["scenes"])
    rows = {scene.name: (scene.y - picture.scenes[0].y) // (BOX_HEIGHT + GAP_Y) for scene in picture.scenes}
    assert rows == {"binnenkomst": 0, "thuis": 1, "die-avond": 1, "afscheid": 2, "stil": 2}
    assert [scene.name for scene in picture.scenes if scene.is_end] == ["afscheid", "stil"]
    assert len(picture.lines) == 6
    assert picture.scenes[2].leads_to == ("binnenkomst", "thuis")
    places = [(scene.x, scene.y) for scene in picture.scenes]
    assert len(set(places)) == len(places)
    assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in places)


def test_a_scene_that_nobody_reaches_is_drawn_as_lost_and_ways_to_nowhere_are_left_out():
    picture = picture_of(
        [scene("a", sentence("x", "B"), sentence("y", "weg")), scene("b", end="."), scene("los")]
    )
    assert [(each.name, each.is_lost, each.leads_to) for each in picture.scenes] == [
        ("a", False, ("b",)),
        ("b", False, ()),
        ("los", True, ()),
    ]


def test_nothing_is_drawn_of_nothing():
    assert picture_of([]) is None
    assert picture_of([{"name": " ", "choices": None}]) is None


# --- from text ------------------------------------------------------------------------------------------------------
def loaded(fields):
    text = ActivityText("dialogue", "kemal", True, fields, 1, "les.md")
    lesson = LessonText("les.md", "p1-les", "Les", "les", 10, "", (text,))
    return list(lesson_blocks("p1:p1-les", lesson, {}))


def without_ids(value):
    if isinstance(value, dict):
        return {name: without_ids(inner) for name, inner in value.items() if name != "id"}
    return [without_ids(item) for item in value] if isinstance(value, list) else value


def test_text_becomes_a_block_with_stable_ids(tree):
    fields = without_ids(kemal())
    (raw,) = loaded(fields)
    assert loaded(fields) == [raw]
    page = made.change(tree.one, raw)
    assert raw_body(page) == [{**raw, "value": {**raw["value"], "alternative": ""}}]
    (version,) = versions()
    scenes = version.specification["scenes"]
    assert [each["name"] for each in scenes] == [each["name"] for each in fields["scenes"]]
    assert scenes[0]["key"] == option_key(raw["value"]["scenes"][0]["id"])


def test_a_scene_that_moves_in_the_text_keeps_its_identity(tree):
    fields = without_ids(kemal())
    (before,) = loaded(fields)
    first, *rest = fields["scenes"]
    (after,) = loaded({**fields, "scenes": [first, *reversed(rest)]})
    by_name = [{row["value"]["name"]: row for row in raw["value"]["scenes"]} for raw in (before, after)]
    assert by_name[0] == by_name[1]


def test_ids_are_unique_in_a_conversation(tree):
    found = []

    def collect(value):
        if isinstance(value, dict):
            found.extend([value["id"]] if "id" in value else [])
            for inner in value.values():
                collect(inner)
        elif isinstance(value, list):
            for inner in value:
                collect(inner)

    collect(loaded(without_ids(long_talk(20)) | {"scenes": without_ids(kemal())["scenes"]}))
    assert len(set(found)) == len(found)


# --- what a new conversation begins with ----------------------------------------------------------------------------
def test_a_new_conversation_shows_no_miti_and_an_older_one_goes_on_showing_it(trainer, tree, client):
    block = DialogueBlock()
    assert block.get_default()["figures"] is False
    page = fresh(tree.one)
    written = {}
    for said in (None, True, False):
        raw = made.conversation(kemal())
        if said is None:
            del raw["value"]["figures"]  # from before there was a choice
        else:
            raw["value"]["figures"] = said
        page.body = page._meta.get_field("body").to_python([raw])
        written[said] = page.body[0].value["figures"]
    assert written == {None: True, True: True, False: False}


def test_the_form_tells_the_script_which_fields_name_scenes(trainer, tree, client):
    made.change(tree.one, made.conversation(kemal()))
    shown = client.get(edit(tree.one)).text
    assert [mark in shown for mark in ("data-scene-name", "data-scene-choice", "editor/scenes")] == [True] * 3
