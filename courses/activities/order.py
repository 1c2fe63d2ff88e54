"""Put steps in order: a place for every step, without dragging."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from .contract import (
    Choice,
    Feedback,
    Response,
    ResponseError,
    Result,
    Specification,
    SpecificationError,
    distinct_keys,
    option_key,
    shuffled,
    text_of,
    value_of,
    verdicts,
)

KIND = "order"
MINUTES = 2.0
GRADED = True
PRIVATE = False


def specification(fields: Mapping[str, Any]) -> Specification:
    items = []
    for number, item in enumerate(fields.get("items") or (), start=1):
        text = str(item.get("text") or "").strip()
        if not text:
            raise SpecificationError(_("Step %(number)s has no text.") % {"number": number})
        items.append({"key": option_key(item.get("id") or f"{number}"), "text": text})
    if len(items) < 2:  # noqa: PLR2004 -- one step has no order
        raise SpecificationError(_("Give at least two steps."))
    distinct_keys(items, _("Two steps share one identity. Delete one and write it anew."))
    return {
        "question": text_of(fields, "question"),
        "items": items,
        "shown": shuffled([item["key"] for item in items], seed="order"),
        **verdicts(fields),
        "max_score": len(items),
        "pass_score": len(items),
    }


def translated(source: Specification, words: Specification) -> Specification:
    texts = {item["key"]: item["text"] for item in words["items"]}
    return {
        **source,
        **{name: words[name] for name in ("question", "feedback_right", "feedback_wrong")},
        "items": [{**item, "text": texts.get(item["key"], item["text"])} for item in source["items"]],
    }


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    places = {key: value_of(data, f"place-{key}") for key in spec["shown"]}
    wanted = {str(place) for place in range(1, len(places) + 1)}
    if not all(places.values()):
        raise ResponseError(_("Give every step a place first."))
    if set(places.values()) != wanted:
        raise ResponseError(_("Two steps have the same place. Give every step its own place."))
    return {"order": sorted(places, key=lambda key: int(places[key]))}


def grade(spec: Specification, response: Response) -> Result:
    right = [item["key"] for item in spec["items"]]
    score = sum(given == wanted for given, wanted in zip(response["order"], right, strict=True))
    passed = score >= spec["pass_score"]
    return Result(
        score,
        spec["max_score"],
        passed,
        Feedback(overall=spec["feedback_right" if passed else "feedback_wrong"]),
    )


def readable(spec: Specification, response: Response) -> str:
    texts = {item["key"]: item["text"] for item in spec["items"]}
    return "; ".join(f"{place}. {texts[key]}" for place, key in enumerate(response["order"], start=1))


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    texts = {item["key"]: item["text"] for item in spec["items"]}
    right = [item["key"] for item in spec["items"]]
    given = response["order"] if response else []
    places = {key: str(place) for place, key in enumerate(given, start=1)}
    return {
        "question": spec["question"],
        "places": [str(place) for place in range(1, len(texts) + 1)],
        "choices": [
            Choice(
                key=key,
                text=texts[key],
                value=places.get(key, ""),
                right=(right.index(key) == given.index(key)) if response else None,
            )
            for key in spec["shown"]
        ],
    }


def refill(form: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    choices = [replace(choice, value=value_of(data, f"place-{choice.key}")) for choice in form["choices"]]
    return {**form, "choices": choices}
