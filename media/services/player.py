"""Playing an H5P package: the document, with its libraries in the order in which they load and the learner's state in it.

Knows no course and no page: whoever calls has looked whether somebody may see this.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.storage import storages
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language

from media.models import Library, PackageVersion, PackageVersionLibrary
from media.packages import addresses, core_words, policies
from media.packages.evaluating import EVALUATING
from media.queries.packages import content_file_at, libraries_of

# H5P numbers what it shows on one page; there is one on ours.
CONTENT = 1
SAVE_EVERY = 10  # seconds
CORE_STYLES = "h5p/styles/h5p.css"
# Before H5P's core: what it needs and a sandbox lacks; after it: the bridge to our page.
SHIM, CORE, BRIDGE = "h5p/shim.js", "h5p/frame.bundle.js", "h5p/bridge.js"


class Unplayable(Exception):
    """There is nothing in this version that could be played: no main library, or no content."""


@dataclass(frozen=True)
class Place:
    """What was kept of one part: its state, and the revision that a page has to go beyond.

    `state` is `None` where it was made in another version of the package, which knows other parts.
    """

    part: str
    revision: int
    state: str | None


@dataclass(frozen=True)
class PlayerDocument:
    html: str
    policy: str


@dataclass(frozen=True)
class _Parts:
    """What a version loads, as addresses."""

    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    folders: dict[str, str] = field(default_factory=dict)


def player_document(
    *,
    version: PackageVersion,
    title: str,
    places: Iterable[Place],
    origin: str,
    now: datetime,
    told: Mapping[str, Any] | None = None,
) -> PlayerDocument:
    """The document for a frame on a page of ours at `origin` (scheme and host). Raises `Unplayable`.

    `told` is handed back to the page as it is when the package is ready: what it needs to know for sending.
    """
    main = version.main_library
    if main is None:
        raise Unplayable(f"package version {version.pk} has no main library")
    places = list(places)
    loaded = list(libraries_of(version))
    parts = _parts(loaded, origin)
    content = origin + _folder("content_file", addresses.ticket_for(version.pk, now))
    language = get_language() or "nl"
    html = render_to_string(
        "media/player.html",
        {
            "title": title,
            "language": language,
            "integration": _integration(version, main, parts, content=content, origin=origin, places=places),
            "bridge": {"told": {**(told or {}), "revisions": {each.part: each.revision for each in places}}},
            "content": CONTENT,
            "core_styles": _static(origin, CORE_STYLES),
            "shim": _static(origin, SHIM),
            "core": _static(origin, CORE),
            "bridge_script": _static(origin, BRIDGE),
            "styles": parts.styles,
            "scripts": parts.scripts,
        },
    )
    return PlayerDocument(html, policies.player(_reach(parts, loaded, content, origin), framed_by=origin))


def _parts(loaded: Iterable[PackageVersionLibrary], origin: str) -> _Parts:
    parts = _Parts()
    for each in loaded:
        library = each.library
        parts.folders[library.folder] = library.tree_hash
        if each.preloaded:
            parts.scripts.extend(_preloaded(library, "preloadedJs", origin))
            parts.styles.extend(_preloaded(library, "preloadedCss", origin))
    return parts


def _preloaded(library: Library, which: str, origin: str) -> list[str]:
    listed = library.metadata.get(which) or ()
    paths = [str(entry["path"]).removeprefix("./") for entry in listed]
    return [origin + reverse("library_file", args=[library.tree_hash, path]) for path in paths]


def _folder(route: str, key: str) -> str:
    """The address of a folder of files, with a slash at its end."""
    return reverse(route, args=[key, "x"]).removesuffix("x")


def _static(origin: str, name: str) -> str:
    address = static(name)
    return address if "://" in address else origin + address


def _reach(
    parts: _Parts, loaded: Iterable[PackageVersionLibrary], content: str, origin: str
) -> policies.Reach:
    css = _static(origin, CORE_STYLES)
    core = css.rsplit("/", 2)[0]
    return policies.Reach(
        scripts=[_static(origin, name) for name in (SHIM, CORE, BRIDGE)],
        styles=[css],
        libraries=[origin + _folder("library_file", each.library.tree_hash) for each in loaded],
        content=content,
        fonts=f"{core}/fonts/",
        images=f"{core}/images/",
        evaluates=any(each.library.machine_name in EVALUATING for each in loaded),
    )


def _integration(
    version: PackageVersion,
    main: Library,
    parts: _Parts,
    *,
    content: str,
    origin: str,
    places: Iterable[Place],
) -> dict[str, Any]:
    """`H5PIntegration`, as H5P's core reads it. States are texts of JSON, by part and kind of data."""
    files = content.rstrip("/")
    return {
        "baseUrl": origin,
        "url": files,
        "siteUrl": origin,
        "postUserStatistics": False,
        "saveFreq": SAVE_EVERY,
        "hubIsEnabled": False,
        "crossorigin": None,
        "libraryConfig": {},
        "urlLibraries": origin + reverse("library_file", args=["x", "x"]).removesuffix("/x/x"),
        "libraryDirectories": parts.folders,
        "l10n": {"H5P": core_words.words()},
        "loadedJs": parts.scripts,
        "loadedCss": parts.styles,
        "core": {"scripts": [], "styles": []},
        "contents": {
            f"cid-{CONTENT}": {
                "library": main.name,
                "jsonContent": _content_of(version),
                "fullScreen": "1" if str(main.metadata.get("fullscreen")) in {"1", "True"} else "0",
                "url": f"{origin}/",
                "contentUrl": files,
                "title": version.package.title,
                "metadata": _metadata(version.manifest),
                "displayOptions": dict.fromkeys(("frame", "export", "embed", "copyright", "icon"), False),
                "contentUserData": _states(places),
            }
        },
    }


def _content_of(version: PackageVersion) -> str:
    found = content_file_at(version.pk, "content.json")
    if found is None:
        raise Unplayable(f"package version {version.pk} has no content")
    try:
        with storages["private"].open(found.blob.file_name) as file:
            # Read and written once more: whatever is there is JSON, and a text of it is what core wants.
            return json.dumps(json.load(file))
    except (FileNotFoundError, ValueError, RecursionError) as error:
        raise Unplayable(f"package version {version.pk} has no readable content") from error


def _metadata(manifest: Mapping[str, Any]) -> dict[str, Any]:
    names = ("title", "authors", "license", "licenseVersion", "defaultLanguage", "a11yTitle", "source")
    return {name: manifest[name] for name in names if name in manifest}


def _states(places: Iterable[Place]) -> dict[str, dict[str, str]]:
    """`{part: {"state": JSON text}}`: what core looks up before it asks anybody. Another kind follows the part's name."""
    states: dict[str, dict[str, str]] = {"0": {}}
    for each in places:
        if each.state is not None:
            part, _colon, kind = each.part.partition(":")
            states.setdefault(part, {})[kind or "state"] = each.state
    return states
