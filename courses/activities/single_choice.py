"""One right option among several, each with feedback."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from .contract import (
    Feedback,
    Response,
    ResponseError,
    Result,
    Specification,
    SpecificationError,
    text_of,
    value_of,
)
from .options import choices, named, options_of, with_wording

KIND = "single_choice"
MINUTES = 1.0
GRADED = True
PRIVATE = False


def specification(fields: Mapping[str, Any]) -> Specification:
    options = options_of(fields)
    if sum(option["right"] for option in options) != 1:
        raise SpecificationError(_("Mark exactly one option as right."))
    return {"question": text_of(fields, "question"), "options": options, "max_score": 1, "pass_score": 1}


def translated(source: Specification, words: Specification) -> Specification:
    return {
        **source,
        "question": words["question"],
        "options": with_wording(source["options"], words["options"]),
    }


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    choice = value_of(data, "choice")
    if choice not in {option["key"] for option in spec["options"]}:
        raise ResponseError(_("Choose one of the answers first."))
    return {"choice": choice}


def grade(spec: Specification, response: Response) -> Result:
    option = next(option for option in spec["options"] if option["key"] == response["choice"])
    score = 1 if option["right"] else 0
    return Result(
        score,
        spec["max_score"],
        score >= spec["pass_score"],
        Feedback(by_option={option["key"]: option["feedback"]}),
    )


def readable(spec: Specification, response: Response) -> str:
    return named(spec["options"], [response["choice"]])


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    return {
        "question": spec["question"],
        "choices": choices(spec["options"], [response["choice"]] if response else None),
    }
