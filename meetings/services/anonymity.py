"""Whether a text may be kept: nothing in it may point at one person."""

from collections.abc import Collection

from meetings.identifying import Kind, forbidden, telling
from meetings.models import Meeting
from meetings.queries.rooms import names_around


class PointsAtSomebody(Exception):
    """Something in the text points at one person by itself. It is not kept, whoever confirms what."""

    def __init__(self, kinds: list[Kind]) -> None:
        super().__init__(kinds)
        self.kinds = kinds


class MayNameSomebody(Exception):
    """Something in the text may be a name or a birthday. It is kept once the writer says it is nobody's."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(names)
        self.names = names


def check_anonymous(text: str, *, meeting: Meeting, confirmed: Collection[str]) -> None:
    """Raises `PointsAtSomebody`, or `MayNameSomebody` for what the writer has not `confirmed` yet."""
    if kinds := forbidden(text):
        raise PointsAtSomebody(kinds)
    names = telling(text, known=names_around(meeting))
    if not set(names) <= set(confirmed):
        raise MayNameSomebody(names)
