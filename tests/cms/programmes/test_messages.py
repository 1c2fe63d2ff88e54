"""Sentences are English to code and to the command line, and the reader's own language on a screen."""

import ast
from pathlib import Path

import polib

from cms.programmes.messages import Message

ROOT = Path(__file__).parents[3]
DUTCH = {
    "'%(name)s' holds %(character)s.": "In '%(name)s' staat %(character)s.",
    "a tab": "een tab",
}


def templates() -> list[ast.expr]:
    """The first argument of every `Message(…)` in the code."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "cms").rglob("*.py"))]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Message"]


def test_a_message_is_its_english_sentence() -> None:
    message = Message("'%(name)s' is empty.", name="title")
    assert (message, str(message), hash(message)) == ("'title' is empty.", message, hash("'title' is empty."))


def test_a_message_is_translated_with_the_messages_in_it() -> None:
    message = Message("'%(name)s' holds %(character)s.", name="100%", character=Message("a tab"))
    assert message == "'100%' holds a tab."
    assert message.translated(DUTCH.__getitem__) == "In '100%' staat een tab."


def test_every_template_is_written_out_and_has_its_dutch() -> None:
    """Written out as one string: `make messages` finds no other."""
    found = templates()
    assert [ast.unparse(each) for each in found if not isinstance(each, ast.Constant)] == []
    catalogue = polib.pofile(str(ROOT / "locale" / "nl" / "LC_MESSAGES" / "django.po"))
    dutch = {entry.msgid for entry in catalogue if entry.translated() and not entry.obsolete}
    assert {each.value for each in found if isinstance(each, ast.Constant)} - dutch == set()
    assert len(found) > 200
