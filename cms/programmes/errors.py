"""What is wrong in a programme's files, and where."""

from collections.abc import Iterable
from dataclasses import dataclass

from cms.programmes.messages import Message


@dataclass(frozen=True, order=True)
class NotationError:
    """One thing to mend. `path` is relative to the folder that was read, `line` counts from 1."""

    path: str
    line: int
    message: Message

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class ProgrammeErrors(Exception):
    """All errors of a folder at once, in the order of path and line. Nothing of the folder was returned."""

    def __init__(self, errors: Iterable[NotationError]) -> None:
        self.errors: list[NotationError] = sorted(set(errors))
        super().__init__("\n".join(str(error) for error in self.errors))
