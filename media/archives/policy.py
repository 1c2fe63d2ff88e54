"""How much an archive may be, and what may be in it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import PurePosixPath

from .refusals import Refused

MB = 1024 * 1024


def left_by_a_system(path: str) -> bool:
    """What computers put into zip files without being asked."""
    parts = path.split("/")
    return parts[0] == "__MACOSX" or parts[-1] in {".DS_Store", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Limits in bytes unless they say otherwise. `judge` raises `Refused` for a path that may not be in it.

    `ignores` names what is passed over in silence, such as what a Mac adds to every zip file.
    """

    judge: Callable[[str], None]
    archive_bytes: int = 300 * MB
    members: int = 5_000
    member_bytes: int = 200 * MB
    total_bytes: int = 500 * MB
    # Unpacked to packed, of a file and of all together, from `ratio_from` on: text shrinks ten times, silence more.
    ratio: int = 150
    ratio_from: int = 8 * MB
    depth: int = 15
    path_length: int = 240
    ignores: Callable[[str], bool] = left_by_a_system


def only_endings(endings: Collection[str]) -> Callable[[str], None]:
    """A judge that takes files with these endings (lower case, without the dot), and no hidden ones."""

    def judge(path: str) -> None:
        refuse_hidden(path)
        if ending_of(path) not in endings:
            raise Refused("ending", path=path)

    return judge


def refuse_hidden(path: str) -> None:
    """Hidden files set rules for servers (`.htaccess`) or hold somebody's secrets (`.env`)."""
    if any(part.startswith(".") for part in path.split("/")):
        raise Refused("hidden", path=path)


def ending_of(path: str) -> str:
    """The last ending in lower case, without the dot; empty where there is none."""
    return PurePosixPath(path).suffix[1:].lower()
