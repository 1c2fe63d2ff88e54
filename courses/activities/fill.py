"""Fill in the gaps: short answers that somebody can know from the lesson."""

import re
import unicodedata
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
    plain_text,
    text_of,
    value_of,
    verdicts,
)

KIND = "fill"
MINUTES = 1.5
GRADED = True
PRIVATE = False
GAP = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
MOST_GAPS = 8
LONGEST = 80  # characters in one gap


def specification(fields: Mapping[str, Any]) -> Specification:
    """`text` holds the gaps as [[answer]] or [[answer|another answer]]."""
    text = text_of(fields, "text")
    pieces = GAP.split(text)
    words, gaps = pieces[::2], [_accepted(answers) for answers in pieces[1::2]]
    if any("[[" in piece or "]]" in piece for piece in words):
        raise SpecificationError(_("A gap is not closed. Write it as [[answer]]."))
    if not 1 <= len(gaps) <= MOST_GAPS:
        raise SpecificationError(_("Make one to eight gaps, each written as [[answer]]."))
    for number, answers in enumerate(gaps, start=1):
        if not answers or any(len(answer) > LONGEST for answer in answers):
            raise SpecificationError(
                _("Gap %(number)s needs an answer of at most %(limit)s characters.")
                % {"number": number, "limit": LONGEST}
            )
    return {
        "question": text_of(fields, "question"),
        "words": words,
        "gaps": gaps,
        **verdicts(fields),
        "max_score": len(gaps),
        "pass_score": len(gaps),
    }


def _accepted(answers: str) -> list[str]:
    return [" ".join(answer.split()) for answer in answers.split("|") if answer.strip()]


def translated(source: Specification, words: Specification) -> Specification:
    """The translation's whole text where it has as many gaps; otherwise its text would ask something else."""
    taken = ["question", "feedback_right", "feedback_wrong"]
    if len(words["gaps"]) == len(source["gaps"]):
        taken += ["words", "gaps"]
    return {**source, **{name: words[name] for name in taken}}


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    given = [plain_text(value_of(data, f"gap-{number}")) for number in _numbers(spec)]
    if not all(given):
        raise ResponseError(_("Fill in every gap first."))
    if any(len(word) > LONGEST for word in given):
        raise ResponseError(_("A gap holds at most %(limit)s characters.") % {"limit": LONGEST})
    return {"gaps": given}


def grade(spec: Specification, response: Response) -> Result:
    score = sum(_fits(spec, response))
    passed = score >= spec["pass_score"]
    overall = spec["feedback_right" if passed else "feedback_wrong"]
    return Result(score, spec["max_score"], passed, Feedback(overall=overall))


def _fits(spec: Specification, response: Response) -> list[bool]:
    return [
        folded(given) in {folded(answer) for answer in answers}
        for given, answers in zip(response["gaps"], spec["gaps"], strict=True)
    ]


def folded(word: str) -> str:
    """A word without what does not matter: capitals, accents, spaces at the ends, and a final full stop."""
    letters = unicodedata.normalize("NFKD", " ".join(word.split()).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).strip(" .‘’'\"“”")


def readable(spec: Specification, response: Response) -> str:
    gaps = [f"[{given}]" for given in response["gaps"]]
    return "".join(piece for pair in zip(spec["words"], [*gaps, ""], strict=True) for piece in pair)


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    given = response["gaps"] if response else [""] * len(spec["gaps"])
    fits = _fits(spec, response) if response else [None] * len(spec["gaps"])
    pieces = [
        {"words": words, "number": number, "value": value, "right": right}
        for words, number, value, right in zip(spec["words"], _numbers(spec), given, fits, strict=False)
    ]
    return {
        "question": spec["question"],
        "pieces": pieces,
        "rest": spec["words"][-1],
        "limit": LONGEST,
    }


def refill(form: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    pieces = [
        {**piece, "value": plain_text(value_of(data, f"gap-{piece['number']}"))} for piece in form["pieces"]
    ]
    return {**form, "pieces": pieces}


def _numbers(spec: Specification) -> range:
    return range(1, len(spec["gaps"]) + 1)
