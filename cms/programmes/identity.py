"""Which identity a key in a text stands for. Records of learners hang on identities, never on words or places."""

import re
import uuid

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


def activity_identity(lesson: str, key: str) -> uuid.UUID:
    """The identity of an activity: its key where that is one, else made from it. `lesson`: `programme:lesson`."""
    return uuid.UUID(key) if is_identity(key) else identity_of(f"{lesson}#{key}")


def field_identity(activity: str, key: str) -> uuid.UUID:
    """The identity of a worksheet's question, by its own key. `activity`: `programme:lesson#activity`."""
    return uuid.UUID(key) if is_identity(key) else identity_of(f"{activity}-{key}")


def row_identity(activity: str, number: int) -> uuid.UUID:
    """The identity of an option, item, pair, line …, by its place, counted from 0."""
    return identity_of(f"{activity}-{number}")
