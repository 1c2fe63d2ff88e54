"""Practise a conversation with an invented client, who answers by what was said before.

Every sentence the learner chooses is an answer of its own, `{"path": [key of each chosen sentence]}`: the last one
says where the conversation stands. It is done the first time it reaches an end; there is no wrong end.
"""

import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .contract import Choice, Response, ResponseError, Result, Specification, text_of, value_of
from .dialogue_graph import MEASURES, NoWay, Talk, Turn, walk
from .dialogue_writing import start_and_scenes
from .miti import CODES, REFLECTIONS, TO_LOOK_AT, measure

KIND = "dialogue"
MINUTES = 8.0
GRADED = False
PRIVATE = False
LONGEST = 60  # steps; nobody talks longer, and every step is kept

STEP = re.compile(r"[1-9][0-9]?")
MEASURE_LABELS = {"trust": _("Trust"), "shame": _("Shame"), "change": _("Change talk")}
# What 0-10 is called: up to and including 1, 3, 6, 8 and 10.
BANDS = (2, 4, 7, 9)
BAND_WORDS = (_("hardly any"), _("a little"), _("some"), _("much"), _("very much"))
MOVED_WORDS = {-1: _("less than before"), 0: "", 1: _("more than before")}


@dataclass(frozen=True)
class Gauge:
    """What goes on in the client, in words and as a `level` of 1-5. `change` is what the last sentence did to it."""

    name: str
    label: str | Promise
    words: str | Promise
    level: int
    change: int

    @property
    def moved(self) -> str | Promise:
        """Whether the last sentence moved it, in words."""
        return MOVED_WORDS[(self.change > 0) - (self.change < 0)]

    @property
    def rose(self) -> bool:
        return self.change > 0

    @property
    def steps(self) -> list[bool]:
        """The five steps of the level, and which of them are reached."""
        return [step <= self.level for step in range(1, len(BAND_WORDS) + 1)]


@dataclass(frozen=True)
class Said:
    """A step as it is read back. `codes` are names, each with the class of its tag; only told at the end."""

    number: int
    client: str
    text: str
    feedback: str
    codes: tuple[tuple[str | Promise, str], ...] = ()


def specification(fields: Mapping[str, Any]) -> Specification:
    """`{question, client, start, scenes}`, scenes as in `dialogue_graph`. Raises `SpecificationError`.

    `{figures: False}` besides, where the end shows no MITI.
    """
    question, client = text_of(fields, "question"), text_of(fields, "client")
    start, scenes = start_and_scenes(fields)
    # Only where it is off: what was written before this could be chosen stays as it was.
    without = {} if fields.get("figures", True) else {"figures": False}
    return {
        **without,
        "question": question,
        "client": client,
        "start": start,
        "scenes": scenes,
        "max_score": 0,
        "pass_score": 0,
    }


def translated(source: Specification, words: Specification) -> Specification:
    """The source's graph, moves and codes; words are taken over by the keys of scenes and sentences."""
    scenes = {scene["key"]: scene for scene in words["scenes"]}
    choices = {choice["key"]: choice for scene in words["scenes"] for choice in scene["choices"]}
    return {
        **source,
        "question": words["question"],
        "client": words["client"],
        "scenes": [_reworded(scene, scenes.get(scene["key"], scene), choices) for scene in source["scenes"]],
    }


def _reworded(
    scene: Specification, words: Specification, choices: Mapping[str, Specification]
) -> Specification:
    same_says = len(words["says"]) == len(scene["says"])
    says = words["says"] if same_says else scene["says"]
    return {
        **scene,
        "says": [{**each, "text": other["text"]} for each, other in zip(scene["says"], says, strict=True)],
        "choices": [
            {**choice, **{name: choices.get(choice["key"], choice)[name] for name in ("text", "feedback")}}
            for choice in scene["choices"]
        ],
        # Where the source ends there is something to say at the end, and nowhere else.
        "end": (words["end"] or scene["end"]) if scene["end"] else "",
    }


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    """`path` is where the form stood; `say` adds a sentence, `back` goes back to before a step, counted from 1."""
    path = value_of(data, "path").split(maxsplit=LONGEST + 1)
    say, back = value_of(data, "say"), value_of(data, "back")
    if say:
        path = [*path, say]
    elif STEP.fullmatch(back) and int(back) <= len(path):
        path = path[: int(back) - 1]
    else:
        raise ResponseError(_("Choose a sentence first."))
    if len(path) > LONGEST:
        raise ResponseError(
            _(
                "This talk went on for %(steps)s sentences. That is as long as it can be; you can begin again below."
            )
            % {"steps": LONGEST}
        )
    try:
        walk(spec["scenes"], spec["start"], path)
    except NoWay as error:
        raise ResponseError(
            _("This sentence does not belong to this talk. You can begin again below.")
        ) from error
    return {"path": path}


def grade(spec: Specification, response: Response) -> Result:
    return Result(0, 0, _talk(spec, response).ended)


def readable(spec: Specification, response: Response) -> str:
    talk = _talk(spec, response)
    if not talk.turns:
        return gettext("At the beginning of the talk")
    said = " ".join(f"{turn.number}. {turn.choice['text']}" for turn in talk.turns)
    return gettext("%(said)s (to the end)") % {"said": said} if talk.ended else said


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    """Only what can be seen from where the learner stands; codes and the summary when the talk has ended."""
    talk = _talk(spec, response)
    said = [_said(turn) for turn in talk.turns]
    return {
        "question": spec["question"],
        "client": spec["client"],
        "path": " ".join(talk.path),
        "before": said[:-1],
        "last": said[-1] if said else None,
        "says": talk.client,
        "choices": [Choice(key=choice["key"], text=choice["text"]) for choice in talk.scene["choices"]],
        "gauges": _gauges(talk),
        "end": talk.scene["end"],
        "summary": summary(talk.turns, figures=spec.get("figures", True)) if talk.ended else None,
    }


def summary(turns: Sequence[Turn], *, figures: bool = True) -> dict[str, Any]:
    """`{turns: [Said with codes], measured}`: the path, and what it looks like beside the marks.

    Without `figures` the path alone: codes and marks are words of professionals.
    """
    measured = measure([turn.choice["codes"] for turn in turns]) if figures else None
    return {"turns": [_said(turn, with_codes=figures) for turn in turns], "measured": measured}


def _talk(spec: Specification, response: Response | None) -> Talk:
    return walk(spec["scenes"], spec["start"], response["path"] if response else ())


def _said(turn: Turn, *, with_codes: bool = False) -> Said:
    codes = turn.choice["codes"] if with_codes else ()
    return Said(
        number=turn.number,
        client=turn.client,
        text=turn.choice["text"],
        feedback=turn.choice["feedback"],
        codes=tuple((CODES[code], _tag(code)) for code in codes),
    )


def _tag(code: str) -> str:
    if code in REFLECTIONS:
        return "tag-on"
    return "tag-note" if code in TO_LOOK_AT else ""


def _gauges(talk: Talk) -> list[Gauge]:
    before = talk.turns[-1].before if talk.turns else talk.state
    return [_gauge(name, talk.state[name], before[name]) for name in MEASURES]


def _gauge(name: str, value: int, before: int) -> Gauge:
    level = bisect(BANDS, value)
    return Gauge(name, MEASURE_LABELS[name], BAND_WORDS[level], level + 1, value - before)
