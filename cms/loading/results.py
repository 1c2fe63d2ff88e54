"""What came of loading, and what it refuses."""

from dataclasses import dataclass, field

from cms.programmes.messages import MessageError


@dataclass
class Loaded:
    """What a run did, by title of page or question bank."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    # Edited in Wagtail since; the text on disk was not taken over.
    left_alone: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated or self.withdrawn)


class SiteMissing(MessageError):
    """There is no catalogue yet to hang a course under."""


class Rehearsed(Exception):
    """Everything was done, and undone by this."""


class IdentityTaken(MessageError):
    """A text states the identity of something else: in another course, or elsewhere in the same text."""
