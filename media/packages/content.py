"""What the content of an H5P package refers to: libraries, files of its own, and the outside world."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .manifest import LARGEST_VERSION, MACHINE_NAME, Needed
from .refusals import PackageRefused

LIBRARY = re.compile(r"(?P<name>\S+) (?P<major>\d{1,5})\.(?P<minor>\d{1,5})", re.ASCII)
OUTSIDE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
STREAMS = {
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "youtube-nocookie.com": "YouTube",
    "vimeo.com": "Vimeo",
}


@dataclass
class References:
    """What content refers to. Paths are those below `content/`."""

    libraries: set[Needed] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)


def references(parameters: Any) -> References:
    """Look through the parameters. `PackageRefused` for what could only come from the internet."""
    found = References()
    for item in _objects(parameters):
        if isinstance(name := item.get("library"), str) and (match := LIBRARY.fullmatch(name)):
            needed = Needed(match["name"], int(match["major"]), int(match["minor"]))
            if (
                MACHINE_NAME.fullmatch(needed.machine_name)
                and max(needed.major, needed.minor) <= LARGEST_VERSION
            ):
                found.libraries.add(needed)
        path, mime = item.get("path"), item.get("mime")
        if isinstance(path, str) and isinstance(mime, str) and path:
            _refuse_outside(path, mime)
            found.paths.add(path.split("#", 1)[0])
    return found


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in it, without recursion."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            yield item
            stack += item.values()
        elif isinstance(item, list):
            stack += item


def _refuse_outside(path: str, mime: str) -> None:
    """A link in a text is no matter: nothing is loaded from it. A film or picture is."""
    host = _host(path)
    for ending, name in STREAMS.items():
        if host == ending or host.endswith(f".{ending}") or mime.lower() == f"video/{name.lower()}":
            raise PackageRefused("streamed", host=name)
    if OUTSIDE.match(path) or path.lower().startswith("data:"):
        raise PackageRefused("elsewhere", path=path)


def _host(path: str) -> str:
    try:
        return (urlsplit(path if "//" in path else f"//{path}").hostname or "").lower()
    except ValueError:
        return ""
