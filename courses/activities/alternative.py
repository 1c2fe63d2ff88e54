"""An equal alternative: the same activity in another form, for who would rather not. Choosing it counts the same.

Any kind may have one. It stands in the specification under `alternative`; who chose it has the response `CHOSEN`.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from .contract import Response, Result, Specification, value_of

NAME = "alternative"
CHOSEN: Response = {NAME: True}


def with_alternative(specification: Specification, fields: Mapping[str, Any]) -> Specification:
    """The specification with the author's alternative, where there is one."""
    text = str(fields.get(NAME) or "").strip()
    return {**specification, NAME: text} if text else specification


def chooses(specification: Specification, data: Mapping[str, Any]) -> bool:
    """Whether the form was sent with the button of the alternative, and there is one."""
    return bool(value_of(data, NAME)) and NAME in specification


def is_chosen(response: Response) -> bool:
    return response == CHOSEN


def result(specification: Specification) -> Result:
    """Passed, without points: nothing was graded."""
    return Result(0, specification["max_score"], True)


def in_words() -> str:
    return str(_("Chose the other form"))
