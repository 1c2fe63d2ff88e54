"""What `imsmanifest.xml` says of a SCORM package, 1.2 or 2004: its parts, where each starts, and what each asks.

Sequencing of SCORM 2004 is not applied: learners choose their parts themselves (decision record 39).
"""

import math
import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from media.archives.refusals import shown

from .refusals import PackageRefused
from .xml_tree import Element, parse_xml

MANIFEST = "imsmanifest.xml"
SCORM_12, SCORM_2004 = "scorm_12", "scorm_2004"
MOST_PARTS, DEEPEST = 50, 12
LONGEST_TITLE, LONGEST_DATA, LONGEST_PARAMETERS = 255, 4000, 1000
# As it stands in the manifest of an edition: "1.2"; "CAM 1.3", "2004 3rd Edition", "2004 4th Edition".
OF_12, OF_2004 = re.compile(r"1\.2(?:\.\d+)?"), re.compile(r"(?:CAM )?1\.3|2004\b.*", re.IGNORECASE)
# Time limits are shown to a part and enforced by nobody: what does not fit the standard is left out.
DURATIONS = {
    SCORM_12: re.compile(r"\d{2,4}:\d{2}:\d{2}(?:\.\d{1,2})?"),
    SCORM_2004: re.compile(r"P(?=[\dT])(?:\d+[YMD])*(?:T(?:\d+(?:\.\d{1,2})?[HMS])+)?"),
}
AT_LIMIT = re.compile(r"(?:exit|continue),(?:no )?message")
# The namespaces of ADL's own words, where nothing is said.
WORDS_OF_12, WORDS_OF_2004 = b"/xsd/adlcp_rootv1p2", b"/xsd/adlcp_v1p3"


@dataclass(frozen=True)
class Part:
    """What is launched by itself: a SCO, or with `tells` false a page that never says how it went."""

    title: str
    path: str
    parameters: str = ""
    tells: bool = True
    launch_data: str = ""
    # SCORM 1.2: of a hundred. SCORM 2004: of one.
    mastery: float | None = None
    scaled_passing: float | None = None
    completion_threshold: float | None = None
    time_limit: str = ""
    at_time_limit: str = ""


@dataclass(frozen=True)
class ScormManifest:
    kind: str
    edition: str
    title: str
    parts: tuple[Part, ...]

    @property
    def launch(self) -> dict[str, Any]:
        """As it is kept with the version."""
        return {"parts": [asdict(part) for part in self.parts]}


def parse_manifest(raw: bytes, files: Collection[str]) -> ScormManifest:
    """`imsmanifest.xml` of a package with these files, or `PackageRefused`."""
    root = parse_xml(raw, MANIFEST)
    if root.name != "manifest":
        raise _field("manifest")
    kind, edition = _version(root, raw)
    organisation = _organisation(root)
    resources = _Resources(root, files)
    parts = tuple(_parts(organisation, resources, kind))
    if not parts:
        raise PackageRefused("no_parts")
    title = organisation.said("title") or parts[0].title
    return ScormManifest(kind, edition, _title(title), parts)


def _version(root: Element, raw: bytes) -> tuple[str, str]:
    """As it says itself; many say nothing, and use the words of one standard or the other."""
    said = root.said("metadata", "schemaversion")
    if OF_12.fullmatch(said) or (not said and WORDS_OF_12 in raw):
        return SCORM_12, said or "1.2"
    if OF_2004.fullmatch(said) or (not said and WORDS_OF_2004 in raw):
        return SCORM_2004, said or "2004"
    raise PackageRefused("scorm_version", found=said or "?")


def _organisation(root: Element) -> Element:
    organisations = root.first("organizations")
    found = list(organisations.all("organization")) if organisations is not None else []
    if not found:
        raise PackageRefused("no_parts")
    wanted = organisations.get("default")
    return next((each for each in found if wanted and each.get("identifier") == wanted), found[0])


def _parts(organisation: Element, resources: "_Resources", kind: str) -> Iterator[Part]:
    """The items that start something, in their order; chapters around them are left out."""
    seen: set[str] = set()
    stack = [(item, 0) for item in reversed(list(organisation.all("item")))]
    count = 0
    while stack:
        item, depth = stack.pop()
        if depth > DEEPEST:
            raise PackageRefused("absurd", path=MANIFEST)
        name = item.get("identifier")
        if not name or name in seen:
            raise _field("item identifier")
        seen.add(name)
        if reference := item.get("identifierref"):
            count += 1
            if count > MOST_PARTS:
                raise PackageRefused("too_many_parts", most=MOST_PARTS)
            yield _part(item, resources.of(reference), kind)
        stack += [(child, depth + 1) for child in reversed(list(item.all("item")))]


