"""A survey: scales and open questions, each of which may be skipped. Kept apart from the record, without a name.

The same constructs asked at two moments (T0, T1) are compared over everybody who answered both.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from .contract import (
    Response,
    ResponseError,
    Result,
    Specification,
    SpecificationError,
    plain_text,
    text_of,
    value_of,
)

KIND = "survey"
MINUTES = 3.0
GRADED = False
PRIVATE = True
MOMENTS = ("T0", "T1", "")  # before, after, and on its own
MOST_ITEMS, WIDEST = 30, 20
LONGEST = 2_000  # characters in an open answer
CONSTRUCT = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?")
NUMBER = re.compile(r"[0-9]{1,3}")


def specification(fields: Mapping[str, Any]) -> Specification:
    low, high = fields.get("minimum"), fields.get("maximum")
    if not (isinstance(low, int) and isinstance(high, int) and 0 <= low < high <= low + WIDEST):
        raise SpecificationError(_("The ruler has to go up, by at most 20 steps."))
    if (moment := str(fields.get("moment") or "")) not in MOMENTS:
        raise SpecificationError(_("Choose when this is asked: T0, T1, or on its own."))
    items = [_item(number, item) for number, item in enumerate(fields.get("items") or (), start=1)]
    if not 1 <= len(items) <= MOST_ITEMS:
        raise SpecificationError(_("Give one to thirty questions."))
    if len({item["construct"] for item in items}) != len(items):
        raise SpecificationError(_("Two questions have the same name. Give each its own."))
    return {
        "question": text_of(fields, "question"),
        "moment": moment,
        "minimum": low,
        "maximum": high,
        "low_label": text_of(fields, "low_label"),
        "high_label": text_of(fields, "high_label"),
        "items": items,
        "max_score": 0,
        "pass_score": 0,
    }


def _item(number: int, item: Mapping[str, Any]) -> Specification:
    construct = str(item.get("construct") or "").strip()
    if not CONSTRUCT.fullmatch(construct):
        raise SpecificationError(
            _("Question %(number)s needs a short name: small letters, digits and dashes.")
            % {"number": number}
        )
    return {
        "construct": construct,
        "open": item.get("form") == "open",
        "reversed": bool(item.get("reversed")),
        "text": text_of(item, "text"),
    }


def translated(source: Specification, words: Specification) -> Specification:
    texts = {item["construct"]: item["text"] for item in words["items"]}
    return {
        **source,
        **{name: words[name] for name in ("question", "low_label", "high_label")},
        "items": [{**item, "text": texts.get(item["construct"], item["text"])} for item in source["items"]],
    }


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    """`answers`: a number or words by construct; what was skipped is left out."""
    answers: dict[str, int | str] = {}
    for item in spec["items"]:
        sent = plain_text(value_of(data, f"survey-{item['construct']}"))
        if sent:
            answers[item["construct"]] = _words(sent) if item["open"] else _number(spec, sent)
    if not answers:
        raise ResponseError(_("Answer at least one question. You may skip the others."))
    return {"answers": answers}


def _words(sent: str) -> str:
    if len(sent) > LONGEST:
        raise ResponseError(
            _("One of your answers is longer than %(limit)s characters.") % {"limit": LONGEST}
        )
    return sent


def _number(spec: Specification, sent: str) -> int:
    if not NUMBER.fullmatch(sent) or not spec["minimum"] <= int(sent) <= spec["maximum"]:
        raise ResponseError(_("One of these answers does not belong to this question. Please try again."))
    return int(sent)


def grade(spec: Specification, response: Response) -> Result:
    return Result(0, 0, True)


def readable(spec: Specification, response: Response) -> str:
    return ""


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    """The blank form, also after answering: what was sent is kept without a name, and is not shown again."""
    numbers = [str(number) for number in range(spec["minimum"], spec["maximum"] + 1)]
    return {
        "question": spec["question"],
        "numbers": numbers,
        "low_label": spec["low_label"],
        "high_label": spec["high_label"],
        "items": [
            {"construct": item["construct"], "open": item["open"], "text": item["text"], "value": ""}
            for item in spec["items"]
        ],
        "limit": LONGEST,
    }


def refill(form: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    items = [
        {**item, "value": plain_text(value_of(data, f"survey-{item['construct']}"))} for item in form["items"]
    ]
    return {**form, "items": items}
