"""Sort into groups: every item has one group, chosen with a button per group, without dragging."""

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

KIND = "sort"
MINUTES = 2.0
GRADED = True
PRIVATE = False
FEWEST_ITEMS, FEWEST_GROUPS, MOST_GROUPS = 3, 2, 5


def specification(fields: Mapping[str, Any]) -> Specification:
    groups: dict[str, str] = {}  # by name; in the order in which the author first uses them
    items = []
    for number, item in enumerate(fields.get("items") or (), start=1):
        text, group = str(item.get("text") or "").strip(), str(item.get("group") or "").strip()
        if not (text and group):
            raise SpecificationError(_("Line %(number)s misses its text or its group.") % {"number": number})
        key = groups.setdefault(group, f"g{len(groups) + 1}")
        items.append({"key": option_key(item.get("id") or f"{number}"), "text": text, "group": key})
    if len(items) < FEWEST_ITEMS:
        raise SpecificationError(_("Give at least three lines to sort."))
    distinct_keys(items, _("Two lines share one identity. Delete one and write it anew."))
    if not FEWEST_GROUPS <= len(groups) <= MOST_GROUPS:
        raise SpecificationError(_("Use two to five different groups."))
    return {
        "question": text_of(fields, "question"),
        "items": items,
        "groups": [{"key": key, "text": text} for text, key in groups.items()],
        "shown": shuffled([item["key"] for item in items], seed="sort"),
        **verdicts(fields),
        "max_score": len(items),
        "pass_score": len(items),
    }


def translated(source: Specification, words: Specification) -> Specification:
    """Groups are matched through the items that are in them: their own keys follow the words."""
    texts = {item["key"]: item["text"] for item in words["items"]}
    names = {group["key"]: group["text"] for group in words["groups"]}
    named = {item["key"]: names[item["group"]] for item in words["items"]}
    groups = {item["group"]: named[item["key"]] for item in reversed(source["items"]) if item["key"] in named}
    return {
        **source,
        **{name: words[name] for name in ("question", "feedback_right", "feedback_wrong")},
        "items": [{**item, "text": texts.get(item["key"], item["text"])} for item in source["items"]],
        "groups": [{**group, "text": groups.get(group["key"], group["text"])} for group in source["groups"]],
    }


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    groups = {key: value_of(data, f"sort-{key}") for key in spec["shown"]}
    if not all(groups.values()):
        raise ResponseError(_("Choose a group on every line first."))
    if not set(groups.values()) <= {group["key"] for group in spec["groups"]}:
        raise ResponseError(_("One of these answers does not belong to this question. Please try again."))
    return {"groups": groups}


def grade(spec: Specification, response: Response) -> Result:
    score = sum(response["groups"][item["key"]] == item["group"] for item in spec["items"])
    passed = score >= spec["pass_score"]
    overall = spec["feedback_right" if passed else "feedback_wrong"]
    return Result(score, spec["max_score"], passed, Feedback(overall=overall))


def readable(spec: Specification, response: Response) -> str:
    names = {group["key"]: group["text"] for group in spec["groups"]}
    return "; ".join(f"{item['text']} → {names[response['groups'][item['key']]]}" for item in spec["items"])


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    items = {item["key"]: item for item in spec["items"]}
    given = response["groups"] if response else {}
    return {
        "question": spec["question"],
        "groups": spec["groups"],
        "choices": [
            Choice(
                key=key,
                text=items[key]["text"],
                value=given.get(key, ""),
                right=given[key] == items[key]["group"] if response else None,
            )
            for key in spec["shown"]
        ],
    }


def refill(form: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    choices = [replace(choice, value=value_of(data, f"sort-{choice.key}")) for choice in form["choices"]]
    return {**form, "choices": choices}
