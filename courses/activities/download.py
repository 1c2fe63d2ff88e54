"""Take a document along: a worksheet, a hand-out. It counts when somebody says that they have it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from .contract import Response, Result, Specification, SpecificationError, text_of

KIND = "download"
MINUTES = 1.0
GRADED = False
PRIVATE = False


def specification(fields: Mapping[str, Any]) -> Specification:
    """`document`: id, ending and size in bytes."""
    document = fields.get("document")
    if not document:
        raise SpecificationError(_("Choose a document."))
    return {
        "question": text_of(fields, "question"),
        "statement": text_of(fields, "statement"),
        "document": document["id"],
        "ending": document["ending"],
        "size": document["size"],
        "max_score": 0,
        "pass_score": 0,
    }


def translated(source: Specification, words: Specification) -> Specification:
    return {**source, **words}


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    return {"confirmed": True}


def is_self_reported(spec: Specification, response: Response) -> bool:
    return True


def grade(spec: Specification, response: Response) -> Result:
    return Result(0, 0, True)


def readable(spec: Specification, response: Response) -> str:
    return spec["statement"]


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    return {
        **{name: spec[name] for name in ("question", "statement", "document", "size")},
        "type": spec["ending"].upper(),
        "taken": response is not None,
    }
