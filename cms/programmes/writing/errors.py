"""Why something cannot be written as text."""

from cms.programmes.messages import MessageError


class CannotBeWritten(MessageError):
    """What Wagtail holds cannot be said in the format. The message says what to change in the editor."""
