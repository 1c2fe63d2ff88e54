"""For the learner alone. The text is kept encrypted in `Reflection`; the attempt only says that there was one."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from .contract import TEXT_LIMIT, Response, Result, Specification, own_text, plain_text, text_of, value_of

KIND = "reflection"
MINUTES = 4.0
GRADED = False
PRIVATE = True


def specification(fields: Mapping[str, Any]) -> Specification:
    return {
        "question": text_of(fields, "question"),
        "hint": str(fields.get("hint") or "").strip(),
        "max_score": 0,
        "pass_score": 0,
    }


def translated(source: Specification, words: Specification) -> Specification:
    return {**source, "question": words["question"], "hint": words["hint"]}


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    return {"text": own_text(data, "text", _("Write something first, or leave it open: you may skip this."))}


def grade(spec: Specification, response: Response) -> Result:
    return Result(0, 0, True)


def readable(spec: Specification, response: Response) -> str:
    return ""


def written(spec: Specification, text: str) -> str:
    """What is kept, as its writer reads it back."""
    return text


def texts(text: str) -> dict[str, str]:
    return {"text": text}


def marked(spec: Specification, mark: str) -> str:
    return mark.format(field="text")


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    return {
        "question": spec["question"],
        "hint": spec["hint"],
        "text": (response or {}).get("text", ""),
        "limit": TEXT_LIMIT,
    }


def refill(form: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    return {**form, "text": plain_text(value_of(data, "text"))}
