"""A number on a ruler, without a right answer: the feedback belongs to the band the number falls in."""

import re
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

KIND = "scale"
MINUTES = 1.0
GRADED = False
PRIVATE = False
WIDEST = 20  # steps; more do not fit a thumb
NUMBER = re.compile(r"-?[0-9]{1,3}")


def specification(fields: Mapping[str, Any]) -> Specification:
    low, high = _number(fields, "minimum"), _number(fields, "maximum")
    if not 0 < high - low <= WIDEST:
        raise SpecificationError(_("The ruler has to go up, by at most 20 steps."))
    bands = sorted(
        (
            {
                "first": _number(band, "first"),
                "last": _number(band, "last"),
                "feedback": text_of(band, "feedback"),
            }
            for band in fields.get("bands") or ()
        ),
        key=lambda band: band["first"],
    )
    if any(band["last"] - band["first"] > WIDEST for band in bands):
        raise SpecificationError(_("The feedback has to cover every number on the ruler once."))
    covered = [number for band in bands for number in range(band["first"], band["last"] + 1)]
    if covered != list(range(low, high + 1)):
        raise SpecificationError(_("The feedback has to cover every number on the ruler once."))
    return {
        "question": text_of(fields, "question"),
        "minimum": low,
        "maximum": high,
        "low_label": text_of(fields, "low_label"),
        "high_label": text_of(fields, "high_label"),
        "bands": bands,
        "max_score": 0,
        "pass_score": 0,
    }


def _number(fields: Mapping[str, Any], name: str) -> int:
    try:
        return int(fields[name])
    except (KeyError, TypeError, ValueError) as error:
        raise SpecificationError(_("Give every number of the ruler.")) from error


def translated(source: Specification, words: Specification) -> Specification:
    texts = {band["first"]: band["feedback"] for band in words["bands"]}
    return {
        **source,
        **{name: words[name] for name in ("question", "low_label", "high_label")},
        "bands": [
            {**band, "feedback": texts.get(band["first"], band["feedback"])} for band in source["bands"]
        ],
    }


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    sent = value_of(data, "value")
    # Digits only and short: int() of thousands of digits is slow, and "1e3", "nan" and "٣" are no answers.
    if NUMBER.fullmatch(sent):
        value = int(sent)
        if spec["minimum"] <= value <= spec["maximum"]:
            return {"value": value}
    raise ResponseError(_("Choose a number on the ruler first."))


def grade(spec: Specification, response: Response) -> Result:
    band = next(band for band in spec["bands"] if band["first"] <= response["value"] <= band["last"])
    return Result(0, 0, True, Feedback(overall=band["feedback"]))


def readable(spec: Specification, response: Response) -> str:
    return f"{response['value']} ({spec['minimum']} = {spec['low_label']}, {spec['maximum']} = {spec['high_label']})"


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    return {
        "question": spec["question"],
        "numbers": list(range(spec["minimum"], spec["maximum"] + 1)),
        "low_label": spec["low_label"],
        "high_label": spec["high_label"],
        "value": response["value"] if response else None,
    }
