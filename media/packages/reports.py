"""What was found in a package: kept as plain facts, said in words to whoever looks."""

from collections.abc import Mapping
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from media.archives.refusals import shown

from .h5p import ReadPackage
from .readers import Read
from .scorm import ReadScorm

MOST_NAMED = 20


def facts(package: Read, *, ignored: list[str]) -> dict[str, Any]:
    """What is kept of it with the version, as JSON."""
    return {
        **(_of_scorm(package) if isinstance(package, ReadScorm) else _of_h5p(package)),
        "files": len(package.entries),
        "size": sum(entry.size for entry in package.all_entries()),
        "ignored": len(ignored),
    }


def _of_scorm(package: ReadScorm) -> dict[str, Any]:
    parts = package.manifest.parts
    asked = [part.mastery if part.mastery is not None else part.scaled_passing for part in parts]
    return {
        "title": package.manifest.title,
        "edition": package.manifest.edition,
        "parts": [part.title for part in parts],
        # Of a hundred, as far as the package asks anything by itself.
        "asks": [
            round(mark if part.mastery is not None else mark * 100)
            for part, mark in zip(parts, asked, strict=True)
            if mark is not None
        ],
        "silent": [part.title for part in parts if not part.tells],
    }


def _of_h5p(package: ReadPackage) -> dict[str, Any]:
    main = package.main.manifest
    authors = package.manifest.raw.get("authors")
    return {
        "main": f"{main.title} {main.name.major}.{main.name.minor}.{main.patch}",
        "title": package.manifest.title,
        "language": _short(
            package.manifest.raw.get("defaultLanguage") or package.manifest.raw.get("language")
        ),
        "license": _short(package.manifest.raw.get("license")),
        "authors": [
            _short(author.get("name"))
            for author in (authors if isinstance(authors, list) else [])[:MOST_NAMED]
            if isinstance(author, dict)
        ],
        "libraries": [
            f"{library.manifest.title} ({library.manifest.name}.{library.manifest.patch})"
            for library in package.libraries
        ],
        "left_out": package.left_out[:MOST_NAMED],
        "lacking": [shown(path) for path in package.lacking[:MOST_NAMED]],
        "unfinished": [shown(path) for path in package.unfinished[:MOST_NAMED]],
    }


def in_words(report: Mapping[str, Any]) -> list[str]:
    """The facts as sentences, in the language of whoever looks; the ones to act on last."""
    if not report:
        return []
    if "parts" in report:
        return _scorm_in_words(report)
    sentences = [
        _("It is “%(title)s”, made as %(main)s.") % report,
        ngettext(
            "It holds %(count)d file of its own and takes %(size)s, libraries included.",
            "It holds %(count)d files of its own and takes %(size)s, libraries included.",
            report["files"],
        )
        % {"count": report["files"], "size": filesizeformat(report["size"])},
    ]
    if report["authors"]:
        sentences.append(_("Made by %(names)s.") % {"names": ", ".join(report["authors"])})
    if report["license"] and report["license"] != "U":
        sentences.append(_("Licence: %(licence)s.") % {"licence": report["license"]})
    if report["lacking"]:
        sentences.append(
            _("Mind: the content names files that are not in the package: %(names)s.")
            % {"names": ", ".join(report["lacking"])}
        )
    if names := report.get("unfinished"):  # earlier imports did not look
        sentences.append(
            _(
                "Mind: it will probably not play. These were built for development, as text that has to be turned into code first, "
                "and no package may do that here: %(names)s. Ask who made it for a production build, and bring that in."
            )
            % {"names": ", ".join(names)}
        )
    return sentences


def in_detail(report: Mapping[str, Any]) -> list[str]:
    """What only matters when something does not work: the libraries it runs with, and those that were not kept."""
    if not report.get("libraries"):
        return []
    sentences = [_("It runs with %(names)s.") % {"names": ", ".join(report["libraries"])}]
    if report["left_out"]:
        sentences.append(
            _("Not kept, as nothing here needs it: %(names)s.") % {"names": ", ".join(report["left_out"])}
        )
    return sentences


def _scorm_in_words(report: Mapping[str, Any]) -> list[str]:
    parts = report["parts"]
    sentences = [
        _("It is “%(title)s”, made to SCORM %(edition)s.") % report,
        ngettext("It has %(count)d part: %(names)s.", "It has %(count)d parts: %(names)s.", len(parts))
        % {"count": len(parts), "names": "; ".join(parts)},
        ngettext(
            "It holds %(count)d file and takes %(size)s.",
            "It holds %(count)d files and takes %(size)s.",
            report["files"],
        )
        % {"count": report["files"], "size": filesizeformat(report["size"])},
    ]
    if len(parts) > 1:
        sentences.append(
            _("Learners choose their parts themselves, in any order; it is done when every part is.")
        )
    if report["asks"]:
        asks = ", ".join(f"{mark}%" for mark in report["asks"])
        sentences.append(
            _("By itself it asks %(marks)s. In a lesson the pass mark of the lesson counts.")
            % {"marks": asks}
        )
    if report["silent"]:
        sentences.append(
            _("These parts never say how it went, and count once they were opened: %(names)s.")
            % {"names": "; ".join(report["silent"])}
        )
    return sentences


def _short(value: Any) -> str:
    return shown(value) if isinstance(value, str) else ""
