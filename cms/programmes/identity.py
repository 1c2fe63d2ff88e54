"""Which identity a key in a text stands for. Records of learners hang on identities, never on words or places."""

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://leerhuis.example/programmes")

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_identity(key: str) -> bool:
    """Whether a key is an identity itself: a UUID in small letters, as pages and blocks made in Wagtail have."""
    return _UUID.fullmatch(key) is not None


def identity_of(name: str) -> uuid.UUID:
    """The identity made from a full name, such as `programme:lesson#activity`."""
    return uuid.uuid5(NAMESPACE, name)


def page_identity(name: str, stated: str = "") -> uuid.UUID:
    """The identity of a page: the one its text states, else made from its name, `programme:key`."""
    return uuid.UUID(stated) if stated else identity_of(name)


def bank_name(programme: str, key: str) -> str:
    """The full name of a question bank, of which its identity is made."""
    return f"{programme}:bank:{key}"


def activity_identity(lesson: str, key: str) -> uuid.UUID:
    """The identity of an activity: its key where that is one, else made from it. `lesson`: `programme:lesson`."""
    return uuid.UUID(key) if is_identity(key) else identity_of(f"{lesson}#{key}")


def field_identity(activity: str, key: str) -> uuid.UUID:
    """The identity of a worksheet's question, by its own key. `activity`: `programme:lesson#activity`."""
    return uuid.UUID(key) if is_identity(key) else identity_of(f"{activity}-{key}")


def row_identities(name: str, rows: Iterable[Any]) -> Iterator[str]:
    """The identities of an activity's options, items, lines …, and after each those of the rows inside it.

    They follow a row's own key or name where it has one, else its place. `name`: `programme:lesson#activity`.
    """
    for number, row in enumerate(rows):
        key = row.get("key") or row.get("name", number) if isinstance(row, Mapping) else number
        yield str(field_identity(name, str(key)))
        for inner, each in inner_rows(row):
            yield from row_identities(f"{name}-{key}-{inner}", each)


def inner_rows(row: Any) -> list[tuple[str, list[Any]]]:
    """The lists of rows inside a row, by name, in the order in which their identities are given."""
    named = sorted(row.items()) if isinstance(row, Mapping) else []
    return [(name, each) for name, each in named if isinstance(each, list) and not _is_plain(each)]


def _is_plain(rows: list[Any]) -> bool:
    return not all(isinstance(row, Mapping) for row in rows)
