"""Which belongs to which: one select per line, without dragging."""

import hashlib
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

KIND = "match"
MINUTES = 2.0
GRADED = True
PRIVATE = False


def specification(fields: Mapping[str, Any]) -> Specification:
    written = []
    for number, pair in enumerate(fields.get("pairs") or (), start=1):
        left, right = str(pair.get("left") or "").strip(), str(pair.get("right") or "").strip()
        if not (left and right):
            raise SpecificationError(_("Pair %(number)s misses a side.") % {"number": number})
        written.append((option_key(pair.get("id") or f"{number}"), left, right))
    if len(written) < 2:  # noqa: PLR2004 -- one pair is no question
        raise SpecificationError(_("Give at least two pairs."))
    pairs = [{"key": key, "left": left} for key, left, _right in written]
    distinct_keys(pairs, _("Two pairs share one identity. Delete one and write it anew."))
    # The keys of the right side come from their texts' hashes alone: nothing in the page ties them to a line.
    texts = sorted(
        {right for _key, _left, right in written}, key=lambda text: hashlib.sha256(text.encode()).digest()
    )
    if len(texts) < 2:  # noqa: PLR2004 -- nothing to choose
        raise SpecificationError(_("Give at least two different right sides."))
    rights = {text: f"r{number}" for number, text in enumerate(texts, start=1)}
    return {
        "question": text_of(fields, "question"),
        "pairs": [{"key": key, "left": left, "right": rights[right]} for key, left, right in written],
        "rights": [{"key": key, "text": text} for text, key in rights.items()],
        "shown": shuffled([key for key, _left, _right in written], seed="match"),
        **verdicts(fields),
        "max_score": len(written),
        "pass_score": len(written),
    }


def translated(source: Specification, words: Specification) -> Specification:
    """Right sides are matched through the pairs that use them, since their own keys follow the words."""
    word_rights = {right["key"]: right["text"] for right in words["rights"]}
    lefts = {pair["key"]: pair["left"] for pair in words["pairs"]}
    rights = {pair["key"]: word_rights[pair["right"]] for pair in words["pairs"]}
    texts = {pair["right"]: rights[pair["key"]] for pair in source["pairs"] if pair["key"] in rights}
    return {
        **source,
        **{name: words[name] for name in ("question", "feedback_right", "feedback_wrong")},
        "pairs": [{**pair, "left": lefts.get(pair["key"], pair["left"])} for pair in source["pairs"]],
        "rights": [{**right, "text": texts.get(right["key"], right["text"])} for right in source["rights"]],
    }


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    known = {right["key"] for right in spec["rights"]}
    pairs = {key: value_of(data, f"match-{key}") for key in spec["shown"]}
    if not all(pairs.values()):
        raise ResponseError(_("Choose something on every line first."))
    if not set(pairs.values()) <= known:
        raise ResponseError(_("One of these answers does not belong to this question. Please try again."))
    return {"pairs": pairs}


def grade(spec: Specification, response: Response) -> Result:
    score = sum(response["pairs"][pair["key"]] == pair["right"] for pair in spec["pairs"])
    passed = score >= spec["pass_score"]
    return Result(
        score,
        spec["max_score"],
        passed,
        Feedback(overall=spec["feedback_right" if passed else "feedback_wrong"]),
    )


def readable(spec: Specification, response: Response) -> str:
    rights = {right["key"]: right["text"] for right in spec["rights"]}
    return "; ".join(f"{pair['left']} → {rights[response['pairs'][pair['key']]]}" for pair in spec["pairs"])


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    pairs = {pair["key"]: pair for pair in spec["pairs"]}
    given = response["pairs"] if response else {}
    return {
        "question": spec["question"],
        "rights": spec["rights"],
        "choices": [
            Choice(
                key=key,
                text=pairs[key]["left"],
                value=given.get(key, ""),
                right=(given[key] == pairs[key]["right"]) if response else None,
            )
            for key in spec["shown"]
        ],
    }


def refill(form: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    choices = [replace(choice, value=value_of(data, f"match-{choice.key}")) for choice in form["choices"]]
    return {**form, "choices": choices}
