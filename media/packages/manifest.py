"""What `h5p.json` and `library.json` say, held to H5P's own rules for them."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .refusals import PackageRefused

MACHINE_NAME = re.compile(r"[\w$][\w.$-]{0,126}", re.ASCII)
DIGITS = re.compile(r"\d{1,5}", re.ASCII)
LONGEST_TITLE = 255
LARGEST_VERSION = 99_999


@dataclass(frozen=True, order=True)
class Needed:
    """A library by the name that content and other libraries call it by; any patch of it will do."""

    machine_name: str
    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.machine_name} {self.major}.{self.minor}"


@dataclass(frozen=True)
class PackageManifest:
    """`h5p.json`."""

    title: str
    main_library: str
    preloaded: tuple[Needed, ...]
    dynamic: tuple[Needed, ...]
    raw: dict[str, Any]

    @property
    def main(self) -> Needed:
        return next(needed for needed in self.preloaded if needed.machine_name == self.main_library)


@dataclass(frozen=True)
class LibraryManifest:
    """`library.json`."""

    name: Needed
    patch: int
    title: str
    runnable: bool
    preloaded: tuple[Needed, ...]
    dynamic: tuple[Needed, ...]
    editor: tuple[Needed, ...]
    core: tuple[int, int]
    # Scripts and styles that are loaded at the start, by their path in the library.
    assets: tuple[str, ...]
    raw: dict[str, Any]


def parse_json(raw: bytes, path: str) -> Any:
    """JSON that a database can keep: no lone surrogates, NULs, endless numbers or bottomless nesting."""
    try:
        text = raw.decode("utf-8-sig")
        value = json.loads(text, parse_constant=_refuse_constant)
        # What escapes hide shows once they are undone.
        kept = json.dumps(value, ensure_ascii=False)
        kept.encode("utf-8")
    except (ValueError, RecursionError):
        raise PackageRefused("json", path=path) from None
    if "\\u0000" in kept:
        raise PackageRefused("json", path=path)
    return value


def parse_package(raw: bytes, path: str = "h5p.json") -> PackageManifest:
    """`h5p.json`, or `PackageRefused`."""
    fields = _object(parse_json(raw, path), path)
    manifest = PackageManifest(
        title=_text(fields, "title", path),
        main_library=_machine_name(fields, "mainLibrary", path),
        preloaded=_needed(fields, "preloadedDependencies", path),
        dynamic=_needed(fields, "dynamicDependencies", path),
        raw=fields,
    )
    if manifest.main_library not in {needed.machine_name for needed in manifest.preloaded}:
        raise PackageRefused("field", path=path, field="preloadedDependencies")
    return manifest


def parse_library(raw: bytes, path: str) -> LibraryManifest:
    """`library.json`, or `PackageRefused`."""
    fields = _object(parse_json(raw, path), path)
    core = fields.get("coreApi") or {}
    return LibraryManifest(
        name=_one_needed(fields, path),
        patch=_version(fields, "patchVersion", path),
        title=_text(fields, "title", path),
        runnable=_flag(fields, "runnable", path),
        preloaded=_needed(fields, "preloadedDependencies", path),
        dynamic=_needed(fields, "dynamicDependencies", path),
        editor=_needed(fields, "editorDependencies", path),
        core=(
            _version(_object(core, path), "majorVersion", path) if core else 0,
            _version(_object(core, path), "minorVersion", path) if core else 0,
        ),
        assets=(*_paths(fields, "preloadedJs", path), *_paths(fields, "preloadedCss", path)),
        raw=fields,
    )


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _object(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise PackageRefused("json", path=path)
    return value


def _text(fields: Mapping[str, Any], field: str, path: str) -> str:
    value = fields.get(field)
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= LONGEST_TITLE:
        raise PackageRefused("field", path=path, field=field)
    return value.strip()


def _machine_name(fields: Mapping[str, Any], field: str, path: str) -> str:
    value = fields.get(field)
    if not isinstance(value, str) or not MACHINE_NAME.fullmatch(value):
        raise PackageRefused("field", path=path, field=field)
    return value


def _version(fields: Mapping[str, Any], field: str, path: str) -> int:
    """A number, or one as text: H5P takes both."""
    value = fields.get(field)
    if isinstance(value, str) and DIGITS.fullmatch(value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_VERSION:
        raise PackageRefused("field", path=path, field=field)
    return value


def _flag(fields: Mapping[str, Any], field: str, path: str) -> bool:
    value = fields.get(field)
    if value not in (0, 1, "0", "1"):
        raise PackageRefused("field", path=path, field=field)
    return bool(int(value))


def _list(fields: Mapping[str, Any], field: str, path: str) -> Sequence[dict[str, Any]]:
    value = fields.get(field) or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise PackageRefused("field", path=path, field=field)
    return value


def _one_needed(fields: Mapping[str, Any], path: str) -> Needed:
    return Needed(
        _machine_name(fields, "machineName", path),
        _version(fields, "majorVersion", path),
        _version(fields, "minorVersion", path),
    )


def _needed(fields: Mapping[str, Any], field: str, path: str) -> tuple[Needed, ...]:
    # Said twice is once.
    return tuple(dict.fromkeys(_one_needed(item, path) for item in _list(fields, field, path)))


def _paths(fields: Mapping[str, Any], field: str, path: str) -> tuple[str, ...]:
    paths = [item.get("path") for item in _list(fields, field, path)]
    if not all(isinstance(item, str) for item in paths):
        raise PackageRefused("field", path=path, field=field)
    return tuple(paths)
