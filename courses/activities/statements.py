"""What a package in the browser says of a learner, in the words of xAPI: read with suspicion.

Anybody can send anything under the name of a package. Who did it, when and to what is the server's to say; of a statement only
the verb, the part, and a score within its own bounds are believed, and those as reported, never as graded.
"""

import html
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from . import points as points_told
from .contract import ResponseError

LONGEST = 60_000  # characters of JSON
LONGEST_NAME = 100
DEEPEST = 40
HIGHEST = 1_000_000_000  # points
# Verbs by which a package says that something is finished. Others say so with `result.completion`.
FINISHING = frozenset({"answered", "completed", "passed", "mastered", "failed"})
# Told many times, worth little.
CHATTY = frozenset({"interacted", "progressed", "experienced"})
# By which it tells that somebody did something in it.
TOUCHES = frozenset({"answered", "interacted"})
# On what a part did not tell by itself: our page asked it when the whole was finished (`media/player/bridge.js`).
ASKED_FOR = "https://w3id.org/xapi/leerhuis/asked-for"
SUB_CONTENT = "http://h5p.org/x-api/h5p-subContentId"


class StatementError(ResponseError):
    """What came is no statement. The message is for the learner, who cannot help it: short."""


@dataclass(frozen=True)
class Reported:
    """What is believed of one statement.

    `part` is empty for the package as a whole, which alone completes and scores. `raw` of `maximum` points; `None` where no
    score was told.
    """

    verb: str
    part: str = ""
    finished: bool = False
    raw: float | None = None
    maximum: float | None = None

    @property
    def counts(self) -> bool:
        """Whether this is an answer: the whole is finished."""
        return self.finished and not self.part


def read_statement(sent: Any) -> Reported:
    """What is believed of a statement as it was sent, decoded from JSON. Raises `StatementError`."""
    if not isinstance(sent, Mapping) or _deeper_than(sent, DEEPEST):
        raise _unreadable()
    verb = _verb(sent)
    result = sent.get("result")
    if result is not None and not isinstance(result, Mapping):
        raise _unreadable()
    raw, maximum = _score(result or {})
    completion = (result or {}).get("completion") is True
    return Reported(
        verb=verb,
        part=_part(sent),
        finished=verb in FINISHING or completion,
        raw=raw,
        maximum=maximum,
    )


