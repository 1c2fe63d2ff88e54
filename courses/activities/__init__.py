"""The kinds of activity: pure functions over a specification (what the trainer wrote) and a response (what the learner sent).

One module per kind. Each has:

`KIND`                      the name under which it is stored
`MINUTES`                   what doing it takes, beside reading its words
`GRADED`                    whether there is a right answer
`PRIVATE`                   whether the response is the learner's own text, kept encrypted and never in the attempt
`specification(fields)`     author's fields → JSON that is frozen in an `ActivityVersion`; raises `SpecificationError`
`translated(source, words)` the source's keys and marks with the translation's wording
`clean(spec, data)`         posted form data → response; raises `ResponseError` with a sentence for the learner
`grade(spec, response)`     → `Result`
`readable(spec, response)`  the response as a sentence that can be read without the specification
`form(spec, response)`      what the template needs, **without any answer key** unless a response is given
`refill(form, data)`        optional, where more than one thing is asked or text is typed: the blank form with what was
                            posted put back, so that nobody fills it in twice
`written(spec, text)`       kinds kept as a reflection only: the text that is kept, as its writer reads it back
`texts(text)`               of the same kinds: what was written, by the name of the field it stands in
`marked(spec, mark)`        of the same kinds: such a text with `mark` in every field, with the field's name as `{field}`
`draw(spec, seed)`          optional, where every try asks something else: the specification of one try. `clean` and a
                            blank `form` take that one; the others take the whole as well
`PLAYS`                     optional: True where it plays, so that the place where somebody stopped is kept and shown
`is_self_reported(spec, response)`  optional: whether the learner says so themselves, and nothing here has seen it
`drawn_as(spec, response)`  with `draw`: the specification of the try that a response was given in

A specification with `attempts` above 0 may be tried that often.
"""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from . import (
    alternative,
    assignment,
    audio,
    dialogue,
    download,
    fill,
    h5p,
    label,
    match,
    multiple_choice,
    open_question,
    order,
    quiz,
    read,
    reflection,
    scale,
    single_choice,
    sort,
    survey,
    true_false,
    video,
    worksheet,
)
from .contract import (
    Choice,
    Feedback,
    Response,
    ResponseError,
    Result,
    Specification,
    SpecificationError,
    plain_line_ends,
)

KINDS: dict[str, ModuleType] = {
    module.KIND: module
    for module in (
        read,
        single_choice,
        multiple_choice,
        true_false,
        order,
        match,
        sort,
        fill,
        scale,
        label,
        open_question,
        reflection,
        worksheet,
        survey,
        dialogue,
        quiz,
        assignment,
        video,
        audio,
        download,
        h5p,
    )
}

__all__ = [
    "KINDS",
    "Choice",
    "Feedback",
    "ResponseError",
    "Result",
    "SpecificationError",
    "draw",
    "drawn_as",
    "draws",
    "grade",
    "is_self_reported",
    "kind_of",
    "plays",
    "readable",
    "respond",
    "specify",
    "translate",
    "tries_left",
]


def kind_of(name: str) -> ModuleType:
    """The module of a kind. Raises `KeyError` for a kind that does not exist."""
    return KINDS[name]


# What all kinds do, with the equal alternative that any of them may have.
def specify(name: str, fields: Mapping[str, Any]) -> Specification:
    """The frozen form of what an author wrote, with plain line ends. Raises `SpecificationError`."""
    fields = plain_line_ends(fields)
    return alternative.with_alternative(kind_of(name).specification(fields), fields)


def translate(name: str, source: Specification, words: Specification) -> Specification:
    """The source's keys and marks with the translation's wording."""
    translated = kind_of(name).translated(source, words)
    if alternative.NAME in source and alternative.NAME in words:
        translated[alternative.NAME] = words[alternative.NAME]
    return translated


def respond(name: str, specification: Specification, data: Mapping[str, Any]) -> Response:
    """Posted form data as a response. Raises `ResponseError`."""
    if alternative.chooses(specification, data):
        return alternative.CHOSEN
    return kind_of(name).clean(specification, data)


def grade(name: str, specification: Specification, response: Response) -> Result:
    if alternative.is_chosen(response):
        return alternative.result(specification)
    return kind_of(name).grade(specification, response)


def readable(name: str, specification: Specification, response: Response) -> str:
    """The response as a sentence that can be read without the specification."""
    if alternative.is_chosen(response):
        return alternative.in_words()
    return kind_of(name).readable(specification, response)


def is_self_reported(name: str, specification: Specification, response: Response) -> bool:
    """Whether the learner says so themselves: nothing here has graded or seen it."""
    if alternative.is_chosen(response):
        return True
    return getattr(kind_of(name), "is_self_reported", lambda *_args: False)(specification, response)


def plays(name: str) -> bool:
    """Whether it plays, so that the place where somebody stopped is kept."""
    return getattr(kind_of(name), "PLAYS", False)


# What kinds share that ask something else at every try.
def draws(name: str) -> bool:
    """Whether every try asks something else."""
    return hasattr(kind_of(name), "draw")


def draw(name: str, specification: Specification, seed: str) -> Specification:
    """The specification of one try; the same for the same seed. The whole where a kind asks the same every time."""
    return kind_of(name).draw(specification, seed) if draws(name) else specification


def drawn_as(name: str, specification: Specification, response: Response) -> Specification:
    """The specification of the try that this response was given in."""
    return kind_of(name).drawn_as(specification, response) if draws(name) else specification


def tries_left(specification: Specification, made: int) -> int | None:
    """How often somebody may still try who did `made` times; `None` for as often as they like."""
    limit = specification.get("attempts", 0)
    return max(limit - made, 0) if limit else None
