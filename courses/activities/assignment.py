"""An assignment: something is handed in, and a trainer says by a rubric what is there and what is not yet.

It counts when a trainer finds it enough: the one criterion marked `must` is at least *enough*, and of the others not more
than one is *not yet*. Strength elsewhere never makes up for the `must`. It counts as well once the trainer has had `days`
days without answering, so that nobody waits for longer; with 0 days handing in is enough.

A response is what was handed in, `{"text": …, "file": {"name", "format", "size", "sha256"} or None}`. What happens to it
afterwards enters as a response of its own, the same with one thing more (`courses.services.feedback`):
`{…, "handed_in_at": ISO time, "feedback": {"levels": {criterion: level}, "words": …}}` or `{…, "waited": True}`.
No learner can post these: `clean` makes a response of the text and the file only.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .contract import (
    TEXT_LIMIT,
    Response,
    ResponseError,
    Result,
    Specification,
    SpecificationError,
    distinct_keys,
    option_key,
    own_text,
    plain_text,
    text_of,
    value_of,
)

KIND = "assignment"
MINUTES = 15.0
GRADED = False  # a trainer looks at it, not a machine
PRIVATE = False
NOT_YET, ENOUGH, STRONG = "not_yet", "enough", "strong"
LEVELS = {NOT_YET: _("not yet"), ENOUGH: _("good enough"), STRONG: _("strong")}
# What a file may be called; `courses.services.handed_files` looks whether that is what it is.
ENDINGS = (".pdf", ".docx", ".odt", ".txt", ".mp3", ".m4a", ".jpg", ".jpeg", ".png")
MOST_CRITERIA = 8
MOST_DAYS = 60
MAY_LACK = 1  # criteria beside the `must` that may be "not yet"


@dataclass(frozen=True)
class HandedFile:
    """A file that was looked into: what its sender calls it, its format by content, its bytes and their SHA-256."""

    name: str
    format: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Judged:
    """A criterion with what the trainer found: the level's name, and the rubric's words for it."""

    title: str
    must: bool
    level: str
    text: str


def specification(fields: Mapping[str, Any]) -> Specification:
    days = fields.get("days")
    if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= MOST_DAYS:
        raise SpecificationError(_("Give the trainer 0 to 60 days. With 0, handing in is enough."))
    rows = enumerate(fields.get("criteria") or (), start=1)
    criteria = [_criterion(number, row) for number, row in rows]
    if not 1 <= len(criteria) <= MOST_CRITERIA:
        raise SpecificationError(_("Give one to eight criteria."))
    if sum(criterion["must"] for criterion in criteria) != 1:
        raise SpecificationError(
            _("Mark exactly one criterion as the one that nothing else can make up for.")
        )
    distinct_keys(criteria, _("Two criteria share one identity. Delete one and write it anew."))
    return {
        "question": text_of(fields, "question"),
        "upload": bool(fields.get("upload")),
        "days": days,
        "criteria": criteria,
        "max_score": 0,
        "pass_score": 0,
    }


def _criterion(number: int, row: Mapping[str, Any]) -> Specification:
    words = {name: str(row.get(name) or "").strip() for name in ("title", *LEVELS)}
    if not all(words.values()):
        raise SpecificationError(
            _("Criterion %(number)s needs a name, and words for each of the three levels.")
            % {"number": number}
        )
    return {
        "key": option_key(row.get("id") or f"{number}"),
        "title": words.pop("title"),
        "must": bool(row.get("must")),
        "levels": words,
    }


def translated(source: Specification, words: Specification) -> Specification:
    by_key = {criterion["key"]: criterion for criterion in words["criteria"]}
    criteria = [
        {**each, **{name: by_key.get(each["key"], each)[name] for name in ("title", "levels")}}
        for each in source["criteria"]
    ]
    return {**source, "question": words["question"], "criteria": criteria}


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    """`data["file"]` counts where it is a `HandedFile`, which a browser cannot post."""
    text = own_text(data, "text", _("Write something first. With a file, say in a line what it is."))
    file = data.get("file")
    if not isinstance(file, HandedFile):
        return {"text": text, "file": None}
    if not spec["upload"]:
        raise ResponseError(_("No file belongs to this assignment. Write it in the box."))
    return {"text": text, "file": asdict(file)}


def clean_feedback(
    spec: Specification, levels: Mapping[str, Any], words: str
) -> dict[str, dict[str, str] | str]:
    """A trainer's feedback. Raises `ResponseError` where a criterion has no level of the rubric, or there are no words."""
    found = {criterion["key"]: levels.get(criterion["key"]) for criterion in spec["criteria"]}
    if not all(isinstance(level, str) and level in LEVELS for level in found.values()):
        raise ResponseError(_("Choose a level for every criterion."))
    return {"levels": found, "words": own_text({"words": words}, "words", _("Write a few words with it."))}


def is_enough(spec: Specification, levels: Mapping[str, str]) -> bool:
    """The rule of the rubric; see the top of this module."""
    lacking = [criterion for criterion in spec["criteria"] if levels[criterion["key"]] == NOT_YET]
    return len(lacking) <= MAY_LACK and not any(criterion["must"] for criterion in lacking)


def grade(spec: Specification, response: Response) -> Result:
    if feedback := response.get("feedback"):
        return Result(0, 0, is_enough(spec, feedback["levels"]))
    return Result(0, 0, spec["days"] == 0 or bool(response.get("waited")))


def readable(spec: Specification, response: Response) -> str:
    """The text, the name of the file, and what the trainer found."""
    told = [response["text"]]
    if file := response["file"]:
        told.append(gettext("File: %(name)s") % {"name": file["name"]})
    if feedback := response.get("feedback"):
        told += [f"{each.title}: {each.level}" for each in _judged(spec, feedback)]
        told.append(gettext("Your trainer wrote: %(words)s") % {"words": feedback["words"]})
    return "\n".join(told)


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    """With the rubric from the start: what a trainer looks at is no secret, and no answer key."""
    shown: dict[str, Any] = {
        **{name: spec[name] for name in ("question", "upload", "days")},
        "criteria": [_explained(criterion) for criterion in spec["criteria"]],
        "accept": ",".join(ENDINGS),
        "text": "",
        "limit": TEXT_LIMIT,
    }
    if response is None:
        return shown
    feedback = response.get("feedback")
    handed_in_at = response.get("handed_in_at")
    return {
        **shown,
        "text": response["text"],
        "file": response["file"],
        "judged": _judged(spec, feedback) if feedback else [],
        "words": feedback["words"] if feedback else "",
        "enough": bool(feedback) and is_enough(spec, feedback["levels"]),
        "waited": bool(response.get("waited")),
        "handed_in_at": datetime.fromisoformat(handed_in_at) if handed_in_at else None,
    }


def refill(form: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """The text comes back; no browser takes a file back."""
    return {**form, "text": plain_text(value_of(data, "text"))}


def _explained(criterion: Specification) -> dict[str, Any]:
    levels = [{"key": key, "name": name, "text": criterion["levels"][key]} for key, name in LEVELS.items()]
    return {**criterion, "levels": levels}


def _judged(spec: Specification, feedback: Mapping[str, Any]) -> list[Judged]:
    return [
        Judged(each["title"], each["must"], str(LEVELS[level]), each["levels"][level])
        for each in spec["criteria"]
        for level in [feedback["levels"][each["key"]]]
    ]
