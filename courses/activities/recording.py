"""What video and audio share: a recording counts once most of it was played, or once its transcript was read.

How much was played comes from reports that the server has weighed (`playing.py`): a response with `played` is made by
`courses.services.playing` only. What a learner can post is that they read the transcript, and that is marked so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .contract import Response, ResponseError, Result, Specification, SpecificationError, text_of, value_of


@dataclass(frozen=True)
class Played:
    """How much of a recording was played, in per cents: weighed by the server, not to be posted."""

    per_cent: int


def specification(fields: Mapping[str, Any]) -> Specification:
    """`recording`: id, ending, seconds, language, whether it has captions, and its transcript."""
    recording = fields.get("recording")
    if not recording:
        raise SpecificationError(_("Choose a recording."))
    return {
        "question": text_of(fields, "question"),
        "recording": recording["id"],
        "ending": recording["ending"],
        "seconds": recording["seconds"],
        "language": recording["language"],
        "captions": bool(recording["captions"]),
        "transcript": str(recording["transcript"] or "").strip(),
        "max_score": 0,
        "pass_score": 0,
    }


def translated(source: Specification, words: Specification) -> Specification:
    """The translation's own recording: somebody else speaks in it. The source alone says that there is one."""
    return {**source, **words}


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    played = data.get("played")
    if isinstance(played, Played):
        return {"played": played.per_cent}
    if not value_of(data, "confirmed"):
        raise ResponseError(_("Play the recording, or read the transcript and say so."))
    return {"confirmed": True}


def is_self_reported(spec: Specification, response: Response) -> bool:
    return "played" not in response


def grade(spec: Specification, response: Response) -> Result:
    return Result(0, 0, True)


def readable(spec: Specification, response: Response) -> str:
    if "played" in response:
        return gettext("Played: %(share)s%%") % {"share": response["played"]}
    return gettext("Read the transcript") if spec["transcript"] else gettext("Watched or listened")


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    minutes, seconds = divmod(round(spec["seconds"]), 60)
    return {
        **{
            name: spec[name]
            for name in ("question", "recording", "language", "captions", "transcript", "seconds")
        },
        "length": f"{minutes}:{seconds:02}",
        "speeds": ["0.75", "1", "1.25", "1.5"],
        "played": None if response is None else response.get("played"),
    }
