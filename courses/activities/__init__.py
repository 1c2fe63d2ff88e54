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
"""

from types import ModuleType

from . import dialogue, match, multiple_choice, order, read, reflection, scale, single_choice, true_false
from .contract import Choice, Feedback, ResponseError, Result, SpecificationError

KINDS: dict[str, ModuleType] = {
    module.KIND: module
    for module in (
        read,
        single_choice,
        multiple_choice,
        true_false,
        order,
        match,
        scale,
        reflection,
        dialogue,
    )
}

__all__ = ["KINDS", "Choice", "Feedback", "ResponseError", "Result", "SpecificationError", "kind_of"]


def kind_of(name: str) -> ModuleType:
    """The module of a kind. Raises `KeyError` for a kind that does not exist."""
    return KINDS[name]
