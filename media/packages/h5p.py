"""Reads an H5P package to the last byte and says what is in it, or why it is refused. Writes nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from media.archives import Archive, Member, Policy
from media.archives.policy import MB, ending_of, left_by_a_system, refuse_hidden

from .content import References, references
from .dependencies import find, in_order
from .entries import Entry, read_entries, tree_hash
from .evaluating import EVALUATING, is_development_build
from .formats import IN_CONTENT, IN_LIBRARIES
from .manifest import LibraryManifest, Needed, PackageManifest, parse_json, parse_library, parse_package
from .refusals import PackageRefused

KIND = "h5p"
MANIFEST, LIBRARY_MANIFEST, CONTENT, PARAMETERS = "h5p.json", "library.json", "content", "content.json"
MANIFEST_BYTES, PARAMETERS_BYTES = MB, 16 * MB


def judge(path: str) -> None:
    """H5P's own lists: one for what authors bring, a longer one for libraries, and one file beside them."""
    folder, slash, _rest = path.partition("/")
    if path == MANIFEST:
        return
    if path.casefold() == MANIFEST:
        raise PackageRefused("manifest_case", path=path, name=MANIFEST)
    refuse_hidden(path)
    if ending_of(path) not in (IN_LIBRARIES if slash and folder != CONTENT else IN_CONTENT):
        raise PackageRefused("ending", path=path)


def ignores(path: str) -> bool:
    """Flash runs nowhere any more, yet old libraries still carry it; a trainer can do nothing about that."""
    return left_by_a_system(path) or ending_of(path) == "swf"


POLICY = Policy(judge=judge, ignores=ignores)
# Begins the names of what H5P's editor needs to change a package. It breaks where there is no editor.
OF_THE_EDITOR = "H5PEditor."


@dataclass
class ReadLibrary:
    manifest: LibraryManifest
    entries: list[Entry]
    preloaded: bool = True
    tree_hash: str = ""


@dataclass
class ReadPackage:
    """What is in an H5P package, checked. `libraries` are in the order in which they load."""

    manifest: PackageManifest
    libraries: list[ReadLibrary]
    entries: list[Entry]
    tree_hash: str
    # Libraries of H5P's editor and others that nothing here needs: not kept.
    left_out: list[str] = field(default_factory=list)
    # What the content names but the package does not bring.
    lacking: list[str] = field(default_factory=list)
    # Scripts that will not run here, because they were built for development; below the library's folder in the archive.
    unfinished: list[str] = field(default_factory=list)
    kind: str = KIND
    launch: Mapping[str, Any] = field(default_factory=dict)

    @property
    def raw(self) -> dict[str, Any]:
        """What is kept of the manifest."""
        return self.manifest.raw

    @property
    def main(self) -> ReadLibrary:
        return next(library for library in self.libraries if library.manifest.name == self.manifest.main)

    def all_entries(self) -> Iterator[Entry]:
        yield from self.entries
        for library in self.libraries:
            yield from library.entries


def read(archive: Archive, *, tell: Callable[[int], None] = lambda _bytes: None) -> ReadPackage:
    """Read all of it. `tell` hears how many bytes were read since last time. `Refused` where it is not taken."""
    by_folder = _sorted_into_folders(archive.members)
    manifest = _package_manifest(archive, by_folder)
    parameters = _parameters(archive, by_folder.get(CONTENT, {}))
    found = references(parameters)
    libraries = _library_manifests(archive, by_folder)
    loaded = _needed_libraries(manifest, found, libraries)
    entries = read_entries(archive, by_folder[CONTENT], IN_CONTENT, tell)
    read_libraries = []
    for name, preloaded in loaded.items():
        folder = libraries[name][0]
        files = read_entries(archive, by_folder[folder], IN_LIBRARIES, tell)
        library = ReadLibrary(libraries[name][1], files, preloaded)
        library.tree_hash = tree_hash((entry.path, entry.sha256) for entry in library.entries)
        read_libraries.append(library)
    own = tree_hash((entry.path, entry.sha256) for entry in entries)
    return ReadPackage(
        manifest,
        read_libraries,
        entries,
        tree_hash([("content", own), *((str(lib.manifest.name), lib.tree_hash) for lib in read_libraries)]),
        left_out=sorted(str(name) for name in libraries if name not in loaded),
        lacking=sorted(found.paths - {entry.path for entry in entries}),
        unfinished=list(_development_builds(archive, by_folder, [libraries[name] for name in loaded])),
    )


