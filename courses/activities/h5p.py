"""A package made elsewhere (H5P), played in a sandbox. What it reports of a learner is taken as reported, never as graded here.

Scores are kept of a hundred, because what a package counts is its own affair and may change with its next version; the
points it told stay in the response. A response is `{"verb": …, "points": [raw, max] or None}` as the package reported the
whole of itself, or `{"confirmed": True}` where learners say themselves that they have done it.
No learner can post a report: `clean` takes one from the flow of statements only, as a `Reported`.

Whoever cannot play it has the equal alternative, so every package has one.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import alternative, points
from .contract import Response, ResponseError, Result, Specification, SpecificationError, text_of
from .statements import Reported

KIND = "h5p"
MINUTES = 5.0
GRADED = False  # not by us
PRIVATE = False
# When it is done: by the score it reports, when it says that it is finished, or when the learner says so.
SCORE, FINISHED, SEEN = "score", "finished", "seen"
COUNTS = {
    SCORE: _("by its score"),
    FINISHED: _("when it says that it is finished"),
    SEEN: _("when the learner says so"),
}
# Which of several scores trainers read first. Being done stays: the first try that passes.
BEST, LAST, FIRST = "best", "last", "first"
POLICIES = {BEST: _("the best try"), LAST: _("the last try"), FIRST: _("the first try")}
WHOLE = 100


def specification(fields: Mapping[str, Any]) -> Specification:
    package = fields.get("package")
    if not isinstance(package, Mapping) or not package.get("version"):
        raise SpecificationError(_("Choose a package that was brought in completely."))
    counts, policy = fields.get("counts") or SCORE, fields.get("policy") or BEST
    if counts not in COUNTS or policy not in POLICIES:
        raise SpecificationError(_("Say when this counts, and which try."))
    mark = fields.get("pass_percent")
    if counts == SCORE and (not isinstance(mark, int) or isinstance(mark, bool) or not 0 <= mark <= WHOLE):
        raise SpecificationError(_("Give a pass mark of 0 to 100 percent."))
    if not str(fields.get(alternative.NAME) or "").strip():
        raise SpecificationError(
            _("Write an equal alternative: a package does not work for everybody, and not on every device.")
        )
    return {
        "question": text_of(fields, "question"),
        "text": str(fields.get("text") or "").strip(),
        "package": str(package["key"]),
        "package_version": package["version"],
        "package_number": package["number"],
        "counts": counts,
        "policy": policy,
        "max_score": WHOLE if counts == SCORE else 0,
        "pass_score": mark if counts == SCORE else 0,
    }


def translated(source: Specification, words: Specification) -> Specification:
    """A translation may choose a package in its own language: the words are in there."""
    own = ("question", "text", "package", "package_version", "package_number")
    return {**source, **{name: words[name] for name in own}}


def clean(spec: Specification, data: Mapping[str, Any]) -> Response:
    """`data["report"]` counts where it is a `Reported` of the whole, which a browser cannot post."""
    report = data.get("report")
    if isinstance(report, Reported) and report.counts:
        told = report.raw is not None and report.maximum is not None
        return {"verb": report.verb, "points": [report.raw, report.maximum] if told else None}
    if spec["counts"] == SEEN:
        return {"confirmed": True}
    raise ResponseError(
        _("This counts once you have done it to its end. You can also choose the other form.")
    )


def grade(spec: Specification, response: Response) -> Result:
    if response.get("confirmed"):
        return Result(0, 0, True)
    finished = response["verb"] != "failed"
    if spec["counts"] == SCORE:
        score = _of_a_hundred(response)
        return Result(score, WHOLE, finished and score >= spec["pass_score"])
    return Result(0, 0, finished and spec["counts"] == FINISHED)


def is_self_reported(spec: Specification, response: Response) -> bool:
    """By the package in the learner's browser, or by the learner."""
    return True


def readable(spec: Specification, response: Response) -> str:
    if response.get("confirmed"):
        return gettext("Done, as the learner says")
    if response["points"] is None:
        return gettext("Did it to its end; no score was reported")
    return points.as_reported(*response["points"])


def form(spec: Specification, response: Response | None) -> dict[str, Any]:
    shown = {name: spec[name] for name in ("question", "text", "counts")}
    shown["mark"] = spec["pass_score"] if spec["counts"] == SCORE else 0
    if response is None:
        return shown
    return {**shown, "told": readable(spec, response), "confirmed": bool(response.get("confirmed"))}


def _of_a_hundred(response: Response) -> float:
    """What was scored, of a hundred. A package that reports no score, or none that can be had, scored nothing."""
    raw, maximum = response["points"] or (0, 0)
    return min(round(raw / maximum * WHOLE, 2), WHOLE) if maximum else 0.0
