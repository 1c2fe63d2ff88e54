"""A test: questions drawn from a bank, anew for every try. Passed from a number of right answers.

The specification holds all questions of the bank as they were when the lesson was published; `draw` narrows it to those
of one try. A response names the questions it answers, so it is read and graded against the whole or the narrowed one.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from django.utils.translation import gettext_lazy as _

from . import multiple_choice, single_choice, true_false
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
    text_of,
    values_of,
)

KIND = "quiz"
MINUTES = 1.0  # per question drawn
GRADED = True
PRIVATE = False
QUESTION_KINDS: dict[str, ModuleType] = {
    module.KIND: module for module in (single_choice, multiple_choice, true_false)
}
PREFIX = "q-"  # before every field of a question: q-<key>-choice


@dataclass(frozen=True)
class AskedQuestion:
    """One question of a try as a page shows it. `form` is its own kind's; `prefix` stands before its fields' names.

    `unanswered` marks it on a form that came back because of it.
    """

    number: int
    key: str
    several: bool
    form: Mapping[str, Any]
    unanswered: bool = False

    @property
    def prefix(self) -> str:
        return f"{PREFIX}{self.key}-"


@dataclass(frozen=True)
class Outcome:
    """How one question of a try was answered. `wrong`: keys of the options that were chosen and are not right."""

    key: str
    right: bool
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Wording:
    """A question and its options by key, in words."""

    text: str
    options: Mapping[str, str]


def specification(fields: Mapping[str, Any]) -> Specification:
    """`questions`: of the bank, each with `id`, `kind` and the `fields` of that kind. `attempts`: 0 is without limit."""
    questions = [
        _question(number, each) for number, each in enumerate(fields.get("questions") or (), start=1)
    ]
    if not questions:
        raise SpecificationError(_("Choose a question bank with at least one question."))
    distinct_keys(questions, _("Two questions share one identity. Delete one and write it anew."))
    draw_size, pass_score, attempts = (
        _whole_number(fields, name) for name in ("draw", "pass_score", "attempts")
    )
    if not 1 <= draw_size <= len(questions):
        raise SpecificationError(
            _("The bank has %(there)s questions, so draw 1 to %(there)s of them.") % {"there": len(questions)}
        )
    if not 1 <= pass_score <= draw_size:
        raise SpecificationError(
            _("Ask for 1 to %(draw)s right answers: that is how many questions are drawn.")
            % {"draw": draw_size}
        )
    if attempts < 0:
        raise SpecificationError(_("The number of tries is 0 (as many as people like) or more."))
    return {
        "question": text_of(fields, "question"),
        "questions": questions,
        "draw": draw_size,
        "attempts": attempts,
        "max_score": draw_size,
        "pass_score": pass_score,
    }


def _question(number: int, question: Mapping[str, Any]) -> Specification:
    try:
        kind = QUESTION_KINDS[question["kind"]]
        frozen = kind.specification(question["fields"])
    except KeyError as error:
        raise SpecificationError(
            _("Question %(number)s is of a kind that no test can hold.") % {"number": number}
        ) from error
    except SpecificationError as error:
        raise SpecificationError(
            *(
                _("Question %(number)s of the bank: %(what)s") % {"number": number, "what": message}
                for message in error.messages
            )
        ) from error
    return {"key": option_key(question.get("id") or f"{number}"), "kind": kind.KIND, "specification": frozen}


def _whole_number(fields: Mapping[str, Any], name: str) -> int:
    try:
        return int(fields.get(name) or 0)
    except (TypeError, ValueError) as error:
        raise SpecificationError(
            _("Give whole numbers for the questions, the right answers and the tries.")
        ) from error


def translated(source: Specification, words: Specification) -> Specification:
    """The source's questions and marks; wording by question, where the translation has the same one."""
    there = {question["key"]: question for question in words["questions"]}
    return {
        **source,
        "question": words["question"],
        "questions": [_in_words(question, there.get(question["key"])) for question in source["questions"]],
    }


def _in_words(question: Specification, words: Specification | None) -> Specification:
    if words is None or words["kind"] != question["kind"]:
        return question
    kind = _kind(question)
    return {**question, "specification": kind.translated(question["specification"], words["specification"])}


def draw(spec: Specification, seed: str) -> Specification:
    """The specification of one try: as many questions as are drawn, in an order that the seed alone decides."""

    def lot(question: Specification) -> bytes:
        return hashlib.sha256(f"{seed}:{question['key']}".encode()).digest()

    return {**spec, "questions": sorted(spec["questions"], key=lot)[: spec["draw"]]}


