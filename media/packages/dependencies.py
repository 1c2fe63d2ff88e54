"""Which libraries a package runs with, and in which order they load."""

from collections.abc import Iterable, Mapping

from .manifest import LibraryManifest, Needed
from .refusals import PackageRefused

# Of the H5P core that plays packages here (npm h5p-standalone 3.8): what libraries may ask for.
CORE = (1, 28)


def in_order(wanted: Iterable[Needed], by: str, libraries: Mapping[Needed, LibraryManifest]) -> list[Needed]:
    """What is wanted and all that it needs at the start, each after what it needs itself.

    `by` names who wants it. `PackageRefused` for what is missing, of another version, or needs itself in a circle.
    Walks without recursion: a chain of any length is a chain.
    """
    done: dict[Needed, None] = {}
    under_way: dict[Needed, None] = {}
    stack = [(needed, by, False) for needed in reversed(list(wanted))]
    while stack:
        needed, asker, all_before = stack.pop()
        if all_before:
            del under_way[needed]
            done[needed] = None
            continue
        if needed in done:
            continue
        if needed in under_way:
            circle = [*under_way][[*under_way].index(needed) :]
            raise PackageRefused("cycle", names=" → ".join(map(str, [*circle, needed])))
        library = find(needed, asker, libraries)
        refuse_newer_core(library)
        under_way[needed] = None
        stack.append((needed, asker, True))
        stack += [(other, str(needed), False) for other in reversed(library.preloaded)]
    return list(done)


def find(needed: Needed, by: str, libraries: Mapping[Needed, LibraryManifest]) -> LibraryManifest:
    """The library of that name and version. `PackageRefused` says which version there is instead."""
    if (found := libraries.get(needed)) is not None:
        return found
    others = sorted(other for other in libraries if other.machine_name == needed.machine_name)
    if others:
        found_version = f"{others[-1].major}.{others[-1].minor}"
        raise PackageRefused("other_version", by=by, name=str(needed), found=found_version)
    raise PackageRefused("missing", by=by, name=str(needed))


def refuse_newer_core(library: LibraryManifest) -> None:
    """Raise `PackageRefused` where a library asks for a newer H5P than plays here."""
    if library.core > CORE:
        needs, have = (".".join(map(str, version)) for version in (library.core, CORE))
        raise PackageRefused("core", name=str(library.name), needs=needs, have=have)
