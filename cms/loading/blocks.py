"""From the content of a lesson to the raw data of its stream."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cms.filing import Filed
from cms.models import (
    QuestionBank,
)
from cms.programmes import (
    ActivityText,
    Aside,
    Drawing,
    Grounding,
    LessonText,
    Paragraphs,
)
from cms.programmes.identity import (
    activity_identity,
    identity_of,
    inner_rows,
    row_identities,
)
from cms.programmes.notation import ROWS

# Activities with a file: the field of their block that holds it.
FILE_FIELDS = {"video": "recording", "audio": "recording", "download": "document"}
BLOCKS = {"single": "single_choice", "multiple": "multiple_choice", "truefalse": "true_false"}


def lesson_blocks(
    key: str, text: LessonText, banks: Mapping[str, QuestionBank], files: Mapping[str, Filed] | None = None
) -> Iterable[dict[str, Any]]:
    """The lesson's stream as raw data with stable ids. `banks` by key, `files` by name: what its activities use."""
    for number, piece in enumerate(text.content):
        if isinstance(piece, ActivityText):
            yield activity_block(key, piece, banks, files)
        elif isinstance(piece, Paragraphs):
            yield block(f"{key}-{number}", "text", piece.html)
        elif isinstance(piece, Aside):
            yield block(f"{key}-{number}", "aside", {"title": piece.title, "text": piece.html})
        elif isinstance(piece, Grounding):
            yield block(f"{key}-{number}", "grounding", {"title": piece.title, "text": piece.html})
        elif isinstance(piece, Drawing):
            yield block(f"{key}-{number}", "drawing", {"name": piece.name, "text": piece.text})


def activity_block(
    lesson_key: str,
    piece: ActivityText,
    banks: Mapping[str, QuestionBank] | None = None,
    files: Mapping[str, Filed] | None = None,
) -> dict[str, Any]:
    name = f"{lesson_key}#{piece.key}"
    value: dict[str, Any] = {**piece.fields, "required": piece.required}
    if piece.kind == "truefalse":
        value["right"] = "true" if value["right"] else "false"
    for rows in {*ROWS, "fields"} & value.keys():
        value[rows] = _items(value[rows], iter(piece.ids or row_identities(name, value[rows])))
    if piece.kind == "quiz":
        value["bank"] = banks[piece.fields["bank"]].pk if banks else None
    if piece.kind in FILE_FIELDS:
        value[FILE_FIELDS[piece.kind]] = files[value.pop("file")].pk if files else None
    if "labels" in value:
        value["labels"] = [
            block(f"{name}-label-{number}", "item", label) for number, label in enumerate(value["labels"])
        ]
    identity = activity_identity(lesson_key, piece.key)
    return {"type": BLOCKS.get(piece.kind, piece.kind), "id": str(identity), "value": value}


def _items(rows: Iterable[Mapping[str, Any] | str], ids: Iterator[str]) -> list[dict[str, Any]]:
    """A list block's raw data, lists inside it too. `ids` in the order of `row_identities`."""
    items = []
    for row in rows:
        written = {"text": row} if isinstance(row, str) else row
        item = {"type": "item", "id": next(ids), "value": {}}
        inner = {name: _items(each, ids) for name, each in inner_rows(written)}
        item["value"] = {name: inner.get(name, each) for name, each in written.items() if name != "key"}
        items.append(item)
    return items


def block(name: str, kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "id": str(identity_of(name)), "value": value}
