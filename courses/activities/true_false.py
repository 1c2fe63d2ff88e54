"""A statement that holds or does not, with feedback for either choice."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from .contract import Choice, Feedback, Response, ResponseError, Result, Specification, text_of, value_of

KIND = "true_false"
MINUTES = 0.75
GRADED = True
PRIVATE = False
KEYS = ("true", "false")
LABELS = {"true": _("True"), "false": _("Not true")}


def specification(fields: Mapping[str, Any]) -> Specification:
    return {
        "statement": text_of(fields, "statement"),
        "right": "true" if fields.get("right") in (True, "true") else "false",
        "feedback": {"true": text_of(fields, "feedback_true"), "false": text_of(fields, "feedback_false")},
        "max_score": 1,
        "pass_score": 1,
    }


def translated(source: Specification, words: Specification) -> Specification:
    return {**source, "statement": words["statement"], "feedback": words["feedback"]}


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    choice = value_of(data, "choice")
    if choice not in KEYS:
        raise ResponseError(_("Choose one of the answers first."))
    return {"choice": choice}


def grade(spec: Specification, response: Response) -> Result:
    choice = response["choice"]
    score = int(choice == spec["right"])
    return Result(
        score, 1, score >= spec["pass_score"], Feedback(by_option={choice: spec["feedback"][choice]})
    )


def readable(spec: Specification, response: Response) -> str:
    return str(LABELS[response["choice"]])


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    chosen = response["choice"] if response else None
    return {
        "question": spec["statement"],
        "choices": [
            Choice(
                key=key,
                text=str(LABELS[key]),
                chosen=key == chosen,
                feedback=spec["feedback"][key] if key == chosen else "",
                right=(key == spec["right"]) if key == chosen else None,
            )
            for key in KEYS
        ],
    }
