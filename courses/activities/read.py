"""Say that you have read it."""

from collections.abc import Mapping
from typing import Any

from .contract import Response, Result, Specification, text_of

KIND = "read"
MINUTES = 0.25
GRADED = False
PRIVATE = False


def specification(fields: Mapping[str, Any]) -> Specification:
    return {"statement": text_of(fields, "statement"), "max_score": 0, "pass_score": 0}


def translated(source: Specification, words: Specification) -> Specification:
    return {**source, "statement": words["statement"]}


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    return {"confirmed": True}


def grade(spec: Specification, response: Response) -> Result:
    return Result(0, 0, True)


def readable(spec: Specification, response: Response) -> str:
    return spec["statement"]


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    return {"question": spec["statement"]}
