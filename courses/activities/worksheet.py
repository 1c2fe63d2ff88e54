"""A private worksheet: a few questions with room to write, kept encrypted, to print or take up again. Never graded.

The text that is kept is JSON: what was written, by the key of the question.
"""

import contextlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from .contract import (
    Response,
    ResponseError,
    Result,
    Specification,
    SpecificationError,
    distinct_keys,
    option_key,
    plain_text,
    text_of,
    value_of,
)

KIND = "worksheet"
MINUTES = 5.0
GRADED = False
PRIVATE = True
FEWEST, MOST = 2, 12  # questions
LONGEST = 2_000  # characters under one question


def specification(fields: Mapping[str, Any]) -> Specification:
    asked = [
        {"key": option_key(field.get("id") or f"{number}"), "text": text_of(field, "text")}
        for number, field in enumerate(fields.get("fields") or (), start=1)
    ]
    if not FEWEST <= len(asked) <= MOST:
        raise SpecificationError(_("Give two to twelve questions."))
    distinct_keys(asked, _("Two questions share one identity. Delete one and write it anew."))
    return {"question": text_of(fields, "question"), "fields": asked, "max_score": 0, "pass_score": 0}


def translated(source: Specification, words: Specification) -> Specification:
    texts = {field["key"]: field["text"] for field in words["fields"]}
    return {
        **source,
        "question": words["question"],
        "fields": [{**field, "text": texts.get(field["key"], field["text"])} for field in source["fields"]],
    }


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    written = _posted(spec, data)
    if not any(written.values()):
        raise ResponseError(_("Write something first, or leave it open: you may skip this."))
    if any(len(text) > LONGEST for text in written.values()):
        raise ResponseError(
            _("One of your answers is longer than %(limit)s characters.") % {"limit": LONGEST}
        )
    return {"text": json.dumps(written, ensure_ascii=False)}


def grade(spec: Specification, response: Response) -> Result:
    return Result(0, 0, True)


def readable(spec: Specification, response: Response) -> str:
    return ""


def written(spec: Specification, text: str) -> str:
    """What is kept, as its writer reads it back: each question with what stands under it."""
    kept = texts(text)
    return "\n\n".join(
        f"{field['text']}\n{kept[field['key']]}" for field in spec["fields"] if kept.get(field["key"])
    )


def texts(text: str) -> dict[str, str]:
    """Empty for a text that cannot be read: its key is lost."""
    with contextlib.suppress(ValueError):
        return json.loads(text)
    return {}


def marked(spec: Specification, mark: str) -> str:
    return json.dumps({field["key"]: mark.format(field=field["key"]) for field in spec["fields"]})


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    kept = texts(response["text"]) if response else {}
    return {
        "question": spec["question"],
        "fields": [{**field, "value": kept.get(field["key"], "")} for field in spec["fields"]],
        "limit": LONGEST,
    }


def refill(form: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    posted = _posted(form, data)
    return {**form, "fields": [{**field, "value": posted[field["key"]]} for field in form["fields"]]}


def _posted(spec: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, str]:
    return {field["key"]: plain_text(value_of(data, f"write-{field['key']}")) for field in spec["fields"]}
