"""For the learner alone. The text is kept encrypted in `Reflection`; the attempt only says that there was one."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from .contract import TEXT_LIMIT, Response, ResponseError, Result, Specification, text_of, value_of

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
    """The text with plain line ends and without characters that no database keeps."""
    text = value_of(data, "text").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    text = text.encode("utf-8", "ignore").decode().strip()
    if not text:
        raise ResponseError(_("Write something first, or leave it open: you may skip this."))
    if len(text) > TEXT_LIMIT:
        raise ResponseError(
            _("This is longer than we can keep: at most %(limit)s characters.") % {"limit": TEXT_LIMIT}
        )
    return {"text": text}


def grade(spec: Specification, response: Response) -> Result:
    return Result(0, 0, True)


def readable(spec: Specification, response: Response) -> str:
    return ""


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    return {
        "question": spec["question"],
        "hint": spec["hint"],
        "text": (response or {}).get("text", ""),
        "limit": TEXT_LIMIT,
    }
