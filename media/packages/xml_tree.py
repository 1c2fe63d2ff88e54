"""Reads XML that a stranger wrote: elements, attributes and text, and nothing that XML can do beside that.

By the standard library's expat, which tells of a document type before it reads what is in it: there is refused, so no
entity is ever declared, expanded or fetched. Namespaces are left out of names, since editors differ in theirs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from .refusals import PackageRefused

MOST_ELEMENTS = 50_000
DEEPEST = 60
MOST_SAID = 200_000  # characters of text in one element


@dataclass
class Element:
    """An element by its local name; attributes by theirs, `xml:base` as "base"."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> Iterator["Element"]:
        """The children of that name, whatever case it is written in."""
        return (child for child in self.children if child.name.lower() == name.lower())

    def first(self, *names: str) -> "Element | None":
        """The element at the end of a path of names."""
        found: Element | None = self
        for name in names:
            found = next(found.all(name), None) if found is not None else None
        return found

    def get(self, name: str) -> str:
        """An attribute by its local name, whatever case it is written in; empty where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.attributes.items() if key.lower() == wanted), "").strip()

    def said(self, *names: str) -> str:
        """The text of the element at the end of a path, on one line; empty where there is none."""
        found = self.first(*names)
        return " ".join(found.text.split()) if found is not None else ""


def parse_xml(raw: bytes, path: str) -> Element:
    """The root of a document. `PackageRefused` for what is no XML, declares anything, or never ends."""
    builder = _Builder(path)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = builder.refuse
    parser.EntityDeclHandler = builder.refuse
    parser.ExternalEntityRefHandler = builder.refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.say
    try:
        parser.Parse(raw, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise PackageRefused("xml", path=path) from None
    if builder.root is None:
        raise PackageRefused("xml", path=path)
    return builder.root


class _Builder:
    def __init__(self, path: str) -> None:
        self.path, self.root = path, None
        self._open: list[Element] = []
        self._count = 0

    def refuse(self, *_said: object) -> int:
        raise PackageRefused("declares", path=self.path)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._open) >= DEEPEST:
            raise PackageRefused("absurd", path=self.path)
        element = Element(_local(name), {_local(key): value for key, value in attributes.items()})
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, _name: str) -> None:
        self._open.pop()

    def say(self, text: str) -> None:
        element = self._open[-1]
        element.text += text
        if len(element.text) > MOST_SAID:
            raise PackageRefused("absurd", path=self.path)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
