"""Label a transcript: what does somebody do in each sentence? Compared with the trainer's labels, never a pass mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .contract import (
    Feedback,
    Response,
    ResponseError,
    Result,
    Specification,
    SpecificationError,
    distinct_keys,
    option_key,
    text_of,
    value_of,
)

KIND = "label"
MINUTES = 5.0
GRADED = False  # two trained raters differ as well: agreement is told, not asked for
PRIVATE = False
FEWEST_LABELS, MOST_LABELS = 2, 10
FEWEST_LINES = 4


@dataclass(frozen=True)
class Utterance:
    """A line of the transcript as a page shows it. Without `key` it is there to be read, not labelled.

    `agrees`, `expected` (the trainer's label) and `why` are only set once the learner has answered, the last two only
    where they differ.
    """

    speaker: str
    text: str
    key: str = ""
    value: str = ""
    agrees: bool | None = None
    expected: str = ""
    why: str = ""


def specification(fields: Mapping[str, Any]) -> Specification:
    names = [str(name).strip() for name in fields.get("labels") or () if str(name).strip()]
    if not FEWEST_LABELS <= len(names) <= MOST_LABELS or len(set(names)) != len(names):
        raise SpecificationError(_("Give two to ten different labels."))
    keys = {name.casefold(): f"l{number}" for number, name in enumerate(names, start=1)}
    lines = [_line(number, line, keys) for number, line in enumerate(fields.get("lines") or (), start=1)]
    asked = [line for line in lines if line["label"]]
    if len(asked) < FEWEST_LINES:
        raise SpecificationError(_("Give at least four lines to label."))
    distinct_keys(lines, _("Two lines share one identity. Delete one and write it anew."))
    return {
        "question": text_of(fields, "question"),
        "labels": [{"key": keys[name.casefold()], "text": name} for name in names],
        "lines": lines,
        "max_score": 0,
        "pass_score": 0,
    }


def _line(number: int, line: Mapping[str, Any], keys: Mapping[str, str]) -> Specification:
    label = str(line.get("label") or "").strip()
    if label and label.casefold() not in keys:
        raise SpecificationError(
            _("Line %(number)s has the label “%(label)s”, which is not one of the labels.")
            % {"number": number, "label": label}
        )
    why = str(line.get("why") or "").strip()
    if label and not why:
        raise SpecificationError(_("Line %(number)s has no explanation.") % {"number": number})
    return {
        "key": option_key(line.get("id") or f"{number}"),
        "speaker": text_of(line, "speaker"),
        "text": text_of(line, "text"),
        "label": keys[label.casefold()] if label else "",
        "why": why if label else "",
    }


def translated(source: Specification, words: Specification) -> Specification:
    """Labels in the order in which they stand; lines by their identity."""
    texts = {label["key"]: label["text"] for label in words["labels"]}
    lines = {line["key"]: line for line in words["lines"]}
    return {
        **source,
        "question": words["question"],
        "labels": [{**label, "text": texts.get(label["key"], label["text"])} for label in source["labels"]],
        "lines": [
            {**line, **{name: lines.get(line["key"], line)[name] for name in ("speaker", "text", "why")}}
            for line in source["lines"]
        ],
    }


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    labels = {line["key"]: value_of(data, f"label-{line['key']}") for line in _asked(spec)}
    if not all(labels.values()):
        raise ResponseError(_("Choose a label on every line first."))
    if not set(labels.values()) <= {label["key"] for label in spec["labels"]}:
        raise ResponseError(_("One of these answers does not belong to this question. Please try again."))
    return {"labels": labels}


def grade(spec: Specification, response: Response) -> Result:
    asked = _asked(spec)
    agreed = sum(response["labels"][line["key"]] == line["label"] for line in asked)
    words = _("You and the trainer agree on %(agreed)s of %(asked)s lines.")
    overall = str(words % {"agreed": agreed, "asked": len(asked)})
    return Result(0, 0, True, Feedback(overall=overall))


def readable(spec: Specification, response: Response) -> str:
    names = {label["key"]: label["text"] for label in spec["labels"]}
    return "; ".join(
        f"{line['speaker']}: {line['text']} → {names[response['labels'][line['key']]]}"
        for line in _asked(spec)
    )


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    return {
        "question": spec["question"],
        "labels": spec["labels"],
        "lines": [_shown(spec, line, response) for line in spec["lines"]],
    }


def _shown(spec: Specification, line: Specification, response: Response | None) -> Utterance:
    if not line["label"]:
        return Utterance(line["speaker"], line["text"])
    if response is None:
        return Utterance(line["speaker"], line["text"], line["key"])
    value = response["labels"][line["key"]]
    if value == line["label"]:
        return Utterance(line["speaker"], line["text"], line["key"], value, agrees=True)
    names = {label["key"]: label["text"] for label in spec["labels"]}
    return Utterance(
        line["speaker"], line["text"], line["key"], value, False, names[line["label"]], line["why"]
    )


def refill(form: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    lines = [
        Utterance(line.speaker, line.text, line.key, value_of(data, f"label-{line.key}") if line.key else "")
        for line in form["lines"]
    ]
    return {**form, "lines": lines}


def _asked(spec: Specification) -> list[Specification]:
    return [line for line in spec["lines"] if line["label"]]
