"""What a folder holds, and what all its files share: errors and keys."""

from dataclasses import dataclass, field
from pathlib import Path

from cms.programmes.blocks import refuse_blocks
from cms.programmes.errors import NotationError
from cms.programmes.front_matter import Fields, read_front_matter
from cms.programmes.markdown import read_markdown
from cms.programmes.messages import Message
from cms.programmes.notation import Paragraphs
from cms.programmes.source import Source, path_text, read_source


@dataclass
class Reading:
    """One reading of a folder. `keys` maps every key to the file that has it."""

    folder: Path
    errors: list[NotationError] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)

    def report(self, path: Path, message: Message) -> None:
        """Note an error that concerns a whole file or folder."""
        where = "." if path == self.folder else path_text(path.relative_to(self.folder))
        self.errors.append(NotationError(where, 1, message))

    def list_entries(self, inside: Path) -> list[Path]:
        """The entries of a folder by name, without hidden ones."""
        try:
            return sorted(path for path in inside.iterdir() if not path.name.startswith("."))
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            reason = getattr(error, "strerror", None) or error
            self.report(
                inside, Message("This folder cannot be read (%(reason)s). Check its name.", reason=reason)
            )
            return []

    def open(self, path: Path) -> tuple[Source, Fields, int] | None:
        """A Markdown file: its text, its fields and the line on which its body starts."""
        source = read_source(self.folder, path, self.errors)
        head = source and read_front_matter(source)
        if source is None or head is None:
            return None
        return source, *head

    def claim_key(self, source: Source, key: str) -> str:
        """Take a key for this file; it must be free."""
        if key and key in self.keys:
            source.report(
                1,
                Message(
                    "The key '%(key)s' is used in %(path)s already. Every key is used once.",
                    key=key,
                    path=self.keys[key],
                ),
            )
        self.keys.setdefault(key, source.path)
        return key

    def claim_identity(self, source: Source, identity: str) -> str:
        """Take a UUID that a file states for itself; it must be free. Keys and UUIDs never look the same."""
        if identity and identity in self.keys:
            source.report(
                1,
                Message(
                    "The identity '%(identity)s' is used in %(path)s already. Remove this one.",
                    identity=identity,
                    path=self.keys[identity],
                ),
            )
        if identity:
            self.keys.setdefault(identity, source.path)
        return identity


def read_body(source: Source, first_line: int) -> Paragraphs:
    """The body of a file that holds Markdown and no blocks; it may be empty."""
    lines = source.lines[first_line - 1 :]
    refuse_blocks(source, lines, first_line)
    return read_markdown(source, lines, first_line)
