"""Doing a lesson that is still being written: graded as for a learner, and kept nowhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString

from cms.blocks import ActivityBlock
from cms.models import LessonPage
from courses.activities import ResponseError, SpecificationError, draw, grade, h5p, kind_of, respond
from courses.activities.alternative import is_chosen
from courses.activities.contract import Specification
from courses.presentation import ShownActivity, fresh_try, tried_again
from courses.rules import payload_digest


@dataclass(frozen=True)
class Piece:
    """A part of the lesson: finished HTML, an activity, or what an unfinished activity still lacks."""

    html: SafeString | str = ""
    activity: ShownActivity | None = None
    unfinished: tuple[Any, ...] = ()

    @property
    def player(self) -> str:
        """Where the package of this activity plays; empty for every other."""
        return self.activity.extra.get("player", "") if self.activity else ""


def pieces_of(lesson: LessonPage, address: str, answered: ShownActivity | None = None) -> Iterator[Piece]:
    """The lesson in its order, activities blank but for the one that was answered. `address` takes the answers."""
    for child in lesson.body:
        if not isinstance(child.block, ActivityBlock):
            yield Piece(html=child.render())
        elif answered is not None and answered.id == child.id:
            yield Piece(activity=answered)
        else:
            yield _blank_piece(child, address)


def tried(lesson: LessonPage, activity: str, data: Mapping[str, Any], address: str) -> ShownActivity | None:
    """The activity (a block's id) with `data`, a posted form, laid over it; `None` where there is none to answer.

    What is no answer comes back as it was filled in, with `error`.
    """
    child = next((each for each in lesson.activity_blocks() if each.id == activity), None)
    piece = child and _blank_piece(child, address)
    if not piece or piece.activity is None:
        return None
    kind, specification = child.block.kind, _asked(child)
    try:
        response = respond(kind, specification, data)
    except ResponseError as error:
        refill = getattr(kind_of(kind), "refill", lambda form, data: form)
        return replace(piece.activity, form=refill(piece.activity.form, data), error=str(error))
    if is_chosen(response):
        return replace(piece.activity, done=True, chose_alternative=True, saved=True)
    digest = payload_digest(version_id=0, payload=response) if tried_again(kind) else ""
    if digest and data.get("answered") == digest:
        return replace(piece.activity, **fresh_try(kind, specification, data))
    result = grade(kind, specification, response)
    form = kind_of(kind).form(specification, response)
    return replace(piece.activity, form=form, result=result, done=result.passed, saved=True, answer=digest)


def _blank_piece(child: Any, address: str) -> Piece:
    try:
        specification = _asked(child)
    except SpecificationError as error:
        return Piece(unfinished=tuple(error.messages))
    shown = ShownActivity(
        id=child.id,
        version_id=0,
        kind=child.block.kind,
        required=bool(child.value["required"]),
        form=kind_of(child.block.kind).form(specification, None),
        uuid="",
        alternative=specification.get("alternative", ""),
        action=f"{address}?activity={child.id}#a-{child.id}",
        extra={"player": f"{address}{child.id}/spelen/"} if child.block.kind == h5p.KIND else {},
    )
    return Piece(activity=shown)


def _asked(child: Any) -> Specification:
    """What is asked: the same questions every time where others are drawn for every try of a learner."""
    return draw(child.block.kind, child.block.specification(child.value), str(child.id))
