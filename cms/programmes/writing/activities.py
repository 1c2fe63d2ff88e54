"""The activities as text: one writer per kind, each the inverse of its reader in `cms.programmes.activities`."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cms.programmes.activities import NEVER_REQUIRED, ON_ITS_OWN
from cms.programmes.assignments import LEVELS
from cms.programmes.entries import LINE_END
from cms.programmes.notation import ActivityKind, ActivityText
from cms.programmes.writing.dialogues import write_dialogue

Fields = Mapping[str, Any]

IDS_A_LINE = 3


def write_activity(activity: ActivityText) -> list[str]:
    """The lines of a block. What cannot be said shows when the text is read back."""
    optional = " optional" if not activity.required and activity.kind not in NEVER_REQUIRED else ""
    asked = activity.fields.get("question") or activity.fields.get("statement", "")
    lines = [
        f"::: {activity.kind} {activity.key}{optional}",
        *_paragraphs(asked),
        *_after_blank(_entries(activity)),
    ]
    return [line for text in lines for line in _lines(text)] + [":::"]


def _paragraphs(text: str) -> Iterator[str]:
    """Paragraphs with a blank line between them."""
    first, *rest = text.split("\n\n")
    yield first
    for paragraph in rest:
        yield from ("", paragraph)


def _lines(text: str) -> list[str]:
    """A text on one line, or on more where it has line ends of its own."""
    return text.replace("\n", f"{LINE_END}\n  ").split("\n")


def _entries(activity: ActivityText) -> Iterator[str]:
    yield from WRITERS[activity.kind](activity.fields)
    yield from _marked("alternative", activity.fields.get("alternative", ""))
    for first in range(0, len(activity.ids), IDS_A_LINE):
        yield f"ids> {' '.join(activity.ids[first : first + IDS_A_LINE])}"


def _after_blank(lines: Iterator[str]) -> list[str]:
    written = list(lines)
    return ["", *written] if written else []


def _marked(name: str, text: str) -> Iterator[str]:
    if text:
        yield f"{name}> {text}"


def _write_option(text: str, feedback: str, *, right: bool) -> Iterator[str]:
    yield f"- [{'x' if right else ' '}] {text}"
    yield f"  > {feedback}"


def _write_choice(fields: Fields) -> Iterator[str]:
    for option in fields["options"]:
        yield from _write_option(option["text"], option["feedback"], right=option["right"])


def _write_truefalse(fields: Fields) -> Iterator[str]:
    yield from _write_option("Waar", fields["feedback_true"], right=fields["right"])
    yield from _write_option("Niet waar", fields["feedback_false"], right=not fields["right"])


def _write_verdicts(fields: Fields) -> Iterator[str]:
    yield from _marked("right", fields["feedback_right"])
    yield from _marked("wrong", fields["feedback_wrong"])


def _write_order(fields: Fields) -> Iterator[str]:
    yield from (f"{number}. {item}" for number, item in enumerate(fields["items"], start=1))
    yield from _write_verdicts(fields)


def _write_match(fields: Fields) -> Iterator[str]:
    yield from (f"- {pair['left']} => {pair['right']}" for pair in fields["pairs"])
    yield from _write_verdicts(fields)


def _write_sort(fields: Fields) -> Iterator[str]:
    yield from (f"- {item['text']} => {item['group']}" for item in fields["items"])
    yield from _write_verdicts(fields)


def _write_fill(fields: Fields) -> Iterator[str]:
    yield from _marked("text", fields["text"])
    yield from _write_verdicts(fields)


def _write_ends(fields: Fields) -> Iterator[str]:
    yield f"{fields['minimum']} = {fields['low_label']}"
    yield f"{fields['maximum']} = {fields['high_label']}"


def _write_scale(fields: Fields) -> Iterator[str]:
    yield from _write_ends(fields)
    for band in fields["bands"]:
        first, last = band["first"], band["last"]
        yield f"{first}> {band['feedback']}" if first == last else f"{first}-{last}> {band['feedback']}"


def _write_reflection(fields: Fields) -> Iterator[str]:
    yield from _marked("hint", fields["hint"])


def _write_read(_fields: Fields) -> Iterator[str]:
    yield from ()


def _write_open(fields: Fields) -> Iterator[str]:
    yield from _marked("model", fields["model"])
    yield from (f"check> {check}" for check in fields["checks"])


def _write_label(fields: Fields) -> Iterator[str]:
    yield f"labels> {' | '.join(fields['labels'])}"
    for line in fields["lines"]:
        label = f" => {line['label']}" if line["label"] else ""
        yield f"- {line['speaker']}: {line['text']}{label}"
        if line["why"]:
            yield f"  > {line['why']}"


def _write_worksheet(fields: Fields) -> Iterator[str]:
    yield from (f"field {asked['key']}> {asked['text']}" for asked in fields["fields"])


def _write_survey(fields: Fields) -> Iterator[str]:
    yield f"moment> {fields['moment'] or ON_ITS_OWN}"
    yield from _write_ends(fields)
    for item in fields["items"]:
        turned = " reversed" if item["reversed"] else ""
        yield f"{item['form']} {item['construct']}{turned}> {item['text']}"


def _write_assignment(fields: Fields) -> Iterator[str]:
    yield f"upload> {'yes' if fields['upload'] else 'no'}"
    yield f"days> {fields['days']}"
    for criterion in fields["criteria"]:
        yield f"== {criterion['title']}{' must' if criterion['must'] else ''}"
        yield from (f"{label}> {criterion[name]}" for label, name in LEVELS.items())


def _write_quiz(fields: Fields) -> Iterator[str]:
    yield from _marked("bank", fields["bank"])
    yield from (f"draw> {fields['draw']}", f"pass> {fields['pass_score']}")
    yield from _marked("attempts", str(fields["attempts"] or ""))


def _write_file(fields: Fields) -> Iterator[str]:
    yield from _marked("file", fields["file"])


def _write_download(fields: Fields) -> Iterator[str]:
    yield from _write_file(fields)
    yield from _marked("button", fields["statement"])


WRITERS: dict[ActivityKind, Callable[[Fields], Iterator[str]]] = {
    "single": _write_choice,
    "multiple": _write_choice,
    "truefalse": _write_truefalse,
    "order": _write_order,
    "match": _write_match,
    "scale": _write_scale,
    "reflection": _write_reflection,
    "read": _write_read,
    "sort": _write_sort,
    "fill": _write_fill,
    "open": _write_open,
    "label": _write_label,
    "worksheet": _write_worksheet,
    "survey": _write_survey,
    "dialogue": write_dialogue,
    "quiz": _write_quiz,
    "assignment": _write_assignment,
    "video": _write_file,
    "audio": _write_file,
    "download": _write_download,
}
