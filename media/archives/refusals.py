"""Why an archive is not read, in words for whoever can do something about it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What people are shown of a path that somebody else chose.
MOST_SHOWN = 120

SENTENCES: Mapping[str, Promise] = {
    "not_a_zip": _("This is not a package: the file is no zip archive, or it is damaged. Export it again."),
    "truncated": _("The file is not complete: “%(path)s” stops half-way. Upload it again."),
    "archive_too_large": _("The file is too large: at most %(most)s MB."),
    "too_many": _("There are too many files in it: at most %(most)s."),
    "member_too_large": _("“%(path)s” is too large: at most %(most)s MB for one file."),
    "total_too_large": _("Unpacked it is too large: at most %(most)s MB altogether."),
    "ratio": _("“%(path)s” is packed so tightly that it would swamp the computer. Leave that file out."),
    "too_deep": _("“%(path)s” lies too deep: at most %(most)s folders in each other."),
    "path_too_long": _("The name “%(path)s” is too long. Choose a shorter one."),
    "path": _("“%(path)s” is not a safe name for a file. Rename it and export again."),
    "twice": _("“%(path)s” is in it twice, or under names that some computers take for the same."),
    "link": _("“%(path)s” is a link to another file and not a file itself."),
    "encrypted": _("“%(path)s” is locked with a password. Export it without one."),
    "compression": _("“%(path)s” is packed in a way we do not read. Make an ordinary zip file."),
    "overlap": _("The file is built so that its parts overlap. Export it again with another program."),
    "false_size": _(
        "“%(path)s” is not what the file says it is: its size or checksum is wrong. Export it again."
    ),
    "ending": _("“%(path)s” is a kind of file that is not allowed there."),
    "hidden": _("“%(path)s” is a hidden file. Leave it out and export again."),
}


class Refused(Exception):
    """The archive is not taken, and why: a code of `SENTENCES` with what the sentence names."""

    sentences: Mapping[str, Promise] = SENTENCES

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values = {
            key: shown(value) if isinstance(value, str) else value for key, value in values.items()
        }

    def __str__(self) -> str:
        return sentence(self.code, self.values, self.sentences)


def sentence(code: str, values: Mapping[str, str | int], sentences: Mapping[str, Promise] = SENTENCES) -> str:
    """The sentence of a code in the language of whoever looks."""
    return str(sentences[code]) % values


def shown(text: str) -> str:
    """Somebody else's text, safe to store and to show: printable, encodable, and not longer than a line."""
    text = "".join(letter if letter.isprintable() else "�" for letter in text)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
