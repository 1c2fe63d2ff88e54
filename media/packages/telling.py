"""What a package tells of how it went, as far as that is known before anybody has played it."""

from enum import StrEnum

from media.models import Package, PackageVersion


class Tells(StrEnum):
    NOTHING = "nothing"
    # That it is finished, with no score.
    END = "end"
    SCORE = "score"


# Of H5P nothing in a package says what its content type reports, so this is known by name, from the sources of the official
# types as they were in November 2026: which of them send no statement that ends anything, and which send an end without points.
# Of every other one a score is expected: types that hold others (columns, books) tell one as soon as one of their parts does,
# and a warning that is often wrong is not read.
SILENT = frozenset({
    "H5P.AdvancedText", "H5P.Audio", "H5P.AudioRecorder", "H5P.Chart", "H5P.Dialogcards", "H5P.GuessTheAnswer",
    "H5P.ImageHotspots", "H5P.ImageSlider", "H5P.Timeline",
})  # fmt: skip
WITHOUT_SCORE = frozenset({
    "H5P.Accordion", "H5P.Agamotto", "H5P.Collage", "H5P.DocumentationTool", "H5P.Questionnaire",
})  # fmt: skip


def told_by(version: PackageVersion) -> Tells:
    """Of SCORM the manifest says which parts tell anything; those that do not are finished once they were opened."""
    if version.package.kind != Package.Kind.H5P:
        return Tells.SCORE if any(part["tells"] for part in version.launch["parts"]) else Tells.END
    name = version.main_library.machine_name if version.main_library else ""
    if name in SILENT:
        return Tells.NOTHING
    return Tells.END if name in WITHOUT_SCORE else Tells.SCORE