def drawn_as(spec: Specification, response: Response) -> Specification:
    """The specification of the try that this response was given in."""
    there = {question["key"]: question for question in spec["questions"]}
    keys = [answer["question"] for answer in response.get("answers", ())]
    return {**spec, "questions": [there[key] for key in keys if key in there]}


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    """`spec` is that of the try. The response keeps the order in which the questions were drawn."""
    if _sent_keys(data) - {question["key"] for question in spec["questions"]}:
        raise ResponseError(
            _("These questions belong to an earlier try. Below are the questions of your try now.")
        )
    unanswered = [
        str(number) for number, question in enumerate(spec["questions"], start=1) if not _sent(question, data)
    ]
    if unanswered:
        raise ResponseError(_says_unanswered(unanswered))
    return {
        "answers": [
            {"question": question["key"], "response": _clean_one(question, data)}
            for question in spec["questions"]
        ]
    }


def _sent_keys(data: Mapping[str, Any]) -> set[str]:
    """The keys of all questions that something was sent for."""
    names = (str(name) for name in data)
    return {name[len(PREFIX) :].rpartition("-")[0] for name in names if name.startswith(PREFIX)}


def _sent(question: Specification, data: Mapping[str, Any]) -> list[str]:
    return [value for value in values_of(data, f"{PREFIX}{question['key']}-choice") if value]


def _says_unanswered(numbers: list[str]) -> Any:
    if len(numbers) == 1:
        return _("Question %(number)s has no answer yet.") % {"number": numbers[0]}
    return _("These questions have no answer yet: %(numbers)s.") % {"numbers": ", ".join(numbers)}


def _clean_one(question: Specification, data: Mapping[str, Any]) -> Response:
    try:
        return _kind(question).clean(question["specification"], {"choice": _sent(question, data)})
    except ResponseError as error:
        raise ResponseError(
            _("One of these answers does not belong to this question. Please try again.")
        ) from error


def grade(spec: Specification, response: Response) -> Result:
    """A point for every question that is answered wholly right."""
    score = sum(outcome.right for outcome in outcomes(spec, response))
    passed = score >= spec["pass_score"]
    return Result(score, spec["max_score"], passed, Feedback(overall=_says_score(spec, score)))


def _says_score(spec: Specification, score: int) -> str:
    return str(_("%(score)s of %(max)s right") % {"score": score, "max": spec["max_score"]})


def outcomes(spec: Specification, response: Response) -> Iterator[Outcome]:
    """How every question of a try was answered, in the order of the draw."""
    for question, given in _answered(spec, response):
        result = _kind(question).grade(question["specification"], given)
        choices = _kind(question).form(question["specification"], given)["choices"]
        wrong = tuple(choice.key for choice in choices if choice.chosen and not choice.right)
        yield Outcome(question["key"], result.passed, wrong)


def _answered(spec: Specification, response: Response) -> Iterator[tuple[Specification, Response]]:
    given = {answer["question"]: answer["response"] for answer in response["answers"]}
    for question in drawn_as(spec, response)["questions"]:
        yield question, given[question["key"]]


def wordings(spec: Specification) -> dict[str, Wording]:
    """All questions in words, by key."""
    words = {}
    for question in spec["questions"]:
        blank = _kind(question).form(question["specification"], None)
        options = {choice.key: choice.text for choice in blank["choices"]}
        words[question["key"]] = Wording(blank["question"], options)
    return words


def readable(spec: Specification, response: Response) -> str:
    """The score on the first line, then every question with its answer."""
    score = int(grade(spec, response).score)
    lines = [
        f"{number}. {_asks(question)} → {_kind(question).readable(question['specification'], given)}"
        for number, (question, given) in enumerate(_answered(spec, response), start=1)
    ]
    return "\n".join([_says_score(spec, score), *lines])


def _kind(question: Specification) -> ModuleType:
    return QUESTION_KINDS[question["kind"]]


def _asks(question: Specification) -> str:
    return str(_kind(question).form(question["specification"], None)["question"])


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    """Blank: the questions in `spec`, which is that of the try. Answered: the questions that were answered."""
    if response is None:
        asked: Iterable[tuple[Specification, Response | None]] = (
            (question, None) for question in spec["questions"]
        )
    else:
        asked = _answered(spec, response)
    return {
        "question": spec["question"],
        "needed": spec["pass_score"],
        "drawn": spec["draw"],
        "questions": [
            _shown(number, question, given) for number, (question, given) in enumerate(asked, start=1)
        ],
    }


def _shown(number: int, question: Specification, given: Response | None) -> AskedQuestion:
    return AskedQuestion(
        number,
        question["key"],
        question["kind"] == multiple_choice.KIND,
        _kind(question).form(question["specification"], given),
    )


def refill(form: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """What was chosen stays chosen, and what has no answer is marked; nothing of another try comes along."""
    if _sent_keys(data) - {question.key for question in form["questions"]}:
        return dict(form)
    return {**form, "questions": [_refilled(question, data) for question in form["questions"]]}


def _refilled(question: AskedQuestion, data: Mapping[str, Any]) -> AskedQuestion:
    chosen = set(values_of(data, f"{question.prefix}choice"))
    choices: list[Choice] = [
        replace(choice, chosen=choice.key in chosen) for choice in question.form["choices"]
    ]
    return replace(
        question,
        form={**question.form, "choices": choices},
        unanswered=not any(choice.chosen for choice in choices),
    )
