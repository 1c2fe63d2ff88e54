"""Several right options: passed when all of them and no other are chosen."""

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
    values_of,
)
from .options import choices, named, options_of, with_wording

KIND = "multiple_choice"
MINUTES = 1.5
GRADED = True
PRIVATE = False


def specification(fields: Mapping[str, Any]) -> Specification:
    options = options_of(fields)
    if not any(option["right"] for option in options):
        raise SpecificationError(_("Mark at least one option as right."))
    return {
        "question": text_of(fields, "question"),
        "options": options,
        "max_score": len(options),
        "pass_score": len(options),
    }


def translated(source: Specification, words: Specification) -> Specification:
    return {
        **source,
        "question": words["question"],
        "options": with_wording(source["options"], words["options"]),
    }


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    sent = set(values_of(data, "choice"))
    known = [option["key"] for option in spec["options"]]
    if not sent:
        raise ResponseError(_("Choose at least one answer first."))
    if not sent <= set(known):
        raise ResponseError(_("One of these answers does not belong to this question. Please try again."))
    return {"choices": [key for key in known if key in sent]}


def grade(spec: Specification, response: Response) -> Result:
    """A point for every option treated rightly: chosen where right, left alone where not."""
    chosen = set(response["choices"])
    score = sum((option["key"] in chosen) == option["right"] for option in spec["options"])
    feedback = {option["key"]: option["feedback"] for option in spec["options"] if option["key"] in chosen}
    return Result(score, spec["max_score"], score >= spec["pass_score"], Feedback(by_option=feedback))


def readable(spec: Specification, response: Response) -> str:
    return named(spec["options"], response["choices"])


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    lines = choices(spec["options"], response["choices"] if response else None)
    missed = (
        sum(option["right"] and option["key"] not in set(response["choices"]) for option in spec["options"])
        if response
        else 0
    )
    return {"question": spec["question"], "choices": lines, "missed": missed}