Folder = Mapping[str, Member]


def _sorted_into_folders(members: Iterable[Member]) -> dict[str, dict[str, Member]]:
    folders: dict[str, dict[str, Member]] = {}
    for member in members:
        folder, slash, path = member.path.partition("/")
        folders.setdefault(folder if slash else "", {})[path if slash else folder] = member
    return folders


def _package_manifest(archive: Archive, by_folder: Mapping[str, Folder]) -> PackageManifest:
    return parse_package(archive.read(by_folder[""][MANIFEST], most=MANIFEST_BYTES))


def _parameters(archive: Archive, content: Folder) -> dict[str, Any]:
    member = content.get(PARAMETERS)
    if member is None:
        raise PackageRefused("no_content")
    parameters = parse_json(archive.read(member, most=PARAMETERS_BYTES), member.path)
    if not isinstance(parameters, dict):
        raise PackageRefused("json", path=member.path)
    return parameters


def _library_manifests(
    archive: Archive, by_folder: Mapping[str, Folder]
) -> dict[Needed, tuple[str, LibraryManifest]]:
    """Every library that lies in the package, by name, with its folder."""
    found: dict[Needed, tuple[str, LibraryManifest]] = {}
    for folder, files in by_folder.items():
        if folder in {"", CONTENT}:
            continue
        member = files.get(LIBRARY_MANIFEST)
        if member is None:
            raise PackageRefused("not_a_library", folder=folder)
        library = parse_library(archive.read(member, most=MANIFEST_BYTES), member.path)
        name = library.name
        if folder not in {name.machine_name, f"{name.machine_name}-{name.major}.{name.minor}"}:
            raise PackageRefused("folder_name", folder=folder, name=str(name))
        if name in found:
            raise PackageRefused("library_twice", name=str(name))
        for path in library.assets:
            if path.removeprefix("./") not in files:
                raise PackageRefused("library_file", path=member.path, file=path)
        found[name] = folder, library
    return found


def _needed_libraries(
    manifest: PackageManifest, found: References, libraries: Mapping[Needed, tuple[str, LibraryManifest]]
) -> dict[Needed, bool]:
    """What it runs with, in loading order; False for what is only loaded when the content asks for it."""
    manifests = {name: library for name, (_folder, library) in libraries.items()}
    main = find(manifest.main, MANIFEST, manifests)
    if not main.runnable:
        raise PackageRefused("not_runnable", name=main.title)
    # What the content names must be there, too: H5P's own lists leave some of it out. Some tools list the editor's as well.
    listed = (name for name in manifest.preloaded if not name.machine_name.startswith(OF_THE_EDITOR))
    wanted = [*listed, manifest.main, *sorted(found.libraries)]
    loaded = dict.fromkeys(in_order(wanted, manifest.title, manifests), True)
    later = [*manifest.dynamic, *(other for name in loaded for other in manifests[name].dynamic)]
    there = [name for name in dict.fromkeys(later) if name in manifests and name not in loaded]
    for name in in_order(there, manifest.title, manifests):
        loaded.setdefault(name, False)
    return loaded


def _development_builds(
    archive: Archive, by_folder: Mapping[str, Folder], loaded: Iterable[tuple[str, LibraryManifest]]
) -> Iterator[str]:
    """Paths of the scripts that need what the player forbids. None where a library beside them has it allowed."""
    loaded = list(loaded)
    if any(library.name.machine_name in EVALUATING for _folder, library in loaded):
        return
    for folder, library in loaded:
        for path in library.assets:
            member = by_folder[folder][path.removeprefix("./")]
            if ending_of(path) == "js" and is_development_build(archive.chunks(member)):
                yield member.path