def _part(item: Element, resource: "_Resource", kind: str) -> Part:
    completion = item.first("completionThreshold")
    threshold = (completion.get("minProgressMeasure") or completion.text.strip()) if completion else ""
    if completion is not None and completion.get("completedByMeasure") == "false":
        threshold = ""
    objective = item.first("sequencing", "objectives", "primaryObjective")
    by_measure = objective is not None and objective.get("satisfiedByMeasure") == "true"
    measure = objective.said("minNormalizedMeasure") if by_measure else ""
    data = item.said("datafromlms")
    if len(data) > LONGEST_DATA:
        raise _field("dataFromLMS")
    return Part(
        title=_title(item.said("title") or item.get("identifier")),
        path=resource.path,
        parameters=_joined(resource.parameters, item.get("parameters")),
        tells=resource.tells,
        launch_data=data,
        mastery=_number(item.said("masteryscore"), "masteryscore", 0, 100),
        scaled_passing=_number(measure or ("1" if by_measure else ""), "minNormalizedMeasure", -1, 1),
        completion_threshold=_number(threshold, "completionThreshold", 0, 1),
        time_limit=_fitting(DURATIONS[kind], item.said("maxtimeallowed") or _limit(item)),
        at_time_limit=_fitting(AT_LIMIT, item.said("timelimitaction")),
    )


def _limit(item: Element) -> str:
    conditions = item.first("sequencing", "limitConditions")
    return conditions.get("attemptAbsoluteDurationLimit") if conditions is not None else ""


@dataclass(frozen=True)
class _Resource:
    path: str
    parameters: str
    tells: bool


class _Resources:
    """What items start, by the name they call it: each a file of the package."""

    def __init__(self, root: Element, files: Collection[str]) -> None:
        listed = root.first("resources")
        self._files = {path.casefold(): path for path in files} | {path: path for path in files}
        self._base = posixpath.join(root.get("base"), listed.get("base")) if listed is not None else ""
        self._found: dict[str, Element] = {}
        for resource in listed.all("resource") if listed is not None else ():
            name = resource.get("identifier")
            if not name or name in self._found:
                raise _field("resource identifier")
            self._found[name] = resource
        self._refuse_circles()

    def of(self, reference: str) -> _Resource:
        resource = self._found.get(reference)
        if resource is None:
            raise PackageRefused("no_resource", name=reference)
        href = resource.get("href")
        if not href:
            raise PackageRefused("no_start", path=reference)
        path, parameters = self._in_package(posixpath.join(self._base, resource.get("base"), href), href)
        return _Resource(path, parameters, resource.get("scormtype").lower() == "sco")

    def _in_package(self, address: str, href: str) -> tuple[str, str]:
        """The file that an address leads to, and what follows `?` or `#`. Never one outside the package."""
        try:
            found = urlsplit(address.replace("\\", "/"))
        except ValueError:
            raise PackageRefused("start_outside", path=href) from None
        path = posixpath.normpath(unquote(found.path)) if found.path else ""
        if found.scheme or found.netloc or address.startswith("/") or path.startswith(("..", "/")):
            raise PackageRefused("start_outside", path=href)
        file = self._files.get(path) or self._files.get(path.casefold())
        if file is None:
            raise PackageRefused("no_start", path=href)
        query, fragment = found.query and f"?{found.query}", found.fragment and f"#{found.fragment}"
        return file, _plain(query + fragment)

    def _refuse_circles(self) -> None:
        """Resources that depend on each other in a circle would make others load without end."""
        needs = {
            name: [each.get("identifierref") for each in resource.all("dependency")]
            for name, resource in self._found.items()
        }
        done: set[str] = set()
        for start in needs:
            under_way: dict[str, None] = {}
            stack = [(start, False)]
            while stack:
                name, left = stack.pop()
                if left:
                    under_way.pop(name)
                    done.add(name)
                elif name in under_way:
                    raise PackageRefused("circle", names=" → ".join([*under_way, name]))
                elif name not in done and name in needs:
                    under_way[name] = None
                    stack += [(name, True), *((other, False) for other in needs[name])]


def _joined(parameters: str, more: str) -> str:
    """An item's parameters behind those of its resource, as SCORM puts them together."""
    if not more:
        return parameters
    if more.startswith("#"):
        return parameters if "#" in parameters else _plain(parameters + more)
    address, hash_, fragment = parameters.partition("#")
    more = more.lstrip("?&")
    return _plain(f"{address}{'&' if '?' in address else '?'}{more}{hash_}{fragment}")


def _plain(parameters: str) -> str:
    if len(parameters) > LONGEST_PARAMETERS or not parameters.isprintable():
        raise _field("parameters")
    return parameters


def _fitting(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else ""


def _title(text: str) -> str:
    return shown(text[:LONGEST_TITLE])


def _number(text: str, name: str, least: float, most: float) -> float | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        raise _field(name) from None
    if not (math.isfinite(number) and least <= number <= most):
        raise _field(name)
    return number


def _field(name: str) -> PackageRefused:
    return PackageRefused("field", path=MANIFEST, field=name)
