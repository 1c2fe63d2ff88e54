"""Why a package is not taken, in words for whoever exported it."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from media import archives

SENTENCES: Mapping[str, Promise] = archives.refusals.SENTENCES | {
    "no_manifest": _("This is neither an H5P package nor a SCORM package: there is no “h5p.json” and no “imsmanifest.xml” in it. Export it as one of these and try again."),
    "manifest_case": _("“%(path)s” must be called “%(name)s”, in small letters. Export it again."),
    "manifest_folder": _(
        "The package lies in a folder of its own within the file. Pack what is in the folder, not the folder."
    ),
    "json": _("“%(path)s” cannot be read: it is not valid JSON. Export the package again."),
    "field": _("“%(path)s” does not say what it has to: “%(field)s” is missing or wrong. Export the package again."),
    "no_content": _("There is nothing in it to show: “content/content.json” is missing. Export the content, not only its libraries."),
    "not_a_library": _("The folder “%(folder)s” is no H5P library: there is no “library.json” in it."),
    "folder_name": _("The folder “%(folder)s” holds the library “%(name)s”: they must have the same name."),
    "library_twice": _("The library “%(name)s” is in it twice."),
    "library_file": _("“%(path)s” lacks “%(file)s”, which it needs to run. Export the package again."),
    "missing": _("“%(by)s” needs “%(name)s”, which is not in the package. Export it with all its libraries."),
    "other_version": _("“%(by)s” needs “%(name)s”, but the package brings version %(found)s. Update the content where it was made, and export it again."),
    "cycle": _("Some libraries need each other in a circle: %(names)s. The package cannot start."),
    "core": _("“%(name)s” needs H5P %(needs)s; here is %(have)s. Ask your administrator for an update."),
    "not_runnable": _("“%(name)s” is a part for other content and shows nothing by itself."),
    "streamed": _("It plays a video of %(host)s. Packages get no internet here, so nobody could see it, and viewers would be followed. Download the video, put the file into the content, and export it again."),
    "elsewhere": _("It takes “%(path)s” from another website. Packages get no internet here. Put the file itself into the content."),
    "disguised": _("“%(path)s” is not what its name says: the contents are of another kind."),
    "pixels": _("“%(path)s” has too many pixels: at most %(most)s million. Make the picture smaller."),
    "xml": _("“%(path)s” cannot be read: it is not valid XML. Export the package again."),
    "declares": _("“%(path)s” declares a document type of its own (DOCTYPE). Nothing here needs one, and it can be used to do harm. Export the package with another program."),
    "absurd": _("“%(path)s” is built in a way that no lesson needs: too long, or too many things in each other."),
    "scorm_version": _("“imsmanifest.xml” does not say that this is SCORM 1.2 or SCORM 2004; it says “%(found)s”. Export it as one of these."),
    "no_parts": _("There is nothing in it to start: “imsmanifest.xml” lists no parts. Export the whole course."),
    "too_many_parts": _("There are too many parts in it: at most %(most)s. Split it into several packages."),
    "no_resource": _("A part starts “%(name)s”, which “imsmanifest.xml” does not describe. Export the package again."),
    "no_start": _("A part starts with “%(path)s”, which is not in the package. Export the package again."),
    "start_outside": _("A part starts with “%(path)s”, which lies outside the package. Everything must be in the file itself."),
    "circle": _("Files need each other in a circle: %(names)s. Export the package again."),
    "no_content_host": _("This is a SCORM package. They need an address of their own, which this site does not have yet. Ask your administrator (CONTENT_HOST)."),
    "other_kind": _("This is %(kind)s, and the package it would replace is not."),
}  # fmt: skip


class PackageRefused(archives.Refused):
    """A package that is not taken, and why."""

    sentences = SENTENCES


def sentence_of(refusal: Mapping[str, Any]) -> str:
    """What was kept of a refusal, in the language of whoever looks. Empty where there was none."""
    if not refusal:
        return ""
    return archives.sentence(refusal["code"], refusal["values"], SENTENCES)
