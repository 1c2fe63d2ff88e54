"""An open question: the learner's own words first, then a model answer and points to look at oneself. Never graded."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from .contract import (
    TEXT_LIMIT,
    Response,
    ResponseError,
    Result,
    Specification,
    SpecificationError,
    option_key,
    own_text,
    plain_text,
    text_of,
    value_of,
    values_of,
)

KIND = "open"
MINUTES = 3.0
GRADED = False
PRIVATE = False
MOST_CHECKS = 5


def specification(fields: Mapping[str, Any]) -> Specification:
    checks = [
        {"key": option_key(check.get("id") or f"{number}"), "text": text_of(check, "text")}
        for number, check in enumerate(fields.get("checks") or (), start=1)
    ]
    if not 1 <= len(checks) <= MOST_CHECKS:
        raise SpecificationError(_("Give one to five points for learners to look at their own answer."))
    return {
        "question": text_of(fields, "question"),
        "model": text_of(fields, "model"),
        "checks": checks,
        "max_score": 0,
        "pass_score": 0,
    }


def translated(source: Specification, words: Specification) -> Specification:
    texts = {check["key"]: check["text"] for check in words["checks"]}
    return {
        **source,
        "question": words["question"],
        "model": words["model"],
        "checks": [{**check, "text": texts.get(check["key"], check["text"])} for check in source["checks"]],
    }


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    """The words, and which points the learner saw in them (none the first time, when they are not shown yet)."""
    text = own_text(data, "text", _("Write something first: the example answer comes after it."))
    seen = set(values_of(data, "seen"))
    if not seen <= {check["key"] for check in spec["checks"]}:
        raise ResponseError(_("One of these answers does not belong to this question. Please try again."))
    return {"text": text, "seen": [check["key"] for check in spec["checks"] if check["key"] in seen]}


def grade(spec: Specification, response: Response) -> Result:
    return Result(0, 0, True)


def readable(spec: Specification, response: Response) -> str:
    return response["text"]


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    shown: dict[str, Any] = {"question": spec["question"], "text": "", "limit": TEXT_LIMIT}
    if response is None:
        return shown
    checks = [{**check, "seen": check["key"] in response["seen"]} for check in spec["checks"]]
    return {**shown, "text": response["text"], "model": spec["model"], "checks": checks}


def refill(form: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    return {**form, "text": plain_text(value_of(data, "text"))}