def kept_text(sent: Any) -> str:
    """The statement as it is kept: JSON in plain characters, which every database takes. Raises `StatementError`."""
    try:
        text = json.dumps(sent, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise _unreadable() from error
    if len(text) > LONGEST:
        raise StatementError(_("This part of the lesson sent more than we can keep."))
    return text


def _unreadable() -> StatementError:
    return StatementError(_("This part of the lesson sent something that we cannot read."))


def _deeper_than(value: Any, depth: int) -> bool:
    level: list[Any] = [value]
    for _step in range(depth):
        level = [
            child
            for each in level
            if isinstance(each, Mapping | list)
            for child in (each.values() if isinstance(each, Mapping) else each)
        ]
        if not level:
            return False
    return True


def _verb(sent: Mapping[str, Any]) -> str:
    verb = sent.get("verb")
    name = verb.get("id") if isinstance(verb, Mapping) else None
    if not isinstance(name, str):
        raise _unreadable()
    short = name.rstrip("/").rpartition("/")[2]
    if not short or len(short) > LONGEST_NAME or not (short.isascii() and short.isprintable()):
        raise _unreadable()
    return short


def _part(sent: Mapping[str, Any]) -> str:
    """The part it is about: of a statement with a parent its own id, and never nothing."""
    part = _inside(sent, "object", "definition", "extensions").get(SUB_CONTENT)
    parents = _inside(sent, "context", "contextActivities").get("parent")
    if part is None:
        return "?" if parents else ""
    part = str(part)
    if len(part) > LONGEST_NAME or not (part.isascii() and part.isprintable()):
        raise _unreadable()
    return part or "?"


def _inside(value: Any, *names: str) -> Mapping[str, Any]:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _score(result: Mapping[str, Any]) -> tuple[float | None, float | None]:
    score = result.get("score")
    if score is None:
        return None, None
    if not isinstance(score, Mapping):
        raise _unreadable()
    raw, maximum = score.get("raw"), score.get("max")
    if raw is None or maximum is None:
        return None, None
    if not (_is_number(raw) and _is_number(maximum) and 0 <= raw <= maximum):
        raise StatementError(_("This part of the lesson told a score that cannot be."))
    return float(raw), float(maximum)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    # Looked at first: an integer of a thousand digits is no float.
    return abs(value) <= HIGHEST and math.isfinite(value)


def was_asked_for(statement: Mapping[str, Any]) -> bool:
    return _inside(statement, "context", "extensions").get(ASKED_FOR) is True


# --- Reading what was answered --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Interaction:
    """One part of a package as a learner answered it, in words. Empty where the package does not tell."""

    question: str
    answers: Sequence[str] = ()
    rights: Sequence[str] = ()
    right: bool | None = None
    points: tuple[float, float] | None = None
    part: str = field(default="", compare=False)

    @property
    def scored(self) -> str:
        """The points in words; empty where none were told."""
        return points_told.in_words(*self.points) if self.points else ""


BETWEEN, ALTERNATIVE, PAIR = "[,]", "[,]", "[.]"
LONGEST_TOLD = 2000


def interaction_of(statement: Mapping[str, Any]) -> Interaction | None:
    """The answer that a statement tells; `None` where it tells none."""
    definition = _inside(statement, "object", "definition")
    result = _inside(statement, "result")
    kind = definition.get("interactionType")
    if not isinstance(kind, str) or not kind:
        return None
    names = _names(definition)
    response = result.get("response")
    patterns = definition.get("correctResponsesPattern")
    patterns = [str(each) for each in patterns] if isinstance(patterns, list) else []
    # Some content types tell the number of a choice as a number.
    answers = _told(kind, str(response), names) if isinstance(response, str) or _is_number(response) else []
    rights = _rights(kind, patterns, names)
    success = result.get("success")
    try:
        raw, maximum = _score(result)
    except StatementError:
        raw = maximum = None
    return Interaction(
        question=_question(definition),
        answers=tuple(answers),
        rights=tuple(rights),
        right=success if isinstance(success, bool) else _all_points(raw, maximum),
        points=None if raw is None or not maximum else (raw, maximum),
        part=_part_or_whole(statement),
    )


def _part_or_whole(statement: Mapping[str, Any]) -> str:
    try:
        return _part(statement)
    except StatementError:
        return "?"


def _all_points(raw: float | None, maximum: float | None) -> bool | None:
    return None if raw is None or not maximum else raw == maximum


def _in_language(value: Any) -> str:
    """A language map's words: the first there are; H5P writes its own under en-US whatever the language."""
    words = (
        next((each for each in value.values() if isinstance(each, str)), "")
        if isinstance(value, Mapping)
        else ""
    )
    return plain(words)


# Between these a reader sees a space, or a new line.
PARAGRAPHS = re.compile(r"</?(?:p|div|br|li|h[1-6]|tr|td|th)\b[^<>]{0,200}>", re.IGNORECASE)


def plain(words: str) -> str:
    """Text without tags, on one line."""
    return " ".join(html.unescape(strip_tags(PARAGRAPHS.sub(" ", words))).split())[:LONGEST_TOLD]


def _question(definition: Mapping[str, Any]) -> str:
    return _in_language(definition.get("description")) or _in_language(definition.get("name"))


def _names(definition: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The words of what can be chosen: {"choices": {id: words}, "source": …, "target": …}."""
    names: dict[str, dict[str, str]] = {}
    for which in ("choices", "source", "target", "scale", "steps"):
        listed = definition.get(which)
        if isinstance(listed, list):
            names[which] = {
                str(each["id"]): _in_language(each.get("description")) or str(each["id"])
                for each in listed
                if isinstance(each, Mapping) and "id" in each
            }
    return names


def _told(kind: str, text: str, names: Mapping[str, Mapping[str, str]]) -> list[str]:
    """A response, or one pattern of what is right, as the words that a learner saw."""
    text = text[: LONGEST_TOLD * 4]
    if kind == "true-false":
        return (
            [_("true") if text == "true" else _("not true")] if text in {"true", "false"} else [plain(text)]
        )
    if kind in {"choice", "sequencing", "likert"}:
        words = {
            name: told
            for which in ("choices", "scale", "steps")
            for name, told in names.get(which, {}).items()
        }
        return [words.get(each, plain(each)) for each in text.split(BETWEEN) if each]
    if kind == "matching":
        source, target = names.get("source", {}), names.get("target", {})
        return [_pair(each, source, target) for each in text.split(BETWEEN) if each]
    return [told for each in text.split(BETWEEN) if (told := plain(each))]


def _pair(text: str, source: Mapping[str, str], target: Mapping[str, str]) -> str:
    """What belongs to what. H5P writes the place before what was put there."""
    left, _dot, right = text.partition(PAIR)
    if left in source and right in target:
        return f"{source[left]} → {target[right]}"
    return f"{source.get(right, plain(right))} → {target.get(left, plain(left))}"


def _rights(kind: str, patterns: Sequence[str], names: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What is right, one way of it: the first pattern, or in a text with gaps all that may stand in each."""
    if not patterns:
        return []
    first = patterns[0]
    if kind in {"fill-in", "long-fill-in"}:
        ways: list[list[str]] = []
        for pattern in patterns[:20]:
            bare = _without_settings(pattern)
            for place, words in enumerate(bare.split(BETWEEN)):
                if place == len(ways):
                    ways.append([])
                told = plain(words)
                if told and told not in ways[place]:
                    ways[place].append(told)
        return [" / ".join(each) for each in ways if each]
    return _told(kind, first, names)


def _without_settings(pattern: str) -> str:
    """xAPI puts {case_matters=…} and the like before a pattern."""
    while pattern.startswith("{") and "}" in pattern:
        pattern = pattern.partition("}")[2]
    return pattern
