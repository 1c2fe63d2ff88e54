"""Sentences for who writes a programme: in English here, in the reader's language where they are shown."""

from collections.abc import Callable
from typing import Self


class Message(str):
    """A sentence in English that knows the template it was made of.

    `make messages` finds the templates by this name, so write them out: `Message("'%(name)s' is empty.", name=name)`.
    A parameter that is a message itself is translated along.
    """

    __slots__ = ("parameters", "template")

    def __new__(cls, template: str, **parameters: object) -> Self:
        message = super().__new__(cls, template % parameters)
        message.template, message.parameters = template, parameters
        return message

    def translated(self, translate: Callable[[str], str]) -> str:
        """The sentence by the translation of its template, such as Django's `gettext` gives it."""
        values = {
            name: value.translated(translate) if isinstance(value, Message) else value
            for name, value in self.parameters.items()
        }
        return translate(self.template) % values


class MessageError(Exception):
    """An error that somebody can do something about; `message` says what."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message
