"""What all kinds share: their result, their errors, and how option keys and display order are made."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

Specification = dict[str, Any]
Response = dict[str, Any]

TEXT_LIMIT = 10_000  # characters in a learner's own text


class SpecificationError(ValueError):
    """The author's fields make no activity. `messages` say what to mend, in the author's words."""

    def __init__(self, *messages: object) -> None:
        super().__init__("; ".join(str(message) for message in messages))
        self.messages = list(messages)


class ResponseError(ValueError):
    """What was sent is no answer to this activity. The message is for the learner."""


@dataclass(frozen=True)
class Feedback:
    """Words for the learner: per option key, and one overall."""

    overall: str = ""
    by_option: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """`score` of `max_score` points; `passed` by the version's own pass mark. Ungraded kinds: 0 of 0, passed."""

    score: float
    max_score: float
    passed: bool
    feedback: Feedback = Feedback()


@dataclass(frozen=True)
class Choice:
    """One line of a form. `feedback` and `right` are only set once the learner has answered."""

    key: str
    text: str
    chosen: bool = False
    feedback: str = ""
    right: bool | None = None
    value: str = ""


def option_key(identifier: object) -> str:
    """A short key for an option from the author's stable id. Says nothing about being right."""
    return hashlib.sha256(str(identifier).encode()).hexdigest()[:10]


def shuffled(keys: Iterable[str], *, seed: str) -> list[str]:
    """The same order for everybody and every time, telling nothing about the right one, and never the given order."""
    given = list(keys)
    mixed = sorted(given, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).digest())
    if mixed == given and len(given) > 1:
        mixed = [*mixed[1:], mixed[0]]
    return mixed


def text_of(fields: Mapping[str, Any], name: str) -> str:
    """A required text field, stripped. Raises `SpecificationError`."""
    value = str(fields.get(name) or "").strip()
    if not value:
        raise SpecificationError(_("Write a text here: %(field)s.") % {"field": name.replace("_", " ")})
    return value


def verdicts(fields: Mapping[str, Any]) -> Specification:
    """The author's two reactions: when all is right, and when it is not yet. Raises `SpecificationError`."""
    return {name: text_of(fields, name) for name in ("feedback_right", "feedback_wrong")}


def distinct_keys(parts: Sequence[Mapping[str, Any]], message: object) -> None:
    """Raises `SpecificationError` with `message` where two parts share one identity."""
    if len({part["key"] for part in parts}) != len(parts):
        raise SpecificationError(message)


def plain_line_ends(written: Any) -> Any:
    """The same texts, lists and mappings with the line ends of a text file, where a browser posts its own."""
    if isinstance(written, str):
        return written.replace("\r\n", "\n")
    if isinstance(written, Mapping):
        return {name: plain_line_ends(each) for name, each in written.items()}
    if isinstance(written, list | tuple):
        return [plain_line_ends(each) for each in written]
    return written


def plain_text(sent: str) -> str:
    """What somebody typed, with plain line ends and without characters that no database keeps."""
    text = sent.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "ignore").decode().strip()


def own_text(data: Mapping[str, Any], name: str, when_empty: object) -> str:
    """A learner's own words. Raises `ResponseError` where there are none (`when_empty`), or too many to keep."""
    text = plain_text(value_of(data, name))
    if not text:
        raise ResponseError(when_empty)
    if len(text) > TEXT_LIMIT:
        raise ResponseError(
            _("This is longer than we can keep: at most %(limit)s characters.") % {"limit": TEXT_LIMIT}
        )
    return text


def letter(index: int) -> str:
    """A, B, C … for the option at `index`, counted from 0."""
    return chr(ord("A") + index) if index < 26 else str(index + 1)  # noqa: PLR2004 -- the alphabet


def values_of(data: Mapping[str, Any], name: str) -> Sequence[str]:
    """All values sent under a name, from a QueryDict or a plain mapping."""
    if hasattr(data, "getlist"):
        return [str(value) for value in data.getlist(name)]
    value = data.get(name, [])
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]


def value_of(data: Mapping[str, Any], name: str) -> str:
    """The last value sent under a name, or an empty string."""
    values = values_of(data, name)
    return values[-1] if values else ""
