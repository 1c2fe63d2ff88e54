"""Which names may be in an archive: those that mean one and the same file on every computer."""

import re
import unicodedata

from .refusals import Refused

# Windows reads these as devices, with any ending.
DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
# Separators, drives and streams, and what no file name may hold on Windows.
FORBIDDEN = frozenset('\\:*?"<>|')
# Letters that show a name in another order than it is in.
TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def refuse_unsafe(path: str, *, longest: int, deepest: int) -> None:
    """Raise `Refused` for a path that leads out, or that some computer reads as something else."""
    if len(path) > longest:
        raise Refused("path_too_long", path=path)
    parts = path.split("/")
    if not all(map(_is_plain, parts)):
        raise Refused("path", path=path)
    if len(parts) - 1 > deepest:
        raise Refused("too_deep", path=path, most=deepest)


def _is_plain(part: str) -> bool:
    if part in {"", ".", ".."} or part[-1] in " ." or part[0] == " ":
        return False
    if FORBIDDEN & set(part) or TURNING & set(part) or DEVICES.fullmatch(part):
        return False
    return not any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in part)


class Names:
    """The names of an archive so far. Two that some computer takes for one are refused, and so is a file as a folder."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: dict[str, str] = {}

    def add(self, path: str) -> None:
        """Note a file. `Refused` where its name is taken."""
        folded = fold(path)
        if folded in self._files or folded in self._folders:
            raise Refused("twice", path=path)
        self._files.add(folded)
        folder = path
        while "/" in folder:
            folder = folder.rpartition("/")[0]
            name = fold(folder)
            if name in self._files or self._folders.setdefault(name, folder) != folder:
                raise Refused("twice", path=path)


def fold(path: str) -> str:
    """The same for all names that differ only by case or by how accents are written."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())
